/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* time-limit: 600 */
/*
 * Strange and bad pages through one shipped `ocr` executable: each gives a result whose findings
 * say what is odd, or an error with a code; the worker goes on to the next, within its memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../read_room.h"
#include "cleanup.h"
#include "link.h"
#include "memfd.h"
#include "ocr/ocr_bus.h"
#include "sha256.h"
#include "tiff_forms.h"

#define SAMPLE "tests/samples/clean/16-oshirase.png"
#define SAMPLE_TEXT "感染症予防"
#define HUGE 30000
#define MEMORY_MAX_KB (300 * 1024) /* of a worker that has read the worst pages */

static struct read_room worker;
static char program_path[4096];
static int said; /* all that workers write to their standard error */
static sd_event *event;
static PIX *sample; /* 8-bit grey, 300 dpi */

/* ---- asking ---- */

struct outcome {
	char code[32]; /* of the error, "" */
	char *result;  /* JSON, NUL-terminated; "" on an error */
};

static void
outcome_free(struct outcome *o)
{
	free(o->result);
}

static struct outcome
read_bytes(struct bytes b)
{
	struct outcome o = {"", NULL};
	_cleanup_(memview_free) struct memview view = {0};
	int fd = memfd_new_sealed("page", b.data, b.size), out;
	sd_bus_message *m = NULL, *reply = NULL;

	free(b.data);
	assert_true(fd >= 0);
	assert_true(sd_bus_message_new_method_call(
			worker.store, &m, NULL, OCR_PATH, OCR_IFACE, "Read") >= 0);
	assert_true(sd_bus_message_append(m, "sha{ss}", "test", fd, 0) >= 0);
	close(fd);
	assert_int_equal(read_room_call(&worker, m, &reply), 0);
	if (sd_bus_message_is_method_error(reply, NULL))
		snprintf(
		    o.code, sizeof o.code, "%s", link_error_code(sd_bus_message_get_error(reply)));
	else {
		assert_true(sd_bus_message_read(reply, "h", &out) >= 0);
		assert_int_equal(memfd_view(out, OCR_MAX_RESULT, &view), 0);
		o.result = strndup((const char *)view.data, view.size);
	}
	if (o.result == NULL)
		o.result = strdup("");
	sd_bus_message_unref(reply);
	return o;
}

static struct outcome
read_as(const struct form *f, PIX *pix)
{
	return read_bytes(write_tiff(f, pix));
}

static bool
found(const struct outcome *o, const char *code)
{
	char key[64];

	snprintf(key, sizeof key, "\"code\":\"%s\"", code);
	return strstr(o->result, key) != NULL;
}

static int
number(const struct outcome *o, const char *key)
{
	const char *at = strstr(o->result, key);

	assert_non_null(at);
	return (int)strtol(at + strlen(key), NULL, 10);
}

static void
expect_text(const char *what, const struct outcome *o)
{
	if (o->code[0] != '\0' || strstr(o->result, SAMPLE_TEXT) == NULL)
		fail_msg("%s: %s, text not read", what, o->code);
}

static void
expect_finding(const char *what, const struct outcome *o, const char *code)
{
	if (o->code[0] != '\0' || !found(o, code))
		fail_msg("%s: %s, no finding %s", what, o->code, code);
}

static void
expect_error(const char *what, const struct outcome *o, const char *code)
{
	if (strcmp(o->code, code) != 0)
		fail_msg("%s: error %s, not %s", what, o->code, code);
}

/* ---- tests ---- */

static void
every_pixel_format_is_read(void **state)
{
	static const struct {
		const char *what;
		struct form form;
	} kinds[] = {
	    {"grey", {8, 1, PHOTOMETRIC_MINISBLACK, 300, 0, false}},
	    {"white is zero", {8, 1, PHOTOMETRIC_MINISWHITE, 300, 0, false}},
	    {"16 bit grey", {16, 1, PHOTOMETRIC_MINISBLACK, 300, 0, false}},
	    {"16 bit colour", {16, 3, PHOTOMETRIC_RGB, 300, 0, false}},
	    {"CMYK", {8, 4, PHOTOMETRIC_SEPARATED, 300, 0, false}},
	    {"palette", {8, 1, PHOTOMETRIC_PALETTE, 300, 0, false}},
	    {"alpha", {8, 4, PHOTOMETRIC_RGB, 300, 0, true}},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		_cleanup_(outcome_free) struct outcome o = read_as(&kinds[i].form, sample);

		expect_text(kinds[i].what, &o);
		assert_null(strstr(o.result, "\"findings\":[{"));
	}
}

