/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of lists, found by where the ink is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/letter_ink.h"

#define LISTS 4096

struct known {
	struct known *next;
	struct box box; /* on the picture */
	double em;
	struct letter_ink ink;
};

struct letter_inks {
	struct known *lists[LISTS];
	unsigned n;
};

struct letter_inks *
letter_inks_new(void)
{
	return calloc(1, sizeof(struct letter_inks));
}

/* Lines stand some pixels apart, and windows of a line begin and end anywhere. */
static struct known **
list_of(struct letter_inks *inks, struct box b)
{
	const unsigned at = (unsigned)b.x * 31 + (unsigned)b.w * 1009 + (unsigned)b.y * 8191;

	return &inks->lists[at % LISTS];
}

static bool
is_of(const struct known *k, struct box b, double em)
{
	return memcmp(&k->box, &b, sizeof b) == 0 && k->em == em;
}

static int
look(struct Pix *grey, struct box window, double em, struct letter_ink *ret)
{
	const double middle = window.y + window.h / 2.0;
	struct letter_shape shape;
	int r = letter_shape(grey, window, middle - em / 2, em, &shape);

	if (r >= 0)
		letter_project(&shape, &ret->point);
	return r;
}

int
letter_inks_look(struct letter_inks *inks, struct Pix *grey, struct box at, struct box window,
    double em, struct letter_ink **ret_ink)
{
	const struct box box = {at.x + window.x, at.y + window.y, window.w, window.h};
	struct known **list = list_of(inks, box), *k = *list;
	int r;

	while (k != NULL && !is_of(k, box, em))
		k = k->next;
	if (k == NULL) {
		k = calloc(1, sizeof *k);
		r = k == NULL ? -ENOMEM : look(grey, window, em, &k->ink);
		if (r < 0) {
			free(k);
			return r;
		}
		k->next = *list;
		k->box = box;
		k->em = em;
		*list = k;
		inks->n++;
	}
	*ret_ink = &k->ink;
	return 0;
}

unsigned
letter_ink_judge(struct letter_ink *ink, struct letter_guess *ret, unsigned n)
{
	if (ink->nnearest == 0)
		ink->nnearest = letter_judge(&ink->point, ink->nearest, LETTER_INK_NEAREST);
	n = n < ink->nnearest ? n : ink->nnearest;
	memcpy(ret, ink->nearest, n * sizeof *ret);
	return n;
}

static void
forget(struct letter_inks *inks)
{
	for (unsigned i = 0; i < LISTS; i++)
		for (struct known *k = inks->lists[i], *next; k != NULL; k = next) {
			next = k->next;
			free(k);
		}
	*inks = (struct letter_inks){0};
}

void
letter_inks_tidy(struct letter_inks *inks)
{
	if (inks->n > LETTER_INKS_MOST)
		forget(inks);
}

void
letter_inks_free(struct letter_inks *inks)
{
	if (inks != NULL)
		forget(inks);
	free(inks);
}

void
letter_inks_freep(struct letter_inks **inks)
{
	letter_inks_free(*inks);
}
