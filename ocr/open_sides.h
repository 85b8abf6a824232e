/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables that lack a side: ruled lines which all end at the same place, with nothing drawn from one
 * end to the next. What stands there is in cells as well, which a line through the ends closes.
 */
#ifndef FUMIKURA_OCR_OPEN_SIDES_H
#define FUMIKURA_OCR_OPEN_SIDES_H

struct Pix;

/* ink: 1-bit, half size; rules: its ruled lines; lines: these, long enough to meet. Draws into
 * lines what is missing. -ENOMEM. */
int open_sides_close(struct Pix *ink, struct Pix *rules, struct Pix *lines);

#endif
