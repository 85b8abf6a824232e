/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that were not read become glyphs, but only where the ink clearly is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/letter_correct.h"
#include "ocr_printed.h"

#define NEAR_ENOUGH 3 /* pixels that a box may be off */
#define ADDED 90      /* percent, of a letter that no network read */
#define HALF (EM / 2)

/* What was drawn, and read, and what comes of it. */
struct lost {
	const char *drawn, *read, *want;
};

/* Around letters [from, to). */
static struct box
box_of(const struct printed *p, size_t from, size_t to)
{
	struct box all = {0};

	for (size_t i = from; i < to; i++)
		all = box_union(all, p->ink[i]);
	return all;
}

static bool
is_near(int a, int b)
{
	return abs(a - b) <= NEAR_ENOUGH;
}

/* Added glyphs alone are less sure, and the line reaches over them. */
static void
expect_marked(const struct words *w, size_t line, const char *read)
{
	const struct line *l = &w->lines[line];

	for (size_t i = l->first; i < l->first + l->count; i++) {
		const struct glyph *g = &w->glyphs[i];
		const size_t size = strlen(g->text);

		assert_false(g->space);
		if (strncmp(read, g->text, size) == 0) {
			assert_int_equal(g->confidence, READ_SURE);
			read += size;
			continue;
		}
		assert_int_equal(g->confidence, ADDED);
		assert_true(box_inside(g->box, l->box) >= 1);
	}
	assert_string_equal(read, "");
}

/* Each letter that was drawn is a glyph where it stands. */
static void
expect_in_place(const struct words *w, const struct printed *p)
{
	size_t k = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (p->ink[i].w == 0)
			continue;
		assert_true(k < w->lines[0].count);
		assert_true(is_near(w->glyphs[k].box.x, p->ink[i].x));
		assert_true(is_near(w->glyphs[k].box.w, p->ink[i].w));
		k++;
	}
	assert_int_equal(k, w->lines[0].count);
}

static void
expect_kept(const struct words *w, size_t line, const char *read, const char *want)
{
	const struct line *l = &w->lines[line];

	expect_reads(w, line, want);
	expect_marked(w, line, read);
	if (strcmp(read, want) == 0) {
		assert_null(l->raw);
		assert_null(l->rule);
		return;
	}
	assert_string_equal(l->raw, read);
	assert_string_equal(l->rule, LETTER_RULE);
}

/* Takes p's sheet. rules: of it, or NULL; box: the line's. */
static void
expect_added(struct printed *p, PIX *rules, struct box box, const char *read, const char *want)
{
	_cleanup_(words_free) struct words w = {0};

	read_print(&w, read, READ_SURE);
	w.lines[0].box = box;
	assert_int_equal(letter_correct(p->pix, rules, NULL, &w), 0);
	pixDestroy(&p->pix);
	expect_kept(&w, 0, read, want);
}

/* Boxed with all of its ink. */
static void
expect_lost(const struct lost *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct printed p = print_line(l[i].drawn);

		print_message("# %s: %s\n", l[i].drawn, l[i].read);
		expect_added(&p, NULL, line_box(&p), l[i].read, l[i].want);
	}
}

#define EXPECT_LOST(lost) expect_lost((lost), sizeof(lost) / sizeof *(lost))

/* ---- letters at the ends ---- */

/* Boxed with all of its ink, and with the ink of letters [from, to) alone. */
static void
expect_lost_end(const struct lost *l, size_t from, size_t to)
{
	for (int all = 0; all < 2; all++) {
		struct printed p = print_line(l->drawn);
		_cleanup_(words_free) struct words w = {0};

		print_message("# %s: %s\n", l->drawn, l->read);
		read_print(&w, l->read, READ_SURE);
		w.lines[0].box = all ? line_box(&p) : box_of(&p, from, to);
		assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
		expect_kept(&w, 0, l->read, l->want);
		if (strcmp(l->drawn, l->want) == 0)
			expect_in_place(&w, &p);
		pixDestroy(&p.pix);
	}
}

