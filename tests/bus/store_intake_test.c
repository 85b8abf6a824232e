/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile scanners and importers against the shipped store: each costs its own job, never a stored
 * page, never the next job. */
#include "store_play.h"

#define FLOOD 300
/* calls under way together, as many as these links may have: more than store takes */
#define CROWD_WEB 192
#define CROWD_LINE 32
#define CROWD_LINES 3
#define PLACES 272 /* calls that store runs or lets wait when they ask another room */

#define PAGE_BYTES ((size_t)8 << 20) /* of a page that takes a while to store */

static char latest[16]; /* batch of the latest scan */
static sd_bus_message *left[INTAKE_WINDOW];

/* A scan under way: p->job is its job. */
static void
start_scan(char batch[16])
{
	text_of(call_store(
		    &play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "", "", 0),
	    "batch", batch, 16);
	strcpy(latest, batch);
}

static size_t
pages_of(const char *batch)
{
	json_t *answer = show_batch(batch);
	size_t n = json_array_size(json_object_get(answer, "pages"));

	json_decref(answer);
	return n;
}

static bool
is_running(const json_t *answer)
{
	return strcmp(json_string_value(json_object_get(json_object_get(answer, "run"), "state")),
		   "running") == 0;
}

static bool
runs(const char *batch)
{
	json_t *answer = show_batch(batch);
	bool running = is_running(answer);

	json_decref(answer);
	return running;
}

/* Until the batch's run has ended: BatchShow answers when something changed. */
static void
wait_ended(const char *batch)
{
	const time_t until = time(NULL) + PATIENCE_S;
	uint64_t seen = 0;
	bool running = true;

	while (running) {
		json_t *answer = json_of(call_store(
		    &play, play.web, "BatchShow", "sst", token(&play, "haruka"), batch, seen));

		seen = (uint64_t)json_integer_value(json_object_get(answer, "change"));
		running = is_running(answer);
		json_decref(answer);
		assert_true(time(NULL) < until);
	}
}

/* The next scan works as if nothing had been. */
static void
next_scan_works(void)
{
	const char *batch;

	if (play.scanner == NULL)
		attach_scanner(&play);
	batch = scan_pages(&play, "haruka", 2);
	assert_int_equal(pages_of(batch), 2);
	still_well(&play);
}

static void
pages_come_in_order_or_not_at_all(void **state)
{
	char batch[16], job[64];

	start_scan(batch);
	strcpy(job, play.job);
	assert_string_not_equal(page(&play, play.scanner, job, 2), "ok");
	assert_string_not_equal(page(&play, play.scanner, job, 0), "ok");
	assert_string_not_equal(page(&play, play.scanner, job, UINT32_MAX), "ok");
	assert_string_equal(page(&play, play.scanner, job, 1), "ok");
	assert_string_not_equal(page(&play, play.scanner, job, 1), "ok");
	assert_string_not_equal(page(&play, play.scanner, "B000000-7", 2), "ok");
	assert_string_not_equal(page(&play, play.scanner, "../../x", 2), "ok");
	assert_string_equal(finish(&play, play.scanner, "B000099-9", "ok"), "not_found");
	assert_true(runs(batch));
	assert_string_equal(finish(&play, play.scanner, job, "ok"), "ok");
	assert_string_equal(finish(&play, play.scanner, job, "ok"), "not_found");
	assert_string_not_equal(page(&play, play.scanner, job, 2), "ok");
	assert_int_equal(pages_of(batch), 1);
	next_scan_works();
}

/* Who comes second finds the scanner in use, and leaves no batch behind that looks as if it were
 * being scanned. */
