/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proof: the log as people read it, verification, checkpoints, the doctor, rebuild (G6-30, G6-31,
 * G71-01). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "doctor.h"
#include "io.h"
#include "log.h"
#include "text.h"
#include "verify.h"

#define LOG_LIMIT 200
#define LOG_LIMIT_MAX 5000

/* ---- log ---- */

static int
decide_log_view(struct txn *txn, void *arg)
{
	return txn_event(txn, "log.view", json_pack("{s:O}", "filter", (json_t *)arg));
}

static int
act_log(struct call *call)
{
	const char *since = call->args[1].text, *document = call->args[2].text,
		   *user = call->args[3].text, *type = call->args[4].text;
	json_t *filter = json_pack(
	    "{s:s,s:s,s:s,s:s}", "since", since, "document", document, "user", user, "type", type);
	unsigned limit = call->args[5].u == 0 ? LOG_LIMIT : call->args[5].u;
	char from[TIME_TEXT_SIZE] = "";
	uint64_t ms;
	int r;

	if (since[0] != '\0') {
		if (time_parse(since, &ms) < 0) {
			json_decref(filter);
			return refuse_detail(&call->refusal, "bad_date", "since");
		}
		time_format(ms, from);
	}
	r = call_commit(call, decide_log_view, filter);
	json_decref(filter);
	if (r < 0)
		return r;
	{
		_cleanup_(loan_end) struct loan loan = loan_start(call->store);

		r = loan.cat == NULL
			? -EIO
			: catalogue_log_json(loan.cat, from, document, user, type,
			      limit > LOG_LIMIT_MAX ? LOG_LIMIT_MAX : limit, &call->result);
	}
	return r;
}

/* ---- verify ---- */

struct verdict {
	const char *scope;
	bool ok;
	unsigned long faults;
};

static int
decide_verdict(struct txn *txn, void *arg)
{
	const struct verdict *v = arg;

	return txn_event(txn, "verify",
	    json_pack(
		"{s:s,s:b,s:I}", "scope", v->scope, "ok", v->ok, "faults", (json_int_t)v->faults));
}

static int
verify_all(struct call *call, struct verified *count, struct faults *faults)
{
	json_t *documents = NULL, *id;
	size_t i;
	int r;

	{
		_cleanup_(loan_end) struct loan loan = loan_start(call->store);

		r = loan.cat == NULL ? -EIO : catalogue_all_documents(loan.cat, &documents);
	}
	json_array_foreach(documents, i, id)
	{
		if (r < 0)
			break;
		r = verify_document(call->store, json_string_value(id), count, faults);
	}
	json_decref(documents);
	return r < 0 ? r : verify_log(call->store, count, faults);
}

static int
act_verify(struct call *call)
{
	const char *document = call->args[1].text;
	struct verified n = {0};
	struct faults faults;
	struct verdict verdict;
	int r;

	faults_init(&faults);
	r = document[0] == '\0' ? verify_all(call, &n, &faults)
				: verify_document(call->store, document, &n, &faults);
	if (r == -ENOENT)
		r = refuse_detail(&call->refusal, "not_found", document);
	if (r >= 0) {
		verdict = (struct verdict){
		    document[0] == '\0' ? "all" : document, faults.count == 0, faults.count};
		r = call_commit(call, decide_verdict, &verdict);
	}
	if (r >= 0)
		call->result =
		    json_pack("{s:b,s:{s:i,s:i,s:i,s:i,s:i,s:I},s:O}", "ok", faults.count == 0,
			"checked", "documents", (int)n.documents, "pages", (int)n.pages,
			"signatures", (int)n.signatures, "timestamps", (int)n.timestamps, "objects",
			(int)n.objects, "events", (json_int_t)n.events, "faults", faults.list);
	json_decref(faults.list);
	return r;
}

/* ---- checkpoint ---- */

static int
sign_checkpoint(struct catalogue **cat, struct eventlog *log, void *arg)
{
	return eventlog_checkpoint(log, arg);
}

/* The note's second and third lines: size and root (C2SP tlog-checkpoint). */
static json_t *
note_json(const char *origin, const char *verifier, const char *note)
{
	const char *size = strchr(note, '\n'), *root = size != NULL ? strchr(size + 1, '\n') : NULL;
	const char *end = root != NULL ? strchr(root + 1, '\n') : NULL;

	if (end == NULL)
		return NULL;
	return json_pack("{s:s,s:I,s:s%,s:s,s:s}", "origin", origin, "size",
	    (json_int_t)strtoull(size + 1, NULL, 10), "root", root + 1, (size_t)(end - root - 1),
	    "note", note, "verifier", verifier);
}

static int
decide_checkpoint(struct txn *txn, void *arg)
{
	const json_t *note = arg;

	return txn_event(txn, "checkpoint",
	    json_pack("{s:O,s:O}", "size", json_object_get(note, "size"), "root",
		json_object_get(note, "root")));
}

static int
act_checkpoint(struct call *call)
{
	struct store *store = call->store;
	_cleanup_(freep) char *note = NULL;
	int r;

	r = writer_exclusive(store->writer, sign_checkpoint, &note);
	if (r < 0)
		return r;
	call->result = note_json(eventlog_origin(store->log), eventlog_verifier(store->log), note);
	return call->result == NULL ? -EBADMSG : call_commit(call, decide_checkpoint, call->result);
}

