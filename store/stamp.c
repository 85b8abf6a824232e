/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The timestamp thread. Trust is decided here, not in courier: the answer is checked against the
 * request and the configured anchors before it is kept. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "fault.h"
#include "log.h"
#include "memfd.h"
#include "peer.h"
#include "ring.h"
#include "secret.h"
#include "stamp.h"
#include "text.h"
#include "web/courier_bus.h"

#define COURIER_MORE_S 5 /* what courier itself takes beside the authority */
#define IDLE_MS 10000
#define RETRY_MIN_MS 500
#define RETRY_MAX_MS 5000

struct stamper {
	struct store *store;
	pthread_t thread;
	bool failing; /* a waiting spell whose first failure is in the log */
};

struct post {
	int body;
	uint32_t status;
	int answer;
};

static int
fill_post(sd_bus_message *message, void *arg)
{
	const struct post *p = arg;

	return sd_bus_message_append(message, "ssh", "tsa", "application/timestamp-query", p->body);
}

static int
take_post(sd_bus_message *reply, void *arg)
{
	struct post *p = arg;
	const char *type;
	int fd, r;

	r = sd_bus_message_read(reply, "ush", &p->status, &type, &fd);
	return r < 0 ? r : peer_keep_fd(fd, &p->answer);
}

/* One exchange with the authority. ret_response is only as good as evidence_tsr_verify says. */
static int
ask(struct store *store, const struct bytes *request, struct bytes *ret_response)
{
	struct post p = {.body = -1, .answer = -1};
	struct peer_call call = {"courier", COURIER_PATH, COURIER_IFACE, "Post", fill_post,
	    take_post, &p,
	    (unsigned)config_uint(store->config, "courier", "timeout_s", 1, 300) + COURIER_MORE_S};
	_cleanup_(memview_free) struct memview view = {0};
	int r;

	p.body = memfd_new_sealed("tsq", request->data, request->size);
	if (p.body < 0)
		return p.body;
	r = peer_call(store, &call, NULL);
	if (r >= 0 && p.status != 200)
		r = -EREMOTEIO;
	if (r >= 0)
		r = memfd_view(p.answer, COURIER_MAX_BODY, &view);
	if (r >= 0) {
		ret_response->data = malloc(view.size + 1);
		if (ret_response->data == NULL) {
			r = -ENOMEM;
		} else {
			if (view.size > 0)
				memcpy(ret_response->data, view.data, view.size);
			ret_response->size = view.size;
		}
	}
	closep(&p.body);
	closep(&p.answer);
	return r;
}

struct stamped {
	const struct catalogue_document *document;
	const struct evidence_time *time;
	bool accredited;
	char tsr[OBJECT_ID], cms[OBJECT_ID];
	uint64_t tsr_size, cms_size;
};

static int
decide_stamped(struct txn *txn, void *arg)
{
	const struct stamped *s = arg;
	struct catalogue_document now;

	if (catalogue_document(txn->cat, s->document->document, &now) < 0 || now.stamped ||
	    now.version != s->document->version)
		return -EALREADY;
	return txn_event(txn, "doc.timestamp",
	    json_pack("{s:s,s:i,s:{s:s,s:I},s:{s:s,s:I},s:i,s:s,s:s,s:s,s:s,s:b}", "document",
		s->document->document, "version", (int)s->document->version, "object", "id", s->tsr,
		"size", (json_int_t)s->tsr_size, "signature", "id", s->cms, "size",
		(json_int_t)s->cms_size, "key", (int)s->document->evidence_key, "stamped_at",
		s->time->at, "tsa", s->time->tsa, "serial", s->time->serial, "policy",
		s->time->policy, "accredited", s->accredited));
}