static void
scans_at_once_leave_no_running_batch(void **state)
{
	sd_bus_message *reply[4];
	json_t *answer, *batch;
	unsigned good = 0;
	size_t i;

	for (i = 0; i < 4; i++)
		ask_store(play.web, &reply[i], "Scan", "sssssu", token(&play, "haruka"), "", "", "",
		    "", 0);
	for (i = 0; i < 4; i++) {
		WAIT(&play, reply[i] != NULL);
		good += strcmp(code_of(reply[i]), "ok") == 0;
		if (strcmp(code_of(reply[i]), "ok") != 0)
			assert_string_equal(code_of(reply[i]), "busy");
		sd_bus_message_unref(reply[i]);
	}
	assert_int_equal(good, 1);
	assert_string_equal(finish(&play, play.scanner, play.job, "ok"), "ok");
	answer = json_of(call_store(
	    &play, play.web, "BatchList", "ssu", token(&play, "haruka"), "", (uint32_t)0));
	json_array_foreach(json_object_get(answer, "batches"), i, batch)
	    assert_false(json_is_true(json_object_get(batch, "running")));
	assert_true(i > 0);
	json_decref(answer);
	next_scan_works();
}

/* What arrives in one go with the end does not come after it. */
static void
nothing_follows_the_end(void **state)
{
	sd_bus_message *reply[3];
	char batch[16];

	start_scan(batch);
	put_page(play.scanner, &reply[0], play.job, 1);
	send_finish(play.scanner, &reply[1], play.job, "ok", "");
	put_page(play.scanner, &reply[2], play.job, 2);
	WAIT(&play, reply[0] != NULL && reply[1] != NULL && reply[2] != NULL);
	expect(reply[0], "ok");
	expect(reply[1], "ok");
	assert_string_not_equal(code_of(reply[2]), "ok");
	sd_bus_message_unref(reply[2]);
	assert_int_equal(pages_of(batch), 1);
	next_scan_works();
}

static void
bad_params_are_refused(void **state)
{
	static const struct {
		const char *key, *value;
	} bad[] = {{"unknown", "x"}, {"width", "-1"}, {"height", "9999999999"}, {"dpi_x", "3e9"},
	    {"raw_sha256", "zz"}, {"width", ""}};
	char batch[16], *large = calloc(1, 20000);
	int fd = memfd_new_sealed("page", "II*", 3);

	memset(large, 'a', 19999);
	start_scan(batch);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(call_peer(&play, play.scanner, INTAKE_PATH, INTAKE_IFACE, "PutPage",
			   "suha{ss}", play.job, 1, fd, 4, "raw_sha256", ZEROS, "width", "9",
			   "height", "9", bad[i].key, bad[i].value),
		    "bad_parameter");
	expect(call_peer(&play, play.scanner, INTAKE_PATH, INTAKE_IFACE, "PutPage", "suha{ss}",
		   play.job, 1, fd, 4, "raw_sha256", ZEROS, "width", "9", "height", "9", "options",
		   large),
	    "too_long");
	expect(call_peer(&play, play.scanner, INTAKE_PATH, INTAKE_IFACE, "PutPage", "suha{ss}",
		   play.job, 1, fd, 1, "width", "9"),
	    "bad_parameter");
	expect(call_peer(&play, play.scanner, INTAKE_PATH, INTAKE_IFACE, "PutPage", "s", "x"),
	    "InvalidArgs");
	/* the largest numbers there are do no harm later */
	expect(call_peer(&play, play.scanner, INTAKE_PATH, INTAKE_IFACE, "PutPage", "suha{ss}",
		   play.job, 1, fd, 4, "raw_sha256", ZEROS, "width", "999999999", "height",
		   "999999999", "dpi_x", "999999999"),
	    "ok");
	free(large);
	close(fd);
	assert_string_equal(finish(&play, play.scanner, play.job, "ok"), "ok");
	assert_int_equal(pages_of(batch), 1);
	next_scan_works();
}

