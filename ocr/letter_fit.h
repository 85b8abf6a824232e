/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which ink of a line is which letter of what was read there. Engines say only roughly where a
 * letter stands, some letters off at times; here the text, whose letters are mostly right, is laid
 * over the line so that each lies where it looks like itself.
 */
#ifndef FUMIKURA_OCR_LETTER_FIT_H
#define FUMIKURA_OCR_LETTER_FIT_H

#include "ocr/letter_names.h"
#include "ocr/letter_windows.h"

#define LETTER_FIT_MAX 150 /* glyphs of a line at most */
#define LETTER_NOWHERE (-1)

/* For each glyph of l its window, or LETTER_NOWHERE. unsure: percent below which a glyph may be
 * another letter than was read. -E2BIG: of more than LETTER_FIT_MAX glyphs; -ENOMEM. */
int letter_fit(const struct letter_windows *cut, const struct words *w, const struct line *l,
    unsigned unsure, int *ret_windows);

/* Likewise where each letter may be none but what it says, or one of its shape (letter_names.h),
 * and what that costs: of several texts the one that costs least is the likeliest by its ink. */
int letter_fit_as_read(const struct letter_windows *cut, const struct words *w,
    const struct line *l, int *ret_windows, float *ret_cost);

#endif
