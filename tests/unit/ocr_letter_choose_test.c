/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of several texts a line of print is: networks say how likely each is, the ink the rest. How
 * far letters are from the ink was measured on this typeface: 末 is 59 from its own, and so on. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/cutting.h"
#include "ocr/letter_choose.h"
#include "ocr/letter_fit.h"
#include "ocr_printed.h"

#define TEXTS 4
#define SOFT 4 /* pixels */

/* Texts, the likeliest first, and how much less likely than it each is. */
struct choice {
	const char *drawn;
	const char *texts[TEXTS];
	double less[TEXTS];
	size_t chosen;
};

static size_t
add_texts(struct words *w, const char *const *texts)
{
	size_t n = 0;

	for (; n < TEXTS && texts[n] != NULL; n++)
		read_print(w, texts[n], READ_UNSURE);
	return n;
}

/* Takes the sheet of p. Returns whether the chosen text is confirmed. */
static bool
expect_chosen(struct printed *p, const struct choice *c)
{
	_cleanup_(words_free) struct words w = {0};
	const size_t n = add_texts(&w, c->texts);
	double likely[TEXTS];
	size_t chosen = TEXTS;
	int r;

	for (size_t i = 0; i < n; i++)
		likely[i] = -12 - c->less[i];
	r = letter_choose(p->pix, &w, likely, &chosen);
	pixDestroy(&p->pix);
	if (r < 0 || chosen != c->chosen)
		fail_msg("%s: %s, %s and so on: %d, text %zu", c->drawn, c->texts[0],
		    n > 1 ? c->texts[1] : "none", r, chosen);
	return r > 0;
}

static void
expect_choices(const struct choice *choices, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct printed p = print_line(choices[i].drawn);

		expect_chosen(&p, &choices[i]);
	}
}

#define EXPECT_CHOICES(choices) expect_choices((choices), sizeof(choices) / sizeof *(choices))

static void
text_that_looks_like_the_ink_is_chosen(void **state)
{
	static const struct choice choices[] = {
	    {"員末職", {"員末職", "員未職"}, {0}, 0},
	    {"員末職", {"員未職", "員末職"}, {0}, 1},
	    {"員末職", {"員鬱職", "員米職", "員末職", "員未職"}, {0}, 2},
	    {"員末職", {"員職", "員末職"}, {0, 8}, 1},
	    {"水疱がみられる", {"水癒がみられる", "水疱がみられる"}, {0, 4}, 1},
	    {"水疱がみられる", {"水疱がみられる", "水癒がみられる"}, {0}, 0},
	};

	EXPECT_CHOICES(choices);
}

/* 末 is some 60 nearer to its ink than 未 is. */
static void
much_likelier_text_stays(void **state)
{
	static const struct choice choices[] = {
	    {"員末職", {"員未職", "員末職"}, {0, 1.6}, 1},
	    {"員末職", {"員未職", "員末職"}, {0, 2.4}, 0},
	};

	EXPECT_CHOICES(choices);
}

static void
likelihood_alone_tells_letters_of_one_shape(void **state)
{
	static const struct choice choices[] = {
	    {"員カ職", {"員力職", "員カ職"}, {0}, 0},
	    {"員カ職", {"員カ職", "員力職"}, {0}, 0},
	    {"員力職", {"員カ職", "員力職"}, {0}, 0},
	    {"員ー職", {"員一職", "員ー職"}, {0}, 0},
	    {"員ー職", {"員ー職", "員一職"}, {0}, 0},
	    {"員一職", {"員ー職", "員一職"}, {0}, 0},
	    {"員」職", {"員丨職", "員」職"}, {0}, 0},
	};

	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		struct printed p = print_line(choices[i].drawn);

		assert_false(expect_chosen(&p, &choices[i]));
	}
}

/* Nearer than what is likelier, but too far: 木 is 599 from the ink, 米 437. */
static void
text_with_a_letter_unlike_all_ink_is_not_chosen(void **state)
{
	static const struct choice choices[] = {
	    {"員末職", {"員鬱職", "員木職"}, {0}, 0}, {"員末職", {"員鬱職", "員米職"}, {0}, 1},
	    {"員末職", {"員鬱職", "員末末職"}, {0}, 0},
	    {"末」職", {"鬱口職", "末丨職"}, {0}, 1}, /* has the shape of 」 */
	};

	EXPECT_CHOICES(choices);
}

/* What both have is no reason for either. */
static void
letters_of_both_texts_need_not_be_seen(void **state)
{
	static const struct choice choices[] = {
	    {"末員職", {"未員鬱", "末員鬱"}, {0}, 1},
	    {"職員末", {"鬱員未", "鬱員末"}, {0}, 1},
	};

	EXPECT_CHOICES(choices);
}

static void
text_with_fewer_letters_must_be_nearly_as_likely(void **state)
{
	static const struct choice choices[] = {
	    {"員末職", {"員鬱末職", "員末職"}, {0, 3.1}, 1},
	    {"員末職", {"員鬱末職", "員末職"}, {0, 3.3}, 0},
	    {"員末職", {"員鬱職", "員末職"}, {0, 8}, 1},
	};

	EXPECT_CHOICES(choices);
}

