/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Malformed calls of every method of the shipped store, in its fence, and calls that come by the
 * wrong link (conventions, rule 15). */
#include "store_methods.h"

static const char *
somebody_allowed(const char *member)
{
	static const struct {
		const char *member, *who;
	} allowed[] = {{"UserAdd", "admin"}, {"UserList", "admin"}, {"UserDisable", "admin"},
	    {"UserReset", "admin"}, {"Confirm", "masao"}, {"Export", "masao"},
	    {"ExportRedacted", "masao"}, {"RedactPreview", "masao"}, {"Log", "kimiko"},
	    {"Verify", "kimiko"}, {"Checkpoint", "kimiko"}, {"Rebuild", "admin"},
	    {"TimeOverride", "kimiko"}};

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (strcmp(allowed[i].member, member) == 0)
			return allowed[i].who;
	return "haruka";
}

static bool
said_no(const char *code)
{
	return strcmp(code, "ok") != 0 && strcmp(code, "internal") != 0;
}

static void
wrong_signature_is_refused(void **state)
{
	for (size_t i = 0; i < N_METHODS; i++) {
		expect(call_store(&play, play.web, methods[i].member, "i", 42), "InvalidArgs");
		expect(call_store(&play, play.web, methods[i].member, "ssssssssss", "", "", "", "",
			   "", "", "", "", "", ""),
		    "InvalidArgs");
	}
	still_well(&play);
}

static void
long_text_is_refused(void **state)
{
	char text[STORE_MAX_TEXT + 2];
	struct filling f = {.text = text, .fd = memfd_new_sealed("f", "x", 1), .list = 1};

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < N_METHODS; i++) {
		f.token = text;
		if (strcmp(generic(play.web, &methods[i], &f), "too_long") != 0)
			fail_msg("%s takes a long text", methods[i].member);
	}
	close(f.fd);
	still_well(&play);
}

/* Bad ids, huge numbers, many entries: a clear answer, never "internal". Logout, Cancel, Login and
 * searches may well answer: there is nothing bad about an odd word. */
static void
odd_values_are_answered(void **state)
{
	static const char *const texts[] = {
	    "../../x", "B99999999999", "D-1", "%s%n", "\x01\x7f", "'; DROP TABLE x", ""};
	static const char *const spared[] = {"Logout", "Rebuild", "Login", "Scan", "ImportOpen"};

	for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
		struct filling f = {.text = texts[t],
		    .u = UINT32_MAX,
		    .t = 0,
		    .i = INT32_MIN,
		    .fd = memfd_new_sealed("f", "x", 1),
		    .list = 3};

		for (size_t i = 0; i < N_METHODS; i++) {
			const char *said;
			bool spare = false;

			for (size_t s = 0; s < sizeof(spared) / sizeof(spared[0]); s++)
				spare |= strcmp(methods[i].member, spared[s]) == 0;
			if (spare)
				continue;
			f.token = token(&play, somebody_allowed(methods[i].member));
			said = generic(play.web, &methods[i], &f);
			if (!said_no(said) && strcmp(said, "ok") != 0)
				fail_msg("%s(%s): %s", methods[i].member, texts[t], said);
		}
		close(f.fd);
	}
	expect(call_store(&play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "",
		   "../../x", UINT32_MAX),
	    "not_found");
	still_well(&play);
}

static void
long_lists_are_refused(void **state)
{
	struct filling f = {.text = "D000001", .token = token(&play, "masao"), .list = 1001};

	for (size_t i = 0; i < N_METHODS; i++)
		if (strstr(methods[i].in, "a") != NULL)
			assert_string_equal(generic(play.web, &methods[i], &f), "too_long");
	f.list = 0;
	for (size_t i = 0; i < N_METHODS; i++)
		if (strstr(methods[i].in, "a") != NULL)
			assert_true(said_no(generic(play.web, &methods[i], &f)));
}

