/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A few lines of text out of a window that shows them whole, each a picture of its own: where they
 * read well they say as much about a way to read as all of it, and cost less.
 */
#ifndef FUMIKURA_OCR_ORIENT_LINES_H
#define FUMIKURA_OCR_ORIENT_LINES_H

#define ORIENT_LINES 4 /* of three glyphs in ten what all of a window costs */

struct Pix;

struct orient_lines {
	struct Pix *pix[ORIENT_LINES]; /* 8-bit, white around */
	unsigned n;
};

/* Shares of rows and of columns of window (8-bit) that are empty: gaps between lines are wider than
 * between letters. -ENOMEM. */
int orient_lines_gaps(struct Pix *window, double *ret_rows, double *ret_columns);
/* The first lines that run across. None where most of the ink stands in no line that can be told
 * apart. -ENOMEM. */
int orient_lines_cut(struct Pix *window, struct orient_lines *ret);
void orient_lines_free(struct orient_lines *l); /* usable as cleanup */

#endif
