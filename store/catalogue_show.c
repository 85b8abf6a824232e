/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record as people and programs see it (architecture §5), and the manifest that is signed. */
#include <errno.h>
#include <string.h>

#include "catalogue_reading.h"
#include "catalogue_sql.h"
#include "catalogue_words.h"

#define HISTORY_MAX 500 /* newest acts shown with a record; the log view has all */

static const char sql_show_head[] =
    "SELECT printf('D%06d', d.no) AS id, d.state, d.type, printf('B%06d', d.batch) AS batch, "
    "d.version,"
    " json_object('scanned_by', b.opened_by, 'indexed_by', d.indexed_by, 'submitted_by', "
    "d.submitted_by,"
    " 'confirmed_by', coalesce(v.confirmed_by, '')) AS 'people{}',"
    " (SELECT json_group_object(user, display) FROM user WHERE user IN (b.opened_by, d.indexed_by,"
    "  d.submitted_by, v.confirmed_by)) AS 'names{}',"
    " CASE WHEN v.version IS NULL THEN 'null' ELSE json_object('signer', v.signer, 'at', v.at,"
    "  'serial', v.cert_serial, 'manifest_sha256', v.manifest_sha256,"
    "  'same_person', json(iif(v.same_person, 'true', 'false')), 'waivers', json(v.waivers)) END "
    "AS 'signature{}',"
    " CASE WHEN v.version IS NULL THEN 'null' WHEN v.token = '' THEN json_object('state', "
    "'pending',"
    "  'label', '時刻印待ち', 'since', v.at, 'why', v.waiting_why) ELSE json_object('state', "
    "'stamped',"
    "  'label', '時刻印あり', 'at', v.stamped_at, 'tsa', v.tsa, 'serial', v.tsa_serial, 'policy', "
    "v.policy,"
    "  'accredited', json(iif(v.accredited, 'true', 'false')),"
    "  'accredited_label', iif(v.accredited, '認定', '非認定')) END AS 'timestamp{}'"
    " FROM document AS d JOIN batch AS b ON b.no = d.batch"
    " LEFT JOIN version AS v ON v.document = d.no AND v.version = d.version"
    " WHERE d.no = :id AND d.state <> 'void'";

static const char sql_show_pages[] =
    "SELECT p.n, printf('P%08d', p.no) AS page, p.seq, p.tiff_sha256 AS sha256, p.raw_sha256,"
    " p.tiff_size AS size, CASE p.asked_rotation % 180 WHEN 0 THEN p.width ELSE p.height END AS "
    "width,"
    " CASE p.asked_rotation % 180 WHEN 0 THEN p.height ELSE p.width END AS height, p.dpi,"
    " (p.rotation + p.asked_rotation) % 360 AS rotation, p.asked_rotation, p.state, p.confidence,"
    " p.added_at AS stored, p.params AS 'params{}', p.findings AS 'findings{}', coalesce(r.text, "
    "'') AS text," SQL_PAGE_WHY " FROM page AS p LEFT JOIN reading AS r ON r.id = p.no * 64 + 63"
    " WHERE p.document = :id AND p.excluded = 0 ORDER BY p.n";

static const char sql_show_versions[] =
    "SELECT version, confirmed_by, at, manifest_sha256, same_person AS 'same_person?', stamped_at"
    " FROM version WHERE document = :id ORDER BY version";

/* Everything that was done with the record and with its pages before they were one. */
static const char sql_history[] =
    "SELECT idx AS 'index', at, type, actor, terminal, json AS 'data{}' FROM event WHERE idx IN ("
    " SELECT idx FROM event_document WHERE document = :id UNION"
    " SELECT idx FROM event WHERE page IN (SELECT no FROM page WHERE document = :id) UNION"
    " SELECT e.idx FROM event AS e JOIN document AS d ON d.no = :id AND e.batch = d.batch"
    " WHERE e.type IN ('batch.open', 'batch.run'))"
    " AND type <> 'search' ORDER BY idx DESC LIMIT 500";

_Static_assert(READING_SLOTS == 64 && READING_SHOWN == 63 && HISTORY_MAX == 500,
    "as the statements above say");

static int
add_history(struct catalogue *cat, int64_t id, json_t *object)
{
	json_t *list = NULL, *entry;
	size_t i;
	int r;

	r = query_list_json(cat, sql_history, id, &list);
	json_array_foreach(list, i, entry)
	{
		if (r >= 0)
			r = words_summary(cat, json_object_get(entry, "data"), entry);
		json_object_del(entry, "data");
	}
	return json_object_set_new(object, "history", list) < 0 && r >= 0 ? -ENOMEM : r;
}

