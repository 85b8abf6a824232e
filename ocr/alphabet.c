/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing in the bytes is believed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "little.h"
#include "ocr/alphabet.h"

#define LETTERS 21  /* components of a model's file */
#define SPELLING 22 /* likewise */
#define COMPONENTS_MAX 64
#define SPACE 0 /* the first letters of every model: the space, … */
#define BLANK 2 /* … one for pieces that belong together, and what stands between letters */
#define ORDINARY 3

struct bytes {
	const uint8_t *at, *end;
};

static int
take_number(struct bytes *b, uint32_t *ret)
{
	if (b->end - b->at < 4)
		return -EBADMSG;
	*ret = get_u32(b->at);
	b->at += 4;
	return 0;
}

/* A component ends where the next one of the file begins. */
static int
find_component(const uint8_t *data, size_t size, unsigned which, struct bytes *ret)
{
	const uint32_t n = size < 4 ? 0 : get_u32(data);
	uint64_t from, to = size;

	if (n <= which || n > COMPONENTS_MAX || size < 4 + (size_t)n * 8)
		return -EBADMSG;
	from = get_u64(data + 4 + (size_t)which * 8);
	if (from >= size)
		return -EBADMSG;
	for (uint32_t i = 0; i < n; i++) {
		const uint64_t other = get_u64(data + 4 + (size_t)i * 8);

		if (other > from && other < to)
			to = other;
	}
	*ret = (struct bytes){data + from, data + to};
	return 0;
}

/* A line, without its end. */
static int
take_line(struct bytes *b, struct bytes *ret)
{
	const uint8_t *end = memchr(b->at, '\n', (size_t)(b->end - b->at));

	if (end == NULL)
		return -EBADMSG;
	*ret = (struct bytes){b->at, end};
	b->at = end + 1;
	return 0;
}

/* How many letters follow, one a line. */
static int
take_count(struct bytes *b, unsigned *ret)
{
	struct bytes line;
	unsigned n = 0;

	if (take_line(b, &line) < 0)
		return -EBADMSG;
	for (; line.at < line.end && code_is_digit(*line.at) && n <= ALPHABET_LETTERS; line.at++)
		n = n * 10 + (unsigned)(*line.at - '0');
	if (n < ORDINARY || n > ALPHABET_LETTERS)
		return -EBADMSG;
	*ret = n;
	return 0;
}

/* What stands before the first space of its line. */
static int
take_text(struct bytes *b, struct letter *ret)
{
	struct bytes line;
	size_t n = 0;

	if (take_line(b, &line) < 0)
		return -EBADMSG;
	while (line.at + n < line.end && line.at[n] != ' ')
		n++;
	if (n == 0 || n >= sizeof ret->text)
		return -EBADMSG;
	memcpy(ret->text, line.at, n);
	return 0;
}

static int
take_spelling(struct bytes *b, struct letter *ret, unsigned *ncodes)
{
	uint32_t n, code;
	int r;

	if (b->at == b->end)
		return -EBADMSG;
	b->at++; /* whether its last code is told from those before */
	r = take_number(b, &n);
	if (r < 0 || n == 0 || n > ALPHABET_SPELLING)
		return -EBADMSG;
	ret->ncodes = (uint8_t)n;
	for (uint32_t i = 0; i < n; i++) {
		if (take_number(b, &code) < 0 || code > ALPHABET_LETTERS)
			return -EBADMSG;
		ret->code[i] = (uint16_t)code;
		if (code >= *ncodes)
			*ncodes = code + 1;
	}
	return 0;
}

static int
by_codes(const void *a, const void *b)
{
	const struct letter *p = a, *q = b;

	for (unsigned i = 0; i < p->ncodes && i < q->ncodes; i++)
		if (p->code[i] != q->code[i])
			return p->code[i] - q->code[i];
	return p->ncodes - q->ncodes;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(
	    (*(const struct letter *const *)a)->text, (*(const struct letter *const *)b)->text);
}

static int
sort(struct alphabet *a)
{
	qsort(a->letters, a->nletters, sizeof *a->letters, by_codes);
	a->by_text = calloc(a->nletters + 1, sizeof *a->by_text);
	if (a->by_text == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < a->nletters; i++)
		a->by_text[i] = &a->letters[i];
	qsort(a->by_text, a->nletters, sizeof *a->by_text, by_text);
	return 0;
}

static int
take_letters(struct alphabet *a, struct bytes *texts, struct bytes *spellings)
{
	uint32_t n;
	int r = take_count(texts, &a->nletters);

	if (r >= 0)
		r = take_number(spellings, &n);
	if (r < 0 || n != a->nletters)
		return -EBADMSG;
	a->letters = calloc(n, sizeof *a->letters);
	if (a->letters == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; r >= 0 && i < n; i++) {
		r = take_text(texts, &a->letters[i]);
		if (r >= 0)
			r = take_spelling(spellings, &a->letters[i], &a->ncodes);
	}
	return r;
}

int
alphabet_new(const uint8_t *data, size_t size, struct alphabet **ret)
{
	_cleanup_(alphabet_freep) struct alphabet *a = calloc(1, sizeof *a);
	struct bytes texts, spellings;
	int r;

	if (a == NULL)
		return -ENOMEM;
	r = find_component(data, size, LETTERS, &texts);
	if (r >= 0)
		r = find_component(data, size, SPELLING, &spellings);
	if (r >= 0)
		r = take_letters(a, &texts, &spellings);
	if (r < 0)
		return r;
	if (a->letters[SPACE].ncodes != 1 || a->letters[BLANK].ncodes != 1)
		return -EBADMSG;
	a->space = a->letters[SPACE].code[0];
	a->blank = a->letters[BLANK].code[0];
	a->nletters -= ORDINARY;
	memmove(a->letters, a->letters + ORDINARY, a->nletters * sizeof *a->letters);
	r = sort(a);
	if (r >= 0)
		*ret = TAKE_PTR(a);
	return r;
}

int
alphabet_load(const char *path, struct alphabet **ret)
{
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *data;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size <= 0 || st.st_size > ALPHABET_MAX)
		return -EFBIG;
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	r = alphabet_new(data, (size_t)st.st_size, ret);
	munmap(data, (size_t)st.st_size);
	return r;
}

const struct letter *
alphabet_find(const struct alphabet *a, const char *text)
{
	struct letter key = {.ncodes = 0};
	const struct letter *at = &key, **found;

	if (strlen(text) >= sizeof key.text)
		return NULL;
	memcpy(key.text, text, strlen(text) + 1);
	found = bsearch(&at, a->by_text, a->nletters, sizeof *a->by_text, by_text);
	return found == NULL ? NULL : *found;
}

void
alphabet_free(struct alphabet *a)
{
	if (a == NULL)
		return;
	free(a->letters);
	free(a->by_text);
	free(a);
}
