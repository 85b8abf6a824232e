/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields and 確定: what a record says about its pages, and the person who answers for it (G91-10 …
 * G91-14, G71-02 … G71-05). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "canon.h"
#include "clock.h"
#include "evidence.h"
#include "log.h"
#include "profile.h"
#include "ring.h"
#include "secret.h"
#include "session.h"
#include "text.h"

#define FIELD_MAX 512   /* bytes of one field */
#define CONFIRM_TRIES 3 /* when the record changes while it is being signed */
#define CONFIRM_MAX 100 /* documents in one request */

/* ---- fields ---- */

static const struct {
	const char *key;
	bool date;
} fields[] = {
    {"type", false},
    {"client_id", false},
    {"client_name", false},
    {"date", true},
    {"received", true},
    {"title", false},
};

static int
add_field(struct call *call, json_t *out, const char *key, const char *value)
{
	char iso[DATE_TEXT_SIZE];
	const struct document_type *type;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strcmp(fields[i].key, key) != 0)
			continue;
		if (strlen(value) > FIELD_MAX)
			return refuse_detail(&call->refusal, "too_long", key);
		if (fields[i].date && value[0] != '\0') {
			if (date_parse(value, iso) < 0)
				return refuse_detail(&call->refusal, "bad_date", key);
			value = iso;
		}
		type = strcmp(key, "type") == 0 ? type_find(value) : NULL;
		return json_object_set_new(
			   out, key, json_string(type != NULL ? type->id : value)) == 0
			   ? 0
			   : -ENOMEM;
	}
	return refuse_detail(&call->refusal, "bad_field", key);
}

struct doc_set {
	const char *document;
	bool checker;
	json_t *fields, *result;
};

static int
decide_doc_set(struct txn *txn, void *arg)
{
	struct doc_set *s = arg;
	int r = txn_may_edit(txn, s->document, s->checker);

	if (r < 0)
		return r;
	r = txn_event(
	    txn, "doc.set", json_pack("{s:s,s:O}", "document", s->document, "fields", s->fields));
	return r < 0 ? r : catalogue_fields(txn->cat, s->document, &s->result);
}

static int
act_doc_set(struct call *call)
{
	struct doc_set s = {.document = call->args[1].text,
	    .checker = permit(call->role, ACTION_CONFIRM),
	    .fields = json_object()};
	int r = 0;

	for (size_t i = 0; r >= 0 && i + 1 < call->args[2].n; i += 2)
		r = add_field(call, s.fields, call->args[2].list[i], call->args[2].list[i + 1]);
	if (r >= 0 && json_object_size(s.fields) == 0)
		r = refuse(&call->refusal, "bad_parameter");
	if (r >= 0)
		r = call_commit(call, decide_doc_set, &s);
	if (r >= 0)
		call->result = json_pack("{s:s,s:O}", "id", s.document, "fields", s.result);
	json_decref(s.result);
	json_decref(s.fields);
	return r;
}

static int
act_queue(struct call *call)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	int r;

	r = loan.cat == NULL
		? -EIO
		: catalogue_queue_json(loan.cat, call->args[1].text, time_now_ms(), &call->result);
	loan_end(&loan);
	/* it shows clients' names: a view, logged once per session (G6-30) */
	return r < 0 ? r : call_note_view(call, "queue", json_pack("{s:s}", "kind", "queue"));
}

/* ---- 確定 ---- */

static json_t *
waivers(struct store *store, bool untimed)
{
	json_t *list = json_array();

	if (untimed)
		json_array_append_new(list, json_string("G6-32"));
	if (!config_bool(store->config, "policy", "require_second_factor"))
		json_array_append_new(list, json_string("G6-03"));
	return list;
}

struct confirm {
	struct call *call;
	const char *document;
	struct catalogue_document state;
	char *base; /* canonical manifest as the catalogue gave it: must still be so when the event
		       is made */
	char *text; /* what is signed */
	size_t size;
	char sha256[65];
	struct bytes cms, value;
	bool same_person;
	bool untimed; /* the clock is not known to be right: G6-32 is waived in this record */
	struct ring_key key;
	json_t *payload;
};

