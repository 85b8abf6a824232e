/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of paper that are darker than the rest, print on them and all: what stays of the dark ink
 * when everything thin is taken away, seen coarsely. */
#ifndef FUMIKURA_OCR_SOLID_H
#define FUMIKURA_OCR_SOLID_H

struct Boxa;
struct Pix;
struct Pixa;

#define SOLID_COARSE 4 /* pixels of a picture to one of the coarse one */

/*
 * Fields of the 8-bit picture that are darker than `below`, in coarse pixels: their boxes, and in
 * ret_parts what they cover of these (1-bit). Light strokes of up to `stroke` coarse pixels do not
 * divide a field (0: they do); what is thinner than `thin` is a rule or a letter. NULL: no memory.
 * Both are the caller's.
 */
struct Boxa *solid_fields(
    struct Pix *grey, int below, int stroke, int thin, struct Pixa **ret_parts);
/* What lies under mask (1-bit), whose corner is at (x, y), and is darker than `below`: as large as
 * mask. NULL: no memory. The caller's. */
struct Pix *solid_dark(struct Pix *grey, struct Pix *mask, int x, int y, int below);

#endif
