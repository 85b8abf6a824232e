/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closed segments: the same events as text, inside an age file. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eventlog_frame.h"
#include "io.h"
#include "secret.h"
#include "text.h"

#define FIRST_LINE "fumikura-events/v1"
#define INDEX_TEXT 20                                      /* digits of the largest u64 */
#define LINE_EXTRA (INDEX_TEXT + 1 + 2 * LOG_SALT + 1 + 1) /* all of a line but its JSON */

/* ---- writing ---- */

struct text {
	char *data; /* secret memory */
	size_t size, room;
};

static int
put_line(void *ctx, const uint8_t salt[LOG_SALT], struct event_frame *event)
{
	struct text *text = ctx;
	char hex[2 * LOG_SALT + 1];
	int n;

	if (text->room - text->size < event->size + LINE_EXTRA + 1)
		return -ENOBUFS;
	hex_encode(salt, LOG_SALT, hex);
	n = snprintf(text->data + text->size, LINE_EXTRA, "%" PRIu64 " %s ", event->index, hex);
	text->size += (size_t)n;
	memcpy(text->data + text->size, event->json, event->size);
	text->size += event->size;
	text->data[text->size++] = '\n';
	return 0;
}

static int
segment_text(const struct segment *segment, struct text *ret)
{
	const uint64_t count = segment->next - segment->first;
	size_t room = sizeof(FIRST_LINE) + 2 * INDEX_TEXT + 4;
	int r = 0;

	for (size_t i = 0; i < segment->n_frames; i++)
		room += segment->frames[i].size + segment->frames[i].count * (size_t)LINE_EXTRA;
	ret->data = secret_new(room);
	if (ret->data == NULL)
		return -ENOMEM;
	ret->room = room;
	ret->size = (size_t)snprintf(
	    ret->data, room, FIRST_LINE " %" PRIu64 " %" PRIu64 "\n", segment->first, count);
	for (size_t i = 0; r == 0 && i < segment->n_frames; i++)
		r = frame_read(segment->fd, segment->key, &segment->frames[i], put_line, ret);
	return r;
}

int
closed_write(int dir, struct keys *keys, const struct segment *segment)
{
	_cleanup_(freep) uint8_t *sealed = NULL;
	struct text text = {0};
	char name[SEGMENT_NAME];
	size_t n;
	int r = segment_text(segment, &text);

	if (r == 0)
		r = keys_seal(keys, text.data, text.size, &sealed, &n);
	secret_free(text.data);
	if (r < 0)
		return r;
	segment_name(segment->first, true, name);
	return io_replace_file(dir, name, sealed, n);
}

/* ---- reading ---- */

/* Reads decimal digits up to the character end; moves *at behind it. */
static bool
take_number(const char *text, size_t size, size_t *at, char end, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i = *at;

	for (; i < size && text[i] >= '0' && text[i] <= '9'; i++)
		if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value))
			return false;
	if (i == *at || i >= size || text[i] != end)
		return false;
	*at = i + 1;
	*ret = value;
	return true;
}

/* The event whose line begins at *at; lines end in NUL by now. */
static int
take_line(const struct closed *closed, size_t *at, uint64_t index, uint8_t salt[LOG_SALT],
    struct event_frame *ret)
{
	char hex[2 * LOG_SALT + 1] = "";
	uint64_t number;

	if (!take_number(closed->text, closed->size, at, ' ', &number) || number != index ||
	    closed->size - *at < 2 * LOG_SALT + 2 || closed->text[*at + 2 * LOG_SALT] != ' ')
		return -EBADMSG;
	memcpy(hex, closed->text + *at, 2 * LOG_SALT);
	if (hex_decode(hex, salt, LOG_SALT) < 0)
		return -EBADMSG;
	*at += 2 * LOG_SALT + 1;
	*ret = (struct event_frame){
	    .index = index, .json = closed->text + *at, .size = strlen(closed->text + *at)};
	*at += ret->size + 1;
	return 0;
}

/* Checks the first line, ends every line in NUL, and checks that there are as many as it says. */
static int
take_text(struct closed *closed, uint64_t first)
{
	const size_t mark = sizeof(FIRST_LINE); /* and the space */
	uint64_t lines = 0;
	size_t at = mark;

	if (closed->size <= mark || memcmp(closed->text, FIRST_LINE " ", mark) != 0 ||
	    !take_number(closed->text, closed->size, &at, ' ', &closed->first) ||
	    !take_number(closed->text, closed->size, &at, '\n', &closed->count) ||
	    closed->first != first || closed->text[closed->size - 1] != '\n')
		return -EBADMSG;
	closed->body = at;
	for (char *p = closed->text + at, *end = closed->text + closed->size; p < end; p++) {
		p = memchr(p, '\n', (size_t)(end - p));
		*p = '\0';
		lines++;
	}
	return lines == closed->count && lines > 0 ? 0 : -EBADMSG;
}

int
closed_load(int dir, struct keys *keys, uint64_t first, struct closed **ret)
{
	_cleanup_(closed_freep) struct closed *closed = calloc(1, sizeof(*closed));
	_cleanup_(freep) uint8_t *file = NULL;
	uint8_t *text;
	char name[SEGMENT_NAME];
	size_t n;
	int r;

	if (closed == NULL)
		return -ENOMEM;
	segment_name(first, true, name);
	r = io_read_file(dir, name, SEGMENT_FILE_MAX, &file, &n);
	if (r == 0)
		r = keys_unseal(keys, file, n, &text, &closed->size);
	if (r < 0)
		return r == -EFBIG ? -EBADMSG : r;
	closed->text = (char *)text;
	r = take_text(closed, first);
	if (r == 0)
		*ret = TAKE_PTR(closed);
	return r;
}

void
closed_free(struct closed *closed)
{
	if (closed == NULL)
		return;
	secret_free(closed->text);
	free(closed);
}

int
closed_read(const struct closed *closed, uint64_t from, uint64_t count, record_fn fn, void *ctx)
{
	size_t at = closed->body;
	uint8_t salt[LOG_SALT];
	struct event_frame event;
	int r = 0;

	for (uint64_t index = closed->first; index < from; index++)
		at += strlen(closed->text + at) + 1;
	for (uint64_t i = 0; r == 0 && i < count; i++) {
		r = take_line(closed, &at, from + i, salt, &event);
		if (r == 0)
			r = fn(ctx, salt, &event);
	}
	return r;
}
