/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every handler may do with its call: commit, note a view, add a file to the answer. Knows no
 * method and no message. */
#include "call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memfd.h"
#include "session.h"

int
call_commit(struct call *call, decide_fn decide, void *arg)
{
	return writer_commit(call->store->writer, &call->actor, &call->refusal, decide, arg);
}

static int
decide_view(struct txn *txn, void *arg)
{
	return txn_event(txn, "view", json_incref((json_t *)arg));
}

int
call_note_view(struct call *call, const char *what, json_t *payload)
{
	struct sessions *sessions = call->store->sessions;
	int r = payload == NULL ? -ENOMEM : 0;

	if (r == 0 && !session_has_viewed(sessions, call->actor.session, what)) {
		r = call_commit(call, decide_view, payload);
		if (r >= 0)
			session_note_view(sessions, call->actor.session, what);
	}
	json_decref(payload);
	return r;
}

int
txn_may_edit(struct txn *txn, const char *document, bool checker)
{
	struct catalogue_document d;
	const int r = refuse_absent(
	    txn->refusal, catalogue_document(txn->cat, document, &d), "not_found", document);

	if (r < 0)
		return r;
	if (strcmp(d.state, "confirmed") == 0)
		return refuse(txn->refusal, "already_confirmed");
	if (strcmp(d.state, "submitted") == 0 && !checker)
		return refuse(txn->refusal, "already_submitted");
	return 0;
}

int
call_add_file(struct call *call, const char *name, int fd)
{
	struct call_file *files;
	char *copy = strdup(name);

	files = call->n_files < CALL_MAX_FILES
		    ? reallocarray(call->files, call->n_files + 1, sizeof(*files))
		    : NULL;
	if (files == NULL || copy == NULL) {
		free(copy);
		close(fd);
		return call->n_files < CALL_MAX_FILES ? -ENOMEM
						      : refuse(&call->refusal, "too_many_pages");
	}
	call->files = files;
	call->files[call->n_files++] = (struct call_file){copy, fd};
	return 0;
}

int
call_add_data(struct call *call, const char *name, const void *data, size_t n)
{
	int fd = memfd_new_sealed(name, data, n);

	return fd < 0 ? fd : call_add_file(call, name, fd);
}
