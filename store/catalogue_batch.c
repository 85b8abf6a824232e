/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Batches: as structs for the handlers, as JSON for people. */
#include <errno.h>
#include <string.h>

#include "catalogue_follow.h"
#include "catalogue_sql.h"
#include "catalogue_words.h"

static int
next_id(struct catalogue *cat, const char *sql, char letter, unsigned ahead, char ret[ID_TEXT])
{
	_cleanup_(query_end) struct query q = query_new(cat, sql);
	int r;

	r = query_step(&q);
	if (r > 0)
		id_format(letter, query_column_int(&q, 0) + ahead, ret);
	return r < 0 ? r : 0;
}

int
catalogue_next_batch(struct catalogue *cat, char ret[ID_TEXT])
{
	return next_id(cat, "SELECT coalesce(max(no), 0) + 1 FROM batch", 'B', 0, ret);
}

int
catalogue_next_document(struct catalogue *cat, unsigned ahead, char ret[ID_TEXT])
{
	return next_id(cat, "SELECT coalesce(max(no), 0) + 1 FROM document", 'D', ahead, ret);
}

int
catalogue_next_page(struct catalogue *cat, char ret[ID_TEXT])
{
	return next_id(cat, "SELECT coalesce(max(no), 0) + 1 FROM page", 'P', 0, ret);
}

int
catalogue_batch(struct catalogue *cat, const char *batch, struct catalogue_batch *ret)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT no, state, opened_by, source, device, profile, type, ring_sha256, ring_count,"
	    " keys_used, running, (SELECT count(*) FROM page WHERE page.batch = batch.no)"
	    " FROM batch WHERE no = :no");
	int r;

	query_int(&q, ":no", id_number('B', batch));
	r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	*ret = (struct catalogue_batch){0};
	id_format('B', query_column_int(&q, 0), ret->batch);
	query_column_copy(&q, 1, ret->state, sizeof(ret->state));
	query_column_copy(&q, 2, ret->opened_by, sizeof(ret->opened_by));
	query_column_copy(&q, 3, ret->source, sizeof(ret->source));
	query_column_copy(&q, 4, ret->device, sizeof(ret->device));
	query_column_copy(&q, 5, ret->profile, sizeof(ret->profile));
	query_column_copy(&q, 6, ret->type, sizeof(ret->type));
	query_column_copy(&q, 7, ret->ring_sha256, sizeof(ret->ring_sha256));
	ret->ring_count = (unsigned)query_column_int(&q, 8);
	ret->keys_used = (unsigned)query_column_int(&q, 9);
	ret->running = query_column_int(&q, 10) != 0;
	ret->pages = (unsigned)query_column_int(&q, 11);
	return 0;
}

int
catalogue_running_batches(
    struct catalogue *cat, int (*visit)(void *ctx, const char *batch), void *ctx)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT no FROM batch WHERE running = 1 ORDER BY no");
	char id[ID_TEXT];
	int r;

	while ((r = query_step(&q)) > 0) {
		id_format('B', query_column_int(&q, 0), id);
		r = visit(ctx, id);
		if (r != 0)
			return r;
	}
	return r;
}

static const char sql_batch_pages[] =
    "SELECT printf('P%08d', no) AS id, seq, n,"
    " CASE WHEN document IS NULL THEN '' ELSE printf('D%06d', document) END AS document,"
    " excluded AS 'excluded?', reason, (rotation + asked_rotation) % 360 AS rotation, "
    "asked_rotation,"
    " state, CASE asked_rotation % 180 WHEN 0 THEN width ELSE height END AS width,"
    " CASE asked_rotation % 180 WHEN 0 THEN height ELSE width END AS height, dpi, confidence,"
    " thumb, findings AS 'findings{}',"
    " '[' || iif(coalesce(params ->> '$.flags', '') = '', '',"
    "  replace(json_quote(params ->> '$.flags'), ',', '\",\"')) || ']' AS 'flags{}'," SQL_PAGE_WHY
    " FROM page AS p WHERE batch = :id ORDER BY seq";

/* Proposals of all pages of a document: what recognition read in the form's fields, and which form
 * it is. They are shown, never filled in by themselves. */
