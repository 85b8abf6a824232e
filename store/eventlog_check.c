/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log's part of doctor: reads everything, changes nothing, names every damage. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eventlog_internal.h"

struct checking {
	struct merkle *tree; /* of the events read in one piece from the first */
	eventlog_visit visit;
	fault_fn fault;
	void *ctx;
};

static int
check_event(void *ctx, const uint8_t salt[LOG_SALT], struct event_frame *event)
{
	struct checking *checking = ctx;
	int r = 0;

	event_hash(salt, event);
	if (event->index == merkle_size(checking->tree))
		r = merkle_append(checking->tree, event->leaf);
	if (r == 0 && checking->visit != NULL)
		r = checking->visit(checking->ctx, event);
	return r > 0 ? -ECANCELED : r;
}

static void
check_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	struct checking *checking = ctx;

	checking->fault(checking->ctx, code, where, detail);
}

/* Read before the events, which a running writer may add to. Damage is named here. */
static int
read_head(struct checking *checking, int dir, struct keys *keys, struct checkpoint *ret)
{
	_cleanup_(note_signer_freep) struct note_signer *signer = NULL;
	int r = eventlog_signer(keys, &signer);

	memset(ret, 0, sizeof(*ret));
	if (r == -EBADMSG || r == -EKEYREJECTED) {
		checking->fault(checking->ctx, "log_key_damaged", "keys/" LOG_KEY,
		    "the log's signing key does not decrypt to what was written");
		return 0;
	}
	if (r == 0)
		r = eventlog_kept(dir, note_signer_verifier(signer), ret);
	if (r == -EBADMSG) {
		checking->fault(checking->ctx, "log_checkpoint_damaged", "log/" LOG_CHECKPOINT,
		    "the kept checkpoint is not signed by the log's key");
		memset(ret, 0, sizeof(*ret));
		return 0;
	}
	return r;
}

/* log/ itself holds the events, the checkpoint, and what a power cut left of writing one. */
static int
check_names(struct checking *checking, int dir)
{
	static const char *const known[] = {
	    ".", "..", EVENTS_DIR, LOG_CHECKPOINT, LOG_CHECKPOINT ".tmp"};
	struct dirent **list = NULL;
	char where[NAME_MAX + 8];
	int n = scandirat(dir, ".", &list, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		bool ours = false;

		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			ours |= strcmp(list[i]->d_name, known[k]) == 0;
		snprintf(where, sizeof(where), "log/%s", list[i]->d_name);
		free(list[i]);
		if (!ours)
			checking->fault(checking->ctx, "log_file_stray", where,
			    "a file that the log does not know");
	}
	free(list);
	return n < 0 ? -errno : 0;
}

/* A checkpoint that covers more than what could be read says nothing new after a damage. */
static void
check_head(struct checking *checking, const struct checkpoint *kept, bool damaged)
{
	const char *detail, *code = eventlog_judge(kept, checking->tree, &detail);

	if (code != NULL && !(damaged && kept->size > merkle_size(checking->tree)))
		checking->fault(checking->ctx, code, "log/" LOG_CHECKPOINT, detail);
}

int64_t
eventlog_check(int data_dir, struct keys *keys, eventlog_visit visit, fault_fn fault, void *ctx)
{
	_cleanup_(merkle_freep) struct merkle *tree = NULL;
	_cleanup_(closep) int dir = -1, events = -1;
	struct checking checking = {.visit = visit, .fault = fault, .ctx = ctx};
	struct scan scan = {.keys = keys,
	    .keep_going = true,
	    .fn = check_event,
	    .fault = check_fault,
	    .ctx = &checking};
	struct checkpoint kept;
	int r = merkle_new(&tree);

	if (r == 0)
		r = eventlog_dirs(data_dir, &dir, &events);
	checking.tree = tree;
	scan.dir = events;
	if (r == 0)
		r = check_names(&checking, dir);
	if (r == 0)
		r = read_head(&checking, dir, keys, &kept);
	if (r == 0)
		r = scan_run(&scan);
	if (r == -EBADMSG)
		r = 0;
	if (r == 0)
		check_head(&checking, &kept, scan.damaged);
	scan_free(&scan);
	return r < 0 ? r : (int64_t)merkle_size(tree);
}
