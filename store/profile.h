/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scan profiles and document types: shipped tables (G91-02, G91-04, G3-01, G3-03). */
#ifndef FUMIKURA_STORE_PROFILE_H
#define FUMIKURA_STORE_PROFILE_H

#include <jansson.h>
#include <stdbool.h>

struct profile {
	const char *id, *ja, *en;
	unsigned dpi;
	const char *mode, *source; /* as Scanner1.Scan takes them */
};
/* NULL when unknown; "" is the default profile. */
const struct profile *profile_find(const char *id);
json_t *profiles_json(void);

/* The shipped type called name (id, Japanese or English name), or NULL: then it is a local type. */
struct document_type {
	const char *id, *ja, *en, *regime;
	bool legal_retention;
	const char *basis; /* guideline row or ordinance the entry stands on */
};
const struct document_type *type_find(const char *name);
json_t *types_json(void);

#endif
