/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The FTS5 tokenizer "fumikura": after folding, every character is a token, and at the same place
 * every pair with its right neighbour. So a phrase of pairs at consecutive places is exactly a run
 * of characters, in any script, and a single character is found without a prefix scan.
 */
#include <errno.h>
#include <stdlib.h>

#include "catalogue_sql.h"
#include "text.h"

typedef int (*token_fn)(void *ctx, int flags, const char *token, int size, int start, int end);

static int
token_create(void *ctx, const char **args, int n, Fts5Tokenizer **ret)
{
	static char nothing;

	*ret = (Fts5Tokenizer *)&nothing;
	return SQLITE_OK;
}

static void
token_delete(Fts5Tokenizer *tokenizer)
{
}

/* A phrase that search_phrase() wrote: one or two folded characters, which are one token as they
 * stand. */
static int
token_query(void *ctx, const char *text, int size, token_fn token)
{
	return size == 0 ? SQLITE_OK : token(ctx, 0, text, size, 0, size);
}

static int
token_document(void *ctx, const struct folded *folded, token_fn token)
{
	for (size_t i = 0; i < folded->n; i++) {
		char pair[8];
		int one = utf8_encode(folded->chars[i].code, pair), two, code;

		if (one < 0)
			return SQLITE_ERROR;
		code = token(ctx, 0, pair, one, 0, 0);
		if (code == SQLITE_OK && i + 1 < folded->n) {
			two = utf8_encode(folded->chars[i + 1].code, pair + one);
			if (two < 0)
				return SQLITE_ERROR;
			code = token(ctx, FTS5_TOKEN_COLOCATED, pair, one + two, 0, 0);
		}
		if (code != SQLITE_OK)
			return code;
	}
	return SQLITE_OK;
}

static int
token_split(Fts5Tokenizer *tokenizer, void *ctx, int flags, const char *text, int size,
    int (*token)(void *, int, const char *, int, int, int))
{
	_cleanup_(folded_free) struct folded folded = {0};
	int r;

	if ((flags & FTS5_TOKENIZE_QUERY) != 0)
		return token_query(ctx, text, size, token);
	r = search_fold(text, (size_t)size, &folded);
	if (r < 0)
		return r == -ENOMEM ? SQLITE_NOMEM : SQLITE_ERROR;
	return token_document(ctx, &folded, token);
}

static int
fts5_of(sqlite3 *db, fts5_api **ret)
{
	sqlite3_stmt *st = NULL;
	int code;

	*ret = NULL;
	code = sqlite3_prepare_v2(db, "SELECT fts5(:api)", -1, &st, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_pointer(st, sqlite3_bind_parameter_index(st, ":api"),
		    (void *)ret, "fts5_api_ptr", NULL);
	if (code == SQLITE_OK)
		sqlite3_step(st);
	sqlite3_finalize(st);
	return *ret != NULL ? 0 : -ENOSYS;
}

int
search_token_register(sqlite3 *db)
{
	static const fts5_tokenizer methods = {token_create, token_delete, token_split};
	fts5_tokenizer tokenizer = methods;
	fts5_api *api;
	int r;

	r = fts5_of(db, &api);
	return r < 0 ? r
		     : sql_errno(api->xCreateTokenizer(api, "fumikura", NULL, &tokenizer, NULL));
}
