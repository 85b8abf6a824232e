/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How likely a beginning of a text has been seen whole by each step of what one network saw of a
 * line: all ways to lay it along the steps, summed. One code more is one pass over the few steps
 * where it may be.
 */
#ifndef FUMIKURA_OCR_MASS_H
#define FUMIKURA_OCR_MASS_H

#include "ocr/agree.h"

/* What a network saw, laid out for the search. Borrows saw. */
struct side {
	const struct spelling *a;
	const struct chances *saw;
	unsigned network;
	double weight;    /* of what it says about a text, in logarithms */
	double *blank;    /* [step] */
	uint16_t *likely; /* codes of the first network's, step after step */
	unsigned *first;  /* [step]: of its likely codes; one more at the end */
};

/* How likely a beginning has been seen after each of [from, to) steps, times a factor. Arrays,
 * each of the side's steps and one more, are the caller's. */
struct mass {
	unsigned from, to;
	double *by_code, *by_blank; /* what the last of these steps was */
	double log;                 /* of the factor */
};

/* -ENOMEM. side_free() also after that, and of a zeroed one. */
int side_open(struct side *s, const struct spelling *a, const struct opinion *o, double weight);
void side_free(struct side *s);

/* m has its arrays. Nothing but blanks so far. */
void mass_start(const struct side *s, struct mass *m);
/* What old holds, of a beginning whose last code is `last` (-1: none), with the code behind it. */
void mass_extend(
    const struct side *s, const struct mass *old, int last, unsigned code, struct mass *m);
/* How likely the line begins with it and the code, whatever follows: weighted logarithm. */
double mass_foresee(const struct side *s, const struct mass *m, int last, unsigned code);
/* How likely it is the whole line, likewise. Whether that is possible: that nothing stands where
 * much does is too unlikely for a number. */
bool mass_end(const struct side *s, const struct mass *m, double *ret);
/* Whether much of it ends at this step. */
bool mass_ends_near(const struct mass *m, unsigned step);

#endif
