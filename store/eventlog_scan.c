/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the log from its first event: finds the segments, resolves what a power cut left of
 * closing one, and stops at (or names) every damage. Changes nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "eventlog_frame.h"
#include "fault.h"
#include "io.h"

#define NOTHING UINT64_MAX
#define NAME_DIGITS 10

/* ---- the directory ---- */

static bool
has_suffix(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n > m && strcmp(name + n - m, suffix) == 0;
}

/* First index of "NNNNNNNNNN.open" or ".age" (ten digits, more when they are needed). */
static bool
parse_name(const char *name, uint64_t *ret_first, bool *ret_closed)
{
	char again[SEGMENT_NAME];
	uint64_t first = 0;
	size_t n = strspn(name, "0123456789");

	if (n < NAME_DIGITS || n > 15)
		return false;
	for (size_t i = 0; i < n; i++)
		first = first * 10 + (uint64_t)(name[i] - '0');
	*ret_first = first;
	*ret_closed = has_suffix(name, ".age");
	segment_name(first, *ret_closed, again);
	return strcmp(again, name) == 0;
}

static int
compare_listed(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

/* Joins the two files of one segment into one item. */
static void
join_listed(struct listing *listing)
{
	size_t kept = 0;

	if (listing->n == 0)
		return;
	qsort(listing->items, listing->n, sizeof(*listing->items), compare_listed);
	for (size_t i = 1; i < listing->n; i++) {
		struct listed *last = &listing->items[kept];

		if (listing->items[i].first == last->first) {
			last->open |= listing->items[i].open;
			last->closed |= listing->items[i].closed;
		} else
			listing->items[++kept] = listing->items[i];
	}
	listing->n = kept + 1;
}

static int
list_name(struct listing *listing, const char *name)
{
	struct listed item = {0}, *grown;
	bool closed;

	if (has_suffix(name, ".tmp")) {
		listing->temps = true;
		return 0;
	}
	if (!parse_name(name, &item.first, &closed)) {
		snprintf(listing->stray, sizeof(listing->stray), "%s", name);
		return 0;
	}
	item.open = !closed;
	item.closed = closed;
	grown = reallocarray(listing->items, listing->n + 1, sizeof(*grown));
	if (grown == NULL)
		return -ENOMEM;
	listing->items = grown;
	listing->items[listing->n++] = item;
	return 0;
}

/* Calls fn for each name in dir but "." and "..", from a list made beforehand. */
static int
each_name(int dir, int (*fn)(void *ctx, const char *name), void *ctx)
{
	struct dirent **list = NULL;
	int r = 0, n = scandirat(dir, ".", &list, NULL, alphasort);

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;

		if (r == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			r = fn(ctx, name);
		free(list[i]);
	}
	free(list);
	return r;
}

static int
list_entry(void *ctx, const char *name)
{
	return list_name(ctx, name);
}

int
listing_read(int dir, struct listing *ret)
{
	struct listing listing = {0};
	int r = each_name(dir, list_entry, &listing);

	if (r < 0) {
		free(listing.items);
		return r;
	}
	join_listed(&listing);
	*ret = listing;
	return 0;
}

void
listing_free(struct listing *listing)
{
	free(listing->items);
	memset(listing, 0, sizeof(*listing));
}

static int
clean_entry(void *ctx, const char *name)
{
	return has_suffix(name, ".tmp") ? io_unlink(*(int *)ctx, name) : 0;
}

int
listing_clean(int dir)
{
	return each_name(dir, clean_entry, &dir);
}

/* ---- scanning ---- */

static int
damage(struct scan *scan, const char *code, uint64_t first, bool closed, const char *detail)
{
	char name[SEGMENT_NAME], where[SEGMENT_NAME + 16];

	scan->damaged = true;
	segment_name(first, closed, name);
	snprintf(where, sizeof(where), "log/events/%s", name);
	if (scan->fault != NULL)
		scan->fault(scan->ctx, code, where, detail);
	return -EBADMSG;
}

/* The disk does not give it: whoever looks at everything looks at the rest all the same. */
static int
unreadable(struct scan *scan, uint64_t first, bool closed, int r)
{
	return scan->keep_going && r != -ENOMEM
		   ? damage(scan, "log_segment_unreadable", first, closed, strerror(-r))
		   : r;
}

/* Passes events on and counts them; what fn returns is kept apart from what reading returns. */
struct passing {
	struct scan *scan;
	int result;
};

static int
pass_event(void *ctx, const uint8_t salt[LOG_SALT], struct event_frame *event)
{
	struct passing *passing = ctx;

	passing->result = passing->scan->fn(passing->scan->ctx, salt, event);
	if (passing->result < 0)
		return -ECANCELED;
	passing->scan->next = event->index + 1;
	return 0;
}

static int
scan_closed(struct scan *scan, uint64_t first)
{
	_cleanup_(closed_freep) struct closed *closed = NULL;
	struct passing passing = {scan, 0};
	int r = closed_load(scan->dir, scan->keys, first, &closed);

	if (r == 0)
		r = closed_read(closed, first, closed->count, pass_event, &passing);
	if (passing.result < 0)
		return passing.result;
	if (r == -ENOENT)
		return damage(
		    scan, "log_segment_missing", first, true, "a closed segment is missing");
	if (fault_is_damage(r))
		return damage(scan, "log_segment_damaged", first, true,
		    "the closed segment does not decrypt to what was written");
	return r < 0 ? unreadable(scan, first, true, r) : r;
}

/* -ENOENT: there is none, or no longer. */
static int
scan_open(struct scan *scan, uint64_t first)
{
	_cleanup_(segment_freep) struct segment *segment = NULL;
	struct passing passing = {scan, 0};
	struct stat st;
	int r = segment_open(scan->dir, scan->keys, first, scan->writable, &segment);

	if (r == 0)
		do
			r = segment_next(segment, pass_event, &passing);
		while (r == 1);
	if (passing.result < 0)
		return passing.result;
	if (r == -ENODATA) {
		if (fstat(segment->fd, &st) < 0)
			return -errno;
		scan->torn = (uint64_t)(st.st_size - segment->end);
		r = 0;
	}
	if (fault_is_damage(r))
		return damage(scan, "log_segment_damaged", first, false,
		    "the growing segment does not decrypt to what was written");
	if (r < 0)
		return r == -ENOENT ? r : unreadable(scan, first, false, r);
	scan->open = TAKE_PTR(segment);
	return 0;
}

/*
 * Which of its two files holds segment i. Both exist only between the steps of closing it: while it
 * is the last segment, the .age may be older than the .open (closing failed and events were
 * appended after); once the next segment exists, the .age is whole.
 */
static int
scan_segment(struct scan *scan, size_t i)
{
	const struct listed *item = &scan->listing.items[i];
	const bool last = i + 1 == scan->listing.n;

	if (!last && item->open && item->closed)
		scan->stale[0] = item->first;
	if (last && item->open && item->closed)
		scan->stale[1] = item->first;
	if (last && item->open) {
		const int r = scan_open(scan, item->first);

		if (r != -ENOENT || scan->writable)
			return r;
	}
	return scan_closed(scan, item->first); /* the last one: closed meanwhile */
}

static int
scan_segments(struct scan *scan)
{
	int r;

	for (size_t i = 0; i < scan->listing.n; i++) {
		const struct listed *item = &scan->listing.items[i];

		if (item->first != scan->next) {
			r = damage(scan, "log_segment_missing", scan->next, true,
			    "the events from this index up to the next segment are missing");
			if (!scan->keep_going)
				return r;
			scan->next = item->first;
		}
		r = scan_segment(scan, i);
		if (r == -EBADMSG && scan->keep_going) {
			if (i + 1 < scan->listing.n) /* named already: no second fault */
				scan->next = scan->listing.items[i + 1].first;
			continue;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static bool
ends_open(const struct listing *listing)
{
	return listing->n > 0 && listing->items[listing->n - 1].open;
}

/* A listing beside a running writer can miss the newest segment: then look once more. */
static int
list_segments(struct scan *scan)
{
	int r = listing_read(scan->dir, &scan->listing);

	if (r == 0 && !scan->writable && !ends_open(&scan->listing)) {
		listing_free(&scan->listing);
		r = listing_read(scan->dir, &scan->listing);
	}
	return r;
}

int
scan_run(struct scan *scan)
{
	char where[sizeof(scan->listing.stray) + 16];
	int r = list_segments(scan);

	scan->stale[0] = scan->stale[1] = NOTHING;
	if (r < 0)
		return r;
	if (scan->listing.stray[0] != '\0' && scan->fault != NULL) {
		scan->damaged = true;
		snprintf(where, sizeof(where), "log/events/%s", scan->listing.stray);
		scan->fault(
		    scan->ctx, "log_file_stray", where, "a file that the log does not know");
	}
	r = scan_segments(scan);
	if (r < 0)
		return r;
	if (!ends_open(&scan->listing)) {
		r = damage(
		    scan, "log_segment_missing", scan->next, false, "there is no growing segment");
		if (!scan->keep_going)
			return r;
	}
	return scan->damaged ? -EBADMSG : 0;
}

void
scan_free(struct scan *scan)
{
	listing_free(&scan->listing);
	segment_free(scan->open);
	scan->open = NULL;
}
