/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of single pages: stored, left out, turned, read. */
#include <errno.h>
#include <stdlib.h>

#include "catalogue_apply.h"
#include "catalogue_reading.h"
#include "secret.h"

int
apply_renumber(struct apply *a, int64_t document)
{
	_cleanup_(query_end) struct query zero =
	    query_new(a->cat, "UPDATE page SET n = 0 WHERE document = :document AND excluded = 1");
	_cleanup_(query_end) struct query count = query_new(a->cat,
	    "UPDATE page SET n = ranked.n FROM (SELECT no, row_number() OVER (ORDER BY place) AS n"
	    " FROM page WHERE document = :document AND excluded = 0) AS ranked"
	    " WHERE page.no = ranked.no");
	int r;

	query_int(&zero, ":document", document);
	query_int(&count, ":document", document);
	r = query_run(&zero);
	if (r >= 0)
		r = query_run(&count);
	return r < 0 ? r : 0;
}

int
apply_page_add(struct apply *a)
{
	const int64_t key = apply_int(a, "key");
	int r;

	r = apply_one(a, "INSERT INTO page (no, batch, seq, added, added_at, key, master, "
			 "master_size, tiff_sha256, tiff_size,"
			 " raw_sha256, params, interactive, width, height, dpi)"
			 " SELECT $page, no, :seq, $index, :at, :key, :object__id, :object__size, "
			 ":tiff_sha256, :tiff_size,"
			 " :raw_sha256, :params, source = 'scan', :params__width, :params__height,"
			 " coalesce(@params__dpi_x, 0)"
			 " FROM batch WHERE no = $batch AND state = 'open'"
			 " AND $page = (SELECT coalesce(max(no), 0) + 1 FROM page)");
	if (r >= 0)
		r = apply_object(
		    a, a->event, "object", a->batch, key, apply_text(a, "tiff_sha256"));
	if (r >= 0)
		r = apply_key_used(a, a->batch, key);
	return r < 0 ? r : apply_one(a, "UPDATE batch SET running = 1 WHERE no = $batch");
}

static int
document_of(struct apply *a, int64_t *ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(a->cat, "SELECT document FROM page WHERE no = :no");
	int r;

	query_int(&q, ":no", a->page);
	r = query_step(&q);
	if (r > 0)
		*ret = query_column_int(&q, 0);
	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}

/* A page of a confirmed record stays as it was confirmed. */
int
apply_page_exclude(struct apply *a)
{
	int64_t document;
	int r;

	r = apply_one(a,
	    "UPDATE page SET excluded = :on, reason = CASE WHEN :on THEN :reason ELSE '' END"
	    " WHERE no = $page AND batch = $batch AND NOT EXISTS"
	    " (SELECT 1 FROM document WHERE no = page.document AND state = 'confirmed')");
	if (r >= 0)
		r = document_of(a, &document);
	if (r < 0)
		return r;
	if (document == 0)
		return 0;
	r = apply_renumber(a, document);
	return r < 0 ? r : index_document(a->cat, document);
}

int
apply_page_rotate(struct apply *a)
{
	return apply_one(a,
	    "UPDATE page SET asked_rotation = ((:degrees % 360) + 360) % 360"
	    " WHERE no = $page AND batch = $batch AND NOT EXISTS"
	    " (SELECT 1 FROM document WHERE no = page.document AND state = 'confirmed')");
}

/* Books an object that the event brings for its page, if it does, under the page's key. */
static int
book_object(struct apply *a, const char *name, const char *sha256)
{
	struct catalogue_page page;
	char id[ID_TEXT];
	int r;

	if (json_object_get(a->event, name) == NULL)
		return 0;
	id_format('P', a->page, id);
	r = catalogue_page(a->cat, id, &page);
	return r < 0
		   ? r
		   : apply_object(a, a->event, name, id_number('B', page.batch), page.key, sha256);
}

static int
book_objects(struct apply *a, const char *const *names, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r >= 0; i++)
		r = book_object(a, names[i], "");
	return r;
}

static int
book_result(struct apply *a)
{
	return book_object(a, "result", apply_text(a, "result_sha256"));
}

int
apply_page_turned(struct apply *a)
{
	static const char *const names[] = {"preview", "thumb"};
	const int r = apply_one(
	    a, "UPDATE page SET preview = :preview__id, thumb = :thumb__id WHERE no = $page");

	return r < 0 ? r : book_objects(a, names, 2);
}

