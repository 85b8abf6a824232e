/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page: master out, reading back, derived objects sealed, event committed. */
#include <errno.h>
#include <string.h>

#include "canon.h"
#include "log.h"
#include "memfd.h"
#include "ocr/ocr_bus.h"
#include "peer.h"
#include "recognise_internal.h"
#include "ring.h"
#include "secret.h"
#include "supervisor_bus.h"

enum { OUT_RESULT, OUT_ALTO, OUT_PREVIEW, OUT_THUMB, OUT_COUNT };
static const char *const out_names[OUT_COUNT] = {"result", "alto", "preview", "thumb"};
static const size_t out_max[OUT_COUNT] = {
    OCR_MAX_RESULT, OCR_MAX_RESULT, (size_t)16 << 20, (size_t)1 << 20};

#define PING_S 10                 /* for a room to say that it is there, on a busy machine */
#define RESULT_MAX_VALUES 1000000 /* JSON values of one result: 32 readings of 7,000 characters */

struct reading {
	const char *job; /* the page's id: the worker names it in its log */
	int master;
	const char *effort, *dpi;
	int out[OUT_COUNT];
	bool further;
	bool sent; /* the worker saw the page: from then on a failure is its */
};

int
page_master_memfd(struct store *store, const struct catalogue_page *page, int *ret_fd)
{
	_cleanup_(secret_freep) uint8_t *tiff = NULL;
	struct age_identity identity;
	size_t size;
	int r;

	r = keys_ring_identity(store->keys, page->batch, page->ring_sha256, page->key, &identity);
	if (r < 0)
		return r;
	r = objects_get(store->objects, page->master, &identity, &tiff, &size);
	explicit_bzero(&identity, sizeof(identity));
	if (r < 0)
		return r;
	r = memfd_new_sealed("master", tiff, size);
	if (r >= 0)
		*ret_fd = r;
	return r < 0 ? r : 0;
}

int
page_put_derived(struct store *store, const struct catalogue_page *page, json_t *payload,
    const char *name, const void *data, size_t n)
{
	uint8_t recipient[32];
	char id[OBJECT_ID];
	uint64_t size;
	int r;

	r = keys_ring_recipient(store->keys, page->batch, page->ring_sha256, page->key, recipient);
	if (r >= 0)
		r = objects_put(store->objects, recipient, data, n, id, &size);
	if (r < 0)
		return r;
	return json_object_set_new(
		   payload, name, json_pack("{s:s,s:I}", "id", id, "size", (json_int_t)size)) == 0
		   ? 0
		   : -ENOMEM;
}

static int
fill_read(sd_bus_message *message, void *arg)
{
	const struct reading *reading = arg;

	return sd_bus_message_append(message, "sha{ss}", reading->job, reading->master, 2, "effort",
	    reading->effort, "dpi", reading->dpi);
}

static int
take_read(sd_bus_message *reply, void *arg)
{
	struct reading *reading = arg;
	int fd[OUT_COUNT], r;

	r = sd_bus_message_read(reply, "hhhh", &fd[0], &fd[1], &fd[2], &fd[3]);
	for (int i = 0; r >= 0 && i < OUT_COUNT; i++)
		r = peer_keep_fd(fd[i], &reading->out[i]);
	return r;
}

/* Further readings are laid beside a first one only when they see the same page: as upright, as
 * large. */
static int
decide_read(struct txn *txn, void *arg)
{
	json_t *payload = arg;
	const json_t *reading = json_object_get(payload, "reading");
	const bool further = json_is_true(json_object_get(payload, "further"));
	const char *id = json_string_value(json_object_get(payload, "page"));
	const unsigned lost = catalogue_lost(txn->cat);
	struct catalogue_page page;
	int r;

	r = catalogue_page(txn->cat, id, &page);
	if (r < 0)
		return r;
	if (further && (json_integer_value(json_object_get(reading, "rotation")) != page.rotation ||
			   json_integer_value(json_object_get(reading, "width")) != page.width ||
			   json_integer_value(json_object_get(reading, "height")) != page.height))
		return -EBADMSG;
	r = txn_event(txn, "page.read", json_incref(payload));
	/* what cannot be read back now was not kept */
	return r >= 0 && catalogue_lost(txn->cat) != lost ? -EIO : r;
}

static int
decide_failure(struct txn *txn, void *arg)
{
	json_t *payload = arg;
	const char *type = json_string_value(json_object_get(payload, "type"));
	_cleanup_(freep) char *copy = strdup(type);

	return copy == NULL ? -ENOMEM : txn_event(txn, copy, json_incref(payload));
}

/* The short facts of a reading that go into the event; the rest stays in the result object. */
static json_t *
summary(const json_t *result, const char *effort)
{
	static const char *const kept[] = {"engine", "width", "height", "dpi", "rotation",
	    "skew_mdeg", "findings", "form_type", "codes"};
	json_t *out = json_object();
	const json_t *shown = json_array_get(json_object_get(result, "readings"), 0);
	double confidence;
	json_t *value;

	json_object_set_new(out, "effort", json_string(effort));
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if ((value = json_object_get(result, kept[i])) != NULL)
			json_object_set(out, kept[i], value);
	confidence = json_number_value(json_object_get(shown, "confidence"));
	json_object_set_new(out, "confidence",
	    json_integer(confidence > 0 ? (confidence < 100 ? (json_int_t)confidence : 100) : 0));
	return out;
}

