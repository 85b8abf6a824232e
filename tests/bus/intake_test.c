/* links: scanner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped scanner, in its fence, against the virtual feeder and SANE's own test device; store
 * is played here. time-limit: 300 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake_store.h"

#include <sys/stat.h>

#include "base/text.h"
#include "scanner/page_tiff.h"

#define DPI 75 /* small pages: what is tested is the way, not the load */
#define WIDTH 620
#define HEIGHT 877
#define SHEETS 6

static char dir[64], config[8192];
static char expected[SHEETS][SHA256_HEX_SIZE]; /* of the pixels of each sheet, in colour */

/* ---- paper ---- */

static void
sheet_row(unsigned sheet, uint32_t y, uint8_t row[WIDTH * 3])
{
	for (uint32_t x = 0; x < WIDTH; x++) {
		row[3 * x] = (uint8_t)(x + y * sheet);
		row[3 * x + 1] = (uint8_t)(y + 40 * sheet);
		row[3 * x + 2] = (uint8_t)((x * y) >> 4);
	}
}

static void
copy_to_file(int fd, const char *path)
{
	_cleanup_(memview_free) struct memview view = {0};
	FILE *file = fopen(path, "w");

	assert_int_equal(memfd_view(fd, MEMFD_MAX, &view), 0);
	assert_non_null(file);
	assert_int_equal(fwrite(view.data, 1, view.size, file), view.size);
	assert_int_equal(fclose(file), 0);
}

static void
make_sheet(unsigned sheet)
{
	struct page_format format = {WIDTH, 8, 3, DPI, DPI};
	_cleanup_(page_tiff_freep) struct page_tiff *tiff = NULL;
	_cleanup_(closep) int fd = -1;
	struct sha256 hash;
	uint8_t digest[SHA256_SIZE], row[WIDTH * 3];
	char path[128];

	sha256_init(&hash);
	assert_int_equal(page_tiff_new(&format, &tiff), 0);
	for (uint32_t y = 0; y < HEIGHT; y++) {
		sheet_row(sheet, y, row);
		sha256_update(&hash, row, sizeof row);
		assert_int_equal(page_tiff_rows(tiff, row, 1), 0);
	}
	sha256_final(&hash, digest);
	hex_encode(digest, sizeof digest, expected[sheet]);
	assert_int_equal(page_tiff_finish(tiff, &fd), 0);
	snprintf(path, sizeof path, "%s/pages/%03u.tif", dir, sheet + 1);
	copy_to_file(fd, path);
}