/* Fetches the recognised text, which is too large for the event, and has it filed. */
static int
file_result(struct apply *a,
    int (*file)(struct catalogue *cat, int64_t page, const void *data, size_t size))
{
	const char *result =
	    json_string_value(json_object_get(json_object_get(a->event, "result"), "id"));
	_cleanup_(secret_freep) uint8_t *data = NULL;
	const struct catalogue_sources *sources = a->cat->sources;
	struct catalogue_page page;
	char id[ID_TEXT];
	size_t size;
	int r;

	if (sources == NULL || sources->object == NULL)
		return -EOPNOTSUPP;
	id_format('P', a->page, id);
	r = catalogue_page(a->cat, id, &page);
	if (r >= 0)
		r = sources->object(sources->ctx, page.batch, page.key, result, &data, &size);
	return r < 0 ? r : file(a->cat, a->page, data, size);
}

/* The object is gone or damaged, though its key is there: what was read has to be read again. */
static bool
is_lost(struct apply *a, int r)
{
	const bool lost = r == -ENOENT || r == -EBADMSG;

	a->cat->lost += lost;
	return lost;
}

/* 1: the page's first result is lost, and it was not read again since. */
static int
waits_again(struct apply *a)
{
	_cleanup_(query_end) struct query q = query_new(
	    a->cat, "SELECT 1 FROM page WHERE no = :no AND state = 'stored' AND result <> ''");

	query_int(&q, ":no", a->page);
	return query_step(&q);
}

/* The page is read again: nobody has need any more of the object that was lost. */
static int
forget_lost(struct apply *a)
{
	const int r = apply_run(a,
	    "DELETE FROM object WHERE id IN (SELECT result FROM page WHERE no = $page AND state = "
	    "'stored' UNION ALL SELECT further FROM page WHERE no = $page AND state = 'read' AND "
	    "effort = 'shown')");

	return r < 0 ? r : 0;
}

/* Search gains, nothing else changes: neither what is shown nor, by that, a confirmed record. */
static int
apply_further(struct apply *a)
{
	int r = waits_again(a);

	if (r != 0) /* what it was read further for is not there */
		return r < 0 ? r : book_result(a);
	r = forget_lost(a);
	if (r < 0)
		return r;
	r = apply_one(a, "UPDATE page SET effort = 'all', further = :result__id"
			 " WHERE no = $page AND key = :key AND state = 'read'"
			 " AND (further = '' OR effort = 'shown')");
	if (r >= 0)
		r = book_result(a);
	if (r >= 0)
		r = file_result(a, reading_add);
	if (is_lost(a, r))
		r = apply_one(a, "UPDATE page SET effort = 'shown' WHERE no = $page");
	return r < 0 ? r : index_page(a->cat, a->page);
}

/* How a page lies is signed with its record (manifest/v1): where a first reading comes after that,
 * what a person asked for makes up for the way up that it found. */
int
apply_page_read(struct apply *a)
{
	static const char *const names[] = {"alto", "preview", "thumb"};
	int r;

	if (json_is_true(json_object_get(a->event, "further")))
		return apply_further(a);
	r = forget_lost(a);
	if (r < 0)
		return r;
	r = apply_one(a, "UPDATE page SET state = 'read',"
			 " effort = iif(@reading__effort = 'all', 'all', 'shown'), further = '',"
			 " asked_rotation = CASE WHEN EXISTS (SELECT 1 FROM document WHERE no = "
			 "page.document AND state = 'confirmed') THEN (rotation + asked_rotation + "
			 "360 - :reading__rotation) % 360 ELSE asked_rotation END,"
			 " rotation = :reading__rotation, width = :reading__width,"
			 " height = :reading__height, dpi = CASE WHEN :reading__dpi > 0 THEN "
			 ":reading__dpi ELSE dpi END,"
			 " confidence = coalesce(@reading__confidence, 0), findings = "
			 "coalesce(@reading__findings, '[]'),"
			 " form_type = coalesce(@reading__form_type, ''), reading = :reading, "
			 "result = :result__id,"
			 " result_sha256 = :result_sha256, alto = coalesce(@alto__id, ''),"
			 " preview = coalesce(@preview__id, ''), thumb = coalesce(@thumb__id, '')"
			 " WHERE no = $page AND key = :key");
	if (r >= 0)
		r = book_result(a);
	if (r >= 0)
		r = book_objects(a, names, 3);
	if (r >= 0)
		r = file_result(a, reading_file);
	if (is_lost(a, r))
		r = apply_one(a, "UPDATE page SET state = 'stored', effort = '' WHERE no = $page");
	return r < 0 ? r : index_page(a->cat, a->page);
}

int
apply_page_unreadable(struct apply *a)
{
	return apply_one(a,
	    "UPDATE page SET state = 'unreadable', attempts = max(attempts, :attempts)"
	    " WHERE no = $page");
}