static void
last_letter_is_added(void **state)
{
	expect_lost_end(&(struct lost){"備考", "備", "備考"}, 0, 1);
	expect_lost_end(&(struct lost){"電話番号", "電話番", "電話番号"}, 0, 3);
	expect_lost_end(&(struct lost){"氏名：", "氏名", "氏名:"}, 0, 2);
	expect_lost_end(&(struct lost){"同意する☆", "同意する", "同意する☆"}, 0, 4);
}

static void
first_letter_is_added(void **state)
{
	expect_lost_end(&(struct lost){"備考", "考", "備考"}, 1, 2);
	expect_lost_end(&(struct lost){"☆その他", "その他", "☆その他"}, 1, 4);
	expect_lost_end(&(struct lost){"◆精神科", "精神科", "◆精神科"}, 1, 4);
	expect_lost_end(&(struct lost){"△月曜日", "月曜日", "△月曜日"}, 1, 4);
	expect_lost_end(&(struct lost){"①職員", "職員", "①職員"}, 1, 3);
}

/* Narrow digits stand half a letter from each other. */
static struct printed
print_amount(const char *amount)
{
	struct printed p = {.pix = blank(500, 2 * PRINT_TOP + EM)};

	print_at(&p, amount, EM, HALF, PRINT_LEFT, PRINT_TOP);
	print_at(&p, "円", EM, EM, PRINT_LEFT + (int)p.n * HALF, PRINT_TOP);
	return p;
}

static void
unit_behind_an_amount_is_added(void **state)
{
	struct printed p = print_amount("12345");

	expect_added(&p, NULL, box_of(&p, 0, 5), "12345", "12345円");
	p = print_line("６００００円");
	expect_added(&p, NULL, box_of(&p, 0, 5), "60000", "60000円");
}

/* Digits so high, and behind them a unit in print of `em`, so far below their top. */
static void
expect_small_unit(const char *unit, int em, int low, const char *read, const char *want)
{
	const int high = 2 * EM;
	struct printed p = {.pix = blank(600, 2 * PRINT_TOP + 2 * high)};

	print_at(&p, "８５０", high, high, PRINT_LEFT, PRINT_TOP);
	print_at(&p, unit, em, em, PRINT_LEFT + 3 * high + 20, PRINT_TOP + low);
	expect_added(&p, NULL, box_of(&p, 0, 3), read, want);
}

/* Where people write large; what is as small and no unit is dirt, or belongs elsewhere. */
static void
small_unit_behind_large_writing_is_added(void **state)
{
	expect_small_unit("円", EM, 30, "850", "850円");
	expect_small_unit("円", EM, 50, "850", "850円");
	expect_small_unit("個", EM, 40, "850", "850個");
	expect_small_unit("円", EM / 3, 40, "850", "850");
	expect_small_unit("☆", EM, 40, "850", "850");
	expect_small_unit("の", EM, 40, "850", "850");
	expect_small_unit("口", EM, 40, "850", "850");
}

/* ---- between letters ---- */

static void
letter_between_letters_is_added(void **state)
{
	static const struct lost lost[] = {
	    {"その☆と鬱の水", "そのと鬱の水", "その☆と鬱の水"},
	    {"月　△鬱の水", "月鬱の水", "月△鬱の水"},
	    {"その→鬱※水", "その鬱水", "その→鬱※水"},
	    {"氏名の次に住所を書く", "氏名次に住所を書く", "氏名の次に住所を書く"},
	    {"氏名：鬱の水", "氏名鬱の水", "氏名:鬱の水"},
	    {"月／鬱の水", "月鬱の水", "月/鬱の水"},
	};

	EXPECT_LOST(lost);
}

/* At an end strokes may be dirt, but two points above each other are not. */
static void
strokes_are_added_between_letters_alone(void **state)
{
	expect_lost_end(&(struct lost){"鬱の水／", "鬱の水", "鬱の水"}, 0, 3);
	expect_lost_end(&(struct lost){"／鬱の水", "鬱の水", "鬱の水"}, 1, 4);
	expect_lost_end(&(struct lost){"：鬱の水", "鬱の水", ":鬱の水"}, 1, 4);
}