/* A page that cannot be taken ends the run there: no hole that nobody sees. */
static void
bad_memfds_are_refused(void **state)
{
	int bad[3] = {memfd_new("unsealed"), memfd_new("huge"), memfd_new_sealed("empty", "", 0)};
	sd_bus_message *reply;
	char batch[16];

	assert_int_equal(ftruncate(bad[1], (off_t)MEMFD_MAX + 1), 0);
	assert_int_equal(memfd_seal(bad[1]), 0);
	for (int i = 0; i < 3; i++) {
		start_scan(batch);
		assert_string_equal(page(&play, play.scanner, play.job, 1), "ok");
		put_page_fd(play.scanner, &reply, play.job, 2, bad[i]);
		WAIT(&play, reply != NULL);
		assert_string_not_equal(code_of(reply), "ok");
		assert_string_not_equal(code_of(reply), "internal");
		sd_bus_message_unref(reply);
		assert_string_equal(page(&play, play.scanner, play.job, 3), "cancelled");
		assert_string_equal(finish(&play, play.scanner, play.job, "store_refused"), "ok");
		assert_int_equal(pages_of(batch), 1);
		close(bad[i]);
	}
	next_scan_works();
}

/* More than INTAKE_WINDOW unanswered pages: the surplus is refused, the run can still end. */
static void
flood_is_refused(void **state)
{
	sd_bus_message *reply[FLOOD];
	unsigned taken = 0, refused = 0;
	char batch[16];

	start_scan(batch);
	for (unsigned i = 0; i < FLOOD; i++)
		put_page(play.scanner, &reply[i], play.job, i + 1);
	for (unsigned i = 0; i < FLOOD; i++) {
		WAIT(&play, reply[i] != NULL);
		if (strcmp(code_of(reply[i]), "ok") == 0)
			taken++;
		else
			refused++;
		sd_bus_message_unref(reply[i]);
	}
	assert_true(taken >= INTAKE_WINDOW);
	assert_true(refused > 0);
	if (play.scanner != NULL)
		assert_string_equal(finish(&play, play.scanner, play.job, "ok"), "ok");
	assert_int_equal(pages_of(batch), taken);
	next_scan_works();
}

static void
odd_endings_are_recorded(void **state)
{
	static const char *const codes[] = {"ok", "", "a b!", "..",
	    "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0123456789"};
	char long_text[1201], batch[16];
	sd_bus_message *reply;

	for (int i = 0; i < 400; i++) /* cut anywhere, it must stay text */
		memcpy(long_text + 3 * i, "あ", 3);
	long_text[1200] = '\0';
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		start_scan(batch);
		assert_string_equal(page(&play, play.scanner, play.job, 1), "ok");
		send_finish(play.scanner, &reply, play.job, codes[i], long_text);
		WAIT(&play, reply != NULL);
		if (strcmp(code_of(reply), "ok") != 0)
			assert_string_equal(finish(&play, play.scanner, play.job, "ok"), "ok");
		sd_bus_message_unref(reply);
		assert_false(runs(batch));
	}
	next_scan_works();
}

/* ---- a scanner that refuses, lies about devices, goes away ---- */

static int
refuse_oddly(sd_bus_message *m, struct play *p)
{
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
	char text[2000];

	for (int i = 0; i < 600; i++)
		memcpy(text + 3 * i, "い", 3);
	text[1800] = '\0';
	/* code words are shorter: cut, this one would end with a dot */
	link_error(&error, "abcdefghijklmnopqrstuvwxyzabcde.fghijk", text, text);
	return sd_bus_reply_method_error(m, &error);
}

static int
many_devices(sd_bus_message *m, struct play *p)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

	assert_true(sd_bus_message_new_method_return(m, &reply) >= 0);
	assert_true(sd_bus_message_open_container(reply, 'a', "(sssss)") >= 0);
	for (int i = 0; i < 100000; i++)
		assert_true(sd_bus_message_append(
				reply, "(sssss)", "fake:0", "v", "m", "t", ",,,,,,,,") >= 0);
	assert_true(sd_bus_message_close_container(reply) >= 0);
	return sd_bus_send(NULL, reply, NULL);
}

static int
wrong_devices(sd_bus_message *m, struct play *p)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

	assert_true(sd_bus_message_new_method_return(m, &reply) >= 0);
	assert_true(sd_bus_message_append(reply, "ai", 2, 1, 2) >= 0);
	return sd_bus_send(NULL, reply, NULL);
}

