/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scan and import: opens batches, starts the rooms that make pages. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "call.h"
#include "canon.h"
#include "intake.h"
#include "memfd.h"
#include "peer.h"
#include "profile.h"
#include "ring.h"
#include "scanner/scanner_bus.h"
#include "store_bus.h"
#include "supervisor_bus.h"

#define SCAN_GONE_S 20 /* its last pages are being stored, then its end */
#define SCAN_START_TIMEOUT_S (STORE_SCAN_S - SCAN_GONE_S)
#define TYPE_MAX 64 /* bytes of a document type's name */

/* ---- scan ---- */

struct scan {
	const char *job, *device;
	const struct profile *profile;
	unsigned sheets;
};

static int
fill_scan(sd_bus_message *message, void *arg)
{
	const struct scan *s = arg;

	return sd_bus_message_append(message, "ssussu", s->job, s->device, s->profile->dpi,
	    s->profile->mode, s->profile->source, s->sheets);
}

static json_t *
run_payload(const struct scan *s)
{
	return json_pack("{s:s,s:s,s:{s:i,s:s,s:s,s:i}}", "device", s->device, "profile",
	    s->profile->id, "requested", "dpi", (int)s->profile->dpi, "mode", s->profile->mode,
	    "source", s->profile->source, "sheets", (int)s->sheets);
}

struct go_on {
	const char *batch;
	const struct scan *scan;
};

/* A further run in a batch that is still open: the clerk goes on after a jam. */
static int
decide_go_on(struct txn *txn, void *arg)
{
	const struct go_on *g = arg;
	struct catalogue_batch batch;
	json_t *payload;
	const int r = refuse_absent(
	    txn->refusal, catalogue_batch(txn->cat, g->batch, &batch), "not_found", NULL);

	if (r < 0)
		return r;
	/* an import's pages become visible together: nothing else may add to its batch */
	if (strcmp(batch.source, "scan") != 0)
		return refuse(txn->refusal, "not_found");
	if (strcmp(batch.state, "submitted") == 0)
		return refuse(txn->refusal, "batch_submitted");
	if (batch.running)
		return refuse(txn->refusal, "batch_running");
	payload = run_payload(g->scan);
	json_object_set_new(payload, "batch", json_string(g->batch));
	return txn_event(txn, "batch.run", payload);
}

static int
open_or_go_on(struct call *call, const struct scan *scan, char batch[ID_TEXT])
{
	const char *type = call->args[3].text, *given = call->args[4].text;
	struct go_on g = {given, scan};

	if (given[0] == '\0')
		return ring_open_batch(call->store, &call->actor, &call->refusal,
		    json_pack("{s:s,s:s,s:s,s:s}", "source", "scan", "device", scan->device,
			"profile", scan->profile->id, "document_type", type),
		    run_payload(scan), batch);
	if (strlen(given) >= ID_TEXT)
		return refuse(&call->refusal, "not_found");
	memcpy(batch, given, strlen(given) + 1);
	return call_commit(call, decide_go_on, &g);
}

static int
start_scanner(struct call *call, struct scan *scan, struct run *run)
{
	struct peer_call start = {"scanner", SCANNER_PATH, SCANNER_IFACE, "Scan", fill_scan, NULL,
	    scan, SCAN_START_TIMEOUT_S};
	int r;

	scan->job = run_job(run);
	r = peer_call(call->store, &start, &call->refusal);
	if (r == -ENOTCONN || r == -ETIMEDOUT)
		r = refuse(&call->refusal, "scanner_away");
	if (r >= 0) {
		run_release(run);
		return 0;
	}
	refuse_errno(&call->refusal, r);
	/* where it is ended already, who is refused may ask again at once */
	if (run_claim(run) || (run = run_take_over(run, SCAN_GONE_S)) != NULL) {
		run_release(run);
		run_finish_scan(run, call->refusal.code, call->refusal.ja, call->refusal.en);
	}
	return r;
}

