/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ink that may be one letter, and what it looks like. To find that out costs more than all else
 * that is done with letters, and further readings of a line lie over the same ink: it is
 * remembered.
 */
#ifndef FUMIKURA_OCR_LETTER_INK_H
#define FUMIKURA_OCR_LETTER_INK_H

#include "ocr/letter_model.h"

#define LETTER_INK_NEAREST 8   /* letters that it is most like */
#define LETTER_INKS_MOST 12000 /* remembered, of 380 bytes; pages mostly have 1000 to 3000 */

struct letter_ink {
	struct letter_point point;
	struct letter_guess nearest[LETTER_INK_NEAREST];
	unsigned nnearest; /* 0: not asked for yet */
};

/* Of one picture. */
struct letter_inks;

/* NULL: no memory. */
struct letter_inks *letter_inks_new(void);

/* The ink of a line's rows, whose letters have em pixels of room. grey is what the picture has from
 * pixel at.x, at.y on, nothing but its ruled lines taken out; window lies in it. *ret_ink stays
 * until all is forgotten (letter_inks_tidy) or freed. As letter_shape(), and -ENOMEM. */
int letter_inks_look(struct letter_inks *inks, struct Pix *grey, struct box at, struct box window,
    double em, struct letter_ink **ret_ink);

/* The n nearest letters, at most LETTER_INK_NEAREST, as letter_judge(). */
unsigned letter_ink_judge(struct letter_ink *ink, struct letter_guess *ret, unsigned n);

/* Forgets all when it is more than LETTER_INKS_MOST. */
void letter_inks_tidy(struct letter_inks *inks);

void letter_inks_free(struct letter_inks *inks);
void letter_inks_freep(struct letter_inks **inks); /* as cleanup */

#endif
