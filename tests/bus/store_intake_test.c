/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What scanners and importers bring that is odd, foreign, too much or out of order, against the
 * shipped store. */
#include "store_scan.h"

#define FLOOD 300

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
	/* nobody has looked at the file */
	play.import_stays_away = true;
	assert_string_equal(import_with(imported, hang_up_import), "overloaded");
	play.import_stays_away = false;
	assert_string_equal(import_with(imported, hang_up_import), "corrupt");
	assert_string_equal(import_with(imported, claim_another), "corrupt");
	assert_string_equal(import_with(imported, say_nothing), "timed_out");
	assert_true(runs(batch));
	assert_string_equal(page(&play, play.scanner, play.job, 1), "ok");
	assert_string_equal(finish(&play, play.scanner, play.job, "ok"), "ok");
	answer = show_batch(imported);
	assert_int_equal(json_array_size(json_object_get(answer, "refused")), 9);
	assert_int_equal(json_array_size(json_object_get(answer, "documents")), 0);
	json_decref(answer);
	next_scan_works();
}

static int
set_up(void **state)
{
	static const struct person who[] = {{"haruka", "clerk", ""}, {"masao", "checker", ""}};

	begin(&play, "[import]\ntime_limit_s = 1\n");
	people(&play, who, 2);
	attach_scanner(&play);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SCAN_TEST(pages_come_in_order_or_not_at_all),
	    SCAN_TEST(scans_at_once_leave_no_running_batch),
	    SCAN_TEST(nothing_follows_the_end),
	    SCAN_TEST(bad_params_are_refused),
	    SCAN_TEST(bad_memfds_are_refused),
	    SCAN_TEST(odd_endings_are_recorded),
	    SCAN_TEST(foreign_batches_are_refused),
	    SCAN_TEST(hostile_importers_cost_their_file),
	    SCAN_TEST(flood_is_refused),
	    SCAN_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
