/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of paper and what looks like print on it, for the tests of page preparation. */
#ifndef FUMIKURA_TESTS_OCR_PAPER_H
#define FUMIKURA_TESTS_OCR_PAPER_H

#include "ocr_draw.h"

#define W 2480 /* A4 at 300 dpi */
#define H 3508

static inline PIX *
paper(int grey)
{
	PIX *pix = pixCreate(W, H, 8);

	assert_non_null(pix);
	pixSetAllArbitrary(pix, (l_uint32)grey);
	return pix;
}

/* What looks like lines of text: bars of ink with gaps. */
static inline void
print(PIX *pix, int grey)
{
	for (int y = 300; y < H - 300; y += 70)
		for (int x = 250; x < W - 250; x += 45)
			patch(pix, x, y, 30, 36, grey);
}

#endif