/* In so many pixels of white, a point of a typeface of so many. */
static void
expect_point(int white, int size, const char *want)
{
	struct printed p = {.pix = blank(500, 2 * PRINT_TOP + EM)};
	int x;

	print_at(&p, "その", EM, EM, PRINT_LEFT, PRINT_TOP);
	x = p.ink[1].x + p.ink[1].w;
	draw_letter(p.pix, U'・', size, x + (white - size) / 2, PRINT_TOP + (EM - size) / 2);
	print_at(&p, "鬱の水", EM, EM, x + white, PRINT_TOP);
	expect_added(&p, NULL, line_box(&p), "その鬱の水", want);
}

static void
point_needs_room(void **state)
{
	expect_point(14, 24, "その鬱の水");
	expect_point(20, 24, "その・鬱の水");
}

/* The points are 2 and 4 pixels wide. */
static void
dirt_is_narrower_than_points(void **state)
{
	expect_point(30, 16, "その鬱の水");
	expect_point(30, 24, "その・鬱の水");
}

static void
bracket_is_added_to_its_other_half(void **state)
{
	static const struct lost lost[] = {
	    {"（水・木）の人", "水・木）の人", "(水・木）の人"},
	    {"その（水・木）の人", "その水・木）の人", "その(水・木）の人"},
	    {"（水・木）の人", "（水・木の人", "（水・木)の人"},
	    {"人（鬱の水）", "人（鬱の水", "人（鬱の水)"},
	    {"（鬱（の）水）", "鬱（の）水）", "(鬱（の）水）"},
	    {"（鬱（の）水）", "（鬱（の）水", "（鬱（の）水)"},
	    {"（鬱の水", "鬱の水", "鬱の水"},
	    {"鬱の水）", "鬱の水", "鬱の水"},
	    {"その（鬱）の水", "その鬱の水", "その鬱の水"},
	    {"（その（鬱）の水", "その（鬱）の水", "その（鬱）の水"},
	    {"その（鬱）の水）", "その（鬱）の水", "その（鬱）の水"},
	    {"）鬱（の水）", "鬱（の水）", "鬱（の水）"},
	    {"（鬱）の（水", "鬱）の（水", "(鬱）の（水"},
	    {"鬱）の（水）", "鬱）の（水", "鬱）の（水)"},
	};

	EXPECT_LOST(lost);
}

/* ---- what is clear ---- */

/* Between letters that tell its size. */
static void
expect_clear(const char *letters, bool added)
{
	uint32_t code;

	for (int used; *letters != '\0'; letters += used) {
		char drawn[64];

		used = utf8_decode(letters, strlen(letters), &code);
		snprintf(drawn, sizeof drawn, "水%.*s鬱の水", used, letters);
		expect_lost(&(struct lost){drawn, "水鬱の水", added ? drawn : "水鬱の水"}, 1);
	}
}

/* These are 128 to 247, and 259 to 400 from what they are taken for. */
static void
letters_must_be_near_to_what_they_are(void **state)
{
	expect_clear("際憂噌が啄", true);
	expect_clear("裁燮恢饗豕", false);
}

/* These are 90 to 119, and 126 to 165. */
static void
signs_must_be_nearer(void **state)
{
	expect_clear("☆※→㊤", true);
	expect_clear("㊥②✓", false);
}

/* What ruled lines look like. */
static void
strokes_are_not_added(void **state)
{
	expect_clear("工土士王口ニ三一", false);
	expect_lost_end(&(struct lost){"鬱の水工", "鬱の水", "鬱の水"}, 0, 3);
}

static void
neighbours_must_be_sure(void **state)
{
	static const struct lost lost[] = {
	    {"その鬱☆≡の水", "その鬱々の水", "その鬱々の水"},
	    {"その≡☆鬱の水", "その々鬱の水", "その々鬱の水"},
	};
	struct printed p = print_line("その鬱≡☆");

	EXPECT_LOST(lost);
	expect_added(&p, NULL, box_of(&p, 0, 4), "その鬱々", "その鬱々");
	p = print_line("☆≡その鬱");
	expect_added(&p, NULL, box_of(&p, 1, 5), "々その鬱", "々その鬱");
}

