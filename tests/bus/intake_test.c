/* links: scanner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes of a scan: the shipped scanner, in its fence, against the virtual feeder and SANE's
 * own test device. time-limit: 300 */
#include "scanner_feeder.h"

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
	    IN_FEEDER(test_unknown_height),
	    IN_FEEDER(test_short_page_is_flagged),
	    IN_FEEDER(test_window),
	    IN_FEEDER(test_bad_requests),
	    cmocka_unit_test(test_sane_test_backend),
	    cmocka_unit_test(test_without_the_backend),
	};

	return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