static void
confirm_clear(struct confirm *c)
{
	free(c->base);
	free(c->text);
	free(c->cms.data);
	free(c->value.data);
	json_decref(c->payload);
	memset(c, 0, sizeof(*c));
}

static int
dump_base(struct catalogue *cat, const char *document, json_t **ret_json, char **ret_text)
{
	size_t size;
	int r;

	r = catalogue_manifest_json(cat, document, ret_json);
	if (r < 0)
		return r;
	return canon_dump(*ret_json, ret_text, &size);
}

/* Freezes what will be signed: the record as it is now, who confirms it and under which waivers. */
static int
freeze(struct confirm *c)
{
	struct call *call = c->call;
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	json_t *manifest = NULL;
	char at[TIME_TEXT_SIZE];
	int r;

	if (loan.cat == NULL)
		return -EIO;
	r = refuse_absent(&call->refusal, catalogue_document(loan.cat, c->document, &c->state),
	    "not_found", c->document);
	if (r < 0)
		return r;
	if (strcmp(c->state.state, "confirmed") == 0)
		return refuse_detail(&call->refusal, "already_confirmed", c->document);
	if (strcmp(c->state.state, "submitted") != 0)
		return refuse_detail(&call->refusal, "not_submitted", c->document);
	c->same_person = strcmp(c->state.submitted_by, call->actor.user) == 0;
	time_format(time_now_ms(), at);
	r = dump_base(loan.cat, c->document, &manifest, &c->base);
	if (r >= 0) {
		json_object_set_new(manifest, "confirmed_by",
		    json_pack(
			"{s:s,s:s}", "user", call->actor.user, "display", call->user.display));
		json_object_set_new(manifest, "confirmed_at", json_string(at));
		json_object_set_new(manifest, "same_person", json_boolean(c->same_person));
		json_object_set_new(manifest, "waivers", waivers(call->store, c->untimed));
		r = canon_dump(manifest, &c->text, &c->size);
	}
	json_decref(manifest);
	if (r >= 0)
		canon_sha256(c->text, c->size, c->sha256);
	return r;
}

static int
sign(struct confirm *c)
{
	struct call *call = c->call;
	_cleanup_(secret_freep) uint8_t *key = NULL;
	_cleanup_(freep) char *cert = NULL;
	size_t size;
	const int r = refuse_absent(&call->refusal,
	    session_signing_key(call->store->sessions, call->actor.session, &key, &size, &cert),
	    "no_signing_key", NULL);

	if (r < 0)
		return r;
	return evidence_sign(c->text, c->size, key, size, cert, ca_certificate_pem(call->store->ca),
	    &c->cms, &c->value);
}

static int
put(struct confirm *c, const char *name, const void *data, size_t n)
{
	char id[OBJECT_ID];
	uint64_t size;
	int r = objects_put(c->call->store->objects, c->key.recipient, data, n, id, &size);

	return r < 0 ? r
		     : json_object_set_new(c->payload, name,
			   json_pack("{s:s,s:I}", "id", id, "size", (json_int_t)size));
}

static int
seal_evidence(struct confirm *c)
{
	struct evidence_signature who;
	const char *why;
	int r;

	r = evidence_verify(
	    c->text, c->size, &c->cms, ca_certificate_pem(c->call->store->ca), 0, &who, &why);
	if (r >= 0)
		r = ring_next_key(c->call->store, c->state.batch, &c->key);
	if (r < 0)
		return r;
	c->payload = json_pack("{s:s,s:i,s:s,s:i,s:s,s:s,s:b,s:o}", "document", c->document,
	    "version", (int)c->state.version + 1, "manifest_sha256", c->sha256, "key",
	    (int)c->key.index, "signer", c->call->actor.user, "cert_serial", who.serial,
	    "same_person", c->same_person, "waivers", waivers(c->call->store, c->untimed));
	if (c->payload == NULL)
		return -ENOMEM;
	r = put(c, "manifest", c->text, c->size);
	if (r >= 0)
		r = put(c, "signature", c->cms.data, c->cms.size);
	if (r >= 0)
		r = put(c, "value", c->value.data, c->value.size);
	return r;
}

