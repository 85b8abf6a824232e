/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows wait in a list for the thread of their side. Knows nothing of devices, nor of who takes the
 * pages. */
#include "scanner_press.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

struct rows {
	struct rows *next;
	size_t count, bytes;
	uint8_t data[];
};

struct side {
	struct side *next;
	struct page_format format;
	struct rows *first, **last;
	bool claimed; /* by a thread */
	bool closed;  /* no more rows come */
	bool dropped;
	struct scan_event *about;
};

struct press {
	press_put put;
	void *userdata;
	pthread_t thread[PRESS_THREADS];
	unsigned threads;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under lock: */
	struct side *first, **last; /* begun and not yet handed over */
	unsigned count;             /* of them */
	struct side *open;          /* rows are coming; NULL */
	size_t waiting;             /* bytes of rows in all lists */
	int error;                  /* the first of any side */
	bool broken; /* a side was not handed over: none after it may, or the run had a hole */
	bool quit;
};

/* Under lock; NULL when none waits. */
static struct rows *
pop_rows(struct press *p, struct side *side)
{
	struct rows *rows = side->first;

	if (rows == NULL)
		return NULL;
	side->first = rows->next;
	if (side->first == NULL)
		side->last = &side->first;
	p->waiting -= rows->bytes;
	return rows;
}

/* ---- on the threads ---- */

static struct side *
claim_side(struct press *p)
{
	struct side *side;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		for (side = p->first; side != NULL && side->claimed; side = side->next)
			;
		if (side != NULL || p->quit)
			break;
		pthread_cond_wait(&p->changed, &p->lock);
	}
	if (side != NULL)
		side->claimed = true;
	pthread_mutex_unlock(&p->lock);
	return side;
}

/* Caller frees; NULL when no more come. */
static struct rows *
take_rows(struct press *p, struct side *side)
{
	struct rows *rows;

	pthread_mutex_lock(&p->lock);
	while (side->first == NULL && !side->closed)
		pthread_cond_wait(&p->changed, &p->lock);
	rows = pop_rows(p, side);
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	return rows;
}

static void
note_error(struct press *p, int error)
{
	pthread_mutex_lock(&p->lock);
	if (p->error == 0)
		p->error = error;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

/* The sealed TIFF, or a negative errno. */
static int
make_page(struct press *p, struct side *side)
{
	_cleanup_(page_tiff_freep) struct page_tiff *tiff = NULL;
	int fd, r = page_tiff_new(&side->format, &tiff);
	struct rows *rows;

	if (r < 0)
		note_error(p, r); /* now, so that no more is brought */
	while ((rows = take_rows(p, side)) != NULL) {
		if (r == 0 && (r = page_tiff_rows(tiff, rows->data, rows->count)) < 0)
			note_error(p, r);
		free(rows);
	}
	if (r == 0 && !side->dropped)
		r = page_tiff_finish(tiff, &fd);
	return r < 0 || side->dropped ? r : fd;
}

static void
hand_over(struct press *p, struct side *side, int fd)
{
	int r = fd;

	pthread_mutex_lock(&p->lock);
	while (p->first != side)
		pthread_cond_wait(&p->changed, &p->lock);
	if (p->broken && side->about != NULL && fd >= 0) {
		close(fd);
		fd = -ECANCELED;
	}
	pthread_mutex_unlock(&p->lock);
	if (side->about != NULL)
		r = p->put(p->userdata, side->about, fd);
	if (r < 0)
		note_error(p, r);
	pthread_mutex_lock(&p->lock);
	p->broken |= r < 0;
	p->first = side->next;
	if (p->first == NULL)
		p->last = &p->first;
	p->count--;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	free(side);
}

static void *
work(void *argument)
{
	struct press *p = argument;
	struct side *side;

	while ((side = claim_side(p)) != NULL)
		hand_over(p, side, make_page(p, side));
	return NULL;
}

/* ---- on the thread that brings the sides ---- */

int
press_new(press_put put, void *userdata, struct press **ret)
{
	_cleanup_(press_freep) struct press *p = calloc(1, sizeof *p);

	if (p == NULL)
		return -ENOMEM;
	p->put = put;
	p->userdata = userdata;
	p->last = &p->first;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	for (; p->threads < PRESS_THREADS; p->threads++) {
		int r = -pthread_create(&p->thread[p->threads], NULL, work, p);

		if (r < 0)
			return r;
	}
	*ret = TAKE_PTR(p);
	return 0;
}

int
press_ready(struct press *p)
{
	int r;

	pthread_mutex_lock(&p->lock);
	while (p->count >= PRESS_THREADS && p->error == 0)
		pthread_cond_wait(&p->changed, &p->lock);
	r = p->error;
	pthread_mutex_unlock(&p->lock);
	return r;
}

int
press_begin(struct press *p, const struct page_format *format)
{
	struct side *side;
	int r = press_ready(p);

	if (r < 0)
		return r;
	side = calloc(1, sizeof *side);
	if (side == NULL)
		return -ENOMEM;
	side->format = *format;
	side->last = &side->first;
	pthread_mutex_lock(&p->lock);
	*p->last = side;
	p->last = &side->next;
	p->count++;
	p->open = side;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	return 0;
}

int
press_rows(struct press *p, const void *data, size_t count)
{
	size_t bytes = count * page_row_bytes(&p->open->format);
	struct rows *rows = malloc(sizeof *rows + bytes);
	int r;

	if (rows == NULL)
		return -ENOMEM;
	rows->next = NULL;
	rows->count = count;
	rows->bytes = bytes;
	memcpy(rows->data, data, bytes);
	pthread_mutex_lock(&p->lock);
	while (p->waiting > 0 && p->waiting + bytes > PRESS_ROOM && p->error == 0)
		pthread_cond_wait(&p->changed, &p->lock);
	r = p->error;
	if (r == 0) {
		*p->open->last = rows;
		p->open->last = &rows->next;
		p->waiting += bytes;
		pthread_cond_broadcast(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	if (r < 0)
		free(rows);
	return r;
}

void
press_end(struct press *p, struct scan_event *about)
{
	pthread_mutex_lock(&p->lock);
	p->open->about = about;
	p->open->closed = true;
	p->open = NULL;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

void
press_drop(struct press *p)
{
	struct side *side;
	struct rows *rows;

	pthread_mutex_lock(&p->lock);
	side = p->open;
	p->open = NULL;
	if (side != NULL) {
		while ((rows = pop_rows(p, side)) != NULL)
			free(rows);
		side->closed = side->dropped = true;
		pthread_cond_broadcast(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
}

int
press_wait(struct press *p)
{
	int r;

	pthread_mutex_lock(&p->lock);
	while (p->count > 0)
		pthread_cond_wait(&p->changed, &p->lock);
	r = p->error;
	pthread_mutex_unlock(&p->lock);
	return r;
}

void
press_free(struct press *p)
{
	if (p == NULL)
		return;
	press_drop(p);
	pthread_mutex_lock(&p->lock);
	p->quit = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->threads; i++)
		pthread_join(p->thread[i], NULL);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
