/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters of a typeface, for tests of `ocr` that judge their shapes. */
#ifndef FUMIKURA_TESTS_OCR_TYPEFACE_H
#define FUMIKURA_TESTS_OCR_TYPEFACE_H

#include <math.h>

#include <ft2build.h>
#include FT_FREETYPE_H

#include "ocr_draw.h"
#include "text.h"

#define TYPEFACE "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf"
#define ASCENT 0.88 /* of the em, as the typeface has it */

static FT_Library library;
static FT_Face typeface;

static inline int
open_typeface(void **state)
{
	assert_int_equal(FT_Init_FreeType(&library), 0);
	assert_int_equal(FT_New_Face(library, TYPEFACE, 0, &typeface), 0);
	setMsgSeverity(L_SEVERITY_NONE);
	return 0;
}

static inline int
close_typeface(void **state)
{
	FT_Done_Face(typeface);
	FT_Done_FreeType(library);
	return 0;
}

/* A letter whose room of em pixels has its upper left corner at (x, y), over what is there. Returns
 * the box of its ink. */
static inline struct box
draw_letter(PIX *pix, uint32_t code, int em, int x, int y)
{
	const FT_Bitmap *bits;
	struct box ink;

	assert_int_equal(FT_Set_Pixel_Sizes(typeface, 0, (FT_UInt)em), 0);
	assert_int_equal(FT_Load_Char(typeface, code, FT_LOAD_RENDER | FT_LOAD_NO_HINTING), 0);
	bits = &typeface->glyph->bitmap;
	ink = (struct box){x + typeface->glyph->bitmap_left,
	    y + (int)lround(ASCENT * em) - typeface->glyph->bitmap_top, (int)bits->width,
	    (int)bits->rows};
	for (int row = 0; row < ink.h; row++)
		for (int column = 0; column < ink.w; column++) {
			const unsigned grey = 255u - bits->buffer[row * bits->pitch + column];

			if (grey < pixel_at(pix, ink.x + column, ink.y + row))
				pixSetPixel(pix, ink.x + column, ink.y + row, grey);
		}
	return ink;
}

#endif