static int
decide_confirm(struct txn *txn, void *arg)
{
	struct confirm *c = arg;
	struct catalogue_document now;
	_cleanup_(freep) char *base = NULL;
	json_t *manifest = NULL;
	int r;

	r = catalogue_document(txn->cat, c->document, &now);
	if (r < 0)
		return r;
	if (strcmp(now.state, "submitted") != 0)
		return refuse_detail(txn->refusal, "already_confirmed", c->document);
	r = dump_base(txn->cat, c->document, &manifest, &base);
	json_decref(manifest);
	if (r < 0)
		return r;
	if (strcmp(base, c->base) != 0)
		return -EAGAIN;
	return txn_event(txn, "doc.confirm", json_incref(c->payload));
}

/* ret_found: the record's id, "" while the caller's text names none. */
static int
confirm_one(struct call *call, const char *document, bool untimed, char ret_found[ID_TEXT])
{
	int r = -EAGAIN;

	for (int tries = 0; r == -EAGAIN && tries < CONFIRM_TRIES; tries++) {
		struct confirm c = {.call = call, .document = document, .untimed = untimed};

		r = freeze(&c);
		memcpy(ret_found, c.state.document, ID_TEXT);
		if (r >= 0)
			r = sign(&c);
		if (r >= 0)
			r = seal_evidence(&c);
		if (r >= 0)
			r = call_commit(call, decide_confirm, &c);
		confirm_clear(&c);
	}
	return r;
}

static json_t *
confirmed_json(const char *document)
{
	return json_pack("{s:s,s:s,s:{s:s,s:s}}", "id", document, "state", "confirmed", "timestamp",
	    "state", "pending", "label", "時刻印待ち");
}

/* Takes the reason out of the call, so that the next document is judged by itself. */
static json_t *
refused_json(struct call *call, const char *document, const char *found, int r)
{
	struct refusal *why = &call->refusal;
	json_t *json;

	if (r != -ECANCELED)
		log_errno(r, "store: confirm %s", found[0] != '\0' ? found : "what is no record");
	refuse_errno(why, r);
	json = json_pack("{s:s,s:s,s:o,s:s,s:s}", "id", document, "code", why->code, "message",
	    json_sprintf("%s / %s", why->ja, why->en), "message_ja", why->ja, "message_en",
	    why->en);
	*why = (struct refusal){.code = ""};
	return json;
}

/* Each document by itself: one that is refused takes nothing from the others. */
static int
confirm_all(struct call *call, bool untimed, json_t *confirmed, json_t *refused)
{
	const struct arg *documents = &call->args[1];
	int failed = 0;

	for (size_t i = 0; failed == 0 && i < documents->n; i++) {
		const char *document = documents->list[i];
		char found[ID_TEXT] = "";
		int r = confirm_one(call, document, untimed, found);

		if (r < 0 && documents->n == 1)
			return r;
		failed = json_array_append_new(r < 0 ? refused : confirmed,
		    r < 0 ? refused_json(call, document, found, r) : confirmed_json(document));
	}
	return failed == 0 ? 0 : -ENOMEM;
}

static int
act_confirm(struct call *call)
{
	json_t *confirmed = json_array(), *refused = json_array();
	const int clock = clock_allows(call->store);
	int r;

	if (call->args[1].n == 0 || call->args[1].n > CONFIRM_MAX)
		r = refuse(&call->refusal, "bad_parameter");
	else if (clock < 0)
		r = refuse(&call->refusal, "time_unsynchronised");
	else
		r = confirm_all(call, clock > 0, confirmed, refused);
	if (r >= 0)
		call->result = json_pack("{s:O,s:O}", "confirmed", confirmed, "refused", refused);
	json_decref(confirmed);
	json_decref(refused);
	return r;
}

const struct act acts_record[] = {
    {"DocSet", ACTION_EDIT, act_doc_set, 0},
    {"Confirm", ACTION_CONFIRM, act_confirm, 0},
    {"Queue", ACTION_VIEW, act_queue, 0},
    {NULL},
};