/* く and ド are rather unlike what was drawn, so that to read nothing there costs less. */
static void
text_that_leaves_much_ink_over_is_not_chosen(void **state)
{
	static const struct choice choices[] = {
	    {"員(職", {"員く職", "員職"}, {0}, 1},  /* .29 em */
	    {"員ト職", {"員ド職", "員職"}, {0}, 0}, /* .46 em */
	};

	EXPECT_CHOICES(choices);
}

/* Though the text without one has its other letter right. */
static void
narrow_letters_stay(void **state)
{
	static const char *const narrow[] = {
	    "、", "。", "・", ",", ".", "(", ")", "[", "]", "「", "」", "l", "1"};

	for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
		char drawn[32], first[32];
		struct choice c = {drawn, {first, "末職", NULL}, {0}, 0};
		struct printed p;

		snprintf(drawn, sizeof drawn, "末%s職", narrow[i]);
		snprintf(first, sizeof first, "鬱%s職", narrow[i]);
		p = print_line(drawn);
		expect_chosen(&p, &c);
	}
}

static void
narrow_letters_may_change_or_be_none(void **state)
{
	static const struct choice choices[] = {
	    {"末!職", {"鬱!職", "末職"}, {0}, 1}, /* is not counted as one */
	    {"末、職", {"鬱・職", "末、職"}, {0}, 1},
	    {"末職", {"鬱、職", "末職"}, {0}, 1}, /* there is no such ink */
	};

	EXPECT_CHOICES(choices);
}

/* Marks were lifted off the sheet. */
static void
marks_need_no_ink(void **state)
{
	static const char *const marks[] = {"□", "■", "☑", "○"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		char first[32], right[32];
		const struct choice letters = {"　末職", {first, right}, {0}, 1};
		const struct choice added = {"　末職", {"末職", right}, {0}, 0};
		struct printed p = print_line(letters.drawn);

		snprintf(first, sizeof first, "%s鬱職", marks[i]);
		snprintf(right, sizeof right, "%s末職", marks[i]);
		assert_true(expect_chosen(&p, &letters));
		p = print_line(letters.drawn);
		assert_true(expect_chosen(&p, &added));
	}
}

/* A text read for a line whose letter at 1 was soft by so many pixels. */
struct reading {
	const char *drawn, *read;
	int soft;
	bool confirmed;
};

static void
soften(struct printed *p, size_t at, int soft)
{
	const int x = PRINT_LEFT + EM * (int)at;
	PIX *letter = cutting(p->pix, (struct box){x, PRINT_TOP, EM, EM});
	PIX *softer = pixBlockconv(letter, soft, soft);

	pixRasterop(p->pix, x, PRINT_TOP, EM, EM, PIX_SRC, softer, 0, 0);
	pixDestroy(&letter);
	pixDestroy(&softer);
}

static void
expect_confirmed(const struct reading *readings, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct reading *r = &readings[i];
		const struct choice only = {r->drawn, {r->read}, {0}, 0};
		struct printed p = print_line(r->drawn);

		if (r->soft > 0)
			soften(&p, 1, r->soft);
		print_message("# %s: %s\n", r->drawn, r->read);
		assert_int_equal(expect_chosen(&p, &only), r->confirmed);
	}
}

#define EXPECT_CONFIRMED(readings)                                                                 \
	expect_confirmed((readings), sizeof(readings) / sizeof *(readings))

static void
text_is_confirmed_when_all_of_it_looks_right(void **state)
{
	static const struct reading readings[] = {
	    {"員末職", "員末職", 0, true}, {"水疱がみられる", "水疱がみられる", 0, true},
	    {"員末職", "員宋職", 0, true},                                    /* 264 from the ink */
	    {"員日職", "員口職", 0, false},                                   /* 377 */
	    {"員末職", "員鬱職", 0, false}, {"員末職", "員末末職", 0, false}, /* one has no ink */
	};

	EXPECT_CONFIRMED(readings);
}

/* Of worn print none looks right. */
static void
text_is_confirmed_when_no_other_letter_is_much_nearer(void **state)
{
	static const struct reading readings[] = {
	    {"員末職", "員末職", SOFT, true},
	    {"員末職", "員耒職", SOFT, true},
	    {"員末職", "員束職", SOFT, false},
	};

	EXPECT_CONFIRMED(readings);
}

static void
text_that_leaves_ink_over_is_not_confirmed(void **state)
{
	static const struct reading readings[] = {
	    {"員末職", "員職", 0, false},
	    {"員末職", "員末", 0, false},
	    {"員末・職", "員末職", 0, false},
	    {"員末職・", "員末職", 0, false},
	};

	EXPECT_CONFIRMED(readings);
}

