/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two readings of one line made one: where they differ in as many glyphs, the surer ones stand.
 * The surest of two lines is seldom right in every place.
 */
#ifndef FUMIKURA_OCR_SETTLE_H
#define FUMIKURA_OCR_SETTLE_H

#include "ocr/words.h"

#define SETTLE_MAX 300     /* glyphs of a line; longer ones stay as they are */
#define SETTLE_DISPUTED 85 /* confidence at most of a glyph that the readings do not share */

/* best takes from other, boxes of both in pixels of one picture. Where one of them has more glyphs
 * than the other best's stay, but for dots and dashes between its letters, which come to it, and
 * for a single glyph that best alone has, is unsure of and has no room for; what they do not share
 * is sure in neither way, and says so. When either is not one line, best stays as it is. -ENOMEM.
 */
int settle(struct words *best, const struct words *other);
/* How many dots and dashes w has, which readings drop first. */
size_t settle_dots(const struct words *w);

#endif
