/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages, as structs for the handlers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_reading.h"
#include "catalogue_sql.h"

/* One column list for every way to find a page, so that one function reads them all. */
#define PAGE_SELECT                                                                                \
	"SELECT page.no, page.batch, page.document, page.seq, page.n, page.key, page.excluded,"    \
	" page.rotation, page.asked_rotation, page.state, page.master, page.result, page.alto,"    \
	" page.preview, page.thumb, page.tiff_sha256, page.raw_sha256, page.tiff_size,"            \
	" batch.ring_sha256, page.width, page.height, page.dpi, page.further"                      \
	" FROM page JOIN batch ON batch.no = page.batch "

static void
read_page(struct query *q, struct catalogue_page *ret)
{
	*ret = (struct catalogue_page){0};
	id_format('P', query_column_int(q, 0), ret->page);
	id_format('B', query_column_int(q, 1), ret->batch);
	if (query_column_int(q, 2) != 0)
		id_format('D', query_column_int(q, 2), ret->document);
	ret->seq = (unsigned)query_column_int(q, 3);
	ret->n = (unsigned)query_column_int(q, 4);
	ret->key = (unsigned)query_column_int(q, 5);
	ret->excluded = query_column_int(q, 6) != 0;
	ret->rotation = (unsigned)query_column_int(q, 7);
	ret->asked_rotation = (unsigned)query_column_int(q, 8);
	query_column_copy(q, 9, ret->state, sizeof(ret->state));
	query_column_copy(q, 10, ret->master, sizeof(ret->master));
	query_column_copy(q, 11, ret->result, sizeof(ret->result));
	query_column_copy(q, 12, ret->alto, sizeof(ret->alto));
	query_column_copy(q, 13, ret->preview, sizeof(ret->preview));
	query_column_copy(q, 14, ret->thumb, sizeof(ret->thumb));
	query_column_copy(q, 15, ret->tiff_sha256, sizeof(ret->tiff_sha256));
	query_column_copy(q, 16, ret->raw_sha256, sizeof(ret->raw_sha256));
	ret->tiff_size = (uint64_t)query_column_int(q, 17);
	query_column_copy(q, 18, ret->ring_sha256, sizeof(ret->ring_sha256));
	ret->width = (unsigned)query_column_int(q, 19);
	ret->height = (unsigned)query_column_int(q, 20);
	ret->dpi = (unsigned)query_column_int(q, 21);
	query_column_copy(q, 22, ret->further, sizeof(ret->further));
}

static int
one_page(struct query *q, struct catalogue_page *ret)
{
	const int r = query_step(q);

	if (r > 0)
		read_page(q, ret);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

int
catalogue_page(struct catalogue *cat, const char *page, struct catalogue_page *ret)
{
	_cleanup_(query_end) struct query q = query_new(cat, PAGE_SELECT "WHERE page.no = :no");

	query_int(&q, ":no", id_number('P', page));
	return one_page(&q, ret);
}

int
catalogue_page_of_document(
    struct catalogue *cat, const char *document, unsigned n, struct catalogue_page *ret)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    PAGE_SELECT "WHERE page.document = :document AND page.n = :n AND page.excluded = 0");

	query_int(&q, ":document", id_number('D', document));
	query_int(&q, ":n", n);
	return one_page(&q, ret);
}

int
catalogue_page_of_batch(
    struct catalogue *cat, const char *batch, unsigned seq, struct catalogue_page *ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, PAGE_SELECT "WHERE page.batch = :batch AND page.seq = :seq");

	query_int(&q, ":batch", id_number('B', batch));
	query_int(&q, ":seq", seq);
	return one_page(&q, ret);
}

int
catalogue_page_text(struct catalogue *cat, const char *page, char **ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT text FROM reading WHERE id = :id");
	int r;

	query_int(&q, ":id", id_number('P', page) * READING_SLOTS + READING_SHOWN);
	r = query_step(&q);
	if (r < 0)
		return r;
	*ret = strdup(r > 0 ? query_column_text(&q, 0) : "");
	return *ret != NULL ? 0 : -ENOMEM;
}