static int
act_scan(struct call *call)
{
	struct scan scan = {
	    .device = call->args[1].text,
	    .profile = profile_find(call->args[2].text),
	    .sheets = call->args[5].u,
	};
	char batch[ID_TEXT], job[RUN_JOB_TEXT];
	struct run *run;
	int r;

	if (scan.profile == NULL)
		return refuse(&call->refusal, "bad_profile");
	if (strlen(call->args[3].text) > TYPE_MAX)
		return refuse(&call->refusal, "too_long");
	if (runs_scanning(call->store, "", job))
		return refuse(&call->refusal, "busy");
	intake_retry_ends(call->store);
	r = store_check_space(call->store);
	if (r >= 0)
		r = open_or_go_on(call, &scan, batch);
	if (r < 0)
		return r;
	r = run_begin(call->store, batch, &call->actor, false, NULL, &run);
	if (r < 0) {
		/* somebody else was quicker: the batch must not look as if it were being scanned */
		refuse(&call->refusal, r == -EBUSY ? "busy" : "internal");
		intake_end_unbegun(call->store, batch, &call->actor, &call->refusal);
		return -ECANCELED;
	}
	r = start_scanner(call, &scan, run);
	if (r >= 0)
		call->result = json_pack("{s:s}", "batch", batch);
	return r;
}

static int
fill_job(sd_bus_message *message, void *arg)
{
	return sd_bus_message_append(message, "s", (const char *)arg);
}

static int
act_cancel(struct call *call)
{
	const char *batch = call->args[1].text;

	return batch[0] == '\0' ? 0 : intake_cancel(call->store, batch, &call->refusal);
}

/* ---- import ---- */

static int
act_import_open(struct call *call)
{
	char batch[ID_TEXT];
	int r;

	if (strlen(call->args[1].text) > TYPE_MAX)
		return refuse(&call->refusal, "too_long");
	r = store_check_space(call->store);
	if (r >= 0)
		r = ring_open_batch(call->store, &call->actor, &call->refusal,
		    json_pack("{s:s,s:s,s:s,s:s}", "source", "import", "device", "", "profile", "",
			"document_type", call->args[1].text),
		    NULL, batch);
	if (r >= 0)
		call->result = json_pack("{s:s}", "batch", batch);
	return r;
}

struct convert {
	const char *job, *name;
	int fd;
	bool sent; /* a process has the file: from then on a failure is the file's */
};

static int
fill_convert(sd_bus_message *message, void *arg)
{
	const struct convert *c = arg;

	return sd_bus_message_append(message, "ssh", c->job, c->name, c->fd);
}

struct refused_file {
	const char *batch, *file;
	const struct refusal *refusal;
};

static int
decide_refused(struct txn *txn, void *arg)
{
	const struct refused_file *f = arg;

	return txn_event(txn, "batch.refuse",
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "batch", f->batch, "file", f->file, "code",
		f->refusal->code, "message_ja", f->refusal->ja, "message_en", f->refusal->en));
}

#define SPAWN_WAIT_MS 100
#define CONVERT_WAIT_MS 50
#define CONVERT_TRIES 60u /* 3 s: a process that takes longer to start will not come */

/* Starts one import process for the run and hands it the file. */
static int
convert(struct call *call, struct run *run, const char *name)
{
	struct store *store = call->store;
	struct convert c = {run_job(run), name, call->args[3].fd};
	char peer[RUN_JOB_TEXT + 8];
	struct peer_call spawn = {"", SUPERVISOR_PATH, SUPERVISOR_IFACE, "SpawnImport", fill_job,
	    NULL, (void *)run_job(run), 30};
	struct peer_call start = {
	    peer, IMPORT_PATH, IMPORT_IFACE, "Convert", fill_convert, NULL, &c, 30, &c.sent};
	struct peer_call kill = {
	    "", SUPERVISOR_PATH, SUPERVISOR_IFACE, "Kill", fill_job, NULL, peer, 10};
	const unsigned limit =
	    (unsigned)config_uint(store->config, "import", "time_limit_s", 1, 3600);
	int r;

	snprintf(peer, sizeof(peer), "import/%s", run_job(run));
	for (unsigned tries = 0;; tries++) {
		r = peer_call(store, &spawn, &call->refusal);
		if (r != -ECANCELED || strcmp(call->refusal.code, "busy") != 0 ||
		    tries >= limit * 1000 / SPAWN_WAIT_MS)
			break;
		usleep(SPAWN_WAIT_MS * 1000); /* not until a change: a busy box has too many */
	}
	/* SpawnImport is answered when the process exists; its link comes when it has locked itself
	 * down. */
	for (unsigned tries = 0; r >= 0; tries++) {
		r = peer_call(store, &start, &call->refusal);
		if (r != -ENOTCONN || tries >= CONVERT_TRIES)
			break;
		usleep(CONVERT_WAIT_MS * 1000);
		r = 0;
	}
	if (r == -ENOTCONN || r == -ETIMEDOUT)
		r = refuse(&call->refusal, !c.sent           ? "overloaded"
					   : r == -ETIMEDOUT ? "timed_out"
							     : "corrupt");
	if (r >= 0)
		r = run_wait(run, limit + 2, &call->refusal);
	if (r < 0)
		peer_call(store, &kill, NULL);
	return r;
}