/* 0, 72 and 1200 dpi in a file that holds an A4 sheet of 300; none at all. */
static void
resolutions_that_cannot_be_are_not_believed(void **state)
{
	static const float dpi[] = {0, 72, 1200, -1};

	for (size_t i = 0; i < sizeof dpi / sizeof *dpi; i++) {
		struct form f = grey;
		_cleanup_(outcome_free) struct outcome o = {0};

		f.dpi = dpi[i];
		o = read_as(&f, sample);
		expect_text("lying dpi", &o);
		expect_finding("lying dpi", &o, "dpi_assumed");
		assert_int_equal(number(&o, "\"dpi\":"), 300);
	}
}

static void
skew_is_found(void **state)
{
	PIX *form = pixRead("tests/samples/clean/08-monitoring.png");
	PIX *level = pixConvertTo8(form, 0);
	PIX *pix = pixRotate(level, -0.05f, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
	_cleanup_(outcome_free) struct outcome o = read_as(&grey, pix);

	pixDestroy(&form);
	pixDestroy(&level);
	pixDestroy(&pix);
	assert_non_null(strstr(o.result, "モニタリング記録"));
	expect_finding("skewed", &o, "skewed");
	assert_in_range(number(&o, "\"code\":\"skewed\",\"value\":"), -3200, -2500);
}

static void
a_mirror_image_is_found(void **state)
{
	for (int turns = 0; turns < 4; turns += 2) {
		PIX *turned = pixRotateOrth(sample, turns), *pix = pixFlipLR(NULL, turned);
		_cleanup_(outcome_free) struct outcome o = read_as(&grey, pix);

		pixDestroy(&pix);
		pixDestroy(&turned);
		expect_finding("mirrored", &o, "mirrored");
	}
}

/* Out of focus. */
static void
low_confidence_is_said(void **state)
{
	PIX *pix = pixBlockconv(sample, 10, 10);
	_cleanup_(outcome_free) struct outcome o = read_as(&grey, pix);

	pixDestroy(&pix);
	expect_finding("blurred", &o, "low_confidence");
}

static PIX *
noise(int w, int h)
{
	PIX *pix = pixCreate(w, h, 8);
	uint32_t seed = 1;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			seed ^= seed << 13;
			seed ^= seed >> 17;
			seed ^= seed << 5;
			pixSetPixel(pix, x, y, seed >> 24);
		}
	return pix;
}

/* Soft light and dark, as of a landscape. */
static PIX *
photo(int w, int h)
{
	PIX *pix = noise(w / 150, h / 150), *soft = pixScaleGrayLI(pix, 150, 150);

	pixDestroy(&pix);
	return soft;
}

static void
pages_without_text_say_so(void **state)
{
	PIX *one = pixCreate(1, 1, 8), *white = pixCreate(1240, 1754, 8);
	PIX *black = pixCreate(1240, 1754, 8), *grain = noise(1240, 1754);
	PIX *picture = photo(1240, 1754);
	const struct {
		const char *what;
		PIX *pix;
		const char *one, *other;
	} kinds[] = {{"one pixel", one, "dark", "blank"}, {"white", white, "blank", "blank"},
	    {"black", black, "dark", "dark"}, {"noise", grain, "noise", "noise"},
	    {"photo", picture, "no_text", "low_confidence"}};
	struct form f = grey;

	f.dpi = 150;
	pixSetAllArbitrary(white, 255);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		_cleanup_(outcome_free) struct outcome o = read_as(&f, kinds[i].pix);

		expect_finding(
		    kinds[i].what, &o, found(&o, kinds[i].one) ? kinds[i].one : kinds[i].other);
		pixDestroy((PIX **)&kinds[i].pix);
	}
}

