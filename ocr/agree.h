/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One text from what networks saw of one line, in one picture of it or in several. Each says for
 * every step along the line how likely each code is there; the text that all together find
 * likeliest need be the first choice of none. Steps are not compared, for each holds a letter at
 * another place: what is weighed is how well a whole text explains all that each of them saw (the
 * sum over all ways to lay it along the steps: connectionist temporal classification, Graves and
 * others, 2006).
 */
#ifndef FUMIKURA_OCR_AGREE_H
#define FUMIKURA_OCR_AGREE_H

#include "ocr/spelling.h"
#include "ocr/words.h"

#define AGREE_STEPS 2000  /* of a line at most: some 500 letters */
#define AGREE_OPINIONS 12 /* on a line at most */
#define AGREE_TEXTS 8     /* that a line may be, at most */

/* What a network saw of a line. */
struct chances {
	unsigned steps, codes;
	float p[]; /* [steps][codes], each step's sum is 1 */
};

/* And what it read there. Both borrowed. */
struct opinion {
	const struct words *words;
	const struct chances *saw;
	unsigned network; /* of the spelling: 0 or 1 */
};

/* Texts wanted: so many at most, none whose likelihood is further from the best one's than this
 * (natural logarithm, of two opinions). */
struct agree_wish {
	unsigned texts;
	double within;
};

/*
 * Appends lines of glyphs that have no place and no confidence, without spaces, the likeliest
 * first, and says how likely each is (natural logarithm; wish.texts of them at most). -ENODATA when
 * no text was found: of lines of more than AGREE_STEPS, and where too many texts are possible;
 * -EINVAL when the chances are not of these models, or none, or no texts are asked for; -ENOMEM.
 * Looks at no clock, but does so much work at most: a line takes some 1 ms for two opinions, 5 ms
 * for five, and some 200 ms where hundreds of codes are as likely as each other, the worst that was
 * found.
 */
int agree_read(const struct spelling *a, const struct opinion *opinions, unsigned n,
    struct agree_wish wish, struct words *ret, double *ret_likely);

#endif
