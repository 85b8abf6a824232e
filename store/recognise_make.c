/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ocr rooms make on request: searchable PDFs and previews of turned pages. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "memfd.h"
#include "ocr/ocr_bus.h"
#include "peer.h"
#include "recognise_internal.h"
#include "store_bus.h"

#define COMPOSE_BYTES_MAX (UINT64_C(1) << 30) /* of masters in memory */
#define COMPOSE_PAGES_MAX 120 /* two descriptors each in one message: LINK_MAX_FDS */
#define TURN_TIMEOUT_S 60

/* ---- PDF ---- */

struct compose {
	struct ocr_job job;
	const struct catalogue_page *pages;
	const struct composition *wanted;
	size_t n;
	int (*fds)[2]; /* master, ALTO */
	int *rotation;
	int pdf;
	struct refusal *refusal;
};

static int
fill_compose(sd_bus_message *message, void *arg)
{
	const struct compose *c = arg;
	int r;

	r = sd_bus_message_open_container(message, 'a', "(hhi)");
	for (size_t i = 0; r >= 0 && i < c->n; i++)
		r = sd_bus_message_append(
		    message, "(hhi)", c->fds[i][0], c->fds[i][1], c->rotation[i]);
	if (r >= 0)
		r = sd_bus_message_close_container(message);
	if (r >= 0)
		r = sd_bus_message_append(message, "a{ss}", 3, "title", c->wanted->title, "created",
		    c->wanted->created, "access", "copy");
	if (r >= 0)
		r = sd_bus_message_open_container(message, 'a', "(uuuuu)");
	for (size_t i = 0; r >= 0 && i < c->wanted->n_redactions; i++) {
		const struct redaction *b = &c->wanted->redactions[i];

		r = sd_bus_message_append(message, "(uuuuu)", b->page, b->x, b->y, b->w, b->h);
	}
	return r < 0 ? r : sd_bus_message_close_container(message);
}

static int
take_pdf(sd_bus_message *reply, void *arg)
{
	struct compose *c = arg;
	int fd, r;

	r = sd_bus_message_read(reply, "h", &fd);
	return r < 0 ? r : peer_keep_fd(fd, &c->pdf);
}

static int
gather(struct store *store, const char *peer, struct compose *c)
{
	const struct catalogue_page *pages = c->pages;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < c->n; i++) {
		c->rotation[i] = (int)pages[i].asked_rotation;
		r = page_master_memfd(store, &pages[i], &c->fds[i][0]);
		if (r >= 0)
			r = alto_corrected(
			    store, peer, &pages[i], c->job.until, c->refusal, &c->fds[i][1]);
		if (r >= 0 && clock_seconds() > c->job.until)
			r = -EBUSY; /* the worker did what it could: nobody waits for the rest */
	}
	return r < 0 ? r : 0;
}

/* The pages are brought together only when a worker is free for them: one document at a time for
 * each worker. */
static int
run_compose(struct store *store, const char *peer, struct ocr_job *job)
{
	struct compose *c = (struct compose *)job;
	struct peer_call call = {peer, OCR_PATH, OCR_IFACE, "Compose", fill_compose, take_pdf, c};
	_cleanup_(memview_free) struct memview view = {0};
	int r;

	r = gather(store, peer, c);
	call.timeout_s = ocr_job_left(job, STORE_PDF_S);
	if (r >= 0)
		r = ocr_call(store, &call, c->refusal);
	/* it leaves store as store's own answer: whole and unchangeable, or not at all */
	for (size_t i = 0; i < c->n; i++) {
		closep(&c->fds[i][0]);
		closep(&c->fds[i][1]);
	}
	if (r >= 0 && memfd_view(c->pdf, MEMFD_MAX, &view) < 0)
		r = refuse(c->refusal, "internal");
	return r;
}

int
recognise_compose(struct store *store, const struct catalogue_page *pages, size_t n,
    const struct composition *wanted, struct refusal *refusal, int *ret_pdf)
{
	struct compose c = {.job = {.run = run_compose, .until = wanted->until},
	    .pages = pages,
	    .wanted = wanted,
	    .n = n,
	    .pdf = -1,
	    .refusal = refusal};
	uint64_t bytes = 0;
	int r;

	for (size_t i = 0; i < n; i++)
		bytes += pages[i].tiff_size;
	if (n > COMPOSE_PAGES_MAX || bytes > COMPOSE_BYTES_MAX)
		return refuse(refusal, "too_many_pages");
	c.fds = malloc(n * sizeof(*c.fds) + 1);
	c.rotation = calloc(n + 1, sizeof(*c.rotation));
	r = c.fds == NULL || c.rotation == NULL ? -ENOMEM : 0;
	for (size_t i = 0; r == 0 && i < n; i++)
		c.fds[i][0] = c.fds[i][1] = -1;
	if (r == 0) {
		ocr_job_submit(store, &c.job);
		r = ocr_job_refuse(refusal, ocr_job_wait(store, &c.job));
	}
	free(c.fds);
	free(c.rotation);
	if (r >= 0)
		*ret_pdf = c.pdf;
	else
		closep(&c.pdf);
	return r;
}

