/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of catalogue_apply(): the table of event types, and what every apply_* function is given.
 * From the top down: catalogue_apply.c takes an event, catalogue_types.c finds its row and checks
 * it, catalogue_apply_SUBJECT.c change tables, catalogue_apply_run.c runs their statements.
 */
#ifndef FUMIKURA_STORE_CATALOGUE_APPLY_H
#define FUMIKURA_STORE_CATALOGUE_APPLY_H

#include "catalogue_sql.h"

struct apply {
	struct catalogue *cat;
	const json_t *event;
	const struct event_type *type;
	int64_t index;
	int64_t batch, document, page; /* numbers of the members of kind B, D, P; 0: none. Completed
					  from each other after the apply function has run. */
};

/*
 * members: "kind.name …", each required unless the kind is preceded by '?'. Kinds: s text, i whole
 * number ≥ 0, n whole number, b boolean, o object, a array, d SHA-256 in hex, r object reference
 * {"id","size"}, and B D P: id of a batch, document, page. ja, en: one sentence; {actor}, {user},
 * {document} … are filled from the event (catalogue_words.c).
 */
struct event_type {
	const char *type, *members;
	int (*apply)(struct apply *a); /* NULL: nothing but the row of the log view */
	bool touches;                  /* the batch has changed for those who watch it */
	const char *ja, *en;
};
extern const struct event_type event_types[]; /* sorted by type; ends with .type == NULL */
const struct event_type *event_type_find(const char *type);
/* The event has every member that its type asks for, of the right kind; numbers of ids go into a.
 */
int event_check_members(struct apply *a);

/*
 * Runs one constant statement with values of the event. :name is a member (missing: -EINVAL), @name
 * an optional one (missing: NULL), a__b a member of a member, name_no the number of an id text;
 * $index, $batch, $document, $page come from a. Objects and arrays are bound as JSON text. Returns
 * the number of rows changed.
 */
int apply_run(struct apply *a, const char *sql);
/* As above; anything but exactly one row is -EINVAL: the event speaks of something that is not
 * there, or is not in the state for it. */
int apply_one(struct apply *a, const char *sql);
/* Member as text; "" when missing. */
const char *apply_text(const struct apply *a, const char *name);
int64_t apply_int(const struct apply *a, const char *name);
/* Books an object reference (member name of json) so that doctor and verify find it. */
int apply_object(struct apply *a, const json_t *json, const char *name, int64_t batch, int64_t key,
    const char *sha256);
/* The batch has given out identity number key. */
int apply_key_used(struct apply *a, int64_t batch, int64_t key);

/* Numbers a document's pages anew after one was added, left out or taken back. */
int apply_renumber(struct apply *a, int64_t document);
/* Sets a->batch to the document's. */
int apply_document_batch(struct apply *a);
/* The batch's state follows from its documents' states. Rows changed, or negative. */
int apply_batch_settle(struct apply *a);

int apply_archive_init(struct apply *a);
int apply_user_add(struct apply *a);
int apply_user_password(struct apply *a);
int apply_user_disable(struct apply *a);
int apply_user_enable(struct apply *a);
int apply_user_reset_asked(struct apply *a);
int apply_user_reset(struct apply *a);
int apply_session_open(struct apply *a);
int apply_session_fail(struct apply *a);
int apply_batch_open(struct apply *a);
int apply_batch_ring(struct apply *a);
int apply_batch_run(struct apply *a);
int apply_batch_refuse(struct apply *a);
int apply_batch_end(struct apply *a);
int apply_batch_cut(struct apply *a);
int apply_batch_submit(struct apply *a);
int apply_page_add(struct apply *a);
int apply_page_exclude(struct apply *a);
int apply_page_rotate(struct apply *a);
int apply_page_turned(struct apply *a);
int apply_page_correct(struct apply *a);
int apply_page_read(struct apply *a);
int apply_page_unreadable(struct apply *a);
int apply_doc_set(struct apply *a);
int apply_doc_confirm(struct apply *a);
int apply_doc_timestamp(struct apply *a);
int apply_doc_timestamp_failed(struct apply *a);
int apply_room_fault(struct apply *a);

#endif