static const char sql_batch_documents[] =
    "SELECT printf('D%06d', d.no) AS id, d.state, d.type,"
    " (SELECT count(*) FROM page WHERE document = d.no AND excluded = 0) AS pages,"
    " (SELECT json_group_object(key, value) FROM (SELECT key, value FROM field WHERE document = "
    "d.no"
    "  UNION ALL SELECT 'type', d.type WHERE d.type <> '' ORDER BY 1)) AS 'fields{}',"
    " (SELECT json_group_array(json(proposal)) FROM (SELECT json_set(e.value, '$.n', p.n, '$.seq', "
    "p.seq, '$.page', printf('P%08d', p.no))"
    "  AS proposal, p.place AS place, 1 + e.key AS rank FROM page AS p, json_each(p.proposals) AS e"
    "  WHERE p.document = d.no AND p.excluded = 0 AND e.type = 'object'"
    "  UNION ALL SELECT json_object('key', 'type', 'value', form_type, 'n', n, 'seq', seq), place, "
    "0"
    "  FROM page WHERE document = d.no AND excluded = 0 AND form_type <> '' ORDER BY 2, 3))"
    " AS 'proposals{}'"
    " FROM document AS d WHERE d.batch = :id AND d.state <> 'void' ORDER BY d.no";

static const char sql_batch_refused[] =
    "SELECT file, code, message_ja, message_en FROM refusal WHERE batch = :id ORDER BY idx";

static const char sql_batch_head[] =
    "SELECT printf('B%06d', no) AS id, state, change, opened_at AS opened, opened_by AS by, source,"
    " device, profile, type, json_object('state', CASE WHEN running THEN 'running'"
    " WHEN code <> '' OR runs > 0 THEN 'ended' ELSE 'none' END, 'code', code, 'message_ja', "
    "message_ja,"
    " 'message_en', message_en) AS 'run{}' FROM batch WHERE no = :id";

/* State in words; proposals as people corrected what they rest on. */
static int
finish_documents(struct catalogue *cat, json_t *object)
{
	json_t *document;
	size_t i;
	int r = 0;

	json_array_foreach(json_object_get(object, "documents"), i, document)
	{
		const char *state = json_string_value(json_object_get(document, "state"));

		json_object_set_new(
		    document, "state_label", json_string(words_document_state(state, 1)));
		if (r >= 0)
			r = proposals_follow(cat, json_object_get(document, "proposals"));
	}
	return r;
}

int
catalogue_batch_json(struct catalogue *cat, const char *batch, json_t **ret)
{
	_cleanup_(snapshot_end) struct snapshot snapshot = snapshot_begin(cat);
	_cleanup_(query_end) struct query q = query_new(cat, sql_batch_head);
	_cleanup_(json_decrefp) json_t *object = NULL;
	const int64_t id = id_number('B', batch);
	int r = snapshot.r;

	query_int(&q, ":id", id);
	if (r >= 0)
		r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	object = query_row_json(&q);
	if (object == NULL)
		return q.r;
	r = query_add_list(cat, object, "pages", sql_batch_pages, id);
	if (r >= 0)
		r = query_add_list(cat, object, "documents", sql_batch_documents, id);
	if (r >= 0)
		r = query_add_list(cat, object, "refused", sql_batch_refused, id);
	if (r >= 0)
		r = finish_documents(cat, object);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(object);
	return 0;
}

int
catalogue_batches_json(struct catalogue *cat, const char *state, unsigned limit, json_t **ret)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT printf('B%06d', no) AS id, state, change, opened_at AS opened, opened_by AS "
	    "by, source,"
	    " type, running AS 'running?', (SELECT count(*) FROM page WHERE page.batch = b.no) AS "
	    "pages,"
	    " (SELECT json_group_array(json_object('id', printf('D%06d', no), 'state', state,"
	    "  'type', type, 'pages', (SELECT count(*) FROM page WHERE document = d.no AND "
	    "excluded = 0)))"
	    "  FROM document AS d WHERE d.batch = b.no AND d.state <> 'void') AS 'documents{}'"
	    " FROM batch AS b WHERE :state = '' OR state = :state ORDER BY no DESC LIMIT :limit");
	json_t *list = NULL;
	int r;

	query_text(&q, ":state", state);
	query_int(&q, ":limit", limit);
	r = query_list(&q, &list);
	if (r < 0)
		return r;
	*ret = json_pack("{s:o}", "batches", list);
	return *ret != NULL ? 0 : -ENOMEM;
}
