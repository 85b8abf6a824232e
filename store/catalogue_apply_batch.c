/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of batches: runs, documents cut from pages, submission. */
#include <errno.h>

#include "catalogue_apply.h"

static const char sql_ring_file[] =
    "INSERT INTO key_file (name, sha256)"
    " SELECT printf('rings/B%06d.age', no), ring_sha256 FROM batch WHERE no = $batch"
    " ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256";

int
apply_batch_open(struct apply *a)
{
	const int r = apply_one(a,
	    "INSERT INTO batch (no, state, opened_at, opened_by, source, device, profile, type,"
	    " ring_sha256, ring_count, running, change)"
	    " SELECT $batch, 'open', :at, :actor, :source, :device, :profile, "
	    "coalesce(@document_type, ''),"
	    " :ring__sha256, :ring__count, 0, $index + 1"
	    " WHERE $batch = (SELECT coalesce(max(no), 0) + 1 FROM batch)");

	return r < 0 ? r : apply_one(a, sql_ring_file);
}

int
apply_batch_ring(struct apply *a)
{
	const int r = apply_one(a, "UPDATE batch SET ring_sha256 = :sha256, ring_count = :count"
				   " WHERE no = $batch AND ring_count < :count");

	return r < 0 ? r : apply_one(a, sql_ring_file);
}

int
apply_batch_run(struct apply *a)
{
	return apply_one(a,
	    "UPDATE batch SET running = 1, runs = runs + 1, device = :device, profile = :profile,"
	    " code = '', message_ja = '', message_en = '' WHERE no = $batch AND state = 'open'");
}

int
apply_batch_refuse(struct apply *a)
{
	return apply_one(a, "INSERT INTO refusal (idx, batch, file, code, message_ja, message_en)"
			    " VALUES ($index, $batch, :file, :code, :message_ja, :message_en)");
}

/* A document takes part in the batch: a new one gets the next number, an older one must be a draft
 * of this batch (or a void one that comes back). */
static int
take_document(struct apply *a, int64_t document, bool new)
{
	_cleanup_(query_end) struct query insert =
	    query_new(a->cat, "INSERT INTO document (no, batch, state, type)"
			      " SELECT :no, no, 'draft', type FROM batch WHERE no = :batch"
			      " AND :no = (SELECT coalesce(max(no), 0) + 1 FROM document)");
	_cleanup_(query_end) struct query update =
	    query_new(a->cat, "UPDATE document SET state = 'draft'"
			      " WHERE no = :no AND batch = :batch AND state IN ('draft', 'void')");
	struct query *q = new ? &insert : &update;
	int r;

	query_int(q, ":no", document);
	query_int(q, ":batch", a->batch);
	r = query_run(q);
	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}

/* Puts one page behind the document's last. Only a page that is in no document can be taken. */
static int
take_page(struct apply *a, int64_t document, int64_t page)
{
	_cleanup_(query_end) struct query q = query_new(a->cat,
	    "UPDATE page SET document = :document, place ="
	    " (SELECT coalesce(max(place), 0) + 1 FROM page WHERE document = :document)"
	    " WHERE no = :page AND batch = :batch AND document IS NULL");
	int r;

	query_int(&q, ":document", document);
	query_int(&q, ":page", page);
	query_int(&q, ":batch", a->batch);
	r = query_run(&q);
	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}

