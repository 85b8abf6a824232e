/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a page line by line, with places: for people who look at a line, choose it, correct
 * it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_layer.h"

struct listing {
	struct catalogue_page page;
	json_t *lines;
};

/* From the page as it was read to the page as a person turned it. */
static json_t *
turned(struct box b, const struct catalogue_page *p)
{
	b = box_turned(b, (int32_t)p->width, (int32_t)p->height, p->asked_rotation);
	return json_pack("[i,i,i,i]", b.x, b.y, b.w, b.h);
}

static int
list_line(void *ctx, const struct layer_line *line, const struct correction *c)
{
	struct listing *x = ctx;
	json_t *entry;

	if (c != NULL)
		entry = json_pack("{s:s,s:o,s:{s:s,s:s,s:s}}", "text", c->text, "box",
		    turned(c->box, &x->page), "corrected", "raw", c->raw, "by", c->by, "at", c->at);
	else if (line->size > 0 && line->box.w > 0)
		entry = json_pack("{s:s%,s:o}", "text", line->text, line->size, "box",
		    turned(line->box, &x->page));
	else
		return 0;
	return json_array_append_new(x->lines, entry);
}

int
catalogue_lines_json(struct catalogue *cat, const char *page, json_t **ret)
{
	_cleanup_(layer_free) struct layer l = {0};
	struct listing x = {0};
	int r = catalogue_page(cat, page, &x.page);

	if (r >= 0)
		r = layer_load(cat, id_number('P', page), &l);
	if (r < 0)
		return r;
	x.lines = json_array();
	if (x.lines == NULL || (r > 0 && layer_each(&l, list_line, &x) < 0)) {
		json_decref(x.lines);
		return -ENOMEM;
	}
	*ret = json_pack("{s:o}", "lines", x.lines);
	return *ret != NULL ? 0 : -ENOMEM;
}

int
catalogue_corrections(struct catalogue *cat, const char *page, json_t **ret)
{
	return query_list_json(cat,
	    "SELECT x, y, w, h, text FROM correction WHERE page = :id ORDER BY y, x",
	    id_number('P', page), ret);
}