/* ---- doctor ---- */

static int
act_doctor(struct call *call)
{
	struct examined n;
	struct faults faults;
	int r;

	faults_init(&faults);
	r = doctor_examine(call->store, &n, &faults);
	if (r >= 0)
		call->result = json_pack("{s:b,s:{s:I,s:I,s:I,s:I},s:O}", "ok", faults.count == 0,
		    "checked", "events", (json_int_t)n.events, "objects", (json_int_t)n.objects,
		    "orphans", (json_int_t)n.orphans, "key_files", (json_int_t)n.key_files,
		    "faults", faults.list);
	json_decref(faults.list);
	return r;
}

/* ---- rebuild ---- */

struct rebuild {
	struct store *store;
	uint64_t events;
	unsigned lost; /* results of recognition */
};

/* Makes a new catalogue beside the old one and puts it in its place; the old one stays when
 * anything fails. */
static int
swap_catalogue(struct catalogue **cat, struct eventlog *log, void *arg)
{
	struct rebuild *rebuild = arg;
	struct store *store = rebuild->store;
	_cleanup_(catalogue_freep) struct catalogue *fresh = NULL;
	struct catalogue *old = *cat;
	char path[4096];
	int64_t next;
	int r;

	snprintf(path, sizeof(path), "%s.rebuild", store->catalogue_path);
	catalogue_remove(path);
	r = catalogue_open(path, 'w', &store->sources, &fresh);
	if (r >= 0)
		r = store_replay(store, fresh, log);
	next = r < 0 ? r : catalogue_next_event(fresh);
	if (next < 0) {
		catalogue_free(TAKE_PTR(fresh));
		catalogue_remove(
		    path); /* half of one is of no use, and takes what space there is */
		return (int)next;
	}
	rebuild->events = (uint64_t)next;
	rebuild->lost = catalogue_lost(fresh);
	catalogue_free(TAKE_PTR(fresh));
	store_reader_close(store);
	catalogue_free(old);
	r = catalogue_remove(store->catalogue_path);
	if (r >= 0)
		r = io_rename(AT_FDCWD, path, store->catalogue_path);
	if (r >= 0)
		r = catalogue_open(store->catalogue_path, 'w', &store->sources, cat);
	/* closing may have left behind what did not get from its journal into the file */
	if (r >= 0 && catalogue_next_event(*cat) != (int64_t)rebuild->events)
		r = -EIO;
	if (r < 0) {
		log_errno(r, "rebuild: cannot open the new catalogue; restarting to replay");
		abort();
	}
	store->writer_cat = *cat;
	store_reader_open(store);
	return 0;
}

static int
settle_catalogue(struct catalogue **cat, struct eventlog *log, void *arg)
{
	return catalogue_settle(*cat);
}

/* Without a box: opening the archive with no catalogue makes one, beside the old one, which stays
 * until the new one is whole. */
static int
rebuild_offline(struct store *store, unsigned *ret_lost)
{
	char *kept = store->catalogue_path, fresh[4096];
	int r;

	r = store_lock(store);
	if (r < 0)
		return r;
	snprintf(fresh, sizeof(fresh), "%s.rebuild", kept);
	r = catalogue_remove(fresh);
	store->catalogue_path = fresh;
	if (r >= 0)
		r = store_open(store);
	*ret_lost = r >= 0 ? catalogue_lost(store->writer_cat) : 0;
	if (r >= 0)
		r = writer_exclusive(store->writer, settle_catalogue, NULL);
	store_close(store);
	store_reader_open(store);
	store->catalogue_path = kept;
	if (r < 0)
		catalogue_remove(fresh);
	if (r >= 0)
		r = catalogue_remove(kept);
	if (r >= 0)
		r = io_rename(AT_FDCWD, fresh, kept);
	return r < 0 ? r : store_open(store);
}

static int
act_rebuild(struct call *call)
{
	struct rebuild rebuild = {call->store, 0, 0};
	const uint64_t start = time_now_ms();
	json_t *status = NULL;
	int r;

	if (call->store->writer == NULL) {
		r = rebuild_offline(call->store, &rebuild.lost);
		rebuild.events = r < 0 ? 0 : eventlog_size(call->store->log);
	} else {
		r = writer_exclusive(call->store->writer, swap_catalogue, &rebuild);
	}
	if (r >= 0) {
		_cleanup_(loan_end) struct loan loan = loan_start(call->store);

		r = loan.cat == NULL ? -EIO : catalogue_status_json(loan.cat, &status);
	}
	if (r >= 0)
		call->result = json_pack("{s:I,s:O,s:i,s:f}", "events", (json_int_t)rebuild.events,
		    "pages", json_object_get(status, "pages"), "lost", (int)rebuild.lost, "seconds",
		    (double)(time_now_ms() - start) / 1000);
	json_decref(status);
	store_announce_change(call->store);
	return r;
}

const struct act acts_proof[] = {
    {"Log", ACTION_LOG, act_log, 0},
    {"Verify", ACTION_VERIFY, act_verify, ACT_SLOW},
    {"Checkpoint", ACTION_CHECKPOINT, act_checkpoint, 0},
    {"Doctor", ACTION_DOCTOR, act_doctor, ACT_OFFLINE | ACT_SLOW},
    {"Rebuild", ACTION_REBUILD, act_rebuild, ACT_OFFLINE | ACT_SLOW},
    {NULL},
};