/* ---- turned previews ---- */

struct turn {
	struct ocr_job job;
	char page[ID_TEXT];
	bool again; /* one worker was lost with it */
	int master, degrees;
	int out[2]; /* preview, thumb */
};

static int
fill_turn(sd_bus_message *message, void *arg)
{
	const struct turn *t = arg;

	return sd_bus_message_append(message, "hi", t->master, t->degrees);
}

static int
take_turn(sd_bus_message *reply, void *arg)
{
	struct turn *t = arg;
	int fd[2], r;

	r = sd_bus_message_read(reply, "hh", &fd[0], &fd[1]);
	for (int i = 0; r >= 0 && i < 2; i++)
		r = peer_keep_fd(fd[i], &t->out[i]);
	return r;
}

static int
decide_turned(struct txn *txn, void *arg)
{
	return txn_event(txn, "page.turned", json_incref((json_t *)arg));
}

static int
keep_turned(struct store *store, const struct catalogue_page *page, const struct turn *t)
{
	static const char *const names[2] = {"preview", "thumb"};
	json_t *payload = json_pack("{s:s}", "page", page->page);
	int r = payload == NULL ? -ENOMEM : 0;

	for (int i = 0; r >= 0 && i < 2; i++) {
		_cleanup_(memview_free) struct memview view = {0};

		r = memfd_view(t->out[i], (size_t)16 << 20, &view);
		if (r >= 0)
			r = page_put_derived(store, page, payload, names[i], view.data, view.size);
	}
	if (r >= 0)
		r = writer_commit(store->writer, &actor_system, NULL, decide_turned, payload);
	json_decref(payload);
	return r;
}

static void submit_turn(struct store *store, const char *page, bool again);

static int
run_turn(struct store *store, const char *peer, struct ocr_job *job)
{
	struct turn *t = (struct turn *)job;
	struct peer_call call = {
	    peer, OCR_PATH, OCR_IFACE, "Turn", fill_turn, take_turn, t, TURN_TIMEOUT_S};
	struct catalogue_page page;
	int r;

	{
		_cleanup_(loan_end) struct loan loan = loan_start(store);

		r = loan.cat == NULL ? -EIO : catalogue_page(loan.cat, t->page, &page);
	}
	if (r < 0 || page.state[0] !=
			 'r') /* neither read nor reading: its first reading will see the turn */
		return r;
	t->degrees = (int)((page.rotation + page.asked_rotation) % 360);
	r = page_master_memfd(store, &page, &t->master);
	if (r >= 0)
		r = ocr_call(store, &call, NULL);
	if (r >= 0)
		r = keep_turned(store, &page, t);
	if (r < 0)
		log_errno(r, "recognise: %s: preview not turned", t->page);
	if ((r == -ENOTCONN || r == -ETIMEDOUT) && !t->again)
		submit_turn(store, t->page, true);
	return r;
}

static void
forget_turn(struct ocr_job *job)
{
	struct turn *t = (struct turn *)job;

	closep(&t->master);
	closep(&t->out[0]);
	closep(&t->out[1]);
	free(t);
}

static void
submit_turn(struct store *store, const char *page, bool again)
{
	struct turn *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return;
	*t = (struct turn){.job = {.run = run_turn, .forget = forget_turn},
	    .again = again,
	    .master = -1,
	    .out = {-1, -1}};
	snprintf(t->page, sizeof(t->page), "%s", page);
	ocr_job_submit(store, &t->job);
}

void
recognise_turn(struct store *store, const char *page)
{
	submit_turn(store, page, false);
}

static int
turn_now(void *ctx, const char *page)
{
	recognise_turn(ctx, page);
	return 0;
}

int
recognise_recover(struct store *store)
{
	_cleanup_(loan_end) struct loan loan = loan_start(store);

	return loan.cat == NULL ? -EIO : catalogue_unturned(loan.cat, turn_now, store);
}