static void
odd_scanner_answers_are_survived(void **state)
{
	const char *clerk = token(&play, "haruka");
	sd_bus_message *reply;

	play.on_scan = refuse_oddly;
	reply = call_store(&play, play.web, "Scan", "sssssu", clerk, "", "", "", "", 0);
	assert_non_null(sd_bus_message_get_error(reply));
	sd_bus_message_unref(reply);
	play.on_scan = NULL;
	play.on_devices = refuse_oddly;
	reply = call_store(&play, play.web, "Devices", "s", clerk);
	assert_non_null(sd_bus_message_get_error(reply));
	sd_bus_message_unref(reply);
	play.on_devices = wrong_devices;
	reply = call_store(&play, play.web, "Devices", "s", clerk);
	assert_non_null(sd_bus_message_get_error(reply));
	sd_bus_message_unref(reply);
	play.on_devices = many_devices;
	sd_bus_message_unref(call_store(&play, play.web, "Devices", "s", clerk));
	play.on_devices = NULL;
	next_scan_works();
}

/* Leaves pages behind that take a while to store. */
static int
hang_up_instead(sd_bus_message *m, struct play *p)
{
	static uint8_t page[PAGE_BYTES] = "II*";
	int fd = memfd_new_sealed("page", page, sizeof(page));

	assert_true(fd >= 0);
	for (unsigned seq = 1; seq <= INTAKE_WINDOW; seq++)
		put_page_fd(p->scanner, &left[seq - 1], p->job, seq, fd);
	close(fd);
	hang_up(&p->scanner);
	return 1;
}

/* Who is told that the scanner is away may ask again at once: nobody has it any more. */
static void
scanner_goes_in_mid_call(void **state)
{
	play.on_scan = hang_up_instead;
	expect(call_store(
		   &play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "", "", 0),
	    "scanner_away");
	play.on_scan = NULL;
	expect(call_store(
		   &play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "", "", 0),
	    "scanner_away");
	for (unsigned i = 0; i < INTAKE_WINDOW; i++)
		sd_bus_message_unref(left[i]);
	next_scan_works();
}

/* A run that never ends keeps others from the scanner, and nothing else; its scanner's end is its
 * end. */
static void
scan_never_ends(void **state)
{
	char batch[16];

	start_scan(batch);
	assert_string_equal(page(&play, play.scanner, play.job, 1), "ok");
	expect(call_store(
		   &play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "", "", 0),
	    "busy");
	expect(call_store(&play, play.web, "BatchSubmit", "ss", token(&play, "haruka"), batch),
	    "batch_running");
	still_well(&play);
	hang_up(&play.scanner);
	attach_scanner(&play);
	wait_ended(batch);
	assert_int_equal(pages_of(batch), 1);
	next_scan_works();
}

static int
refuse_cancel(sd_bus_message *m, struct play *p)
{
	return sd_bus_reply_method_errorf(m, SD_BUS_ERROR_FAILED, "no");
}

/* A scanner that will not be cancelled is restarted: the clerk is not at its mercy. */
static void
scanner_that_will_not_stop_is_killed(void **state)
{
	unsigned kills = play.kills;
	char batch[16];

	start_scan(batch);
	play.on_cancel = refuse_cancel;
	sd_bus_message_unref(
	    call_store(&play, play.web, "Cancel", "ss", token(&play, "haruka"), batch));
	play.on_cancel = NULL;
	assert_int_equal(play.kills, kills + 1);
	assert_string_equal(play.killed, "scanner");
	wait_ended(batch);
	next_scan_works();
}

/* One that says yes to Cancel and never ends is restarted after store.cancel_timeout_s; the pages
 * that were acknowledged stay, and the batch says why it ended. */
static void
scanner_that_never_stops_is_killed(void **state)
{
	unsigned kills = play.kills;
	char batch[16], code[32];
	json_t *answer;

	start_scan(batch);
	assert_string_equal(page(&play, play.scanner, play.job, 1), "ok");
	assert_string_equal(page(&play, play.scanner, play.job, 2), "ok");
	expect(call_store(&play, play.web, "Cancel", "ss", token(&play, "haruka"), batch), "ok");
	expect(/* impatience changes nothing */
	    call_store(&play, play.web, "Cancel", "ss", token(&play, "haruka"), batch), "ok");
	WAIT(&play, play.kills > kills);
	assert_string_equal(play.killed, "scanner");
	wait_ended(batch);
	assert_int_equal(play.kills, kills + 1);
	assert_int_equal(pages_of(batch), 2);
	answer = show_batch(batch);
	snprintf(code, sizeof(code), "%s",
	    json_string_value(json_object_get(json_object_get(answer, "run"), "code")));
	json_decref(answer);
	assert_string_equal(code, "cancel_restarted");
	next_scan_works();
	assert_int_equal(play.kills, kills + 1);
}