static int
add_fields(struct catalogue *cat, const char *document, json_t *object)
{
	json_t *fields = NULL;
	int r;

	r = catalogue_fields(cat, document, &fields);
	return r < 0 ? r : json_object_set_new(object, "fields", fields) < 0 ? -ENOMEM : 0;
}

static int
head_of(struct catalogue *cat, const char *sql, int64_t id, json_t **ret)
{
	_cleanup_(query_end) struct query q = query_new(cat, sql);
	int r;

	query_int(&q, ":id", id);
	r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	*ret = query_row_json(&q);
	return *ret != NULL ? 0 : q.r;
}

static void
add_label(json_t *object)
{
	const char *state = json_string_value(json_object_get(object, "state"));
	const json_t *timestamp = json_object_get(object, "timestamp");
	const char *stamp = json_string_value(json_object_get(timestamp, "state"));
	const int stamped = stamp != NULL && strcmp(stamp, "stamped") == 0;

	json_object_set_new(
	    object, "state_label", json_string(words_document_state(state, stamped)));
}

int
catalogue_show_json(struct catalogue *cat, const char *document, json_t **ret)
{
	_cleanup_(snapshot_end) struct snapshot snapshot = snapshot_begin(cat);
	_cleanup_(json_decrefp) json_t *object = NULL;
	const int64_t id = id_number('D', document);
	int r = snapshot.r;

	if (r >= 0)
		r = head_of(cat, sql_show_head, id, &object);
	if (r >= 0)
		r = add_fields(cat, document, object);
	if (r >= 0)
		r = query_add_list(cat, object, "pages", sql_show_pages, id);
	if (r >= 0)
		r = query_add_list(cat, object, "versions", sql_show_versions, id);
	if (r >= 0)
		r = add_history(cat, id, object);
	if (r < 0)
		return r;
	add_label(object);
	*ret = TAKE_PTR(object);
	return 0;
}

/* All that a signature covers. Names of members are part of the format manifest/v1 and never
 * change. */
static const char sql_manifest_head[] =
    "SELECT 'manifest/v1' AS fumikura, printf('D%06d', d.no) AS document, d.version + 1 AS version,"
    " coalesce(v.manifest_sha256, '') AS previous, coalesce((SELECT origin FROM archive), '') AS "
    "archive,"
    " printf('B%06d', d.batch) AS batch, d.type, b.source, b.profile, b.opened_at AS opened,"
    " json_object('scanned_by', b.opened_by, 'indexed_by', d.indexed_by, 'submitted_by', "
    "d.submitted_by)"
    " AS 'people{}', d.submitted_at AS submitted"
    " FROM document AS d JOIN batch AS b ON b.no = d.batch"
    " LEFT JOIN version AS v ON v.document = d.no AND v.version = d.version"
    " WHERE d.no = :id AND d.state <> 'void'";

static const char sql_manifest_pages[] =
    "SELECT n, printf('P%08d', no) AS page, seq, tiff_sha256, tiff_size, raw_sha256, master AS "
    "object,"
    " (rotation + asked_rotation) % 360 AS rotation, added AS event, added_at AS stored, params AS "
    "'params{}'"
    " FROM page WHERE document = :id AND excluded = 0 ORDER BY n";

static const char sql_manifest_excluded[] =
    "SELECT printf('P%08d', no) AS page, seq, tiff_sha256, tiff_size, raw_sha256, master AS object,"
    " added AS event, added_at AS stored, reason"
    " FROM page WHERE document = :id AND excluded = 1 ORDER BY place";

int
catalogue_manifest_json(struct catalogue *cat, const char *document, json_t **ret)
{
	_cleanup_(snapshot_end) struct snapshot snapshot = snapshot_begin(cat);
	_cleanup_(json_decrefp) json_t *object = NULL;
	const int64_t id = id_number('D', document);
	int r = snapshot.r;

	if (r >= 0)
		r = head_of(cat, sql_manifest_head, id, &object);
	if (r >= 0)
		r = add_fields(cat, document, object);
	if (r >= 0)
		r = query_add_list(cat, object, "pages", sql_manifest_pages, id);
	if (r >= 0)
		r = query_add_list(cat, object, "excluded", sql_manifest_excluded, id);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(object);
	return 0;
}
