/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two readings of one line made one: where they differ in as many glyphs, the surer ones stand;
 * a glyph that one of them has alone stands when there is room for it and a third reading has it,
 * too. The surest of two lines is seldom right in every place.
 */
#ifndef FUMIKURA_OCR_SETTLE_H
#define FUMIKURA_OCR_SETTLE_H

#include "ocr/words.h"

#define SETTLE_MAX 300     /* glyphs of a line; longer ones stay as they are */
#define SETTLE_DISPUTED 85 /* confidence at most of a glyph that the readings do not share */
#define SETTLE_OPEN 1      /* a third reading could tell more */

/*
 * best takes from other, boxes of both in pixels of one picture. lead is added to the confidence of
 * other's glyphs when they are compared with best's. Dots and dashes between letters, which a
 * reading drops first, stand if either has them. Of the rest that one reading has alone, without a
 * judge (NULL) what best has stands, and SETTLE_OPEN is returned; with one, which is a third
 * reading of the line, what it has, and at the line's ends what best has. What best and other do
 * not share is sure in neither way, and says so. When either is not one line, best stays as it is.
 * Otherwise 0; -ENOMEM.
 */
int settle(struct words *best, const struct words *other, int lead, const struct words *judge);
/* Whether w, one line, has a glyph that its neighbours leave no room for. */
bool settle_doubts(const struct words *w);

#endif