static void
bad_files_are_refused(void **state)
{
	const char *clerk = token(&play, "haruka");
	char imported[16];
	int open_memfd = memfd_new("unsealed"), null = open("/dev/null", O_RDONLY | O_CLOEXEC),
	    huge = memfd_new("huge");

	text_of(call_store(&play, play.web, "ImportOpen", "ss", clerk, ""), "batch", imported, 16);
	assert_int_equal(ftruncate(huge, (off_t)MEMFD_MAX + 1), 0);
	assert_int_equal(memfd_seal(huge), 0);
	expect(call_store(&play, play.web, "ImportFile", "sssh", clerk, imported, "a", open_memfd),
	    "bad_parameter");
	expect(call_store(&play, play.web, "ImportFile", "sssh", clerk, imported, "a", null),
	    "bad_parameter");
	expect(call_store(&play, play.web, "ImportFile", "sssh", clerk, imported, "a", huge),
	    "too_long");
	close(open_memfd);
	close(null);
	close(huge);
	still_well(&play);
}

/* ---- who may come by which link ---- */

static void
web_key_is_for_web_only(void **state)
{
	sd_bus_message *reply;

	expect(call_store(&play, play.local, STORE_SIGN_WEB_KEY, "ayas", 1, 1, 1, "x"),
	    "AccessDenied");
	reply = call_store(&play, play.web, STORE_SIGN_WEB_KEY, "ayas", 3, 1, 2, 3, 1, "localhost");
	assert_true(said_no(code_of(reply)));
	sd_bus_message_unref(reply);
	reply = call_store(&play, play.web, STORE_SIGN_WEB_KEY, "ayas", 0, 0);
	assert_true(said_no(code_of(reply)));
	sd_bus_message_unref(reply);
	expect(call_store(&play, play.web, STORE_SIGN_WEB_KEY, "s", "x"), "InvalidArgs");
	still_well(&play);
}

/* What belongs to other links, and D-Bus's own interfaces, are not on the white list. */
static void
web_reaches_nothing_else(void **state)
{
	expect(call_peer(
		   &play, play.web, INTAKE_PATH, INTAKE_IFACE, "Finish", "ssss", "a", "ok", "", ""),
	    "AccessDenied");
	expect(call_peer(&play, play.web, SUPERVISOR_PATH, ROOM_IFACE, "Stop", ""), "AccessDenied");
	expect(call_peer(&play, play.web, STORE_PATH, "org.freedesktop.DBus.Introspectable",
		   "Introspect", ""),
	    "AccessDenied");
	expect(
	    call_peer(&play, play.web, STORE_PATH, "org.freedesktop.DBus.Peer", "GetMachineId", ""),
	    "AccessDenied");
	expect(call_peer(&play, play.scanner, STORE_PATH, STORE_IFACE, "Whoami", "s", ""),
	    "AccessDenied");
	expect(call_peer(&play, play.ocr[0], STORE_PATH, STORE_IFACE, "Whoami", "s", ""),
	    "AccessDenied");
	expect(call_store(&play, play.web, "Init", "ssss", "n", "k", "evil", PASSWORD), "denied");
	expect(call_store(&play, play.local, "Init", "ssss", "n", "k", "evil", PASSWORD), "exists");
	assert_true(logged(&play, "refused a call of web"));
	assert_true(logged(&play, "refused a call of ocr/0"));
}

/* D000001 is a confirmed record of a page that was read. */
static int
set_up(void **state)
{
	static const struct person who[] = {
	    {"haruka", "clerk", ""}, {"masao", "checker", ""}, {"kimiko", "manager", ""}};
	char document[16];

	begin(&play, "");
	people(&play, who, 3);
	attach_scanner(&play);
	attach_ocr(&play, 0);
	attach_courier(&play);
	submit(document);
	wait_read(&play, "haruka", "B000001", 1, "read");
	expect(call_store(&play, play.web, "Confirm", "sas", token(&play, "masao"), 1, document),
	    "ok");
	assert_string_equal(document, "D000001");
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(wrong_signature_is_refused),
	    PLAY_TEST(long_text_is_refused),
	    PLAY_TEST(odd_values_are_answered),
	    PLAY_TEST(long_lists_are_refused),
	    PLAY_TEST(bad_files_are_refused),
	    PLAY_TEST(web_key_is_for_web_only),
	    PLAY_TEST(web_reaches_nothing_else),
	    PLAY_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
