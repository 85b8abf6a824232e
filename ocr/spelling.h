/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which code of one model is which of another's: each numbers them for itself, but spells the same
 * letters alike. */
#ifndef FUMIKURA_OCR_SPELLING_H
#define FUMIKURA_OCR_SPELLING_H

#include "ocr/alphabet.h"

#define SPELLING_SIDES 2

struct spelling {
	const struct alphabet *of[SPELLING_SIDES]; /* borrowed */
	int *as_second;                            /* by the first's codes; −1: none */
	int *as_first;                             /* by the second's, likewise */
	/* What the second alone writes as —, the first takes for its -: such a code of either, or
	 * −1. */
	int dash, long_dash;
};

/* -ENOMEM. Caller owns ret. */
int spelling_new(
    const struct alphabet *first, const struct alphabet *second, struct spelling **ret);

void spelling_free(struct spelling *s);
DEFINE_CLEANUP(struct spelling *, spelling_free)

#endif
