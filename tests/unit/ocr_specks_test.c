/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sheets drawn here, with specks all over them or only a few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/specks.h"
#include "ocr_draw.h"

#define WIDE 1240 /* of the half-size picture, A4 */
#define HIGH 1754
#define EVERY 40 /* pixels from speck to speck */
#define LETTER 20

struct sheets {
	PIX *grey, *half;
};

static struct sheets
new_sheets(void)
{
	return (struct sheets){blank(2 * WIDE, 2 * HIGH), pixCreate(WIDE, HIGH, 1)};
}

static void
free_sheets(struct sheets *s)
{
	pixDestroy(&s->grey);
	pixDestroy(&s->half);
}

/* Ink on both, in pixels of the half-size one. */
static void
put(struct sheets *s, int x, int y, int w, int h)
{
	patch(s->half, x, y, w, h, 1);
	bar(s->grey, 2 * x, 2 * y, 2 * w, 2 * h);
}

static void
put_specks(struct sheets *s, int from_y, int every)
{
	for (int y = from_y; y < HIGH - every; y += every)
		for (int x = every; x < WIDE - every; x += every)
			put(s, x + (x * 7 + y * 3) % (every / 3), y + (x + y * 5) % (every / 3),
			    1 + x / every % 3, 1 + y / every % 2);
}

static bool
has_ink(const struct sheets *s, int x, int y)
{
	const bool dark = pixel_at(s->grey, 2 * x, 2 * y) < 128;

	assert_int_equal(pixel_at(s->half, x, y), dark);
	return dark;
}

static int
ink_of(const struct sheets *s)
{
	l_int32 n = 0;

	assert_int_equal(pixCountPixels(s->half, &n, NULL), 0);
	return n;
}

/* Its dark pixels. */
static int
grey_ink_of(const struct sheets *s)
{
	PIX *ink = pixThresholdToBinary(s->grey, 128);
	l_int32 n = 0;

	assert_int_equal(pixCountPixels(ink, &n, NULL), 0);
	pixDestroy(&ink);
	return n;
}

/* A letter with a dot at its foot, a point behind it, and a dotted line below. */
static void
put_print(struct sheets *s)
{
	put(s, 100, 100, LETTER, LETTER);
	put(s, 100 + LETTER + 3, 100, 2, 2);
	for (int x = 100; x < 300; x += 6)
		put(s, x, 160, 2, 2);
}

static void
specks_go_and_print_stays(void **state)
{
	struct sheets s = new_sheets();
	int print;

	put_print(&s);
	print = ink_of(&s);
	put_specks(&s, 200, EVERY);
	assert_true(grey_ink_of(&s) > 5 * print);
	assert_true(specks_clear(s.grey, s.half) > 600);
	assert_int_equal(grey_ink_of(&s), 4 * print);
	assert_int_equal(ink_of(&s), print);
	assert_true(has_ink(&s, 100, 100));
	assert_true(has_ink(&s, 100 + LETTER + 3, 100));
	assert_true(has_ink(&s, 100, 160));
	free_sheets(&s);
}

static void
a_few_specks_stay(void **state)
{
	struct sheets s = new_sheets();
	int all;

	put_print(&s);
	put_specks(&s, 200, 4 * EVERY);
	all = ink_of(&s);
	assert_int_equal(specks_clear(s.grey, s.half), 0);
	assert_int_equal(ink_of(&s), all);
	free_sheets(&s);
}

/* Dots of a screen or of many dotted lines lie close to each other. */
static void
screens_stay(void **state)
{
	struct sheets s = new_sheets();
	int all;

	put_specks(&s, 200, 6);
	all = ink_of(&s);
	assert_int_equal(specks_clear(s.grey, s.half), 0);
	assert_int_equal(ink_of(&s), all);
	free_sheets(&s);
}

/* Lines of a table of contents, ・ from each title to its page, on a clean sheet and on one with
 * specks below. */
static void
leaders_stay(void **state)
{
	for (int specks = 0; specks < 2; specks++) {
		struct sheets s = new_sheets();
		int all;

		for (int y = 100; y < 1200; y += 40) {
			put(&s, 100, y, 8 * LETTER, LETTER);
			for (int x = 290; x < 1080; x += 22)
				put(&s, x, y + 8, 3, 3);
			put(&s, 1100, y, LETTER, LETTER);
		}
		all = ink_of(&s);
		if (specks)
			put_specks(&s, 1240, 25);
		assert_int_equal(specks_clear(s.grey, s.half) > 0, specks);
		assert_int_equal(ink_of(&s), all);
		assert_true(has_ink(&s, 290 + 10 * 22, 108));
		free_sheets(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(specks_go_and_print_stays),
	    cmocka_unit_test(a_few_specks_stay),
	    cmocka_unit_test(screens_stay),
	    cmocka_unit_test(leaders_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
