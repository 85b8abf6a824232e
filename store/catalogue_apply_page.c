/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of single pages: stored, left out, turned, read. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

static int
this_page(struct apply *a, struct catalogue_page *ret)
{
	char id[ID_TEXT];
	int r;

	id_format('P', a->page, id);
	r = catalogue_page(a->cat, id, ret);
	return r == -ENOENT ? -EINVAL : r;
}

/* Books an object that the event brings for its page, if it does, under the page's key. */
static int
book_object(struct apply *a, const char *name, const char *sha256)
{
	struct catalogue_page page;
	int r;

	if (json_object_get(a->event, name) == NULL)
		return 0;
	r = this_page(a, &page);
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

/* An object of the page: 1 when it is lost, which was counted. */
static int
fetch(struct apply *a, const struct catalogue_page *page, const char *object, uint8_t **ret,
    size_t *ret_size)
{
	const struct catalogue_sources *sources = a->cat->sources;
	int r;

	if (sources == NULL || sources->object == NULL)
		return -EOPNOTSUPP;
	r = sources->object(sources->ctx, page->batch, page->key, object, ret, ret_size);
	if (r != -ENOENT && r != -EBADMSG && r != -EIO)
		return r;
	a->cat->lost++;
	return 1;
}

/* Fetches recognised text, which is too large for the event, and has it filed. 1: it is lost,
 * though its key is there, and has to be read again. */
static int
file_result(struct apply *a, const char *object,
    int (*file)(struct catalogue *cat, int64_t page, const void *data, size_t size))
{
	_cleanup_(secret_freep) uint8_t *data = NULL;
	struct catalogue_page page;
	size_t size;
	int r;

	r = this_page(a, &page);
	if (r >= 0)
		r = fetch(a, &page, object, &data, &size);
	return r != 0 ? r : file(a->cat, a->page, data, size);
}

/* What the event brings. */
static const char *
result_of(const struct apply *a)
{
	return json_string_value(json_object_get(json_object_get(a->event, "result"), "id"));
}

/* The first result is lost: the page waits to be read again. */
static int
wait_again(struct apply *a)
{
	return apply_one(a, "UPDATE page SET state = 'stored', effort = '' WHERE no = $page");
}

/*
 * Search gains, nothing else changes: neither what is shown nor, by that, a confirmed record. What
 * was read further before was lost when this was read, though it may be there now: so it is laid
 * over the first reading alone. No further reading without a first one, as long as that is lost.
 */
static int
apply_further(struct apply *a)
{
	struct catalogue_page page;
	int r = this_page(a, &page);

	if (r >= 0)
		r = apply_run(a, "DELETE FROM object WHERE id IN"
				 " (SELECT further FROM page WHERE no = $page)");
	if (r >= 0)
		r = apply_one(a, "UPDATE page SET further = :result__id,"
				 " effort = iif(state = 'read', 'all', effort)"
				 " WHERE no = $page AND key = :key AND (state = 'read' OR"
				 " (state = 'stored' AND result <> ''))");
	if (r >= 0)
		r = book_result(a);
	if (r < 0 || strcmp(page.state, "stored") == 0)
		return r;
	if (page.further[0] != '\0')
		r = file_result(a, page.result, reading_file);
	if (r > 0)
		return wait_again(a);
	if (r >= 0)
		r = file_result(a, result_of(a), reading_add);
	if (r > 0)
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
	/* whatever was read before was lost when this was read: nobody has need of it any more */
	r = apply_run(
	    a, "DELETE FROM object WHERE id IN (SELECT result FROM page WHERE no = $page)");
	if (r < 0)
		return r;
	r = apply_one(a, "UPDATE page SET state = 'read', attempts = 0,"
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
		r = file_result(a, result_of(a), reading_file);
	if (r > 0)
		r = wait_again(a);
	return r < 0 ? r : index_page(a->cat, a->page);
}

int
apply_page_unreadable(struct apply *a)
{
	return apply_one(a,
	    "UPDATE page SET state = 'unreadable', attempts = max(attempts, :attempts)"
	    " WHERE no = $page");
}