static void
huge_pages_are_read_small(void **state)
{
	static const struct form bits = {
	    1, 1, PHOTOMETRIC_MINISWHITE, 600, COMPRESSION_CCITTFAX4, false};
	static const struct form bytes = {
	    8, 1, PHOTOMETRIC_MINISBLACK, 600, COMPRESSION_PACKBITS, false};
	static const struct form palette = {
	    8, 1, PHOTOMETRIC_PALETTE, 600, COMPRESSION_PACKBITS, false};
	_cleanup_(outcome_free) struct outcome a = read_bytes(write_huge(&bits, HUGE, HUGE));
	_cleanup_(outcome_free) struct outcome b = read_bytes(write_huge(&bytes, HUGE, HUGE));
	_cleanup_(outcome_free) struct outcome c = read_bytes(write_huge(&palette, HUGE, HUGE));
	_cleanup_(outcome_free) struct outcome d = read_bytes(write_huge(&bits, 70000, 16));

	expect_finding("huge, 1 bit", &a, "blank");
	expect_finding("huge, 8 bit", &b, "blank");
	assert_int_equal(number(&a, "\"width\":"), HUGE);
	expect_finding("huge, palette", &c, "dark");
	expect_error("too wide", &d, "too_large");
}

static void
broken_files_get_an_error(void **state)
{
	static const struct {
		const char *what;
		unsigned tag;
		uint32_t value;
	} lies[] = {
	    {"no width", TIFFTAG_IMAGEWIDTH, 0},
	    {"7 bits", TIFFTAG_BITSPERSAMPLE, 7},
	    {"60000 samples", TIFFTAG_SAMPLESPERPIXEL, 60000},
	    {"unknown colours", TIFFTAG_PHOTOMETRIC, 999},
	    {"unknown compression", TIFFTAG_COMPRESSION, 4711},
	    {"strips beyond the end", TIFFTAG_STRIPOFFSETS, 0xfffffff0u},
	    {"lengths beyond the end", TIFFTAG_STRIPBYTECOUNTS, 0xfffffff0u},
	};

	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct bytes b = write_tiff(&grey, sample);
		_cleanup_(outcome_free) struct outcome o = {0};

		patch(b, lies[i].tag, lies[i].value);
		o = read_bytes(b);
		expect_error(lies[i].what, &o, "unreadable");
	}
	for (size_t n = 0; n < 8; n += 4) {
		struct bytes b = {(uint8_t *)strdup("II*"), n};
		_cleanup_(outcome_free) struct outcome o = read_bytes(b);

		expect_error("cut short", &o, "unreadable");
	}
}

/* Pixels that are missing or spoilt are white, the rest is read, and the clerk is told. */
static void
a_damaged_page_is_read_as_far_as_it_goes(void **state)
{
	struct bytes b = write_tiff(&grey, sample);
	_cleanup_(outcome_free) struct outcome o = {0};

	memset(b.data + b.size * 7 / 10, 0xff, b.size / 10);
	o = read_bytes(b);
	expect_text("damaged", &o);
	expect_finding("damaged", &o, "damaged");
}

/* After all of the above the worker is the same one, and has not grown. */
static void
the_worker_stays_and_stays_small(void **state)
{
	_cleanup_(outcome_free) struct outcome o = read_as(&grey, sample);
	long most = read_room_peak_kb(&worker);

	expect_text("the last", &o);
	print_message("# most memory: %ld kB\n", most);
#ifndef __SANITIZE_ADDRESS__
	assert_in_range(most, 1, MEMORY_MAX_KB);
#endif
}

static void
the_models_are_named_with_their_sums(void **state)
{
	_cleanup_(outcome_free) struct outcome o = read_as(&grey, sample);
	size_t size;
	l_uint8 *judge = l_binaryRead("ocr/letter_model.bin", &size);
	char sum[SHA256_HEX_SIZE], said_of_it[100];

	assert_non_null(judge);
	sha256_hex(judge, size, sum);
	snprintf(said_of_it, sizeof said_of_it, "\"letters\":\"%s\"", sum);
	assert_non_null(strstr(o.result, said_of_it));
	assert_non_null(strstr(o.result, "\"jpn\":\""));
	free(judge);
}

