/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From event to tables: dispatch by type, all or nothing. Asks no clock, draws no number, makes no
 * choice: two catalogues that were given the same events hold the same rows (rule 9).
 */
#include <errno.h>

#include "catalogue_apply.h"

/* What the event did not say but implies: the page's document, the document's batch. */
static int
complete_context(struct apply *a)
{
	_cleanup_(query_end) struct query q =
	    query_new(a->cat, "SELECT batch, document FROM page WHERE no = :no");
	int r;

	if (a->page == 0)
		return a->document != 0 && a->batch == 0 ? apply_document_batch(a) : 0;
	query_int(&q, ":no", a->page);
	r = query_step(&q);
	if (r > 0) {
		a->batch = query_column_int(&q, 0);
		a->document = query_column_int(&q, 1);
	}
	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}

static int
insert_event(struct apply *a, const struct event_frame *ev)
{
	_cleanup_(query_end) struct query q =
	    query_new(a->cat, "INSERT INTO event (idx, at, type, actor, session, terminal, batch, "
			      "document, page, leaf, json)"
			      " VALUES (:idx, :at, :type, :actor, :session, :terminal, "
			      "nullif(:batch, 0), nullif(:document, 0),"
			      " nullif(:page, 0), :leaf, :json)");
	int r;

	query_int(&q, ":idx", a->index);
	query_text(&q, ":at", apply_text(a, "at"));
	query_text(&q, ":type", a->type->type);
	query_text(&q, ":actor", apply_text(a, "actor"));
	query_text(&q, ":session", apply_text(a, "session"));
	query_text(&q, ":terminal", apply_text(a, "terminal"));
	query_int(&q, ":batch", a->batch);
	query_int(&q, ":document", a->document);
	query_int(&q, ":page", a->page);
	query_blob(&q, ":leaf", ev->leaf, sizeof(ev->leaf));
	query_text(&q, ":json", ev->json);
	r = query_run(&q);
	return r < 0 ? r : 0;
}

static int
link_document(struct apply *a, int64_t document)
{
	_cleanup_(query_end) struct query q = query_new(a->cat,
	    "INSERT OR IGNORE INTO event_document (document, idx) VALUES (:document, :idx)");

	if (document == 0)
		return 0;
	query_int(&q, ":document", document);
	query_int(&q, ":idx", a->index);
	return query_run(&q);
}

/* documents: ["D…"] or [{"document":"D…"}]; hits: [["D…",n]]. */
static int
link_documents(struct apply *a)
{
	static const char *const lists[] = {"documents", "hits"};
	const json_t *item;
	size_t i;
	int r;

	r = link_document(a, a->document);
	for (size_t l = 0; l < 2 && r >= 0; l++)
		json_array_foreach(json_object_get(a->event, lists[l]), i, item)
		{
			const json_t *id = json_is_array(item) ? json_array_get(item, 0)
					   : json_is_object(item)
					       ? json_object_get(item, "document")
					       : item;

			r = link_document(a, id_number('D', json_string_value(id)));
			if (r < 0)
				return r;
		}
	return r < 0 ? r : 0;
}

static int
touch_batch(struct apply *a)
{
	if (!a->type->touches || a->batch == 0)
		return 0;
	return apply_one(a, "UPDATE batch SET change = $index + 1 WHERE no = $batch");
}

static int
apply_event(struct apply *a, const struct event_frame *ev)
{
	int r;

	a->type = event_type_find(apply_text(a, "type"));
	if (a->type == NULL)
		return -EINVAL;
	r = event_check_members(a);
	if (r >= 0 && a->type->apply != NULL)
		r = a->type->apply(a);
	if (r >= 0)
		r = complete_context(a);
	if (r >= 0)
		r = touch_batch(a);
	if (r >= 0)
		r = insert_event(a, ev);
	return r < 0 ? r : link_documents(a);
}

int
catalogue_apply(struct catalogue *cat, const struct event_frame *ev)
{
	struct apply a = {.cat = cat, .index = (int64_t)ev->index};
	const int64_t next = cat->writer ? catalogue_next_event(cat) : -EROFS;
	json_t *event;
	int r;

	if (next < 0)
		return (int)next;
	if (ev->index != (uint64_t)next)
		return -ERANGE;
	event = json_loadb(ev->json, ev->size, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(event)) {
		json_decref(event);
		return -EINVAL;
	}
	a.event = event;
	r = sql_exec(cat, "SAVEPOINT event");
	if (r >= 0) {
		r = apply_event(&a, ev);
		if (r < 0)
			sql_exec(cat, "ROLLBACK TO event");
		if (sql_exec(cat, "RELEASE event") < 0 && r >= 0)
			r = -EIO;
	}
	json_decref(event);
	return r;
}

int64_t
catalogue_next_event(struct catalogue *cat)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT coalesce(max(idx) + 1, 0) FROM event");
	const int r = query_step(&q);

	return r < 0 ? r : r == 0 ? -EBADMSG : query_column_int(&q, 0);
}
