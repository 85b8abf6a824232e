/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scanners that refuse, lie about devices, go away or do not end, against the shipped store. */
#include "store_scan.h"

/* calls under way together, as many as these links may have: more than store takes */
#define CROWD_WEB 192
#define CROWD_LINE 32
#define CROWD_LINES 3
#define PLACES 272 /* calls that store runs or lets wait when they ask another room */

#define PAGE_BYTES ((size_t)8 << 20) /* of a page that takes a while to store */

static sd_bus_message *left[INTAKE_WINDOW];

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

static int
set_up(void **state)
{
	static const struct person who[] = {{"haruka", "clerk", ""}};

	begin(&play, "[store]\ncancel_timeout_s = 1\n");
	people(&play, who, 1);
	attach_scanner(&play);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SCAN_TEST(odd_scanner_answers_are_survived),
	    SCAN_TEST(scanner_goes_in_mid_call),
	    SCAN_TEST(scan_never_ends),
	    SCAN_TEST(scanner_that_will_not_stop_is_killed),
	    SCAN_TEST(scanner_that_never_stops_is_killed),
	    SCAN_TEST(cancel_gets_through_a_full_box),
	    SCAN_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