/* Parsed, every value takes some 40 bytes beside its text: a result of zeros and commas alone would
 * make store thirty times as large. Counts what begins a value; commas in texts count too. */
static bool
too_many_values(const struct memview *view)
{
	size_t n = 0;

	for (size_t i = 0; i < view->size && n <= RESULT_MAX_VALUES; i++)
		n += view->data[i] == ',' || view->data[i] == '[' || view->data[i] == '{';
	return n > RESULT_MAX_VALUES;
}

/* Seals the four results, of a further reading the first, and makes the event's payload. The peer's
 * output is untrusted: sizes, seals and JSON are checked here, members by apply. */
static int
keep_reading(struct store *store, const struct catalogue_page *page, const struct reading *reading,
    json_t *payload)
{
	json_error_t error;
	json_t *result;
	int r = 0;

	for (int i = 0; r >= 0 && i < (reading->further ? OUT_RESULT + 1 : OUT_COUNT); i++) {
		_cleanup_(memview_free) struct memview view = {0};
		char digest[65];

		r = memfd_view(reading->out[i], out_max[i], &view);
		if (r >= 0 && i == OUT_RESULT) {
			if (too_many_values(&view))
				return -E2BIG;
			result = json_loadb(
			    (const char *)view.data, view.size, JSON_REJECT_DUPLICATES, &error);
			if (result == NULL || !json_is_object(result)) {
				json_decref(result);
				return -EBADMSG;
			}
			canon_sha256(view.data, view.size, digest);
			json_object_set_new(payload, "reading", summary(result, reading->effort));
			json_object_set_new(payload, "result_sha256", json_string(digest));
			json_decref(result);
		}
		if (r >= 0)
			r = page_put_derived(
			    store, page, payload, out_names[i], view.data, view.size);
	}
	if (reading->further)
		json_object_set_new(payload, "further", json_true());
	json_object_set_new(payload, "page", json_string(page->page));
	json_object_set_new(payload, "key", json_integer(page->key));
	return r;
}

int
recognise_blame(
    struct store *store, const char *peer, const char *page, bool further, const char *why)
{
	_cleanup_(loan_end) struct loan loan = loan_start(store);
	const int attempts =
	    loan.cat == NULL ? 0 : catalogue_recognition_attempts(loan.cat, page) + 1;
	const bool given_up = attempts >= RECOGNISE_ATTEMPTS && !further;
	json_t *payload;
	int r;

	loan_end(&loan);
	if (given_up)
		payload = json_pack("{s:s,s:s,s:s,s:i}", "type", "page.unreadable", "page", page,
		    "why", why, "attempts", attempts);
	else
		payload = json_pack("{s:s,s:s,s:s,s:s,s:b}", "type", "room.fault", "room", peer,
		    "what", why, "page", page, "further", further);
	r = writer_commit(store->writer, &actor_system, NULL, decide_failure, payload);
	json_decref(payload);
	if (r == -ENOSPC)
		recogniser_disk_full(store);
	if (r < 0)
		log_errno(r, "recognise: %s: cannot record a failed reading", page);
	return r < 0 ? r : !given_up;
}

void
recognise_blame_worker(struct store *store, const char *peer)
{
	json_t *payload =
	    json_pack("{s:s,s:s,s:s}", "type", "room.fault", "room", peer, "what", "refuses_all");
	const int r = writer_commit(store->writer, &actor_system, NULL, decide_failure, payload);

	json_decref(payload);
	if (r < 0)
		log_errno(r, "recognise: %s: cannot record that it refuses every page", peer);
}

static int
fill_name(sd_bus_message *message, void *arg)
{
	return sd_bus_message_append(message, "s", (const char *)arg);
}

void
ocr_kill(struct store *store, const char *peer)
{
	struct peer_call kill = {
	    "", SUPERVISOR_PATH, SUPERVISOR_IFACE, "Kill", fill_name, NULL, (void *)peer, 10};

	peer_call(store, &kill, NULL);
}

int
ocr_call(struct store *store, const struct peer_call *call, struct refusal *refusal)
{
	const int r = peer_call(store, call, refusal);

	if (r == -ETIMEDOUT)
		ocr_kill(store, call->peer);
	return r;
}

/* Whether the worker goes on after it refused a page: one that is stuck past its limit refuses, and
 * ends. Its link answers for it: that it knows no such method is as good as that it does. */
static bool
goes_on(struct store *store, const char *peer)
{
	const struct peer_call ping = {
	    peer, OCR_PATH, "org.freedesktop.DBus.Peer", "Ping", .timeout_s = PING_S};
	const int r = peer_call(store, &ping, NULL);

	return r >= 0 || r == -EPROTO;
}