/* What an engine has to say goes nowhere: only our own log lines, which begin with their priority.
 */
static void
the_log_is_our_own(void **state)
{
	_cleanup_(freep) char *all = calloc(1, 65536);
	ssize_t n = pread(said, all, 65535, 0);
	int lines = 0;

	assert_true(n > 0); /* the errors above */
	for (char *rest = all, *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';
	     lines++)
		if (strncmp(line, "<3>ocr: ", 8) != 0)
			fail_msg("the worker said: %s", line);
	assert_true(lines > 1);
}

/* With its standard error in the file that `said` is. */
static int
start_worker(struct read_room *room, const char *path)
{
	static const struct read_room_store nothing = {0};
	int terminal = dup(2), r;

	if (terminal < 0 || dup2(said, 2) < 0)
		return -1;
	r = read_room_start(room, event, path, "", &nothing);
	dup2(terminal, 2);
	close(terminal);
	return r;
}

/* What the file of the judge of letters begins with. */
static l_uint8 *
find_judge(l_uint8 *program, size_t size)
{
	static const char head[] = "FKLETTER\1\0\0";

	return memmem(program, size, head, sizeof head);
}

static void
a_damaged_judge_of_letters_keeps_it_from_starting(void **state)
{
	char path[] = "/tmp/ocr-damaged-XXXXXX", all[4096] = "";
	size_t size;
	l_uint8 *program = l_binaryRead(program_path, &size), *judge;
	struct read_room damaged;
	const off_t before = lseek(said, 0, SEEK_END);
	const int fd = mkostemp(path, O_CLOEXEC);

	assert_non_null(program);
	judge = find_judge(program, size);
	assert_non_null(judge);
	judge[8]++; /* another version */
	assert_true(fd >= 0 && fchmod(fd, 0700) == 0);
	assert_true(write(fd, program, size) == (ssize_t)size);
	close(fd);
	assert_int_equal(start_worker(&damaged, path), -EPIPE);
	read_room_stop(&damaged);
	unlink(path);
	assert_true(pread(said, all, sizeof all - 1, before) > 0);
	assert_non_null(strstr(all, "<3>ocr: the judge of letters is damaged"));
	free(program);
}

static int
set_up(void **state)
{
	const char *out = getenv("O") != NULL ? getenv("O") : "build";
	PIX *pix = pixRead(SAMPLE);

	signal(SIGPIPE, SIG_IGN);
	setMsgSeverity(L_SEVERITY_NONE);
	if (pix == NULL)
		return -1;
	sample = pixConvertTo8(pix, 0);
	pixDestroy(&pix);
	snprintf(program_path, sizeof program_path, "%s/bin/ocr", out);
	said = memfd_create("said", MFD_CLOEXEC);
	return said < 0 || sd_event_new(&event) < 0 || start_worker(&worker, program_path) < 0 ? -1
											       : 0;
}

static int
tear_down(void **state)
{
	pixDestroy(&sample);
	read_room_stop(&worker);
	sd_event_unref(event);
	close(said);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_pixel_format_is_read),
	    cmocka_unit_test(resolutions_that_cannot_be_are_not_believed),
	    cmocka_unit_test(skew_is_found),
	    cmocka_unit_test(a_mirror_image_is_found),
	    cmocka_unit_test(low_confidence_is_said),
	    cmocka_unit_test(pages_without_text_say_so),
	    cmocka_unit_test(huge_pages_are_read_small),
	    cmocka_unit_test(broken_files_get_an_error),
	    cmocka_unit_test(a_damaged_page_is_read_as_far_as_it_goes),
	    cmocka_unit_test(the_worker_stays_and_stays_small),
	    cmocka_unit_test(the_models_are_named_with_their_sums),
	    cmocka_unit_test(a_damaged_judge_of_letters_keeps_it_from_starting),
	    cmocka_unit_test(the_log_is_our_own),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
