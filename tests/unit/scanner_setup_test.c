/* links: scanner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that drivers use, options as JSON, and frames that the virtual feeder does not give: SANE's
 * test device does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "scanner/scanner_options.h"
#include "scanner/scanner_page.h"
#include "scanner/scanner_setup.h"

static void
test_sources(void **state)
{
	static const struct {
		const char *name;
		enum source_kind kind;
	} names[] = {
	    {"Flatbed", SOURCE_FLATBED},
	    {"FlatBed", SOURCE_FLATBED},
	    {"FB", SOURCE_FLATBED},
	    {"Document Table", SOURCE_NONE},
	    {"ADF", SOURCE_FEEDER},
	    {"ADF Front", SOURCE_FEEDER},
	    {"ADF Back", SOURCE_NONE},
	    {"ADF Duplex", SOURCE_DUPLEX},
	    {"Automatic Document Feeder", SOURCE_FEEDER},
	    {"Automatic Document Feeder(left aligned,Duplex)", SOURCE_DUPLEX},
	    {"Card Front", SOURCE_NONE},
	    {"Transparency Adapter", SOURCE_NONE},
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_int_equal(setup_source_kind(names[i].name), names[i].kind);
	assert_true(setup_has_feeder("Flatbed,ADF"));
	assert_false(setup_has_feeder("Flatbed,Transparency Adapter"));
	assert_false(setup_has_feeder(""));
}

static void
test_modes(void **state)
{
	static const char *const usual[] = {"Lineart", "Gray", "Color", NULL};
	static const char *const other[] = {
	    "Black & White", "True Gray", "24bit Color[Fast]", NULL};
	static const char *const none[] = {"Halftone", NULL};

	assert_int_equal(setup_choose_mode(usual, "color"), 2);
	assert_int_equal(setup_choose_mode(usual, "grey"), 1);
	assert_int_equal(setup_choose_mode(usual, "lineart"), 0);
	assert_int_equal(setup_choose_mode(other, "color"), 2);
	assert_int_equal(setup_choose_mode(other, "grey"), 1);
	assert_int_equal(setup_choose_mode(other, "lineart"), 0);
	assert_int_equal(setup_choose_mode(none, "color"), -ENOENT);
	assert_int_equal(setup_choose_mode(usual, "infrared"), -ENOENT);
}

static char *
json_of(const char *string, double number)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (string != NULL)
		json_put_string(out, string);
	else
		json_put_number(out, number);
	fclose(out);
	return text;
}

/* RFC 8785 */
static void
test_json(void **state)
{
	static const struct {
		const char *string;
		double number;
		const char *json;
	} values[] = {
	    {"a\"b\\c\n\x01\x7fあ\xff", 0, "\"a\\\"b\\\\c\\n\\u0001\x7fあ\xef\xbf\xbd\""},
	    {"", 0, "\"\""},
	    {NULL, 0, "0"},
	    {NULL, -0.0, "0"},
	    {NULL, 300, "300"},
	    {NULL, -1.5, "-1.5"},
	    {NULL, 1 / 65536.0, "0.0000152587890625"},
	    {NULL, 0.1, "0.1"},
	    {NULL, 32767.999984741211, "32767.99998474121"},
	};

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		_cleanup_(freep) char *json = json_of(values[i].string, values[i].number);

		assert_string_equal(json, values[i].json);
	}
}

/* ---- SANE's test device ---- */

static char dir[] = "/tmp/fumikura-setup-XXXXXX";

static int
set_up(void **state)
{
	char path[64];
	FILE *file;

	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/dll.conf", dir);
	file = fopen(path, "w");
	fputs("test\n", file);
	fclose(file);
	setenv("SANE_CONFIG_DIR", dir, 1);
	return device_library_open();
}

static int
tear_down(void **state)
{
	char path[64];

	device_library_close();
	snprintf(path, sizeof path, "%s/dll.conf", dir);
	remove(path);
	return remove(dir);
}

static void
set_text(struct device *device, const char *name, const char *value)
{
	struct option o;

	assert_int_equal(device_option_find(device, name, &o), 0);
	assert_int_equal(device_set_text(device, &o, value), 0);
}

