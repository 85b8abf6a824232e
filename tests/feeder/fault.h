/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Faults on request: the file `fault` in the control directory holds one line, "NAME [after=N]
 * [ms=N]" (see the file `faults` beside this one). It is read again before every sheet. after=N:
 * the N first sheets of a run go well. One-shot faults happen once for each writing of the file;
 * the others last until it says something else.
 */
#ifndef FEEDER_FAULT_H
#define FEEDER_FAULT_H

#include <stdbool.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_EMPTY,
	FAULT_COVER_OPEN,
	FAULT_JAM,
	FAULT_DOUBLE_FEED,
	FAULT_SLOW,
	FAULT_UNKNOWN_HEIGHT,
	FAULT_SHORT_PAGE,
	FAULT_VANISH,
	FAULT_IO_ERROR,
	FAULT_HANG,
	FAULT_CRASH,
	FAULT_RESTACK,
};

struct fault {
	enum fault_kind kind;
	unsigned after, ms;
};

/* Call once when the backend is loaded: crash and hang only heed a file written since, so that a
 * restarted process lives. */
void fault_init(void);
/* What the file in directory asks for now; FAULT_NONE when it has happened already. */
struct fault fault_read(const char *directory);
/* It has happened: a one-shot fault is over, one that lasts no longer waits for sheets. */
void fault_done(const struct fault *fault);

#endif
