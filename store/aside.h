/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages that store could not hand out or keep, for want of its own: each rests for as long as
 * pause.h says, and none behind it waits. Knows neither lock nor clock; what is forgotten when too
 * many rest is tried again too early, no more.
 */
#ifndef FUMIKURA_STORE_ASIDE_H
#define FUMIKURA_STORE_ASIDE_H

#include "catalogue.h"
#include "pause.h"

#define ASIDE_MAX 64 /* pages that rest at once */

/* {0}: none rests. */
struct aside {
	struct {
		char page[ID_TEXT]; /* "": free */
		struct pause pause;
	} at[ASIDE_MAX];
};

/* It failed now (seconds); returns how long it rests. */
double aside_put(struct aside *aside, const char *page, double now);
/* It failed no more. */
void aside_forget(struct aside *aside, const char *page);
/* Those that rest still, at most ASIDE_MAX; valid until the next call. Returns how many. */
unsigned aside_list(const struct aside *aside, double now, const char **ret);

#endif
