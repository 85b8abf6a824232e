/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every method of the shipped store, in its fence: one call that works, and one that is denied and
 * recorded (conventions, rule 15). */
#include "store_methods.h"

static char batch[16], document[16];

static void
tick(const char *member)
{
	for (size_t i = 0; i < N_METHODS; i++)
		if (strcmp(methods[i].member, member) == 0)
			methods[i].worked = true;
}

/* A call that must work; its answer as JSON (caller decrefs). */
static json_t *
works(sd_bus *bus, const char *member, const char *types, ...)
{
	sd_bus_message *reply;
	va_list args;
	json_t *json;

	va_start(args, types);
	vsend(bus, &reply, STORE_PATH, STORE_IFACE, member, types, args);
	va_end(args);
	WAIT(&play, reply != NULL);
	if (strcmp(code_of(reply), "ok") != 0)
		fail_msg(
		    "%s: %s: %s", member, code_of(reply), sd_bus_message_get_error(reply)->message);
	tick(member);
	json = json_of(reply);
	return json;
}
#define WORKS(...) json_decref(works(__VA_ARGS__))

static void
take_id(json_t *answer, const char *key, char out[16])
{
	snprintf(out, 16, "%s", json_string_value(json_object_get(answer, key)));
	assert_int_not_equal(out[0], '\0');
	json_decref(answer);
}

/* ---- an importer that makes one page of every file ---- */

static int
import_page_put(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct play *p = userdata;

	return sd_bus_call_method_async(p->import, NULL, NULL, INTAKE_PATH, INTAKE_IFACE, "Finish",
	    NULL, NULL, "ssss", p->import_job, "ok", "", "");
}

static int
import_one_page(sd_bus_message *m, struct play *p)
{
	int fd = memfd_new_sealed("page", "II*", 3);

	assert_true(sd_bus_reply_method_return(m, "") >= 0);
	assert_true(sd_bus_call_method_async(p->import, NULL, NULL, INTAKE_PATH, INTAKE_IFACE,
			"PutPage", import_page_put, p, "suha{ss}", p->import_job, 1, fd, 3,
			"raw_sha256", ZEROS, "width", "100", "height", "140") >= 0);
	close(fd);
	return 1;
}

/* ---- what works ---- */

static void
people_and_box_work(void **state)
{
	static const struct person who[] = {{"haruka", "clerk", ""}, {"masao", "checker", ""},
	    {"kimiko", "manager", ""}, {"otsu", "inspector", ""}, {"tanaka", "clerk", ""}};
	char token_again[80];

	people(&play, who, 5);
	tick("UserAdd");
	tick("Login");
	tick("Passwd");
	WORKS(play.web, "Whoami", "s", token(&play, "haruka"));
	WORKS(play.web, "UserList", "s", token(&play, "kimiko"));
	WORKS(play.web, "UserReset", "sss", token(&play, "kimiko"), "tanaka", PASSWORD_FIRST);
	WORKS(play.web, "UserReset", "sss", token(&play, "admin"), "tanaka", PASSWORD_FIRST);
	expect(
	    call_store(&play, play.web, "Whoami", "s", token(&play, "tanaka")), "session_expired");
	WORKS(play.web, "UserDisable", "ss", token(&play, "admin"), "tanaka");
	sign_in(&play, "haruka", PASSWORD, token_again);
	WORKS(play.web, "Logout", "s", token_again);
	expect(call_store(&play, play.web, "Whoami", "s", token_again), "session_expired");
	WORKS(play.web, "Status", "s", token(&play, "otsu"));
	WORKS(play.web, "TimeOverride", "sus", token(&play, "kimiko"), 1, "時刻サーバーの交換");
	WORKS(play.web, "TimeOverride", "sus", token(&play, "kimiko"), 0, "");
	WORKS(play.web, "Devices", "s", token(&play, "haruka"));
	WORKS(play.web, "Profiles", "s", token(&play, "haruka"));
	WORKS(play.web, "Types", "s", token(&play, "haruka"));
}

