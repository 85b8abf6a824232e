/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Label → value pairs of a form: a label's values stand in the cells to its right, or below it when
 * its right neighbour is a label too (the head of a column), or behind it on the same line. A label
 * beside an empty cell has no value. Values of known kinds are checked by their form (names, 和暦
 * dates, 被保険者番号, telephone, money) and given a normal form. Proposals only: nothing is filled
 * in without a person.
 */
#ifndef FUMIKURA_OCR_FIELDS_H
#define FUMIKURA_OCR_FIELDS_H

#include "ocr/grid.h"
#include "ocr/words.h"

#define FIELDS_MAX 200
#define FIELD_TEXT 512
#define FIELD_NORMAL 64

enum field_kind {
	FIELD_TEXTUAL,
	FIELD_NAME,   /* normal: without 様, 殿 … */
	FIELD_DATE,   /* normal: 2026-11-22 */
	FIELD_NUMBER, /* normal: ten digits (被保険者番号) */
	FIELD_PHONE,  /* normal: digits and hyphens */
	FIELD_MONEY   /* normal: digits */
};

struct field {
	char label[FIELD_TEXT], value[FIELD_TEXT];
	char normal[FIELD_NORMAL]; /* "" when the value does not have the form its kind asks for */
	const char *key; /* constant: client_name client_id date … or "" */
	enum field_kind kind;
	unsigned confidence;
	struct box box; /* of the value, in the pixels of the words given */
};

struct fields {
	struct field *field;
	size_t n;
};

/* w: the shown reading, its lines' cells indices into g. -ENOMEM. */
int fields_find(const struct grid *g, const struct words *w, struct fields *ret);
/* The normal form of value for kind; out holds FIELD_NORMAL bytes; false when it has none. */
bool field_normal(enum field_kind kind, const char *value, char *out);
void fields_free(struct fields *f); /* usable as cleanup */

#endif