/* 宮 is 325 from 営, 鉃 378 from 欽, and others are nearer. */
static void
neighbours_that_are_no_other_letter_are_sure(void **state)
{
	static const struct lost lost[] = {
	    {"水宮：鬱の水", "水営鬱の水", "水営:鬱の水"},
	    {"水鉃：鬱の水", "水欽鬱の水", "水欽鬱の水"},
	};

	EXPECT_LOST(lost);
}

/* Two at once, one of them narrow or both. */
static void
ink_of_several_letters_stays(void **state)
{
	expect_lost_end(&(struct lost){"鬱の水備考", "鬱の水", "鬱の水"}, 0, 3);
	expect_lost_end(&(struct lost){"備考鬱の水", "鬱の水", "鬱の水"}, 2, 5);
	expect_lost_end(&(struct lost){"鬱の水：：", "鬱の水", "鬱の水"}, 0, 3);
	expect_lost_end(&(struct lost){"：：鬱の水", "鬱の水", "鬱の水"}, 2, 5);
	expect_lost_end(&(struct lost){"：☆鬱の水", "鬱の水", "鬱の水"}, 2, 5);
}

/* Each glyph lies over the ink before its own: none becomes what is there. */
static void
text_that_lies_one_letter_off_stays(void **state)
{
	struct printed p = print_line("◆くりの水");
	_cleanup_(words_free) struct words w = {0};

	read_print(&w, "くりの水", READ_SURE);
	assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
	expect_reads(&w, 0, "くりの水");
	pixDestroy(&p.pix);
}

/* An unsure letter was laid over a lost sign, or a narrow one over a wide one. */
static void
letter_over_other_ink_moves_to_its_own(void **state)
{
	static const char *const texts[][3] = {
	    {"◆精神科", "?精神科", "精神科"},
	    {"◆いろの水", "いろの水", "いろの水"},
	    {"その大鬱の水", "その鬱の水", "その鬱の水"},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct printed p = print_line(texts[i][0]);
		_cleanup_(words_free) struct words w = {0};

		read_print(&w, texts[i][1], READ_UNSURE);
		w.lines[0].box = line_box(&p);
		assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
		expect_reads(&w, 0, texts[i][0]);
		assert_string_equal(w.lines[0].raw, texts[i][2]);
		expect_in_place(&w, &p);
		pixDestroy(&p.pix);
	}
}

/* What glyphs are most like, and which ink is theirs. */
static void
view_follows_changes(void **state)
{
	struct printed p = print_line("水☆鬱の花");
	_cleanup_(words_free) struct words w = {0};
	struct letter_page page = {p.pix, NULL, NULL, &w, LETTER_VIEW_MOST};
	struct letter_view v;
	unsigned hole = 0;

	read_print(&w, "水鬱の花", READ_SURE);
	w.lines[0].box = line_box(&p);
	assert_int_equal(letter_view_open(&page, w.lines, true, &v), 0);
	while (!is_near(letter_window_box(&v.cut, hole).x, p.ink[1].x) ||
	       !is_near(letter_window_box(&v.cut, hole).w, p.ink[1].w))
		hole++;
	assert_int_equal(letter_view_insert(&v, 1, U'☆', hole), 0);
	for (size_t i = 0; i < 5; i++)
		assert_true(letter_view_sees(&v, i) && letter_view_confirms(&v, i));
	for (unsigned i = 0; i < v.cut.npieces; i++)
		assert_true(v.used[i]);
	assert_int_equal(letter_view_move(&v, 0, hole), 0);
	assert_false(v.used[0]);
	assert_false(letter_view_confirms(&v, 0));
	assert_true(is_near(w.glyphs[0].box.x, p.ink[1].x));
	assert_int_equal(letter_view_drop(&v, 0), 0);
	for (size_t i = 0; i < 4; i++)
		assert_true(letter_view_sees(&v, i) && letter_view_confirms(&v, i));
	letter_view_free(&v);
	pixDestroy(&p.pix);
}