int
catalogue_document_pages(
    struct catalogue *cat, const char *document, struct catalogue_page **ret, size_t *ret_count)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    PAGE_SELECT "WHERE page.document = :document AND page.excluded = 0 ORDER BY page.n");
	_cleanup_(freep) struct catalogue_page *pages = NULL;
	size_t n = 0, room = 0;
	int r;

	query_int(&q, ":document", id_number('D', document));
	while ((r = query_step(&q)) > 0) {
		if (n == room) {
			struct catalogue_page *grown;

			room = room == 0 ? 8 : room * 2;
			grown = reallocarray(pages, room, sizeof(*pages));
			if (grown == NULL)
				return -ENOMEM;
			pages = grown;
		}
		read_page(&q, &pages[n++]);
	}
	if (r < 0)
		return r;
	*ret = TAKE_PTR(pages);
	*ret_count = n;
	return 0;
}

static bool
is_busy(const char *const *busy, const char *page)
{
	for (; busy != NULL && *busy != NULL; busy++)
		if (strcmp(*busy, page) == 0)
			return true;
	return false;
}

/* The first page of those that q gives which is not busy: 1, or 0. */
static int
next_page(struct query *q, const char *const *busy, struct catalogue_page *ret)
{
	int r;

	while ((r = query_step(q)) > 0) {
		read_page(q, ret);
		if (!is_busy(busy, ret->page))
			return 1;
	}
	return r;
}

int
catalogue_recognition_next(
    struct catalogue *cat, const char *const *busy, struct catalogue_page *ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, PAGE_SELECT "WHERE page.state = 'stored' AND page.excluded = 0"
				       " ORDER BY page.interactive DESC, page.no");

	return next_page(&q, busy, ret);
}

int
catalogue_unturned(struct catalogue *cat, int (*visit)(void *ctx, const char *page), void *ctx)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT p.no FROM page AS p WHERE p.state = 'read'"
	    " AND p.no IN (SELECT page FROM event WHERE type = 'page.rotate')"
	    " AND (SELECT CASE e.type WHEN 'page.turned' THEN 0 WHEN 'page.read'"
	    " THEN p.asked_rotation <> 0 ELSE 1 END FROM event AS e WHERE e.page = p.no"
	    " AND (e.type IN ('page.rotate', 'page.turned') OR (e.type = 'page.read'"
	    " AND NOT coalesce(e.json ->> '$.further', 0))) ORDER BY e.idx DESC LIMIT 1)"
	    " ORDER BY p.no");
	char id[ID_TEXT];
	int r;

	while ((r = query_step(&q)) > 0) {
		id_format('P', query_column_int(&q, 0), id);
		r = visit(ctx, id);
		if (r != 0)
			return r;
	}
	return r;
}

int
catalogue_further_next(struct catalogue *cat, const char *const *busy, struct catalogue_page *ret)
{
	_cleanup_(query_end) struct query q = query_new(cat, PAGE_SELECT
	    "WHERE page.state = 'read' AND page.effort = 'shown' AND page.excluded = 0"
	    " AND page.further_attempts < 3 AND NOT EXISTS (SELECT 1 FROM batch WHERE running = 1"
	    " AND source = 'scan') ORDER BY page.further_attempts, page.no DESC");

	_Static_assert(FURTHER_ATTEMPTS == 3, "as the statement and its index say");
	return next_page(&q, busy, ret);
}

int
catalogue_recognition_attempts(struct catalogue *cat, const char *page)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT attempts FROM page WHERE no = :no");
	int r;

	query_int(&q, ":no", id_number('P', page));
	r = query_step(&q);
	return r < 0 ? r : r == 0 ? -ENOENT : (int)query_column_int(&q, 0);
}
