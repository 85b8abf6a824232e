/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a person typed to terms, and from a term to an FTS5 phrase made of our own tokens:
 * nothing typed is ever read as query syntax (rule 9). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

#include "catalogue.h"
#include "search.h"
#include "text.h"

static bool
is_separator(uint32_t code)
{
	return code <= 0x20 || u_isUWhiteSpace((UChar32)code);
}

static bool
same_term(const struct folded *a, const struct folded *b)
{
	return a->n == b->n && search_find(a, b, 0) == 0;
}

/* Takes one run of non-space bytes. Runs that fold to nothing (invisible characters) are no terms.
 */
static int
add_term(struct search_query *query, const char *text, size_t size)
{
	_cleanup_(folded_free) struct folded term = {0};
	int r;

	r = search_fold(text, size, &term);
	if (r < 0 || term.n == 0)
		return r;
	for (size_t i = 0; i < query->count; i++)
		if (same_term(&query->terms[i], &term))
			return 0;
	if (query->count == SEARCH_MAX_TERMS)
		return -E2BIG;
	query->terms[query->count++] = term;
	term = (struct folded){0};
	return 0;
}

static int
split(const char *text, struct search_query *query)
{
	const char *start = text, *end = text + strlen(text);
	size_t length = 0;
	int n, r;

	for (const char *p = text; p < end; p += n) {
		uint32_t code;

		n = utf8_decode(p, (size_t)(end - p), &code);
		if (n < 0)
			return n;
		if (++length > SEARCH_MAX_QUERY)
			return -E2BIG;
		if (!is_separator(code))
			continue;
		r = add_term(query, start, (size_t)(p - start));
		if (r < 0)
			return r;
		start = p + n;
	}
	return add_term(query, start, (size_t)(end - start));
}

int
search_parse(const char *query, struct search_query *ret)
{
	struct search_query parsed = {.count = 0};
	int r;

	r = split(query, &parsed);
	if (r >= 0 && parsed.count == 0)
		r = -EINVAL;
	if (r < 0)
		search_query_free(&parsed);
	else
		*ret = parsed;
	return r;
}

void
search_query_free(struct search_query *query)
{
	for (size_t i = 0; i < query->count; i++)
		folded_free(&query->terms[i]);
	query->count = 0;
}

/* A character inside an FTS5 string: only the quote has a meaning there. */
static void
put_char(uint32_t code, FILE *out)
{
	char utf8[4];
	const int n = utf8_encode(code, utf8);

	if (code == '"')
		fputc('"', out);
	if (n > 0)
		fwrite(utf8, 1, (size_t)n, out);
}

char *
search_phrase(const struct folded *term)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i + 1 < term->n || i == 0; i++) {
		fputs(i == 0 ? "\"" : " + \"", out);
		put_char(term->chars[i].code, out);
		if (term->n > 1)
			put_char(term->chars[i + 1].code, out);
		fputc('"', out);
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