/* The batch must be this person's own open import. */
static int
check_import_batch(struct call *call, const char *id)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	struct catalogue_batch batch;
	int r;

	if (loan.cat == NULL)
		return -EIO;
	r = refuse_absent(&call->refusal, catalogue_batch(loan.cat, id, &batch), "not_found", NULL);
	if (r < 0)
		return r;
	if (strcmp(batch.source, "import") != 0 || strcmp(batch.opened_by, call->actor.user) != 0)
		return refuse(&call->refusal, "not_found");
	if (strcmp(batch.state, "submitted") == 0)
		return refuse(&call->refusal, "batch_submitted");
	return 0;
}

static int
act_import_file(struct call *call)
{
	const char *batch = call->args[1].text, *name = call->args[2].text;
	struct refused_file refused = {batch, name, &call->refusal};
	_cleanup_(memview_free) struct memview view = {0};
	char document[ID_TEXT];
	struct run *run;
	unsigned pages;
	int r;

	r = check_import_batch(call, batch);
	if (r < 0)
		return r;
	if (strlen(name) > 255)
		return refuse(&call->refusal, "too_long");
	r = memfd_view(call->args[3].fd, MEMFD_MAX, &view);
	if (r < 0)
		return refuse(&call->refusal, r == -EFBIG ? "too_long" : "bad_parameter");
	r = run_begin(call->store, batch, &call->actor, true, name, &run);
	if (r < 0)
		return r == -EBUSY ? refuse(&call->refusal, "overloaded") : r;
	r = store_check_space(call->store);
	if (r >= 0)
		r = convert(call, run, name);
	if (r >= 0)
		r = run_commit_import(run, &call->refusal, document, &pages);
	run_end(run);
	if (r < 0) {
		refuse_errno(&call->refusal, r);
		call_commit(call, decide_refused, &refused);
		return -ECANCELED;
	}
	call->result =
	    json_pack("{s:s,s:s,s:i}", "batch", batch, "document", document, "pages", (int)pages);
	return 0;
}

static int
act_import_close(struct call *call)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	json_t *batch = NULL, *documents = json_array(), *entry;
	size_t i;
	int r;

	r = loan.cat == NULL ? -EIO : catalogue_batch_json(loan.cat, call->args[1].text, &batch);
	if (r < 0) {
		json_decref(documents);
		return r;
	}
	json_array_foreach(json_object_get(batch, "documents"), i, entry) json_array_append_new(
	    documents, json_pack("{s:O,s:O}", "id", json_object_get(entry, "id"), "pages",
			   json_object_get(entry, "pages")));
	call->result = json_pack("{s:s,s:o,s:O}", "batch", call->args[1].text, "documents",
	    documents, "refused", json_object_get(batch, "refused"));
	json_decref(batch);
	return call->result != NULL ? 0 : -ENOMEM;
}

const struct act acts_intake[] = {
    {"Scan", ACTION_SCAN, act_scan, ACT_SLOW},
    {"Cancel", ACTION_SCAN, act_cancel, ACT_URGENT},
    {"ImportOpen", ACTION_SCAN, act_import_open, 0},
    {"ImportFile", ACTION_SCAN, act_import_file, ACT_SLOW},
    {"ImportClose", ACTION_SCAN, act_import_close, 0},
    {NULL},
};
