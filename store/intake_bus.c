/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intake1: what scanner and import may call. A peer can name only the run that was given to its own
 * link. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "intake_internal.h"
#include "intake_params.h"
#include "link.h"
#include "log.h"
#include "scanner/scanner_bus.h"

struct intake_link {
	struct store *store;
	char peer[RUN_JOB_TEXT + 8];
};

/* One PutPage or Finish on its way through a pool thread. */
struct delivery {
	struct run *run;
	sd_bus_message *message;
	int fd;
	unsigned seq;
	json_t *params;
	struct refusal end; /* of a Finish */
	int r;
	struct refusal refusal;
	char page[ID_TEXT];
};

static void
delivery_free(struct delivery *d)
{
	closep(&d->fd);
	json_decref(d->params);
	sd_bus_message_unref(d->message);
	free(d);
}

static void
send_error(struct delivery *d)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;

	refuse_errno(&d->refusal, d->r);
	link_error(&error, d->refusal.code, d->refusal.ja, d->refusal.en);
	sd_bus_reply_method_error(d->message, &error);
	sd_bus_error_free(&error);
}

static void
store_page(void *arg)
{
	struct delivery *d = arg;
	_cleanup_(memview_free) struct memview view = {0};

	d->r = memfd_view(d->fd, MEMFD_MAX, &view);
	if (d->r >= 0 && view.size == 0)
		d->r = -EINVAL;
	d->r =
	    run_put_page(d->run, d->r < 0 ? NULL : &view, d->seq, d->params, &d->refusal, d->page);
	if (d->r < 0)
		log_errno(d->r, "intake: %s: page %u not stored (%s)", run_job(d->run), d->seq,
		    d->refusal.code);
	run_release(d->run);
}

static void
page_stored(void *arg)
{
	struct delivery *d = arg;

	if (d->r < 0)
		send_error(d);
	else
		sd_bus_reply_method_return(d->message, "s", d->page);
	delivery_free(d);
}

/* Pages of the run that wait or are being stored; those that joined their batch are as good as
 * answered. */
static unsigned
in_flight(const struct run *run)
{
	struct runs *runs = run->store->runs;
	unsigned n;

	pthread_mutex_lock(&runs->lock);
	n = run->received - run->joined;
	pthread_mutex_unlock(&runs->lock);
	return n;
}

/* May this page of this run come now? The run is held when it may. */
static int
admit_page(struct intake_link *link, const char *job, uint32_t seq, struct delivery *d)
{
	struct run *run = runs_find(link->store->runs, link->peer, job);
	int r = 0;

	if (run == NULL)
		return -ENOENT;
	if (seq != run->received + 1 || seq > RUN_MAX_PAGES)
		r = -EINVAL;
	else if (in_flight(run) >= INTAKE_WINDOW)
		r = refuse(&d->refusal, "overloaded");
	if (r < 0)
		run_release(run);
	else
		d->run = run;
	return r;
}

static int
on_put_page(sd_bus_message *message, void *userdata, sd_bus_error *ret_error)
{
	struct intake_link *link = userdata;
	struct delivery *d = calloc(1, sizeof(*d));
	const char *job;
	uint32_t seq;
	int r, fd;

	if (d == NULL)
		return -ENOMEM;
	d->fd = -1;
	r = sd_bus_message_read(message, "suh", &job, &seq, &fd);
	if (r >= 0)
		r = params_read(message, &d->params);
	if (r >= 0)
		r = admit_page(link, job, seq, d);
	if (r < 0) {
		d->message = sd_bus_message_ref(message);
		d->r = r;
		log_errno(r, "intake: %s: page refused", link->peer);
		send_error(d);
		delivery_free(d);
		return 1;
	}
	d->run->received++;
	d->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	d->seq = seq;
	d->message = sd_bus_message_ref(message);
	r = pool_submit(link->store->intake, store_page, page_stored, d);
	if (r < 0) {
		d->run->received--;
		run_release(d->run);
		delivery_free(d);
	}
	return r < 0 ? r : 1;
}