/* documents:[{document,pages:[…],new}] */
static int
take_documents(struct apply *a)
{
	const json_t *item, *page;
	size_t i, j;
	int r;

	json_array_foreach(json_object_get(a->event, "documents"), i, item)
	{
		const json_t *pages = json_object_get(item, "pages");
		const int64_t document =
		    id_number('D', json_string_value(json_object_get(item, "document")));

		if (document == 0 || json_array_size(pages) == 0)
			return -EINVAL;
		r = take_document(a, document, json_is_true(json_object_get(item, "new")));
		json_array_foreach(pages, j, page)
		{
			if (r >= 0)
				r = take_page(a, document, id_number('P', json_string_value(page)));
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int
renumber_documents(struct apply *a)
{
	const json_t *item;
	size_t i;
	int r = 0;

	json_array_foreach(json_object_get(a->event, "documents"), i, item)
	{
		const int64_t document =
		    id_number('D', json_string_value(json_object_get(item, "document")));

		r = apply_renumber(a, document);
		if (r >= 0)
			r = index_document(a->cat, document);
		if (r < 0)
			return r;
	}
	return 0;
}

int
apply_batch_end(struct apply *a)
{
	int r;

	r = apply_one(a, "UPDATE batch SET running = 0, code = :code, message_ja = :message_ja,"
			 " message_en = :message_en WHERE no = $batch AND state = 'open'");
	if (r >= 0)
		r = take_documents(a);
	return r < 0 ? r : renumber_documents(a);
}

/* Takes every page that the event names out of the draft that it is in. */
static int
release_pages(struct apply *a)
{
	const json_t *item, *page;
	size_t i, j;

	json_array_foreach(json_object_get(a->event, "documents"), i, item)
	    json_array_foreach(json_object_get(item, "pages"), j, page)
	{
		_cleanup_(query_end) struct query q = query_new(a->cat,
		    "UPDATE page SET document = NULL, place = 0, n = 0 WHERE no = :page AND "
		    "document IN"
		    " (SELECT no FROM document WHERE batch = :batch AND state = 'draft')");
		int r;

		query_int(&q, ":page", id_number('P', json_string_value(page)));
		query_int(&q, ":batch", a->batch);
		r = query_run(&q);
		if (r != 1)
			return r < 0 ? r : -EINVAL;
	}
	return 0;
}

/* Every draft that a cut names is given whole: one that still holds a page was not. */
static int
check_released(struct apply *a)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(a->event, "documents"), i, item)
	{
		_cleanup_(query_end) struct query q =
		    query_new(a->cat, "SELECT 1 FROM page WHERE document = :document LIMIT 1");
		int r;

		query_int(&q, ":document",
		    id_number('D', json_string_value(json_object_get(item, "document"))));
		r = query_step(&q);
		if (r != 0)
			return r < 0 ? r : -EINVAL;
	}
	return 0;
}

int
apply_batch_cut(struct apply *a)
{
	int r;

	if (json_array_size(json_object_get(a->event, "documents")) == 0)
		return -EINVAL;
	r = release_pages(a);
	if (r >= 0)
		r = check_released(a);
	if (r >= 0)
		r = apply_run(a,
		    "UPDATE document SET state = 'void' WHERE batch = $batch AND state = 'draft'"
		    " AND NOT EXISTS (SELECT 1 FROM page WHERE page.document = document.no)");
	if (r >= 0)
		r = take_documents(a);
	return r < 0 ? r : renumber_documents(a);
}

int
apply_batch_settle(struct apply *a)
{
	return apply_run(a,
	    "UPDATE batch SET state = CASE WHEN EXISTS (SELECT 1 FROM document"
	    " WHERE batch = $batch AND state = 'submitted') THEN 'submitted' ELSE 'confirmed' END"
	    " WHERE no = $batch AND NOT EXISTS (SELECT 1 FROM document AS d JOIN page AS p"
	    " ON p.document = d.no AND p.excluded = 0 WHERE d.batch = $batch AND d.state = "
	    "'draft')");
}

int
apply_batch_submit(struct apply *a)
{
	const json_t *item;
	size_t i;
	int r = 0;

	if (json_array_size(json_object_get(a->event, "documents")) == 0)
		return -EINVAL;
	json_array_foreach(json_object_get(a->event, "documents"), i, item)
	{
		_cleanup_(query_end) struct query q = query_new(a->cat,
		    "UPDATE document SET state = 'submitted', submitted_by = :actor,"
		    " submitted_at = :at WHERE no = :no AND batch = :batch AND state = 'draft'"
		    " AND EXISTS (SELECT 1 FROM page WHERE document = :no AND excluded = 0)");

		query_text(&q, ":actor", apply_text(a, "actor"));
		query_text(&q, ":at", apply_text(a, "at"));
		query_int(&q, ":no", id_number('D', json_string_value(item)));
		query_int(&q, ":batch", a->batch);
		r = query_run(&q);
		if (r != 1)
			return r < 0 ? r : -EINVAL;
	}
	r = apply_batch_settle(a);
	return r < 0 ? r : 0;
}
