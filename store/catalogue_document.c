/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents: as structs for the handlers, fields, the queue. */
#include <errno.h>
#include <string.h>

#include "catalogue_sql.h"
#include "catalogue_words.h"

static void
read_document(struct query *q, struct catalogue_document *ret)
{
	*ret = (struct catalogue_document){0};
	id_format('D', query_column_int(q, 0), ret->document);
	id_format('B', query_column_int(q, 1), ret->batch);
	query_column_copy(q, 2, ret->state, sizeof(ret->state));
	query_column_copy(q, 3, ret->submitted_by, sizeof(ret->submitted_by));
	ret->version = (unsigned)query_column_int(q, 4);
	ret->pages = (unsigned)query_column_int(q, 5);
	query_column_copy(q, 6, ret->manifest_sha256, sizeof(ret->manifest_sha256));
	query_column_copy(q, 7, ret->manifest, sizeof(ret->manifest));
	query_column_copy(q, 8, ret->signature, sizeof(ret->signature));
	query_column_copy(q, 9, ret->value, sizeof(ret->value));
	query_column_copy(q, 10, ret->token, sizeof(ret->token));
	ret->evidence_key = (unsigned)query_column_int(q, 11);
	ret->token_key = (unsigned)query_column_int(q, 12);
	query_column_copy(q, 13, ret->ring_sha256, sizeof(ret->ring_sha256));
	query_column_copy(q, 14, ret->signer, sizeof(ret->signer));
	ret->stamped = ret->token[0] != '\0';
}

int
catalogue_document(struct catalogue *cat, const char *document, struct catalogue_document *ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT d.no, d.batch, d.state, d.submitted_by, d.version,"
			   " (SELECT count(*) FROM page WHERE document = d.no AND excluded = 0), "
			   "v.manifest_sha256,"
			   " v.manifest, v.signature, v.value, v.token, v.key, v.token_key, "
			   "b.ring_sha256, v.signer"
			   " FROM document AS d JOIN batch AS b ON b.no = d.batch"
			   " LEFT JOIN version AS v ON v.document = d.no AND v.version = d.version"
			   " WHERE d.no = :no AND d.state <> 'void'");
	int r;

	query_int(&q, ":no", id_number('D', document));
	r = query_step(&q);
	if (r > 0)
		read_document(&q, ret);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

int
catalogue_fields(struct catalogue *cat, const char *document, json_t **ret)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT key, value FROM field WHERE document = :document"
	    " UNION ALL SELECT 'type', type FROM document WHERE no = :document AND type <> ''"
	    " ORDER BY 1");
	_cleanup_(json_decrefp) json_t *fields = json_object();
	int r = fields == NULL ? -ENOMEM : 0;

	query_int(&q, ":document", id_number('D', document));
	while (r >= 0 && (r = query_step(&q)) > 0)
		if (json_object_set_new(fields, query_column_text(&q, 0),
			json_string(query_column_text(&q, 1))) < 0)
			r = -ENOMEM;
	if (r < 0)
		return r;
	*ret = TAKE_PTR(fields);
	return 0;
}

/* ["D000001", …] from a statement that gives numbers. */
static int
id_list(struct query *q, json_t **ret)
{
	_cleanup_(json_decrefp) json_t *list = json_array();
	char id[ID_TEXT];
	int r = list == NULL ? -ENOMEM : 0;

	while (r >= 0 && (r = query_step(q)) > 0) {
		id_format('D', query_column_int(q, 0), id);
		if (json_array_append_new(list, json_string(id)) < 0)
			r = -ENOMEM;
	}
	if (r < 0)
		return r;
	*ret = TAKE_PTR(list);
	return 0;
}

int
catalogue_documents_of_batch(struct catalogue *cat, const char *batch, json_t **ret)
{
	_cleanup_(query_end) struct query q = query_new(
	    cat, "SELECT no FROM document WHERE batch = :batch AND state <> 'void' ORDER BY no");

	query_int(&q, ":batch", id_number('B', batch));
	return id_list(&q, ret);
}