/* Asks the worker. -ENOTCONN also when it is just starting: then nobody is to blame. */
static int
ask(struct store *store, const char *peer, const struct catalogue_page *page,
    struct reading *reading, struct refusal *refusal)
{
	const unsigned limit =
	    (unsigned)config_uint(store->config, "ocr", "page_time_limit_s", 1, 3600);
	struct peer_call call = {peer, OCR_PATH, OCR_IFACE, "Read", fill_read, take_read, reading,
	    limit * OCR_PATIENCE + 10, &reading->sent};
	int r;

	r = page_master_memfd(store, page, &reading->master);
	return r < 0 ? r : ocr_call(store, &call, refusal);
}

/* Somebody turned the page before or while it was read: its new preview must follow. */
static void
turn_if_asked(struct store *store, const char *page_id)
{
	_cleanup_(loan_end) struct loan loan = loan_start(store);
	struct catalogue_page page;

	if (loan.cat != NULL && catalogue_page(loan.cat, page_id, &page) >= 0 &&
	    page.asked_rotation != 0)
		recognise_turn(store, page_id);
}

/* Objects of a reading that came to nothing: no event names them. */
static void
unlink_derived(struct store *store, const json_t *payload)
{
	for (int i = 0; i < OUT_COUNT; i++) {
		const char *id = json_string_value(
		    json_object_get(json_object_get(payload, out_names[i]), "id"));

		if (id != NULL)
			objects_unlink(store->objects, id);
	}
}

bool
recognise_lacks(int r)
{
	return r == -ENOMEM || r == -EMFILE || r == -ENFILE || r == -EIO || r == -EREMOTEIO ||
	       r == -EROFS || r == -EACCES || r == -EBUSY || r == -ESHUTDOWN;
}

/* What is known of a page is shown first; a box that is set to "all" reads everything at once. */
static const char *
effort_of(struct store *store, bool further)
{
	return further || strcmp(config_get(store->config, "ocr", "effort"), "all") == 0 ? "all"
											 : "shown";
}

/* Why the page, or its worker, is to blame that it was not read; NULL: neither is. */
static const char *
blame(const char *peer, const struct catalogue_page *page, const struct reading *reading,
    const struct refusal *refusal, int r)
{
	if (r == -ENOTCONN) {
		log_warn("recognise: %s: %s went away", page->page, peer);
		return reading->sent ? "worker_died" : NULL;
	}
	if (r == -ENOSPC) /* says the recogniser */
		return NULL;
	if (recognise_lacks(r)) {
		log_errno(r, "recognise: %s: not read yet", page->page);
		return NULL;
	}
	log_errno(r, "recognise: %s: not read (%s)", page->page, refusal->code);
	return !reading->sent             ? "image_damaged"
	       : r == -ETIMEDOUT          ? "timed_out"
	       : refusal->code[0] != '\0' ? refusal->code
					  : "bad_reading";
}

/* It failed with r. Returns that, or why not even the failure could be recorded: then the page must
 * rest, or it would end one worker after the other. gone: what is sent next is for a fresh one. */
static int
give_up(struct store *store, const char *peer, const struct catalogue_page *page,
    const struct reading *reading, const struct refusal *refusal, int r, bool gone,
    char ret_why[REASON_TEXT])
{
	const char *why = blame(peer, page, reading, refusal, r);
	int noted = 0;

	if (why != NULL && reading->sent && !gone)
		snprintf(ret_why, REASON_TEXT, "%s", why);
	else if (why != NULL)
		noted = recognise_blame(
		    store, reading->sent ? peer : "store", page->page, reading->further, why);
	if (r == -ENOSPC)
		recogniser_disk_full(store);
	return noted < 0 ? noted : r;
}

int
recognise_page(struct store *store, const char *peer, const struct catalogue_page *page,
    bool further, char ret_why[REASON_TEXT])
{
	struct reading reading = {.job = page->page,
	    .master = -1,
	    .effort = effort_of(store, further),
	    .further = further,
	    .out = {-1, -1, -1, -1}};
	const unsigned lives = recogniser_lives(store, peer);
	struct refusal refusal = {.code = ""};
	json_t *payload = json_object();
	char dpi[16];
	bool gone;
	int r;

	ret_why[0] = '\0';
	snprintf(dpi, sizeof(dpi), "%u", page->dpi);
	reading.dpi = dpi;
	r = ask(store, peer, page, &reading, &refusal);
	if (r >= 0)
		r = keep_reading(store, page, &reading, payload);
	if (r >= 0)
		r = writer_commit(store->writer, &actor_system, NULL, decide_read, payload);
	if (r >= 0)
		recogniser_disk_takes(store);
	if (r >= 0 && !further)
		turn_if_asked(store, page->page);
	if (r < 0)
		unlink_derived(store, payload);
	/* the worker is gone, or killed: the next page is for a fresh one */
	gone = r == -ENOTCONN || r == -ETIMEDOUT || (r == -ECANCELED && !goes_on(store, peer));
	if (gone)
		recogniser_await(store, peer, lives);
	if (r < 0)
		r = give_up(store, peer, page, &reading, &refusal, r, gone, ret_why);
	json_decref(payload);
	closep(&reading.master);
	for (int i = 0; i < OUT_COUNT; i++)
		closep(&reading.out[i]);
	return r;
}
