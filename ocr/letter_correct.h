/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters that look like others than were read: networks read what is likely beside its
 * neighbours, 水疱 as 水癒, and never read what they were not taught (將, ☑). Where one is unsure,
 * its ink is looked at by itself.
 */
#ifndef FUMIKURA_OCR_LETTER_CORRECT_H
#define FUMIKURA_OCR_LETTER_CORRECT_H

#include "ocr/letter_view.h"

struct Pix;

/* Writes over glyphs what they look like, where that is clear, sure ones where it is clearer; drops
 * letters for which there is no ink, adds those whose ink was read as nothing; moves the boxes of
 * glyphs to their ink. grey: 8-bit, dark on light, what w's boxes are pixels of; rules: 1-bit, half
 * size, the ruled lines in it; inks: as for letter_windows(). Lines keep what was read (raw) and
 * the rule's name. Looks at so much ink at most: some 6 s of it. -ENOMEM.
 */
int letter_correct(struct Pix *grey, struct Pix *rules, struct letter_inks *inks, struct words *w);

/* For search: appends to others the lines of w, as what their glyphs are most like, where that
 * differs from what was read and is likely rather than clear. -ENOMEM. */
int letter_otherwise(struct Pix *grey, struct Pix *rules, struct letter_inks *inks,
    const struct words *w, struct words *others);

#endif
