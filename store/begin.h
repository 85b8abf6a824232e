/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first act of each start: that there was one, and where the clock was set back before it. */
#ifndef FUMIKURA_STORE_BEGIN_H
#define FUMIKURA_STORE_BEGIN_H

#include "store.h"

/*
 * Blocks until it is recorded; on a full disk it is owed (writer_begin()), which is no failure.
 * How the clock stands against the log is judged now: a step from here on is the watcher's
 * (clock.h), also while the start is owed.
 */
int begin_record(struct store *store);

#endif