/* ---- beside the line ---- */

#define FROM (PRINT_LEFT + 3 * EM) /* of a line with room on both sides, so wide and high */
#define WIDE (3 * EM)
#define HIGH 40

/* 鬱の水, and so many pixels beyond its box a letter's room, before it or behind. */
static struct printed
print_beside(int white, bool before)
{
	struct printed p = {.pix = blank(600, 2 * PRINT_TOP + EM)};

	print_at(&p, "鬱の水", EM, EM, FROM, PRINT_TOP);
	print_at(&p, "備", EM, EM, before ? FROM - white - EM : FROM + WIDE + white, PRINT_TOP);
	return p;
}

static struct box
box_beside(void)
{
	return (struct box){FROM, PRINT_TOP + 1, WIDE, HIGH};
}

/* other: a line's box, or NULL; rules: or NULL. */
static void
expect_beside(int white, const struct box *other, PIX *rules, bool before, bool added)
{
	struct printed p = print_beside(white, before);
	_cleanup_(words_free) struct words w = {0};
	const char *want = before ? "備鬱の水" : "鬱の水備";

	read_print(&w, "鬱の水", READ_SURE);
	w.lines[0].box = box_beside();
	if (other != NULL) {
		read_at(&w, "備", other->x, other->y, READ_SURE);
		w.lines[1].box = *other;
	}
	assert_int_equal(letter_correct(p.pix, rules, NULL, &w), 0);
	pixDestroy(&p.pix);
	expect_kept(&w, 0, "鬱の水", added ? want : "鬱の水");
}

/* That is more than two heights of its box. */
static void
ink_too_far_from_the_line_stays(void **state)
{
	for (int before = 0; before < 2; before++) {
		expect_beside(3, NULL, NULL, before, true);
		expect_beside(38, NULL, NULL, before, true);
		expect_beside(52, NULL, NULL, before, false);
	}
}

/* Another line is beside it, as much of it level with the line as this. */
static void
expect_line_beside(double level, bool added)
{
	for (int before = 0; before < 2; before++) {
		const int down = (int)lround((1 - level) * HIGH);
		const struct box below = {before ? FROM - EM - 10 : FROM + WIDE + 5,
				     box_beside().y + down, EM + 5, HIGH},
				 above = {below.x, box_beside().y - down, below.w, HIGH};

		expect_beside(10, &below, NULL, before, added);
		expect_beside(10, &above, NULL, before, added);
	}
}

static void
ink_of_a_line_beside_stays(void **state)
{
	expect_line_beside(1, false);
	expect_line_beside(0.25, false);
	expect_line_beside(0.15, true);
	expect_line_beside(-0.5, true);
}

/* It begins before this one, and ends behind it. */
static void
ink_of_a_line_around_stays(void **state)
{
	const struct box wide = {FROM - EM - 10, PRINT_TOP, WIDE + 2 * EM + 20, HIGH};

	for (int before = 0; before < 2; before++)
		expect_beside(10, &wide, NULL, before, false);
}

/* A ruled line beyond the line's box, dark over this share of its height. */
static void
expect_rule(int beyond, double share, bool before, bool added)
{
	PIX *rules = pixCreate(300, PRINT_TOP + HALF, 1);
	const struct box line = box_beside();
	const int x = before ? line.x - beyond : line.x + line.w + beyond;

	for (int y = 0; y < (int)(share * HIGH / SHEET_HALF); y++)
		pixSetPixel(rules, x / SHEET_HALF, line.y / SHEET_HALF + y, 1);
	expect_beside(10, NULL, rules, before, added);
	pixDestroy(&rules);
}

static void
ink_beyond_a_ruled_line_stays(void **state)
{
	for (int before = 0; before < 2; before++) {
		expect_rule(5, 1, before, false);
		expect_rule(5, 0.7, before, false);
		expect_rule(5, 0.5, before, true);
		expect_rule(56, 1, before, true);
	}
}