static void
set_number(struct device *device, const char *name, double value)
{
	struct option o;

	assert_int_equal(device_option_find(device, name, &o), 0);
	assert_int_equal(device_set_number(device, &o, value), 0);
}

static int
take_page(void *userdata, struct scan_event *about, int fd)
{
	assert_true(fd >= 0);
	close(fd);
	return 0;
}

static struct scan_page
read_page(struct device *device)
{
	_cleanup_(press_freep) struct press *press = NULL;
	struct scan_watch watch = {0};
	struct scan_page page = {0};

	assert_int_equal(press_new(take_page, NULL, &press), 0);
	assert_int_equal(device_start(device), 0);
	assert_int_equal(scan_page_read(device, &watch, press, 100, 100, &page), 0);
	device_cancel(device);
	press_end(press, (struct scan_event *)&page);
	assert_int_equal(press_wait(press), 0);
	return page;
}

static int
read_fails(struct device *device, bool cancel)
{
	_cleanup_(press_freep) struct press *press = NULL;
	struct scan_watch watch = {.cancel = cancel};
	struct scan_page page;

	assert_int_equal(press_new(take_page, NULL, &press), 0);
	assert_int_equal(device_start(device), 0);
	return scan_page_read(device, &watch, press, 100, 100, &page);
}

static void
test_frames(void **state)
{
	_cleanup_(device_closep) struct device *device = NULL;
	struct scan_page one, three;

	assert_int_equal(device_open("test:0", &device), 0);
	set_text(device, "mode", "Color");
	set_text(device, "test-picture", "Color pattern");
	one = read_page(device);
	assert_int_equal(one.format.samples, 3);
	assert_false(one.short_page);
	set_number(device, "three-pass", 1);
	three = read_page(device);
	assert_int_equal(three.format.samples, 3);
	assert_int_equal(three.height, one.height);
	set_number(device, "three-pass", 0);
	set_number(device, "depth", 16);
	assert_int_equal(read_page(device).format.depth, 16);
	set_text(device, "mode", "Gray");
	assert_int_equal(read_page(device).format.samples, 1);
	set_number(device, "depth", 1);
	assert_int_equal(read_page(device).format.depth, 1);
	set_number(device, "ppl-loss", 7); /* rows with padding */
	set_number(device, "fuzzy-parameters", 1);
	assert_true(read_page(device).height > 0);
}

static void
test_statuses(void **state)
{
	static const struct {
		const char *status;
		int r;
	} statuses[] = {
	    {"SANE_STATUS_JAMMED", DEVICE_JAMMED},
	    {"SANE_STATUS_NO_DOCS", DEVICE_FEEDER_EMPTY},
	    {"SANE_STATUS_COVER_OPEN", DEVICE_COVER_OPEN},
	    {"SANE_STATUS_IO_ERROR", -EIO},
	    {"SANE_STATUS_NO_MEM", -ENOMEM},
	    {"SANE_STATUS_ACCESS_DENIED", DEVICE_DENIED},
	    {"SANE_STATUS_CANCELLED", DEVICE_CANCELLED},
	};
	_cleanup_(device_closep) struct device *device = NULL;

	assert_int_equal(device_open("test:0", &device), 0);
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		set_text(device, "read-return-value", statuses[i].status);
		assert_int_equal(read_fails(device, false), statuses[i].r);
		device_cancel(device);
	}
	set_text(device, "read-return-value", "Default");
	assert_int_equal(read_fails(device, true), DEVICE_CANCELLED);
}

/* All kinds of options that SANE has, arrays too, in one object. */
static void
test_options(void **state)
{
	_cleanup_(device_closep) struct device *device = NULL;
	_cleanup_(freep) char *json = NULL;

	assert_int_equal(device_open("test:0", &device), 0);
	set_number(device, "enable-test-options", 1);
	assert_int_equal(options_json(device, &json), 0);
	assert_non_null(strstr(json, "\"int-constraint-array\":["));
	assert_non_null(strstr(json, "\"mode\":\"Gray\""));
	assert_non_null(strstr(json, "\"resolution\":"));
	assert_null(strstr(json, " :"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sources),
	    cmocka_unit_test(test_modes),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_frames),
	    cmocka_unit_test(test_statuses),
	    cmocka_unit_test(test_options),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