/* CAdES-BES becomes CAdES-T; both files are sealed with the record's own key. */
static int
keep(struct store *store, const struct catalogue_document *document, const struct bytes *response,
    const struct evidence_time *time)
{
	struct stamped s = {.document = document,
	    .time = time,
	    .accredited = config_bool(store->config, "tsa", "accredited")};
	_cleanup_(secret_freep) uint8_t *cms = NULL;
	struct bytes token = {0}, stamped = {0}, plain = {0};
	uint8_t recipient[32];
	int r;

	r = store_object(
	    store, document->batch, document->evidence_key, document->signature, &cms, &plain.size);
	plain.data = cms;
	if (r >= 0)
		r = evidence_tsr_token(response->data, response->size, &token, NULL);
	if (r >= 0)
		r = evidence_add_token(&plain, token.data, token.size, &stamped);
	if (r >= 0)
		r = ring_recipient(store, document->batch, document->evidence_key, recipient);
	if (r >= 0)
		r = objects_put(
		    store->objects, recipient, response->data, response->size, s.tsr, &s.tsr_size);
	if (r >= 0)
		r = objects_put(
		    store->objects, recipient, stamped.data, stamped.size, s.cms, &s.cms_size);
	if (r >= 0)
		r = writer_commit(store->writer, &actor_system, NULL, decide_stamped, &s);
	/* it is tried again every few seconds: what nobody names would fill the disk */
	if (r < 0 && s.tsr[0] != '\0')
		objects_unlink(store->objects, s.tsr);
	if (r < 0 && s.cms[0] != '\0')
		objects_unlink(store->objects, s.cms);
	free(token.data);
	free(stamped.data);
	return r == -EALREADY ? 0 : r;
}

static int
stamp(struct store *store, const struct catalogue_document *document)
{
	_cleanup_(secret_freep) uint8_t *value = NULL;
	struct bytes request = {0}, response = {0};
	struct evidence_time time;
	const char *why = "";
	uint64_t nonce;
	size_t size;
	int r;

	if (store->tsa_trust_pem == NULL)
		return -ENOKEY;
	r = store_object(
	    store, document->batch, document->evidence_key, document->value, &value, &size);
	if (r >= 0)
		r = evidence_tsq(value, size, &request, &nonce);
	if (r >= 0)
		r = ask(store, &request, &response);
	if (r >= 0) {
		r = evidence_tsr_verify(value, size, response.data, response.size, nonce,
		    store->tsa_trust_pem, &time, &why);
		if (r < 0)
			log_warn("timestamp: %s: answer refused: %s", document->document, why);
	}
	if (r >= 0)
		r = keep(store, document, &response, &time);
	free(request.data);
	free(response.data);
	return r;
}

static int
decide_failed(struct txn *txn, void *arg)
{
	const struct catalogue_document *document = arg;

	return txn_event(txn, "doc.timestamp_failed",
	    json_pack("{s:s,s:i,s:s}", "document", document->document, "version",
		(int)document->version, "why", "unreachable"));
}

static bool
next_document(struct store *store, unsigned offset, struct catalogue_document *ret)
{
	_cleanup_(loan_end) struct loan loan = loan_start(store);
	char id[ID_TEXT];

	return loan.cat != NULL && catalogue_untimed_next(loan.cat, offset, id) >= 0 &&
	       catalogue_document(loan.cat, id, ret) >= 0;
}

/* A record that is damaged or cannot be read must not stop those behind it. */
static bool
is_of_record(int r)
{
	return fault_is_damage(r) || r == -ENOENT || r == -EIO || r == -ENOKEY;
}

static void *
stamper_thread(void *arg)
{
	struct stamper *stamper = arg;
	struct store *store = stamper->store;
	unsigned retry = RETRY_MIN_MS, offset = 0;

	for (;;) {
		const uint64_t mark = store_changes(store);
		struct catalogue_document document;
		int r;

		if (!next_document(store, offset, &document)) {
			store_wait_change(store, mark, offset > 0 ? retry : IDLE_MS);
			offset = 0;
			continue;
		}
		r = stamp(store, &document);
		if (r >= 0) {
			stamper->failing = false;
			retry = RETRY_MIN_MS;
			continue;
		}
		log_errno(r, "timestamp: %s waits", document.document);
		if (!stamper->failing)
			stamper->failing = writer_commit(store->writer, &actor_system, NULL,
					       decide_failed, &document) >= 0;
		if (is_of_record(r))
			offset++;
		usleep(retry * 1000);
		retry = retry * 2 > RETRY_MAX_MS ? RETRY_MAX_MS : retry * 2;
	}
	return NULL;
}

int
stamper_new(struct store *store, struct stamper **ret)
{
	struct stamper *stamper = calloc(1, sizeof(*stamper));
	int r;

	if (stamper == NULL)
		return -ENOMEM;
	stamper->store = store;
	r = pthread_create(&stamper->thread, NULL, stamper_thread, stamper);
	if (r != 0) {
		free(stamper);
		return -r;
	}
	*ret = stamper;
	return 0;
}
