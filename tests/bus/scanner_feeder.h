/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shipped scanner, in its fence, before the virtual feeder, whose sheets are drawn here; store
 * is played. A test's *state is its struct fake.
 */
#ifndef SCANNER_FEEDER_H
#define SCANNER_FEEDER_H

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

static inline void
sheet_row(unsigned sheet, uint32_t y, uint8_t row[WIDTH * 3])
{
	for (uint32_t x = 0; x < WIDTH; x++) {
		row[3 * x] = (uint8_t)(x + y * sheet);
		row[3 * x + 1] = (uint8_t)(y + 40 * sheet);
		row[3 * x + 2] = (uint8_t)((x * y) >> 4);
	}
}

static inline void
copy_to_file(int fd, const char *path)
{
	_cleanup_(memview_free) struct memview view = {0};
	FILE *file = fopen(path, "w");

	assert_int_equal(memfd_view(fd, MEMFD_MAX, &view), 0);
	assert_non_null(file);
	assert_int_equal(fwrite(view.data, 1, view.size, file), view.size);
	assert_int_equal(fclose(file), 0);
}

static inline void
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

static inline void
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

static inline void
make_directory(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

/* As `tests/box fault` does. A change is told from the last by its time of writing, which the
 * kernel notes too coarsely for two changes in a row. */
static inline void
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

static inline int
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

static inline int
tear_down_all(void **state)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command) == 0 ? 0 : -1;
}

/* Started, and SANE's backends are loaded: faults that a restarted scanner must not meet again are
 * told by that time. */
static inline int
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

static inline int
set_up(void **state)
{
	return start_scanner(state, "");
}

static inline int
tear_down(void **state)
{
	fake_stop(*state);
	free(*state);
	return 0;
}

/* ---- asking ---- */

/* Scan; returns "" or the error's code. */
static inline const char *
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
static inline const char *
run(struct fake *f, const char *mode, const char *source, unsigned sheets)
{
	fake_forget_pages(f);
	f->finishes = 0;
	assert_string_equal(scan(f, "", DPI, mode, source, sheets), "");
	FAKE_WAIT(f, f->finishes > 0);
	assert_string_equal(f->job, "job-1");
	return f->code;
}

static inline void
assert_page(const struct fake *f, size_t index, unsigned sheet)
{
	const struct fake_page *p = &f->pages[index];

	assert_true(index < f->n_pages);
	assert_string_equal(p->rows_sha256, expected[sheet]);
	assert_string_equal(fake_param(p, "raw_sha256"), expected[sheet]);
}

static inline void
assert_param(const struct fake *f, size_t index, const char *key, const char *value)
{
	assert_non_null(fake_param(&f->pages[index], key));
	assert_string_equal(fake_param(&f->pages[index], key), value);
}

#define IN_FEEDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
