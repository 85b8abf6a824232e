/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One found page as people see it. */
#ifndef FUMIKURA_STORE_CATALOGUE_HIT_H
#define FUMIKURA_STORE_CATALOGUE_HIT_H

#include <jansson.h>
#include <stdint.h>

#include "search.h"

struct catalogue;

/*
 * {"document","page","page_id","reading","snippet","highlight","marks","width","height","fields","state","type","stored"}.
 * The texts of the page are searched again for every term, so what is shown is exact: -EBADMSG when
 * a term is in none of them (the index is damaged). reading: "" when the shown reading has all
 * terms, else the id of the reading, or "fields", that was needed. width, height, marks: the
 * upright page, also turned as a person asked.
 */
int hit_json(struct catalogue *cat, const struct search_query *query, int64_t page, json_t **ret);

#endif