/* The ink may as well be the other. */
static void
text_with_a_twin_is_not_confirmed(void **state)
{
	static const struct choice choices[] = {
	    {"員カ職", {"員カ職", "員力職"}, {0, 3}, 0},
	    {"員カ職", {"員鬱職", "員カ職", "員力職"}, {0, 0, 3}, 1},
	    {"員カ職", {"員カ職", "員力職員"}, {0, 3}, 0},
	    {"員末職", {"員末職", "員力職"}, {0, 3}, 0},
	};
	static const bool confirmed[] = {false, false, true, true};

	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		struct printed p = print_line(choices[i].drawn);

		assert_int_equal(expect_chosen(&p, &choices[i]), confirmed[i]);
	}
}

static void
fade(PIX *pix, int white)
{
	for (int y = 0; y < pixGetHeight(pix); y++)
		for (int x = 0; x < pixGetWidth(pix); x++) {
			l_uint32 grey = 0;

			pixGetPixel(pix, x, y, &grey);
			pixSetPixel(pix, x, y, 255 - (255 - grey) * (l_uint32)white / 255);
		}
}

/* Text was read there, so that what is hardly darker than paper is print. */
static void
pale_print_is_looked_at(void **state)
{
	static const struct choice choice = {"員末職", {"員未職", "員末職"}, {0}, 1};
	static const int contrasts[] = {120, 50, 36};

	for (size_t i = 0; i < sizeof contrasts / sizeof *contrasts; i++) {
		struct printed p = print_line(choice.drawn);

		fade(p.pix, contrasts[i]);
		expect_chosen(&p, &choice);
	}
}

static void
blank_line_tells_nothing(void **state)
{
	PIX *pix = blank(300, 60);
	_cleanup_(words_free) struct words w = {0};
	const double likely[] = {-1, -2};
	size_t chosen;

	read_print(&w, "員鬱職", READ_UNSURE);
	read_print(&w, "員末職", READ_UNSURE);
	assert_int_equal(letter_choose(pix, &w, likely, &chosen), -ENODATA);
	pixDestroy(&pix);
}

static void
add_long_text(struct words *w, unsigned letters)
{
	char text[(LETTER_FIT_MAX + 1) * 3 + 1] = "";

	for (unsigned i = 0; i < letters; i++)
		memcpy(text + i * 3, "末", 4);
	read_print(w, text, READ_UNSURE);
}

/* Whichever of them is so long. */
static void
too_long_a_text_tells_nothing(void **state)
{
	static const struct {
		unsigned first, other;
		int r;
	} lines[] = {{LETTER_FIT_MAX, LETTER_FIT_MAX, 0}, {LETTER_FIT_MAX + 1, 3, -ENODATA},
	    {3, LETTER_FIT_MAX + 1, -ENODATA}};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct printed p = print_line("末末末");
		_cleanup_(words_free) struct words w = {0};
		const double likely[] = {-1, -1};
		size_t chosen;

		add_long_text(&w, lines[i].first);
		add_long_text(&w, lines[i].other);
		assert_int_equal(letter_choose(p.pix, &w, likely, &chosen), lines[i].r);
		pixDestroy(&p.pix);
	}
}

/* Strokes all along a line, as noise has them, so many letters wide. */
static void
expect_of_strokes(unsigned letters, int want)
{
	PIX *pix = blank(EM * (int)letters + 2 * PRINT_LEFT, 2 * PRINT_TOP + EM);
	_cleanup_(words_free) struct words w = {0};
	const double likely[] = {-1, -1};
	size_t chosen;

	for (unsigned i = 0; i < 4 * letters; i++)
		bar(pix, PRINT_LEFT + (int)i * EM / 4, PRINT_TOP, 5, EM);
	add_long_text(&w, letters);
	add_long_text(&w, letters);
	assert_int_equal(letter_choose(pix, &w, likely, &chosen), want);
	pixDestroy(&pix);
}

/* It would take too long. */
static void
noise_tells_nothing(void **state)
{
	expect_of_strokes(45, 0); /* 45 letters, 715 windows */
	expect_of_strokes(95, -ENODATA);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_that_looks_like_the_ink_is_chosen),
	    cmocka_unit_test(much_likelier_text_stays),
	    cmocka_unit_test(likelihood_alone_tells_letters_of_one_shape),
	    cmocka_unit_test(text_with_a_letter_unlike_all_ink_is_not_chosen),
	    cmocka_unit_test(letters_of_both_texts_need_not_be_seen),
	    cmocka_unit_test(text_with_fewer_letters_must_be_nearly_as_likely),
	    cmocka_unit_test(text_that_leaves_much_ink_over_is_not_chosen),
	    cmocka_unit_test(narrow_letters_stay),
	    cmocka_unit_test(narrow_letters_may_change_or_be_none),
	    cmocka_unit_test(marks_need_no_ink),
	    cmocka_unit_test(text_is_confirmed_when_all_of_it_looks_right),
	    cmocka_unit_test(text_is_confirmed_when_no_other_letter_is_much_nearer),
	    cmocka_unit_test(text_that_leaves_ink_over_is_not_confirmed),
	    cmocka_unit_test(text_with_a_twin_is_not_confirmed),
	    cmocka_unit_test(pale_print_is_looked_at),
	    cmocka_unit_test(blank_line_tells_nothing),
	    cmocka_unit_test(too_long_a_text_tells_nothing),
	    cmocka_unit_test(noise_tells_nothing),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
