/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters of a typeface as they stand in lines that are written downwards. */
#ifndef FUMIKURA_TESTS_OCR_DOWN_H
#define FUMIKURA_TESTS_OCR_DOWN_H

#include "ocr/pixels.h"
#include "ocr_typeface.h"

#define INK_MAX 200 /* grey */

/* Where a letter stands that is turned: dashes and brackets, by a quarter to the right. */
static inline struct box
draw_turned(PIX *pix, uint32_t code, int em, int x, int y)
{
	PIX *room = blank(em, em), *turned;
	const struct box b = draw_letter(room, code, em, 0, 0);

	turned = pixRotateOrth(room, 1);
	pixRasterop(pix, x, y, em, em, PIX_MASK, turned, 0, 0);
	pixDestroy(&room);
	pixDestroy(&turned);
	return (struct box){x + em - b.y - b.h, y + b.x, b.h, b.w};
}

/* A letter whose room of em pixels has its upper left corner at (x, y). Returns the box of its ink.
 */
static inline struct box
draw_down(PIX *pix, uint32_t code, int em, int x, int y)
{
	if (code_is_any(code, U"ー～（）「」『』―…"))
		return draw_turned(pix, code, em, x, y);
	if (code_is_any(code, U"、。"))
		return draw_letter(pix, code, em, x + em * 6 / 10, y - em * 6 / 10);
	if (code_is_any(code, U"ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"))
		return draw_letter(pix, code, em, x + em / 8, y - em / 8);
	return draw_letter(pix, code, em, x, y);
}

/* text from (x, y) down, `step` pixels from letter to letter; the boxes of their ink in ret, unless
 * that is NULL. */
static inline void
draw_line(PIX *pix, const uint32_t *text, int em, int step, int x, int y, struct box *ret)
{
	for (int i = 0; text[i] != 0; i++) {
		const struct box b = draw_down(pix, text[i], em, x, y + i * step);

		if (ret != NULL)
			ret[i] = b;
	}
}

/* What is ink in pix, which goes. */
static inline PIX *
ink_of(PIX *pix)
{
	PIX *ink = pixels_dark(pix, INK_MAX);

	assert_non_null(ink);
	pixDestroy(&pix);
	return ink;
}

#endif