/* Nor does it keep a letter without ink, a letter and a half before another line. */
static void
line_beside_does_not_keep_what_has_no_ink(void **state)
{
	struct printed p = print_line("みずほの職員　　鬱の水");
	_cleanup_(words_free) struct words w = {0};

	read_print(&w, "みずほの職員?が", 80);
	w.lines[0].box = box_of(&p, 0, 6);
	read_at(&w, "鬱の水", p.ink[8].x, p.ink[8].y, READ_SURE);
	w.lines[1].box = box_of(&p, 8, 11);
	assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
	expect_reads(&w, 0, "みずほの職員");
	pixDestroy(&p.pix);
}

/* ---- pages ---- */

static void
lines_keep_their_glyphs(void **state)
{
	static const char *const drawn[] = {"備考", "☆その他の人", "電話番号", "◆精神科"};
	static const char *const read[] = {"備", "その他の人", "電話番号", "精神科"};
	PIX *pix = blank(600, 5 * 2 * EM);
	_cleanup_(words_free) struct words w = {0};
	size_t first = 0;

	for (int i = 0; i < 4; i++) {
		struct printed p = {.pix = pix};
		const int y = EM + 2 * EM * i;

		print_at(&p, drawn[i], EM, EM, PRINT_LEFT, y);
		read_at(&w, read[i], PRINT_LEFT, y, READ_SURE);
		w.lines[i].box = line_box(&p);
	}
	assert_int_equal(letter_correct(pix, NULL, NULL, &w), 0);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(w.lines[i].first, first);
		assert_int_equal(w.lines[i].count, letters_in(drawn[i]));
		expect_kept(&w, i, read[i], drawn[i]);
		first += w.lines[i].count;
	}
	assert_int_equal(w.nglyphs, first);
	pixDestroy(&pix);
}

/* Of so many letters the last was not read. */
static void
expect_long(size_t letters, bool added)
{
	char text[3 * PRINT_MAX + 1] = "", read[3 * PRINT_MAX + 1];
	struct printed p;

	for (size_t i = 0; i < letters; i++)
		strcat(text, i % 2 == 0 ? "水" : "備");
	strcpy(read, text);
	read[strlen(read) - strlen("備")] = '\0';
	p = print_line(text);
	expect_added(&p, NULL, box_of(&p, 0, letters - 1), read, added ? text : read);
}

static void
longest_line_gets_no_more(void **state)
{
	expect_long(LETTER_FIT_MAX, true);
	expect_long(LETTER_FIT_MAX + 1, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(last_letter_is_added),
	    cmocka_unit_test(first_letter_is_added),
	    cmocka_unit_test(unit_behind_an_amount_is_added),
	    cmocka_unit_test(small_unit_behind_large_writing_is_added),
	    cmocka_unit_test(letter_between_letters_is_added),
	    cmocka_unit_test(strokes_are_added_between_letters_alone),
	    cmocka_unit_test(point_needs_room),
	    cmocka_unit_test(dirt_is_narrower_than_points),
	    cmocka_unit_test(bracket_is_added_to_its_other_half),
	    cmocka_unit_test(letters_must_be_near_to_what_they_are),
	    cmocka_unit_test(signs_must_be_nearer),
	    cmocka_unit_test(strokes_are_not_added),
	    cmocka_unit_test(neighbours_must_be_sure),
	    cmocka_unit_test(neighbours_that_are_no_other_letter_are_sure),
	    cmocka_unit_test(ink_of_several_letters_stays),
	    cmocka_unit_test(text_that_lies_one_letter_off_stays),
	    cmocka_unit_test(letter_over_other_ink_moves_to_its_own),
	    cmocka_unit_test(view_follows_changes),
	    cmocka_unit_test(ink_too_far_from_the_line_stays),
	    cmocka_unit_test(ink_of_a_line_beside_stays),
	    cmocka_unit_test(ink_of_a_line_around_stays),
	    cmocka_unit_test(ink_beyond_a_ruled_line_stays),
	    cmocka_unit_test(line_beside_does_not_keep_what_has_no_ink),
	    cmocka_unit_test(lines_keep_their_glyphs),
	    cmocka_unit_test(longest_line_gets_no_more),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
