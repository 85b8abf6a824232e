/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows no rooms and no people: what is recorded before any of them. */
#include "begin.h"

#include <errno.h>

#include "log.h"
#include "text.h"

static int
decide_start(struct txn *txn, void *arg)
{
	const struct store *store = arg;
	int r = 0;

	if (store->set_back_s > 0)
		r = txn_event(txn, "time.step",
		    json_pack("{s:I}", "seconds", (json_int_t)-store->set_back_s));
	if (r < 0)
		return r;
	return txn_event(txn, "archive.start",
	    json_pack("{s:s,s:s}", "version", FUMIKURA_VERSION, "build", __DATE__ " " __TIME__));
}

/* From here on a catalogue that does not know this start is an older one (doctor). Where there is
 * no space for that, or somebody reads, the next start makes up for it. */
static int
settle(struct catalogue **cat, struct eventlog *log, void *arg)
{
	const int r = catalogue_settle(*cat);

	if (r != -ENOSPC && r != -EBUSY)
		return r;
	log_errno(r, "catalogue: not settled at this start");
	return 0;
}

int
begin_record(struct store *store)
{
	int r;

	/* the clock was set back while the box was off, or was wrong before */
	store->set_back_s = catalogue_ahead_s(store->writer_cat, time_now_ms());
	r = writer_begin(store->writer, decide_start, settle, store);
	if (r != -ENOSPC)
		return r;
	/* a full disk keeps nobody from seeing that it is full: what needs no record goes on */
	log_error("store: the disk is full: nothing can be recorded, so almost nothing is "
		  "possible; it goes on by itself when there is space");
	return 0;
}
