/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aside.h"

#include <stdio.h>
#include <string.h>

/* The place of a page, else a free one, else that of the page which rests least. */
static unsigned
place_of(const struct aside *aside, const char *page)
{
	unsigned best = 0;

	for (unsigned i = 0; i < ASIDE_MAX; i++) {
		if (strcmp(aside->at[i].page, page) == 0)
			return i;
		if (aside->at[best].page[0] != '\0' &&
		    (aside->at[i].page[0] == '\0' ||
			aside->at[i].pause.until < aside->at[best].pause.until))
			best = i;
	}
	return best;
}

double
aside_put(struct aside *aside, const char *page, double now)
{
	const unsigned i = place_of(aside, page);

	if (strcmp(aside->at[i].page, page) != 0) {
		aside->at[i].pause = (struct pause){0};
		snprintf(aside->at[i].page, ID_TEXT, "%s", page);
	}
	return pause_begin(&aside->at[i].pause, now, 0);
}

void
aside_forget(struct aside *aside, const char *page)
{
	const unsigned i = place_of(aside, page);

	if (strcmp(aside->at[i].page, page) == 0)
		aside->at[i].page[0] = '\0';
}

unsigned
aside_list(const struct aside *aside, double now, const char **ret)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ASIDE_MAX; i++)
		if (aside->at[i].page[0] != '\0' && pause_holds(&aside->at[i].pause, now, 0))
			ret[n++] = aside->at[i].page;
	return n;
}