static void
write_text(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void
make_directory(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

/* As `tests/box fault` does. A change is told from the last by its time of writing, which the
 * kernel notes too coarsely for two changes in a row. */
static void
fault(const char *text)
{
	char new[128], path[128];
	struct timespec now[2];

	snprintf(new, sizeof new, "%s/conf/control/fault.new", dir);
	snprintf(path, sizeof path, "%s/conf/control/fault", dir);
	write_text("conf/control/fault.new", text);
	clock_gettime(CLOCK_REALTIME, &now[0]);
	now[1] = now[0];
	assert_int_equal(utimensat(AT_FDCWD, new, now, 0), 0);
	assert_int_equal(rename(new, path), 0);
}

static int
set_up_all(void **state)
{
	const char *out = getenv("O") ? getenv("O") : "build";
	char text[4096], libs[4096];

	strcpy(dir, "/tmp/fumikura-intake-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	make_directory("pages");
	make_directory("conf");
	make_directory("conf/control");
	make_directory("sane-test");
	for (unsigned i = 0; i < SHEETS; i++)
		make_sheet(i);
	write_text("conf/dll.conf", "fumikura\n");
	snprintf(text, sizeof text, "pages %s/pages\ncontrol %s/conf/control\n", dir, dir);
	write_text("conf/fumikura.conf", text);
	write_text("sane-test/dll.conf", "test\n");
	write_text("sane-test/test.conf", "number_of_devices 1\n");
	snprintf(libs, sizeof libs, "%s/feeder", out);
	assert_non_null(realpath(libs, text));
	snprintf(config, sizeof config,
	    "[scanner]\nsane_config_dir = %s/conf\nsane_library_path = %s\nextra_read = "
	    "%s/pages\n",
	    dir, text, dir);
	return 0;
}

static int
tear_down_all(void **state)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command) == 0 ? 0 : -1;
}

/* Started, and SANE's backends are loaded: faults that a restarted scanner must not meet again are
 * told by that time. */
static int
start_scanner(void **state, const char *more)
{
	struct fake *f = calloc(1, sizeof *f);
	char text[sizeof config + 64];

	snprintf(text, sizeof text, "%s%s", config, more);
	write_text("conf/control/fault", "none\n");
	fake_start(f, "scanner", text, "store");
	sd_bus_message_unref(fake_call(f, f->store, SCANNER_PATH, SCANNER_IFACE, "Devices", ""));
	*state = f;
	return 0;
}

static int
set_up(void **state)
{
	return start_scanner(state, "");
}

/* Where nothing is to hang, no device is taken for hung because the machine is busy. */
static int
set_up_impatient(void **state)
{
	return start_scanner(state, "read_timeout_s = 2\n");
}

static int
tear_down(void **state)
{
	fake_stop(*state);
	free(*state);
	return 0;
}

/* ---- asking ---- */

/* Scan; returns "" or the error's code. */
static const char *
scan(struct fake *f, const char *device, unsigned dpi, const char *mode, const char *source,
    unsigned sheets)
{
	static char code[64];
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	bool failed;

	reply = fake_call(f, f->store, SCANNER_PATH, SCANNER_IFACE, "Scan", "ssussu", "job-1",
	    device, dpi, mode, source, sheets);
	failed = sd_bus_message_is_method_error(reply, NULL);
	snprintf(code, sizeof code, "%s",
	    failed ? link_error_code(sd_bus_message_get_error(reply)) : "");
	return code;
}

/* A whole run from the default device; returns Finish's code. */
static const char *
run(struct fake *f, const char *mode, const char *source, unsigned sheets)
{
	fake_forget_pages(f);
	f->finishes = 0;
	assert_string_equal(scan(f, "", DPI, mode, source, sheets), "");
	FAKE_WAIT(f, f->finishes > 0);
	assert_string_equal(f->job, "job-1");
	return f->code;
}

static void
assert_page(const struct fake *f, size_t index, unsigned sheet)
{
	const struct fake_page *p = &f->pages[index];

	assert_true(index < f->n_pages);
	assert_string_equal(p->rows_sha256, expected[sheet]);
	assert_string_equal(fake_param(p, "raw_sha256"), expected[sheet]);
}

static void
assert_param(const struct fake *f, size_t index, const char *key, const char *value)
{
	assert_non_null(fake_param(&f->pages[index], key));
	assert_string_equal(fake_param(&f->pages[index], key), value);
}

/* ---- tests ---- */

static void
test_devices(void **state)
{
	struct fake *f = *state;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	const char *name, *vendor, *model, *type, *sources;

	reply = fake_call(f, f->store, SCANNER_PATH, SCANNER_IFACE, "Devices", "");
	assert_true(sd_bus_message_enter_container(reply, 'a', "(sssss)") > 0);
	assert_true(
	    sd_bus_message_read(reply, "(sssss)", &name, &vendor, &model, &type, &sources) > 0);
	assert_string_equal(name, "fumikura:feeder");
	assert_string_equal(vendor, "Fumikura");
	assert_string_equal(model, "Virtual feeder");
	assert_string_equal(sources, "ADF,ADF Duplex,Flatbed");
	assert_int_equal(sd_bus_message_at_end(reply, 0), 1);
}

/* G91-02, G91-07: what sane_read gave is what is in the file, and the parameters are the device's
 * own. */
static void
test_whole_stack(void **state)
{
	struct fake *f = *state;

	assert_string_equal(run(f, "color", "", 0), "ok");
	assert_int_equal(f->n_pages, SHEETS);
	for (unsigned i = 0; i < SHEETS; i++)
		assert_page(f, i, i);
	assert_param(f, 1, "width", "620");
	assert_param(f, 1, "height", "877");
	assert_param(f, 1, "depth", "8");
	assert_param(f, 1, "samples", "3");
	assert_param(f, 1, "dpi_x", "75");
	assert_param(f, 1, "dpi_y", "75");
	assert_param(f, 1, "mode", "Color");
	assert_param(f, 1, "source", "ADF");
	assert_param(f, 1, "sheet", "2");
	assert_param(f, 1, "side", "front");
	assert_param(f, 1, "device", "fumikura:feeder");
	assert_param(f, 1, "flags", "");
	assert_param(f, 1, "options",
	    "{\"br-x\":210,\"br-y\":297,\"cover-open\":false,\"double-feed\":false,"
	    "\"mode\":\"Color\",\"page-loaded\":true,\"resolution\":75,\"scan\":false,"
	    "\"source\":\"ADF\",\"tl-x\":0,\"tl-y\":0,\"unknown-height\":false}");
	assert_true(f->pages[0].dpi_x == DPI && f->pages[0].dpi_y == DPI);
	assert_non_null(strstr(f->ja, "6ページは安全に保存されています"));
	assert_non_null(strstr(f->en, "6 pages are safely stored"));
}

static void
test_modes(void **state)
{
	struct fake *f = *state;

	assert_string_equal(run(f, "grey", "feeder", 1), "ok");
	assert_int_equal(f->n_pages, 1);
	assert_param(f, 0, "samples", "1");
	assert_param(f, 0, "depth", "8");
	assert_param(f, 0, "mode", "Gray");
	assert_param(f, 0, "raw_sha256", f->pages[0].rows_sha256);
	assert_string_equal(run(f, "lineart", "feeder", 1), "ok");
	assert_param(f, 0, "depth", "1");
	assert_param(f, 0, "mode", "Lineart");
	assert_int_equal(f->pages[0].depth, 1);
	assert_param(f, 0, "raw_sha256", f->pages[0].rows_sha256);
}

static void
test_duplex(void **state)
{
	struct fake *f = *state;

	assert_string_equal(run(f, "color", "duplex", 0), "ok");
	assert_int_equal(f->n_pages, 2 * SHEETS);
	assert_page(f, 2, 1);
	assert_param(f, 2, "sheet", "2");
	assert_param(f, 2, "side", "front");
	assert_param(f, 3, "sheet", "2");
	assert_param(f, 3, "side", "back");
	assert_param(f, 3, "source", "ADF Duplex");
	/* the blank back is a page like any other: nothing is dropped */
	assert_int_equal(f->pages[3].rows[0], 0xff);
}

static void
test_flatbed(void **state)
{
	struct fake *f = *state;

	assert_string_equal(run(f, "color", "flatbed", 0), "ok");
	assert_int_equal(f->n_pages, 1);
	assert_param(f, 0, "source", "Flatbed");
}

static void
test_sheets_leave_the_rest(void **state)
{
	struct fake *f = *state;

	assert_string_equal(run(f, "color", "", 2), "ok");
	assert_int_equal(f->n_pages, 2);
	assert_string_equal(run(f, "color", "", 0), "ok");
	assert_int_equal(f->n_pages, SHEETS - 2);
	assert_page(f, 0, 2);
	assert_string_equal(run(f, "color", "", 0), "ok"); /* the stack was put back */
	assert_int_equal(f->n_pages, SHEETS);
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
test_unknown_height(void **state)
{
	struct fake *f = *state;

	fault("unknown_height");
	assert_string_equal(run(f, "color", "", 1), "ok");
	assert_page(f, 0, 0);
	assert_param(f, 0, "height", "877");
	assert_param(f, 0, "flags", "");
}

static void
test_short_page_is_flagged(void **state)
{
	struct fake *f = *state;

	fault("short_page after=1");
	assert_string_equal(run(f, "color", "", 0), "ok");
	assert_int_equal(f->n_pages, SHEETS);
	assert_param(f, 1, "flags", "short_page");
	assert_param(f, 1, "height", "438");
	assert_int_equal(f->pages[1].height, 438);
	assert_param(f, 2, "flags", "");
}

static void
test_window(void **state)
{
	struct fake *f = *state;

	f->hold = true;
	assert_string_equal(scan(f, "", DPI, "color", "", 0), "");
	FAKE_WAIT(f, f->n_held == INTAKE_WINDOW);
	/* the fifth is not sent before one of four is answered, however long it takes */
	for (unsigned i = 0; i < 10; i++)
		sd_event_run(f->event, 50000);
	assert_int_equal(f->n_pages, INTAKE_WINDOW);
	fake_release(f, 1);
	FAKE_WAIT(f, f->n_pages == INTAKE_WINDOW + 1);
	assert_int_equal(f->finishes, 0);
	f->hold = false;
	fake_release(f, INTAKE_WINDOW);
	FAKE_WAIT(f, f->finishes > 0);
	assert_int_equal(f->n_pages, SHEETS);
	assert_string_equal(f->code, "ok");
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
test_bad_requests(void **state)
{
	struct fake *f = *state;

	assert_string_equal(scan(f, "", 10, "color", "", 0), "bad_parameter");
	assert_string_equal(scan(f, "", 1200, "color", "", 0), "bad_parameter"); /* feeder: 600 */
	assert_string_equal(scan(f, "", DPI, "infrared", "", 0), "bad_parameter");
	assert_string_equal(scan(f, "", DPI, "color", "roof", 0), "bad_parameter");
	assert_string_equal(scan(f, "", DPI, "color", "", 1000000), "bad_parameter");
	assert_string_equal(scan(f, "nobody:0", DPI, "color", "", 0), "no_device");
	f->hold = true;
	assert_string_equal(scan(f, "", DPI, "color", "", 0), "");
	assert_string_equal(scan(f, "", DPI, "color", "", 0), "busy");
	FAKE_WAIT(f, f->n_held > 0);
	f->hold = false;
	while (f->finishes == 0) {
		fake_release(f, f->n_held);
		assert_true(sd_event_run(f->event, FAKE_PATIENCE_USEC) > 0);
	}
	assert_string_equal(f->code, "ok");
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

/* SANE's own test device: nothing here is made for the virtual feeder alone. */
static void
test_sane_test_backend(void **state)
{
	struct fake f;
	char text[256];

	snprintf(text, sizeof text, "[scanner]\nsane_config_dir = %s/sane-test\n", dir);
	fake_start(&f, "scanner", text, "store");
	assert_string_equal(run(&f, "color", "", 0), "ok");
	assert_int_equal(f.n_pages, 10); /* its feeder holds ten */
	assert_string_equal(fake_param(&f.pages[0], "device"), "test:0");
	assert_string_equal(fake_param(&f.pages[0], "raw_sha256"), f.pages[0].rows_sha256);
	assert_string_equal(run(&f, "grey", "flatbed", 0), "ok");
	assert_int_equal(f.n_pages, 1);
	fake_stop(&f);
}

/* Without the line in dll.conf there is no such device: the scanner room knows nothing of it. */
static void
test_without_the_backend(void **state)
{
	struct fake f;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	char text[256];

	write_text("sane-test/dll.conf", "\n");
	snprintf(text, sizeof text, "[scanner]\nsane_config_dir = %s/sane-test\n", dir);
	fake_start(&f, "scanner", text, "store");
	reply = fake_call(&f, f.store, SCANNER_PATH, SCANNER_IFACE, "Devices", "");
	assert_true(sd_bus_message_enter_container(reply, 'a', "(sssss)") > 0);
	assert_int_equal(sd_bus_message_at_end(reply, 0), 1);
	assert_string_equal(scan(&f, "", DPI, "color", "", 0), "no_device");
	fake_stop(&f);
}

#define IN_FEEDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_FEEDER(test_devices),
	    IN_FEEDER(test_whole_stack),
	    IN_FEEDER(test_modes),
	    IN_FEEDER(test_duplex),
	    IN_FEEDER(test_flatbed),
	    IN_FEEDER(test_sheets_leave_the_rest),
	    IN_FEEDER(test_faults),
	    IN_FEEDER(test_jammed_sheet_comes_again),
	    IN_FEEDER(test_gone_device_is_no_device),
	    IN_FEEDER(test_unknown_height),
	    IN_FEEDER(test_short_page_is_flagged),
	    IN_FEEDER(test_window),
	    IN_FEEDER(test_cancel_in_mid_page),
	    IN_FEEDER(test_cancel_while_store_is_behind),
	    IN_FEEDER(test_store_refuses),
	    IN_FEEDER(test_bad_requests),
	    cmocka_unit_test_setup_teardown(test_hang, set_up_impatient, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_hang_while_store_is_behind, set_up_impatient, tear_down),
	    IN_FEEDER(test_crash),
	    IN_FEEDER(test_store_goes_and_comes),
	    cmocka_unit_test(test_sane_test_backend),
	    cmocka_unit_test(test_without_the_backend),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
