/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line of print cut where letters may end: pieces of ink along it, and the windows that one
 * letter may fill, each some pieces beside each other. Which of them are letters is not known here
 * (letter_fit.h).
 */
#ifndef FUMIKURA_OCR_LETTER_WINDOWS_H
#define FUMIKURA_OCR_LETTER_WINDOWS_H

#include "ocr/cutting.h"
#include "ocr/letter_ink.h"

struct letter_window {
	unsigned from, to; /* pieces from … to - 1 */
	struct letter_ink *ink;
};

struct letter_windows {
	struct box at;       /* of the line, sheet pixels, … */
	struct span own;     /* … which it may fill but for its ends, from at's left */
	double em;           /* the room of a full letter, pixels … */
	double top, high;    /* … and the rows of ink, from at's top */
	struct span *pieces; /* along the line, from at's left */
	unsigned npieces;
	struct letter_window *windows; /* by `to`, then by `from` */
	unsigned nwindows;
	struct letter_inks *inks; /* that no others know; NULL: the caller's */
};

/* Cuts line l of w. grey: 8-bit, dark on light, what w's boxes are pixels of; rules: 1-bit, half
 * size, the ruled lines in it; inks: what of grey was looked at before, NULL: that is not kept.
 * -ENODATA: no ink, or too much of it to be a line, or no memory for a picture of it; -ENOMEM. */
int letter_windows(struct Pix *grey, struct Pix *rules, struct letter_inks *inks,
    const struct words *w, const struct line *l, struct letter_windows *ret);
/* What of grey, where text was read, is ink, however pale; 1-bit. NULL: none, or no memory. */
struct Pix *letter_windows_ink(struct Pix *grey);
/* Whether a piece of ink lies in what is certainly the line's own. */
bool letter_windows_own(const struct letter_windows *w, unsigned piece);
/* On the sheet; its height is the line's. */
struct box letter_window_box(const struct letter_windows *w, unsigned window);
void letter_windows_free(struct letter_windows *w); /* usable as cleanup */

#endif