int
catalogue_all_documents(struct catalogue *cat, json_t **ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT no FROM document WHERE state <> 'void' ORDER BY no");

	return id_list(&q, ret);
}

/* submitted: oldest first. untimed: confirmed, waiting for a timestamp. */
static const char sql_queue[] =
    "SELECT printf('D%06d', d.no) AS id, printf('B%06d', d.batch) AS batch, d.state, d.type,"
    " coalesce(v.token, '') <> '' AS 'stamped?',"
    " (SELECT json_group_object(key, value) FROM (SELECT key, value FROM field WHERE document = "
    "d.no"
    "  UNION ALL SELECT 'type', d.type WHERE d.type <> '' ORDER BY 1)) AS 'fields{}',"
    " (SELECT count(*) FROM page WHERE document = d.no AND excluded = 0) AS pages,"
    " d.submitted_at AS submitted, d.submitted_by AS by, max(0, :now / 1000 - unixepoch("
    " coalesce(v.at, nullif(d.submitted_at, ''), b.opened_at))) AS age_s"
    " FROM document AS d JOIN batch AS b ON b.no = d.batch"
    " LEFT JOIN version AS v ON v.document = d.no AND v.version = d.version"
    " WHERE d.state = CASE :state WHEN '' THEN 'submitted' WHEN 'untimed' THEN 'confirmed' ELSE "
    ":state END"
    " AND d.state <> 'void' AND (:state <> 'untimed' OR v.token = '')"
    " ORDER BY coalesce(v.at, nullif(d.submitted_at, ''), b.opened_at), d.no LIMIT 1000";

int
catalogue_queue_json(struct catalogue *cat, const char *state, uint64_t now_ms, json_t **ret)
{
	_cleanup_(query_end) struct query q = query_new(cat, sql_queue);
	json_t *list = NULL, *document;
	size_t i;
	int r;

	query_text(&q, ":state", state);
	query_int(&q, ":now", (int64_t)now_ms);
	r = query_list(&q, &list);
	if (r < 0)
		return r;
	json_array_foreach(list, i, document)
	{
		const char *name = json_string_value(json_object_get(document, "state"));
		const int stamped = json_is_true(json_object_get(document, "stamped"));

		json_object_set_new(
		    document, "state_label", json_string(words_document_state(name, stamped)));
	}
	*ret = json_pack("{s:o}", "documents", list);
	return *ret != NULL ? 0 : -ENOMEM;
}

int
catalogue_untimed_next(struct catalogue *cat, unsigned offset, char ret_document[ID_TEXT])
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT document FROM version WHERE token = '' ORDER BY at, document "
			   "LIMIT 1 OFFSET :offset");
	int r;

	query_int(&q, ":offset", offset);
	r = query_step(&q);
	if (r > 0)
		id_format('D', query_column_int(&q, 0), ret_document);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

int
catalogue_status_json(struct catalogue *cat, json_t **ret)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT json_object('recognition', (SELECT count(*) FROM page WHERE state = 'stored' "
	    "AND excluded = 0),"
	    " 'further', (SELECT count(*) FROM page WHERE state = 'read' AND effort = 'shown' AND "
	    "excluded = 0 AND further_attempts < 3),"
	    " 'confirmation', (SELECT count(*) FROM document WHERE state = 'submitted')) AS "
	    "'queue{}',"
	    " (SELECT json_object('count', count(*), 'oldest', coalesce(min(at), '')) FROM version"
	    "  WHERE token = '') AS 'pending_timestamps{}',"
	    " (SELECT coalesce(max(no), 0) FROM document) - (SELECT count(*) FROM document"
	    "  WHERE state = 'void') AS documents, (SELECT coalesce(max(no), 0) FROM page) AS "
	    "pages");
	int r;

	r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -EIO;
	*ret = query_row_json(&q);
	return *ret != NULL ? 0 : q.r;
}