static void
intake_works(void **state)
{
	const char *clerk = token(&play, "haruka");
	char imported[16];
	int fd = memfd_new_sealed("file", "%PDF-1.7", 8);

	take_id(works(play.web, "Scan", "sssssu", clerk, "", "", "", "", 0), "batch", batch);
	assert_string_equal(page(&play, play.scanner, play.job, 1), "ok");
	WORKS(play.web, "Cancel", "ss", clerk, batch);
	assert_string_equal(page(&play, play.scanner, play.job, 2), "ok");
	assert_string_equal(page(&play, play.scanner, play.job, 3), "ok");
	assert_string_equal(finish(&play, play.scanner, play.job, "cancelled"), "ok");
	wait_read(&play, "haruka", batch, 1, "read");
	tick("BatchShow");
	play.on_convert = import_one_page;
	take_id(works(play.web, "ImportOpen", "ss", clerk, ""), "batch", imported);
	WORKS(play.web, "ImportFile", "sssh", clerk, imported, "覚書.pdf", fd);
	WORKS(play.web, "ImportClose", "ss", clerk, imported);
	close(fd);
	WORKS(play.web, "BatchList", "ssu", clerk, "", 0);
	WORKS(play.web, "BatchPage", "ssus", clerk, batch, 1, "thumb");
	WORKS(play.web, "BatchExclude", "ssuss", clerk, batch, 3, "exclude", "白紙");
	WORKS(play.web, "BatchRotate", "ssui", clerk, batch, 2, -90);
	WORKS(play.web, "BatchCut", "ssu", clerk, batch, 3);
}

static void
records_work(void **state)
{
	const char *clerk = token(&play, "haruka"), *checker = token(&play, "masao");
	size_t before;

	first_document(batch, document);
	WORKS(play.web, "DocSet", "ssa{ss}", clerk, document, 2, "client_name", "佐藤 一郎", "date",
	    "令和8年11月22日");
	WORKS(play.web, "PageCorrect", "ssuuuuus", clerk, document, 1, 1, 1, 39, 9, "被保険者証");
	WORKS(play.web, "BatchSubmit", "ss", clerk, batch);
	before = count_events(&play, "kimiko", "view");
	WORKS(play.web, "Queue", "ss", checker, "submitted");
	WORKS(play.web, "Queue", "ss", checker, "submitted");
	assert_int_equal(count_events(&play, "kimiko", "view"), before + 1);
	WORKS(play.web, "Confirm", "sas", checker, 1, document);
	wait_read(&play, "haruka", batch, 2, "read");
	WORKS(play.web, "Search", "ssuu", clerk, "被保険者", 0, 0);
	WORKS(play.web, "Show", "ss", clerk, document);
	WORKS(play.web, "Page", "ssus", clerk, document, 1, "master");
	WORKS(play.web, "Export", "sass", checker, 1, document, "pdf");
	WORKS(play.web, "Export", "sass", checker, 1, document, "evidence");
	WORKS(play.web, "ExportRedacted", "ssas", checker, document, 1, "1:10,10,20,20");
	WORKS(play.web, "RedactPreview", "ssas", checker, document, 1, "1:10,10,20,20");
}

static void
proof_works(void **state)
{
	const char *manager = token(&play, "kimiko");

	WORKS(play.web, "Log", "sssssu", manager, "", "", "", "", 0);
	WORKS(play.web, "Verify", "ss", manager, "");
	WORKS(play.web, "Checkpoint", "s", manager);
	WORKS(play.web, "Doctor", "s", manager);
	WORKS(play.local, "Rebuild", "s", "");
	tick("Init"); /* begin() */
	for (size_t i = 0; i < N_METHODS; i++)
		if (!methods[i].worked)
			fail_msg("%s has no happy case", methods[i].member);
}

/* ---- what is denied ---- */

