/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the letters of lines that are written downwards begin and end. They are set evenly: cuts
 * lie about one pitch apart, where the least ink is.
 */
#ifndef FUMIKURA_OCR_DOWN_CUT_H
#define FUMIKURA_OCR_DOWN_CUT_H

struct Pix;

/* A line as cuts see it. */
struct down_line {
	float *cost; /* of a cut above each, and below the last: n + 1; owned */
	int n, wide; /* rows; width of its ink, pixels, at least 1 */
};

/* ink: 1-bit, the line alone. -ENOMEM. */
int down_line_of(struct Pix *ink, struct down_line *ret);
void down_line_free(struct down_line *l);

/* From letter to letter, the same in all n lines, pixels; 0: there are no gaps so far apart. Lines
 * set a little unevenly have one, too. -ENOMEM. */
int down_pitch(const struct down_line *lines, unsigned n, double *ret);

/* That of l: of its page, `usual` (0: none), unless its own letters are of another size. -ENOMEM.
 */
int down_line_pitch(const struct down_line *l, double usual, double *ret);

/* Cuts a line: ret, of `room`, takes the rows of all cuts. Returns how many parts lie between them,
 * none where the line is shorter than a pitch; -E2BIG: more than fit; -ENOMEM. */
int down_cut(const struct down_line *l, double pitch, int *ret, int room);

#endif
