/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rest after a full disk: what could not be kept is tried again after 2 s, then after twice as long
 * each time, up to 5 minutes, or at once when space has returned. Knows no disk and no clock.
 */
#ifndef FUMIKURA_STORE_PAUSE_H
#define FUMIKURA_STORE_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

#define PAUSE_FIRST_S 2
#define PAUSE_LONGEST_S 300
#define PAUSE_ROOM                                                                                 \
	((uint64_t)8 << 20) /* bytes freed that are worth a try: what is kept of a page */

/* {0}: nothing is wrong. */
struct pause {
	unsigned fails; /* in a row */
	double until;   /* seconds, as now */
	uint64_t free;  /* bytes, when it failed */
};

/* The disk was full just now. Whoever fails while others rest already makes it no longer. Returns
 * the seconds to rest. */
double pause_begin(struct pause *p, double now, uint64_t free);
/* Whether to rest still. */
bool pause_holds(const struct pause *p, double now, uint64_t free);

#endif