static void
finish_run(void *arg)
{
	struct delivery *d = arg;
	struct run *run = d->run;
	const bool import =
	    run->import; /* an import's waiter may free the run once it is released */

	if (import)
		run_set_end(run, d->end.code, d->end.ja, d->end.en);
	run_release(run);
	if (!import)
		d->r = run_finish_scan(run, d->end.code, d->end.ja, d->end.en);
}

static void
run_finished(void *arg)
{
	struct delivery *d = arg;

	if (d->message != NULL && d->r < 0)
		send_error(d);
	else if (d->message != NULL)
		sd_bus_reply_method_return(d->message, "");
	delivery_free(d);
}

static int
on_finish(sd_bus_message *message, void *userdata, sd_bus_error *ret_error)
{
	struct intake_link *link = userdata;
	const char *job, *code, *ja, *en;
	struct delivery *d;
	int r;

	r = sd_bus_message_read(message, "ssss", &job, &code, &ja, &en);
	if (r < 0)
		return r;
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return -ENOMEM;
	d->fd = -1;
	d->run = runs_find(link->store->runs, link->peer, job);
	/* claimed here, on the thread that reads messages: whatever the peer sends after its Finish
	 * comes too late, however fast it follows */
	if (d->run == NULL || !run_claim(d->run)) {
		if (d->run != NULL)
			run_release(d->run);
		delivery_free(d);
		return link_error(
		    ret_error, "not_found", "その取込はありません。", "There is no such run.");
	}
	d->message = sd_bus_message_ref(message);
	refuse_text(&d->end, code, ja, en);
	r = pool_submit(link->store->urgent, finish_run, run_finished, d);
	if (r < 0) {
		run_unclaim(d->run);
		run_release(d->run);
		delivery_free(d);
	}
	return r < 0 ? r : 1;
}

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("PutPage", "suha{ss}", "s", on_put_page, 0),
    SD_BUS_METHOD("Finish", "ssss", "", on_finish, 0),
    SD_BUS_VTABLE_END,
};

static void
link_free(void *userdata)
{
	free(userdata);
}

int
intake_attach(struct store *store, const char *peer, sd_bus *bus, sd_bus_slot **ret)
{
	struct intake_link *link = calloc(1, sizeof(*link));
	int r;

	if (link == NULL)
		return -ENOMEM;
	link->store = store;
	snprintf(link->peer, sizeof(link->peer), "%s", peer);
	r = sd_bus_add_object_vtable(bus, ret, INTAKE_PATH, INTAKE_IFACE, vtable, link);
	if (r < 0) {
		free(link);
		return r;
	}
	return sd_bus_slot_set_destroy_callback(*ret, link_free);
}

/* The scanner died in mid-run: its run ends, its pages stay. An import's waiter is told. */
void
intake_lost(struct store *store, const char *peer)
{
	struct runs *runs = store->runs;
	struct run *lost = NULL;
	bool cancelled = false;

	pthread_mutex_lock(&runs->lock);
	for (struct run *run = runs->list; run != NULL && lost == NULL; run = run->next)
		if (strcmp(run->peer, peer) == 0 && !run->finished) {
			run->finished = true;
			run->busy++;
			cancelled = run->cancelled; /* a pool thread may set it meanwhile */
			lost = run;
		}
	pthread_cond_broadcast(&runs->changed);
	pthread_mutex_unlock(&runs->lock);
	if (lost != NULL) {
		struct delivery *d = calloc(1, sizeof(*d));

		if (d == NULL) {
			run_unclaim(lost);
			run_release(lost);
			return;
		}
		d->fd = -1;
		d->run = lost;
		refuse(&d->end, lost->import ? "corrupt"
				: cancelled  ? "cancel_restarted"
					     : "scanner_restarted");
		if (pool_submit(store->urgent, finish_run, run_finished, d) < 0) {
			run_unclaim(lost);
			run_release(lost);
			delivery_free(d);
		}
	}
}
