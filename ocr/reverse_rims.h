/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sides of a dark field that is turned to paper: what of them stays as an edge of cells, and
 * what becomes paper with it. Knows nothing of what the field holds. Places are pixels of the page.
 */
#ifndef FUMIKURA_OCR_REVERSE_RIMS_H
#define FUMIKURA_OCR_REVERSE_RIMS_H

#include <stdbool.h>

#define REVERSE_RIM 4 /* pixels around a field, and then of its rim */

struct Box;
struct Pix;

/* A field and its sides as they were. */
struct reverse_rims {
	struct Pix *before; /* the field and what is near it */
	int left, top;      /* of before */
	int x, y, w, h;     /* the field */
	int below;          /* grey that is lighter than the field */
	bool edge_top, edge_foot, edge_left, edge_right;
	bool alone; /* no rule goes on from the field */
};

/* Looks at a field of the 8-bit grey while it is dark; what is as light as below is none of it.
 * -ENOMEM. Caller frees ret, also then. */
int reverse_rims_look(struct Pix *grey, struct Box *field, int below, struct reverse_rims *ret);
/* Draws what is left of the sides, once the field is turned. */
void reverse_rims_finish(struct Pix *grey, const struct reverse_rims *rims);
void reverse_rims_free(struct reverse_rims *rims); /* usable as cleanup */

/* Whether (x, y) lies in grey and is darker than below. */
bool reverse_is_dark(struct Pix *grey, int x, int y, int below);

#endif
