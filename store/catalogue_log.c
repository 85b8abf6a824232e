/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log view: newest first, filtered, each entry with its sentence in both languages (G71-10). */
#include <errno.h>
#include <string.h>

#include "catalogue_sql.h"
#include "catalogue_words.h"
#include "text.h"

#define LOG_LIMIT 1000 /* entries of one answer */

/* Filters that are "" let everything pass. type matches itself and its family: "doc" finds doc.set.
 */
static const char sql_log[] =
    "SELECT idx AS 'index', at, type, actor, terminal,"
    " CASE WHEN document IS NULL THEN '' ELSE printf('D%06d', document) END AS document,"
    " json AS 'data{}' FROM event"
    " WHERE (:since = '' OR at >= :since) AND (:user = '' OR actor = :user)"
    " AND (:type = '' OR type = :type OR substr(type, 1, length(:type) + 1) = :type || '.')"
    " ORDER BY idx DESC LIMIT :limit";
static const char sql_log_document[] =
    "SELECT idx AS 'index', at, type, actor, terminal, printf('D%06d', :document) AS document,"
    " json AS 'data{}' FROM event"
    " WHERE idx IN (SELECT idx FROM event_document WHERE document = :document)"
    " AND (:since = '' OR at >= :since) AND (:user = '' OR actor = :user)"
    " AND (:type = '' OR type = :type OR substr(type, 1, length(:type) + 1) = :type || '.')"
    " ORDER BY idx DESC LIMIT :limit";

static int
add_summaries(struct catalogue *cat, json_t *entries)
{
	json_t *entry;
	size_t i;
	int r = 0;

	json_array_foreach(entries, i, entry)
	{
		if (r >= 0)
			r = words_summary(cat, json_object_get(entry, "data"), entry);
	}
	return r;
}

int
catalogue_log_json(struct catalogue *cat, const char *since, const char *document, const char *user,
    const char *type, unsigned limit, json_t **ret)
{
	const bool all = document[0] == '\0';
	_cleanup_(query_end) struct query q = query_new(cat, all ? sql_log : sql_log_document);
	_cleanup_(json_decrefp) json_t *entries = NULL;
	char from[TIME_TEXT_SIZE] = "";
	uint64_t ms;
	int r;

	if (since[0] != '\0') {
		if (time_parse(since, &ms) < 0)
			return -EINVAL;
		time_format(ms, from);
	}
	query_text(&q, ":since", from);
	query_text(&q, ":user", user);
	query_text(&q, ":type", type);
	query_int(&q, ":limit", limit == 0 || limit > LOG_LIMIT ? LOG_LIMIT : limit);
	if (!all)
		query_int(&q, ":document", id_number('D', document));
	r = query_list(&q, &entries);
	if (r >= 0)
		r = add_summaries(cat, entries);
	if (r < 0)
		return r;
	*ret = json_pack(
	    "{s:O,s:I}", "entries", entries, "size", (json_int_t)catalogue_next_event(cat));
	return *ret != NULL ? 0 : -ENOMEM;
}

int64_t
catalogue_ahead_s(struct catalogue *cat, uint64_t now_ms)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT at FROM event ORDER BY idx DESC LIMIT 1");
	uint64_t at;

	if (query_step(&q) <= 0 || time_parse(query_column_text(&q, 0), &at) < 0 || at <= now_ms)
		return 0;
	return (int64_t)((at - now_ms) / 1000);
}

uint64_t
catalogue_time_override_ms(struct catalogue *cat)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT o.json ->> '$.until' FROM event AS o WHERE o.type = 'time.override'"
	    " AND NOT EXISTS (SELECT 1 FROM event AS s WHERE s.type = 'time.step'"
	    " AND s.idx > o.idx AND s.json ->> '$.seconds' < 0) ORDER BY o.idx DESC LIMIT 1");
	uint64_t until;

	if (query_step(&q) <= 0 || time_parse(query_column_text(&q, 0), &until) < 0)
		return 0;
	return until;
}
