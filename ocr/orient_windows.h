/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows of a sheet that show the most print: small, and they say which way up it is. */
#ifndef FUMIKURA_OCR_ORIENT_WINDOWS_H
#define FUMIKURA_OCR_ORIENT_WINDOWS_H

#include "ocr/engine.h"

#define ORIENT_WINDOWS 3 /* one may hold a stamp, a signature or an empty table */

struct Pix;

struct orient_windows {
	struct Pix *pix[ORIENT_WINDOWS]; /* 8-bit, without ruled lines; busiest first */
	unsigned n;
};

/* Squares of size pixels of grey; rules and ink (the sheet's without rules) at half size. None
 * where there is no ink. -ENOMEM. */
int orient_windows_cut(
    struct Pix *grey, struct Pix *rules, struct Pix *ink, int size, struct orient_windows *ret);
/* Reads one of them, turned clockwise by so many degrees, as a block of text that runs across or
 * down. As engine_read(), and -ENOMEM. */
int orient_windows_read(
    struct engine *e, struct Pix *window, int rotation, bool down, struct words *ret);
void orient_windows_free(struct orient_windows *w); /* usable as cleanup */

#endif
