/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts between cuts are runs of rows with ink; most parts are one letter. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/down_letters.h"

#define SPECK 4   /* pixels of ink: less is no letter */
#define FULL 0.75 /* ems: a letter that tells where the middle is */
#define AROUND 4  /* letters before and behind that do */
#define REST 0.4  /* ems: height of what is left of a part when a comma is cut off, at least */

/* The ink of rows [from, to); without width: none to speak of. */
static struct box
ink_box(PIX *ink, int from, int to)
{
	const struct box rows = {0, from, pixGetWidth(ink), to - from};
	struct box ret = {0};

	if (cutting_pixels(ink, rows) > SPECK && cutting_close(ink, rows, &ret))
		ret.y += from;
	return ret;
}

/* The last row of b without ink; 0: none. */
static int
last_gap(PIX *ink, struct box b)
{
	BOX *box = boxCreate(b.x, b.y, b.w, b.h);
	NUMA *rows = pixCountByRow(ink, box);
	l_int32 n = 0;
	int y = rows == NULL ? 0 : b.h - 1;

	for (; y > 0; y--) {
		numaGetIValue(rows, y, &n);
		if (n == 0)
			break;
	}
	boxDestroy(&box);
	numaDestroy(&rows);
	return y > 0 ? b.y + y : 0;
}

static bool
is_bracket(PIX *ink, struct box b, bool closing, int em)
{
	PIX *part = cutting(ink, b);
	const bool ret = part != NULL && down_letter_is_bracket(part, closing, em);

	pixDestroy(&part);
	return ret;
}

/* Whether above and below, of one part, are two letters. */
static bool
are_two(PIX *ink, struct box above, struct box below, int axis, int em)
{
	const struct down_letter l = {below, axis, below.y, false};

	if (is_bracket(ink, above, true, em) || is_bracket(ink, below, false, em))
		return true;
	return above.h >= REST * em && down_letter_is_point(&l, em);
}

/* False: no room. */
static bool
add(struct box box, int x, int y, struct down_letters *ret)
{
	if (box.w == 0)
		return true;
	if (ret->n == DOWN_LETTERS_MAX)
		return false;
	ret->letter[ret->n++] = (struct down_letter){box, x, y, false};
	return true;
}

/* The letters of rows [from, to), whose ink is all. False: no room. */
static bool
add_part(PIX *ink, struct box all, int from, int to, int axis, struct down_letters *ret)
{
	const int gap = all.w == 0 ? 0 : last_gap(ink, all);
	const struct box above = gap == 0 ? all : ink_box(ink, from, gap);
	const struct box below = gap == 0 ? (struct box){0} : ink_box(ink, gap, to);

	if (above.w > 0 && below.w > 0 && are_two(ink, above, below, axis, ret->em))
		return add(above, axis, above.y + above.h / 2, ret) &&
		       add(below, axis, below.y + below.h / 2, ret);
	return add(all, axis, (from + to) / 2, ret);
}

/* How large letters are: most parts are no larger. */
static int
find_em(const struct box *part, int parts)
{
	int side[DOWN_LETTERS_MAX], n = 0;

	for (int i = 0; i < parts; i++)
		if (part[i].w > 0)
			side[n++] = part[i].w > part[i].h ? part[i].w : part[i].h;
	sort_ints(side, (size_t)n);
	return n == 0 ? 0 : side[n * 9 / 10];
}

/* The x that wide letters have in their middle; without any, that of the line. */
static int
find_axis(const struct box *part, int parts, int em, int line)
{
	int x = 0, wide = 0;

	for (int i = 0; i < parts; i++)
		if (part[i].w >= FULL * em) {
			x += box_middle(part[i]);
			wide++;
		}
	return wide > 0 ? x / wide : line;
}

/* Tall letters stand in the middle of their room: so much below where the cuts have it, for letter
 * n as for those around it. */
static int
find_middle(const struct down_letters *l, int n)
{
	int down = 0, tall = 0;

	for (int i = n > AROUND ? n - AROUND : 0; i < l->n && i <= n + AROUND; i++) {
		const struct down_letter *a = &l->letter[i];

		if (a->box.h >= FULL * l->em) {
			down += a->box.y + a->box.h / 2 - a->y;
			tall++;
		}
	}
	return tall > 0 ? down / tall : 0;
}

static void
find_middles(struct down_letters *l)
{
	int down[DOWN_LETTERS_MAX];

	for (int i = 0; i < l->n; i++)
		down[i] = find_middle(l, i);
	for (int i = 0; i < l->n; i++)
		l->letter[i].y += down[i];
}

int
down_letters_find(
    struct Pix *ink, const struct down_line *line, double pitch, struct down_letters *ret)
{
	int cut[DOWN_LETTERS_MAX + 1], parts, axis;
	struct box part[DOWN_LETTERS_MAX];
	bool fit = true;

	*ret = (struct down_letters){0};
	parts = down_cut(line, pitch, cut, DOWN_LETTERS_MAX + 1);
	if (parts < 0)
		return parts == -E2BIG ? 0 : parts;
	for (int i = 0; i < parts; i++)
		part[i] = ink_box(ink, cut[i], cut[i + 1]);
	ret->em = find_em(part, parts);
	axis = find_axis(part, parts, ret->em, pixGetWidth(ink) / 2);
	for (int i = 0; fit && i < parts; i++)
		fit = add_part(ink, part[i], cut[i], cut[i + 1], axis, ret);
	if (fit)
		find_middles(ret);
	else
		ret->n = 0;
	return 0;
}