static int
never_answer(sd_bus_message *m, struct play *p)
{
	return 1;
}

static unsigned
answered(sd_bus_message *const *reply, unsigned n)
{
	unsigned there = 0;

	for (unsigned i = 0; i < n; i++)
		there += reply[i] != NULL;
	return there;
}

/* Everybody waits for a scanner that says nothing, and no place is left to wait: who ends its scan
 * gets through all the same. */
static void
cancel_gets_through_a_full_box(void **state)
{
	static sd_bus_message *reply[CROWD_WEB + CROWD_LINES * CROWD_LINE];
	static sd_bus *line[CROWD_LINES];
	unsigned n = 0;
	char batch[16];

	start_scan(batch);
	play.on_devices = never_answer;
	for (unsigned i = 0; i < CROWD_WEB; i++)
		ask_store(play.web, &reply[n++], "Devices", "s", token(&play, "haruka"));
	for (unsigned l = 0; l < CROWD_LINES; l++) {
		command_line(&play, &line[l]);
		for (unsigned i = 0; i < CROWD_LINE; i++)
			ask_store(line[l], &reply[n++], "Devices", "s", token(&play, "haruka"));
	}
	WAIT(&play, answered(reply, n) == n - PLACES);
	expect(call_store(&play, play.web, "Cancel", "ss", token(&play, "haruka"), batch), "ok");
	assert_string_equal(finish(&play, play.scanner, play.job, "cancelled"), "ok");
	play.on_devices = NULL;
	hang_up(&play.scanner);
	for (unsigned i = 0; i < n; i++) {
		WAIT(&play, reply[i] != NULL);
		sd_bus_message_unref(reply[i]);
	}
	for (unsigned l = 0; l < CROWD_LINES; l++)
		hang_up(&line[l]);
	next_scan_works();
}

static void
foreign_batches_are_refused(void **state)
{
	char imported[16], submitted[16];
	int fd = memfd_new_sealed("file", "x", 1);

	text_of(call_store(&play, play.web, "ImportOpen", "ss", token(&play, "haruka"), ""),
	    "batch", imported, 16);
	expect(call_store(&play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "",
		   imported, 0),
	    "not_found");
	expect(call_store(&play, play.web, "ImportFile", "sssh", token(&play, "masao"), imported,
		   "a.png", fd),
	    "not_found");
	strcpy(submitted, scan_pages(&play, "haruka", 1));
	expect(call_store(&play, play.web, "ImportFile", "sssh", token(&play, "haruka"), submitted,
		   "a.png", fd),
	    "not_found");
	close(fd);
	next_scan_works();
}

/* ---- importers ---- */

static const char *import_code; /* what the importer's Finish says */

static int
finish_oddly(sd_bus_message *m, struct play *p)
{
	assert_true(sd_bus_reply_method_return(m, "") >= 0);
	return sd_bus_call_method_async(p->import, NULL, NULL, INTAKE_PATH, INTAKE_IFACE, "Finish",
	    NULL, NULL, "ssss", p->import_job, import_code, "", "");
}

static int
hang_up_import(sd_bus_message *m, struct play *p)
{
	hang_up(&p->import);
	return 1;
}

static int
say_nothing(sd_bus_message *m, struct play *p)
{
	return sd_bus_reply_method_return(m, "");
}

