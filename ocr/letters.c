/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes of pieces of ink, by counting; knows no lines and reads nothing. */
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/letters.h"
#include "ocr/pixels.h"

#define LOOK_STEP 2   /* pixels; shades are counted at so many each way */
#define PAPER_MIN 128 /* grey; a page darker than this has no paper we know */
#define INK_BELOW 0.7 /* of the paper's grey */
#define SPECK 5       /* pixels; dots and grain are no larger, and letters of that size are none */
#define LONGER 3      /* longer pieces are rules, dashes and strokes */
#define SIZE_MAX_LETTER 128 /* pixels */
#define LETTERS_LEAST 60
#define SHARE 0.75 /* of the pieces: parts of ideographs, dots and kana are the smaller ones */

static PIX *
ink(PIX *pix)
{
	unsigned count[256], most = 0;
	int paper = 255;

	if (pixGetDepth(pix) == 1)
		return pixClone(pix);
	pixels_count(pix, LOOK_STEP, count);
	for (int i = PAPER_MIN; i < 256; i++)
		if (count[i] >= most) {
			most = count[i];
			paper = i;
		}
	return pixels_dark(pix, (int)(INK_BELOW * paper));
}

int
letters_size(PIX *pix)
{
	PIX *bits = ink(pix);
	BOXA *pieces = bits == NULL ? NULL : pixConnCompBB(bits, 8);
	int count[SIZE_MAX_LETTER] = {0}, all = 0, size = 0;

	for (int i = 0; pieces != NULL && i < boxaGetCount(pieces); i++) {
		l_int32 w, h, larger;

		boxaGetBoxGeometry(pieces, i, NULL, NULL, &w, &h);
		larger = w > h ? w : h;
		if (larger <= SPECK || larger >= SIZE_MAX_LETTER || w > LONGER * h ||
		    h > LONGER * w + SPECK)
			continue;
		count[larger]++;
		all++;
	}
	for (int below = 0; all >= LETTERS_LEAST && below < SHARE * all; size++)
		below += count[size];
	boxaDestroy(&pieces);
	pixDestroy(&bits);
	return size > 0 ? size - 1 : 0;
}
