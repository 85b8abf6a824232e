/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `fumikura init`: keys, certificate authority, log, first administrator. The recovery identity
 * leaves in the answer and is never stored. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "birth.h"
#include "call.h"
#include "secret.h"
#include "text.h"

#define NAME_MAX_BYTES 120

struct birth {
	struct call *call;
	struct birthplace place;
	const char *name, *admin, *password;
	struct age_identity recovery;
	char origin[96];
	char ca_sha256[KEYS_DIGEST], log_sha256[KEYS_DIGEST], user_sha256[KEYS_DIGEST];
	char *user_file, *user_cert;
};

static int
make_ca(struct birth *b)
{
	struct store *store = b->call->store;
	_cleanup_(secret_freep) uint8_t *blob = NULL;
	size_t size;
	int r;

	r = ca_create(b->name, &blob, &size);
	if (r >= 0)
		r = keys_stage(store->keys, "ca.age", blob, size, 1, b->ca_sha256);
	if (r >= 0)
		r = keys_settle(store->keys, "ca.age");
	return r < 0 ? r : ca_open(blob, size, &store->ca);
}

static int
make_log(struct birth *b)
{
	struct store *store = b->call->store;
	uint8_t id[8];
	char hex[17];
	int r;

	random_bytes(id, sizeof(id));
	hex_encode(id, sizeof(id), hex);
	snprintf(b->origin, sizeof(b->origin), "fumikura.invalid/%s", hex);
	r = eventlog_create(store->data_dir, store->keys, b->origin);
	return r < 0 ? r : keys_digest(store->keys, "log.age", b->log_sha256);
}

static int
make_admin(struct birth *b)
{
	struct store *store = b->call->store;
	char file[64];
	int r;

	r = account_new(store->ca, b->admin, b->admin, b->password, &b->user_file, &b->user_cert);
	if (r < 0)
		return r;
	snprintf(file, sizeof(file), "users/%s.json", b->admin);
	r = keys_stage(store->keys, file, b->user_file, strlen(b->user_file), 0, b->user_sha256);
	return r < 0 ? r : keys_settle(store->keys, file);
}

static int
ignore_event(void *ctx, const struct event_frame *event)
{
	return 0;
}

/* The first two events: what the archive is, and who may begin. */
static int
decide_birth(struct txn *txn, void *arg)
{
	const struct birth *b = arg;
	struct store *store = b->call->store;
	char master[AGE_RECIPIENT_TEXT], recovery[AGE_RECIPIENT_TEXT], file[64];
	int r;

	age_recipient_format(keys_master_recipient(store->keys), master);
	age_recipient_format(keys_recovery_recipient(store->keys), recovery);
	snprintf(file, sizeof(file), "users/%s.json", b->admin);
	r = txn_event(txn, "archive.init",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:{s:s,s:s}}", "name", b->name, "origin", b->origin,
		"master", master, "recovery", recovery, "log_verifier",
		eventlog_verifier(store->log), "ca_pem", ca_certificate_pem(store->ca), "files",
		"ca.age", b->ca_sha256, "log.age", b->log_sha256));
	if (r < 0)
		return r;
	return txn_event(txn, "user.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "user", b->admin, "display", b->admin,
		"role", "admin", "file", file, "sha256", b->user_sha256, "cert_pem", b->user_cert,
		"must_change", 0));
}

static int
begin_log(struct birth *b)
{
	struct store *store = b->call->store;
	int r;

	store->sources = (struct catalogue_sources){store_source_object, store};
	r = objects_open(store->data_dir, &store->objects);
	if (r >= 0)
		r = catalogue_open(store->catalogue_path, 'w', &store->sources, &store->writer_cat);
	if (r >= 0)
		r = eventlog_open(
		    store->data_dir, store->keys, 0, ignore_event, NULL, NULL, &store->log);
	if (r >= 0)
		r = writer_new(
		    store->writer_cat, store->log, store_announce_change, store, &store->writer);
	return r < 0 ? r : call_commit(b->call, decide_birth, b);
}

static int
answer(struct birth *b)
{
	char identity[AGE_IDENTITY_TEXT], recipient[AGE_RECIPIENT_TEXT];

	age_identity_format(&b->recovery, identity);
	age_recipient_format(b->recovery.public, recipient);
	b->call->result = json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", b->name, "origin", b->origin,
	    "recovery", identity, "recovery_recipient", recipient, "admin", b->admin);
	explicit_bzero(identity, sizeof(identity));
	return b->call->result != NULL ? 0 : -ENOMEM;
}

/* From the first key to the answer that shows the recovery key. */
static int
give_birth(struct birth *b)
{
	struct store *store = b->call->store;
	int r;

	r = keys_create(store->data_dir, store->key_path, &b->recovery);
	if (r >= 0)
		r = keys_open(store->data_dir, store->key_path, &store->keys);
	if (r >= 0)
		r = make_ca(b);
	if (r >= 0)
		r = make_log(b);
	if (r >= 0)
		r = make_admin(b);
	if (r >= 0)
		r = begin_log(b);
	if (r >= 0)
		r = answer(b);
	if (r >= 0)
		r = birth_end(&b->place);
	return r;
}

static int
check_names(struct birth *b)
{
	struct refusal *refusal = &b->call->refusal;
	const char *why;

	if (b->name[0] == '\0' || strlen(b->name) > NAME_MAX_BYTES)
		return refuse_detail(refusal, "bad_parameter", "name");
	if (!account_name_valid(b->admin) || strcmp(b->admin, "console") == 0 ||
	    strcmp(b->admin, "system") == 0)
		return refuse(refusal, "bad_name");
	if (account_password_check(b->admin, b->password, &why) < 0)
		return refuse_detail(refusal, "weak_password", why);
	return 0;
}

static int
act_init(struct call *call)
{
	struct store *store = call->store;
	struct birth b = {.call = call,
	    .place = {store->data_dir, store->key_path, store->catalogue_path},
	    .name = call->args[0].text,
	    .admin = call->args[2].text,
	    .password = call->args[3].text};
	int r;

	if (!store->offline || store->writer != NULL)
		return refuse(&call->refusal, "exists");
	r = check_names(&b);
	if (r < 0)
		return r;
	r = store_lock(store);
	if (r >= 0)
		r = birth_begin(&b.place);
	if (r == -EEXIST)
		return refuse(&call->refusal, "exists");
	if (r < 0)
		return r;
	r = give_birth(&b);
	if (r < 0) {
		store_close(store);
		birth_undo(&b.place);
	}
	free(b.user_file);
	free(b.user_cert);
	explicit_bzero(&b.recovery, sizeof(b.recovery));
	return r;
}

const struct act acts_init[] = {
    {"Init", ACTION_INIT, act_init, ACT_NO_SESSION | ACT_MUST_CONSOLE | ACT_OFFLINE},
    {NULL},
};