/* Somebody signed in who may not; "" is the console, "-" nobody: everybody who is signed in may. */
static const struct {
	const char *member, *who;
} may_not[] = {{"Logout", ""}, {"Whoami", ""}, {"Passwd", ""}, {"UserAdd", "haruka"},
    {"UserList", "haruka"}, {"UserDisable", "kimiko"}, {"UserReset", "haruka"}, {"Status", "-"},
    {"TimeOverride", "haruka"}, {"Devices", "otsu"}, {"Profiles", "otsu"}, {"Types", "otsu"},
    {"Scan", "kimiko"}, {"ImportOpen", "otsu"}, {"ImportFile", "admin"}, {"ImportClose", "kimiko"},
    {"Cancel", "otsu"}, {"BatchList", "admin"}, {"BatchShow", "admin"}, {"BatchSubmit", "kimiko"},
    {"BatchExclude", "otsu"}, {"BatchRotate", "kimiko"}, {"BatchCut", "otsu"}, {"DocSet", "kimiko"},
    {"Confirm", "haruka"}, {"Queue", "admin"}, {"Search", "admin"}, {"Show", "admin"},
    {"Page", "admin"}, {"BatchPage", "admin"}, {"Export", "haruka"}, {"ExportRedacted", "haruka"},
    {"RedactPreview", "haruka"}, {"PageCorrect", "kimiko"}, {"Log", "haruka"}, {"Verify", "haruka"},
    {"Checkpoint", "haruka"}, {"Doctor", "-"}, {"Rebuild", "kimiko"}, {"Init", "haruka"}};

static const char *
who_may_not(const char *member)
{
	for (size_t i = 0; i < sizeof(may_not) / sizeof(may_not[0]); i++)
		if (strcmp(may_not[i].member, member) == 0)
			return may_not[i].who;
	fail_msg("%s has no denied case", member);
	return NULL;
}

/* G6-30: a denied act is in the log. */
static void
denied_is_recorded(void **state)
{
	struct filling f = {.text = "x", .fd = memfd_new_sealed("f", "x", 1), .list = 1};

	for (size_t i = 0; i < N_METHODS; i++) {
		const struct method *m = &methods[i];
		const char *who;
		size_t before;

		if (strcmp(m->member, "Login") == 0) /* anybody may try: people_test */
			continue;
		who = who_may_not(m->member);
		f.token = "";
		if (strcmp(m->member, "Init") != 0 &&
		    strcmp(generic(play.web, m, &f), "not_signed_in") != 0)
			fail_msg("%s serves nobody", m->member);
		if (strcmp(who, "-") == 0)
			continue;
		f.token = who[0] != '\0' ? token(&play, who) : "";
		before = count_events(&play, "kimiko", "denied");
		if (strcmp(generic(who[0] != '\0' ? play.web : play.local, m, &f), "denied") != 0)
			fail_msg("%s is not denied to %s", m->member, who);
		assert_int_equal(count_events(&play, "kimiko", "denied"), before + 1);
	}
	close(f.fd);
}

/* The second argument of a denied call is noted as its object, but never when it is a secret. */
static void
denied_keeps_no_secret(void **state)
{
	json_t *entries;
	char *text;

	expect(
	    call_store(&play, play.local, "Passwd", "sss", "", "himitsu-old-1234", "himitsu-new"),
	    "denied");
	entries = events(&play, "kimiko", "denied");
	text = json_dumps(entries, 0);
	assert_null(strstr(text, "himitsu"));
	free(text);
	json_decref(entries);
}

static int
set_up(void **state)
{
	begin(&play, "");
	attach_scanner(&play);
	attach_ocr(&play, 0);
	attach_courier(&play);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(people_and_box_work),
	    PLAY_TEST(intake_works),
	    PLAY_TEST(records_work),
	    PLAY_TEST(proof_works),
	    PLAY_TEST(denied_is_recorded),
	    PLAY_TEST(denied_keeps_no_secret),
	    PLAY_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
