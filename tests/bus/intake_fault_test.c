/* links: scanner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scans that do not end well: the shipped scanner, in its fence, whose feeder fails, is cancelled,
 * hangs or crashes, or whose store goes. time-limit: 300 */
#include "scanner_feeder.h"

/* Where nothing is to hang, no device is taken for hung because the machine is busy. */
static int
set_up_impatient(void **state)
{
	return start_scanner(state, "read_timeout_s = 2\n");
}

/* One fault each: how many pages come before it, and what is said. */
static const struct {
	const char *fault, *code;
	size_t pages;
	const char *ja;
} faults[] = {
    {"empty", "feeder_empty", 0, "給紙装置に紙がありません"},
    {"cover_open", "cover_open", 0, "カバーを閉め、今回の最初の紙から"},
    {"cover_open after=1", "cover_open", 1, "1ページは安全に保存されています"},
    {"jam", "feeder_jammed", 0, "保存されたページはありません"},
    {"jam after=2", "feeder_jammed", 2, "2ページは安全に保存されています"},
    {"double_feed after=3", "double_feed", 3, "重なって"},
    {"io_error", "device_error", 0, "今回の最初の紙から"},
    {"io_error after=1", "device_error", 1, "最後に保存されたページの次の紙から"},
    {"vanish after=2", "device_gone", 2, "接続が切れました"},
};

static void
test_faults(void **state)
{
	struct fake *f = *state;

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		fault(faults[i].fault);
		assert_string_equal(run(f, "color", "", 0), faults[i].code);
		assert_int_equal(f->n_pages, faults[i].pages);
		assert_non_null(strstr(f->ja, faults[i].ja));
		fault("restack");
		assert_string_equal(run(f, "color", "", 0), "ok");
		assert_int_equal(f->n_pages, SHEETS);
	}
}

static void
test_jammed_sheet_comes_again(void **state)
{
	struct fake *f = *state;

	fault("jam after=2");
	assert_string_equal(run(f, "color", "", 0), "feeder_jammed");
	assert_string_equal(run(f, "color", "", 0), "ok");
	assert_int_equal(f->n_pages, SHEETS - 2);
	assert_page(f, 0, 2);
}

static void
test_gone_device_is_no_device(void **state)
{
	struct fake *f = *state;

	fault("vanish after=1");
	assert_string_equal(run(f, "color", "", 0), "device_gone");
	assert_string_equal(scan(f, "", DPI, "color", "", 0), "no_device");
	assert_string_equal(scan(f, "fumikura:feeder", DPI, "color", "", 0), "no_device");
	fault("none");
	assert_string_equal(run(f, "color", "", 0), "ok");
}

static void
cancel(struct fake *f, const char *job)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply =
	    fake_call(f, f->store, SCANNER_PATH, SCANNER_IFACE, "Cancel", "s", job);

	assert_false(sd_bus_message_is_method_error(reply, NULL));
}

static void
test_cancel_in_mid_page(void **state)
{
	struct fake *f = *state;

	fault("slow ms=50");
	assert_string_equal(scan(f, "", DPI, "color", "", 0), "");
	FAKE_WAIT(f, f->n_pages == 1);
	cancel(f, "another");
	cancel(f, "job-1");
	FAKE_WAIT(f, f->finishes > 0);
	assert_string_equal(f->code, "cancelled");
	assert_true(f->n_pages < SHEETS);
	cancel(f, "job-1"); /* no error when it is over */
	fault("none");
	assert_string_equal(run(f, "color", "", 0), "ok");
}

/* Every page that was sent is answered before the end; those that were whole may still come. */
static void
test_cancel_while_store_is_behind(void **state)
{
	struct fake *f = *state;

	f->hold = true;
	assert_string_equal(scan(f, "", DPI, "color", "", 0), "");
	FAKE_WAIT(f, f->n_held == INTAKE_WINDOW);
	cancel(f, "job-1");
	f->hold = false;
	fake_release(f, INTAKE_WINDOW);
	FAKE_WAIT(f, f->finishes > 0);
	assert_string_equal(f->code, "cancelled");
	assert_in_range(f->n_pages, INTAKE_WINDOW, SHEETS);
}

static void
test_store_refuses(void **state)
{
	struct fake *f = *state;

	f->refuse = "disk_full";
	assert_string_equal(run(f, "color", "", 0), "store_refused");
	assert_non_null(strstr(f->ja, "保存されたページはありません"));
	f->refuse = NULL;
	fault("restack");
	assert_string_equal(run(f, "color", "", 0), "ok");
	assert_int_equal(f->n_pages, SHEETS);
}

static void
test_hang(void **state)
{
	struct fake *f = *state;

	fault("hang after=1");
	assert_string_equal(run(f, "color", "", 0), "device_hung");
	assert_int_equal(f->n_pages, 1);
	FAKE_WAIT(f, f->exited);
	assert_int_not_equal(f->status, 0); /* so that it is started again */
}

/* Pages that were whole when the device stopped come before the end, when store has room for them.
 */
static void
test_hang_while_store_is_behind(void **state)
{
	struct fake *f = *state;

	fault("hang after=5");
	f->hold = true;
	assert_string_equal(scan(f, "", DPI, "color", "", 0), "");
	FAKE_WAIT(f, f->n_held == INTAKE_WINDOW);
	f->hold = false;
	fake_release(f, INTAKE_WINDOW);
	FAKE_WAIT(f, f->finishes > 0);
	assert_string_equal(f->code, "device_hung");
	assert_int_equal(f->n_pages, 5);
	FAKE_WAIT(f, f->exited);
}

static void
test_crash(void **state)
{
	struct fake *f = *state;

	fault("crash after=1");
	assert_string_equal(scan(f, "", DPI, "color", "", 0), "");
	FAKE_WAIT(f, f->exited && f->store_closed);
	assert_int_equal(f->status, 256 + SIGABRT);
	assert_in_range(f->n_pages, 0, 1); /* the first may have been on its way still */
	assert_int_equal(f->finishes, 0);
}

static void
test_store_goes_and_comes(void **state)
{
	const time_t until = time(NULL) + FAKE_PATIENCE_USEC / 1000000;
	struct fake *f = *state;
	const char *code;

	fault("slow ms=20");
	f->hold = true;
	assert_string_equal(scan(f, "", DPI, "color", "", 0), "");
	FAKE_WAIT(f, f->n_held == 1);
	sd_bus_message_unref(f->held[0]);
	f->n_held = 0;
	f->hold = false;
	fake_forget_pages(f);
	f->store = sd_bus_flush_close_unref(f->store);
	fault("restack");
	fake_attach(f, "store");
	for (code = scan(f, "", DPI, "color", "", 0);
	     *code != '\0'; /* until the old run has ended */
	     code = scan(f, "", DPI, "color", "", 0)) {
		assert_string_equal(code, "busy");
		assert_true(time(NULL) < until);
	}
	FAKE_WAIT(f, f->finishes > 0);
	assert_string_equal(f->code, "ok");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_FEEDER(test_faults),
	    IN_FEEDER(test_jammed_sheet_comes_again),
	    IN_FEEDER(test_gone_device_is_no_device),
	    IN_FEEDER(test_cancel_in_mid_page),
	    IN_FEEDER(test_cancel_while_store_is_behind),
	    IN_FEEDER(test_store_refuses),
	    cmocka_unit_test_setup_teardown(test_hang, set_up_impatient, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_hang_while_store_is_behind, set_up_impatient, tear_down),
	    IN_FEEDER(test_crash),
	    IN_FEEDER(test_store_goes_and_comes),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
