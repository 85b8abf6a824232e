/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folding with places kept: the text is cut where ICU says that normalisation cannot reach across,
 * each piece is folded alone, and every folded character remembers the piece it came from. Most
 * Japanese characters fold to themselves and take a short way.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include "search.h"
#include "text.h"

#define PIECE_MAX 64 /* code points folded at once; a longer run of combining marks is no text */

static int
push(struct folded *folded, uint32_t code, uint32_t start, uint32_t end)
{
	if (folded->n == folded->room) {
		const size_t room = folded->room == 0 ? 64 : folded->room * 2;
		struct fold_char *chars = reallocarray(folded->chars, room, sizeof(*chars));

		if (chars == NULL)
			return -ENOMEM;
		folded->chars = chars;
		folded->room = room;
	}
	folded->chars[folded->n++] = (struct fold_char){code, start, end};
	return 0;
}

/* The last steps, for one normalised code point: variants, dashes, what is dropped. */
static int
push_folded(struct folded *folded, uint32_t code, uint32_t start, uint32_t end)
{
	code = search_variant(code);
	if (code != SEARCH_BREAK &&
	    (code <= 0x20 ||
		(code >= 0x7f && (u_isUWhiteSpace((UChar32)code) || u_iscntrl((UChar32)code)))))
		return 0;
	return push(folded, code, start, end);
}

/* Kana and common ideographs: NFKC and case folding leave them alone unless a combining mark
 * follows. */
static bool
is_plain(uint32_t code)
{
	return (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3041 && code <= 0x3096) ||
	       (code >= 0x30a1 && code <= 0x30fa) || code == 0x30fc || code == 0x3001 ||
	       code == 0x3002;
}

static bool
starts_piece(const UNormalizer2 *nfkc, uint32_t code)
{
	return is_plain(code) || (code >= 0x20 && code < 0x7f) ||
	       unorm2_hasBoundaryBefore(nfkc, (UChar32)code);
}

static int
fold_piece(const UNormalizer2 *nfkc, const uint32_t *piece, size_t n, uint32_t start,
    struct folded *folded)
{
	UChar in[PIECE_MAX * 2], out[PIECE_MAX * 20];
	UErrorCode status = U_ZERO_ERROR;
	int32_t size = 0, length, i = 0;
	UChar32 code;
	int r = 0;

	for (size_t k = 0; k < n; k++)
		U16_APPEND_UNSAFE(in, size, (UChar32)piece[k]);
	length = unorm2_normalize(nfkc, in, size, out, PIECE_MAX * 20, &status);
	if (U_FAILURE(status))
		return -EINVAL;
	while (i < length && r >= 0) {
		U16_NEXT(out, i, length, code);
		r = push_folded(folded, (uint32_t)code, start, start + (uint32_t)n);
	}
	return r;
}

/* Reads one code point; 0 at the end. */
static int
next_code(const char **text, const char *end, uint32_t *ret)
{
	int r;

	if (*text == end) {
		*ret = 0;
		return 0;
	}
	r = utf8_decode(*text, (size_t)(end - *text), ret);
	if (r > 0)
		*text += r;
	return r < 0 ? r : 1;
}

int
search_fold(const char *text, size_t size, struct folded *ret)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&status);
	const char *const end = text + size;
	uint32_t piece[PIECE_MAX], next, at = 0;
	int more, r = 0;

	if (U_FAILURE(status))
		return -ENOSYS;
	more = next_code(&text, end, &next);
	while (more > 0 && r >= 0) {
		size_t n = 0;

		do {
			piece[n++] = next;
			more = next_code(&text, end, &next);
		} while (more > 0 && n < PIECE_MAX && !starts_piece(nfkc, next));
		if (more < 0)
			return more;
		if (n == 1 && is_plain(piece[0]))
			r = push(ret, search_variant(piece[0]), at, at + 1);
		else
			r = fold_piece(nfkc, piece, n, at, ret);
		at += (uint32_t)n;
	}
	return more < 0 ? more : r;
}

void
folded_free(struct folded *folded)
{
	free(folded->chars);
	*folded = (struct folded){0};
}

size_t
search_find(const struct folded *text, const struct folded *term, size_t from)
{
	if (term->n == 0 || term->n > text->n)
		return SIZE_MAX;
	for (size_t i = from; i <= text->n - term->n; i++) {
		size_t k = 0;

		while (k < term->n && text->chars[i + k].code == term->chars[k].code)
			k++;
		if (k == term->n)
			return i;
	}
	return SIZE_MAX;
}
