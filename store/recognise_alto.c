/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a page with its places, as it is handed out: what the machine made of it, with
 * people's lines laid over it. An `ocr` room does that, since store reads no such format. */
#include <errno.h>
#include <string.h>

#include "clock.h"
#include "memfd.h"
#include "ocr/ocr_bus.h"
#include "peer.h"
#include "recognise_internal.h"
#include "secret.h"
#include "store_bus.h"

struct correcting {
	struct ocr_job job;
	const struct catalogue_page *page;
	struct refusal *refusal;
	json_t *lines; /* as people corrected them */
	int raw, made;
};

static int
fill_correct(sd_bus_message *message, void *arg)
{
	const struct correcting *c = arg;
	json_t *line;
	size_t i;
	int r;

	r = sd_bus_message_append(message, "h", c->raw);
	if (r >= 0)
		r = sd_bus_message_open_container(message, 'a', "(uuuus)");
	json_array_foreach(c->lines, i, line)
	{
		int x, y, w, h;
		const char *text;

		if (r >= 0 && json_unpack(line, "{s:i,s:i,s:i,s:i,s:s}", "x", &x, "y", &y, "w", &w,
				  "h", &h, "text", &text) < 0)
			r = -EBADMSG;
		if (r >= 0)
			r = sd_bus_message_append(message, "(uuuus)", (uint32_t)x, (uint32_t)y,
			    (uint32_t)w, (uint32_t)h, text);
	}
	return r < 0 ? r : sd_bus_message_close_container(message);
}

static int
take_alto(sd_bus_message *reply, void *arg)
{
	struct correcting *c = arg;
	int fd, r;

	r = sd_bus_message_read(reply, "h", &fd);
	return r < 0 ? r : peer_keep_fd(fd, &c->made);
}

/* The page's ALTO as the machine made it, an empty file when it was not read; and what people
 * corrected of it. */
static int
gather(struct store *store, struct correcting *c)
{
	const struct catalogue_page *page = c->page;
	_cleanup_(secret_freep) uint8_t *alto = NULL;
	_cleanup_(loan_end) struct loan loan = {0};
	size_t size = 0;
	int r = 0;

	if (page->alto[0] != '\0')
		r = store_object(store, page->batch, page->key, page->alto, &alto, &size);
	if (r >= 0)
		r = c->raw = memfd_new_sealed("alto", alto, size);
	if (r < 0 || size == 0)
		return r;
	loan = loan_start(store);
	return loan.cat == NULL ? -EIO : catalogue_corrections(loan.cat, page->page, &c->lines);
}

/* On a worker's thread. Nothing corrected: the file as it is. */
/* Laying corrections over a page takes no longer than reading it may. */
static unsigned
longest(struct store *store)
{
	const unsigned limit =
	    (unsigned)config_uint(store->config, "ocr", "page_time_limit_s", 1, 3600);

	return limit * OCR_PATIENCE < STORE_ALTO_S ? limit * OCR_PATIENCE : STORE_ALTO_S;
}

static int
run_correct(struct store *store, const char *peer, struct ocr_job *job)
{
	struct correcting *c = (struct correcting *)job;
	struct peer_call call = {peer, OCR_PATH, OCR_IFACE, "Correct", fill_correct, take_alto, c,
	    ocr_job_left(job, longest(store))};
	_cleanup_(memview_free) struct memview view = {0};
	int r = gather(store, c);

	if (r >= 0 && json_array_size(c->lines) == 0) {
		c->made = TAKE_FD(c->raw);
		return 0;
	}
	if (r >= 0)
		r = ocr_call(store, &call, c->refusal);
	if (r >= 0 && memfd_view(c->made, OCR_MAX_RESULT, &view) < 0)
		r = refuse(c->refusal, "internal");
	return r;
}

static void
correcting_end(struct correcting *c)
{
	json_decref(c->lines);
	closep(&c->raw);
	closep(&c->made);
}

int
alto_corrected(struct store *store, const char *peer, const struct catalogue_page *page,
    double until, struct refusal *refusal, int *ret_alto)
{
	_cleanup_(correcting_end) struct correcting c = {
	    .job.until = until, .page = page, .refusal = refusal, .raw = -1, .made = -1};
	const int r = run_correct(store, peer, &c.job);

	if (r >= 0)
		*ret_alto = TAKE_FD(c.made);
	return r;
}

int
recognise_alto(
    struct store *store, const struct catalogue_page *page, struct refusal *refusal, int *ret_alto)
{
	_cleanup_(correcting_end) struct correcting c = {
	    .job = {.run = run_correct, .until = clock_seconds() + STORE_ALTO_S},
	    .page = page,
	    .refusal = refusal,
	    .raw = -1,
	    .made = -1};
	int r;

	ocr_job_submit(store, &c.job);
	r = ocr_job_refuse(refusal, ocr_job_wait(store, &c.job));
	if (r >= 0)
		*ret_alto = TAKE_FD(c.made);
	return r;
}