static int
claim_another(sd_bus_message *m, struct play *p)
{
	assert_true(sd_bus_reply_method_return(m, "") >= 0);
	assert_true(sd_bus_call_method_async(p->import, NULL, NULL, INTAKE_PATH, INTAKE_IFACE,
			"Finish", NULL, NULL, "ssss", p->job, "ok", "", "") >= 0);
	return sd_bus_call_method_async(p->import, NULL, NULL, INTAKE_PATH, INTAKE_IFACE, "Finish",
	    NULL, NULL, "ssss", p->import_job, "corrupt", "壊れ", "Damaged");
}

static const char *
import_with(const char *imported, int (*script)(sd_bus_message *m, struct play *p))
{
	int fd = memfd_new_sealed("file", "x", 1);
	const char *said;

	play.on_convert = script;
	said = said_by(call_store(
	    &play, play.web, "ImportFile", "sssh", token(&play, "haruka"), imported, "a.pdf", fd));
	close(fd);
	if (play.import != NULL)
		hang_up(&play.import);
	return said;
}

static void
hostile_importers_cost_their_file(void **state)
{
	static const char *const codes[] = {
	    "ok", "", "a b!", "..", "0123456789abcdef0123456789abcde"};
	char imported[16], batch[16];
	json_t *answer;

	text_of(call_store(&play, play.web, "ImportOpen", "ss", token(&play, "haruka"), ""),
	    "batch", imported, 16);
	start_scan(batch); /* a scan beside it is not touched */
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		import_code = codes[i]; /* "ok" without any page is no good file */
		assert_string_not_equal(import_with(imported, finish_oddly), "ok");
	}
	assert_string_equal(import_with(imported, hang_up_import), "corrupt");
	assert_string_equal(import_with(imported, claim_another), "corrupt");
	assert_string_equal(import_with(imported, say_nothing), "timed_out");
	assert_true(runs(batch));
	assert_string_equal(page(&play, play.scanner, play.job, 1), "ok");
	assert_string_equal(finish(&play, play.scanner, play.job, "ok"), "ok");
	answer = show_batch(imported);
	assert_int_equal(json_array_size(json_object_get(answer, "refused")), 8);
	assert_int_equal(json_array_size(json_object_get(answer, "documents")), 0);
	json_decref(answer);
	next_scan_works();
}

static int
set_up(void **state)
{
	static const struct person who[] = {{"haruka", "clerk", ""}, {"masao", "checker", ""}};

	begin(&play, "[import]\ntime_limit_s = 1\n[store]\ncancel_timeout_s = 1\n");
	people(&play, who, 2);
	attach_scanner(&play);
	return 0;
}

/* Whatever the test before left: its run ends with its scanner. */
static int
fresh(void **state)
{
	forget_pending(state);
	play.on_scan = play.on_devices = play.on_cancel = play.on_convert = NULL;
	if (play.scanner != NULL)
		hang_up(&play.scanner);
	attach_scanner(&play);
	if (latest[0] != '\0')
		wait_ended(latest);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(pages_come_in_order_or_not_at_all, fresh),
	    cmocka_unit_test_setup(scans_at_once_leave_no_running_batch, fresh),
	    cmocka_unit_test_setup(nothing_follows_the_end, fresh),
	    cmocka_unit_test_setup(bad_params_are_refused, fresh),
	    cmocka_unit_test_setup(bad_memfds_are_refused, fresh),
	    cmocka_unit_test_setup(odd_endings_are_recorded, fresh),
	    cmocka_unit_test_setup(odd_scanner_answers_are_survived, fresh),
	    cmocka_unit_test_setup(scanner_goes_in_mid_call, fresh),
	    cmocka_unit_test_setup(scan_never_ends, fresh),
	    cmocka_unit_test_setup(scanner_that_will_not_stop_is_killed, fresh),
	    cmocka_unit_test_setup(scanner_that_never_stops_is_killed, fresh),
	    cmocka_unit_test_setup(cancel_gets_through_a_full_box, fresh),
	    cmocka_unit_test_setup(foreign_batches_are_refused, fresh),
	    cmocka_unit_test_setup(hostile_importers_cost_their_file, fresh),
	    cmocka_unit_test_setup(flood_is_refused, fresh),
	    cmocka_unit_test_setup(ends_well, fresh),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
