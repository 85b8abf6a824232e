/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening an archive: keys, catalogue, log. The log decides; the catalogue catches up; staged key
 * files follow the log. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/file.h>

#include "birth.h"
#include "fault.h"
#include "io.h"
#include "log.h"
#include "secret.h"
#include "text.h"

#define REPLAY_CHUNK 500 /* events in one transaction of a replay */
#define TRUST_MAX ((size_t)1 << 20)
#define LARGE_BLOCK (256 << 10) /* page-sized memory goes back to the kernel when freed */

static int
store_init_locks(struct store *store)
{
	pthread_condattr_t monotonic;

	pthread_mutex_init(&store->reader_lock, NULL);
	pthread_cond_init(&store->reader_free, NULL);
	pthread_mutex_init(&store->change_lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&store->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	store->started_ms = time_now_ms();
	return 0;
}

int
store_prepare(struct store *store, const char *data, const char *key_file)
{
	store_init_locks(store);
	mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
	mallopt(M_ARENA_MAX, 4);
	json_object_seed(0);
	tzset();
	store->data_path = strdup(data);
	if (key_file != NULL && key_file[0] != '\0')
		store->key_path = strdup(key_file);
	else if (asprintf(&store->key_path, "%s.key", data) < 0)
		return -ENOMEM;
	if (asprintf(&store->catalogue_path, "%s/catalogue.db", data) < 0)
		return -ENOMEM;
	store->data_dir = open(data, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	if (store->data_dir < 0)
		return -errno;
	return secret_init();
}

uint64_t
store_free_space(struct store *store)
{
	uint64_t n = 0;

	io_free_space(store->data_dir, &n);
	return n;
}

int
store_check_space(struct store *store)
{
	uint64_t free_bytes;
	int r;

	r = io_free_space(store->data_dir, &free_bytes);
	if (r < 0)
		return r;
	return free_bytes < config_uint(store->config, "store", "min_free_mb", 0, 1048576) << 20
		   ? -ENOSPC
		   : 0;
}

int
store_ring_identity(struct keys *keys, const char *batch, unsigned key, struct age_identity *ret)
{
	char name[64], digest[KEYS_DIGEST];
	int r;

	snprintf(name, sizeof(name), "rings/%s.age", batch);
	r = keys_digest(keys, name, digest);
	return r < 0 ? r : keys_ring_identity(keys, batch, digest, key, ret);
}

/* The object itself is not judged by its key: neither lost nor damaged. */
static int
without_key(int r)
{
	return r == -ENOENT || fault_is_damage(r) ? -ENOKEY : r == -EIO ? -EREMOTEIO : r;
}

int
store_fetch(struct keys *keys, struct objects *objects, const char *batch, unsigned key,
    const char *id, uint8_t **ret, size_t *ret_size)
{
	struct age_identity identity;
	int r;

	r = store_ring_identity(keys, batch, key, &identity);
	if (r < 0)
		return without_key(r);
	r = objects_get(objects, id, &identity, ret, ret_size);
	explicit_bzero(&identity, sizeof(identity));
	return r;
}

int
store_source_object(
    void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	const struct store *store = ctx;

	return store_fetch(store->keys, store->objects, batch, key, id, ret, ret_size);
}

int
store_object(struct store *store, const char *batch_id, unsigned key, const char *id, uint8_t **ret,
    size_t *ret_size)
{
	struct catalogue_batch batch;
	struct age_identity identity;
	int r;

	{
		_cleanup_(loan_end) struct loan loan = loan_start(store);

		r = loan.cat == NULL ? -EIO : catalogue_batch(loan.cat, batch_id, &batch);
	}
	if (r < 0)
		return r;
	r = keys_ring_identity(store->keys, batch_id, batch.ring_sha256, key, &identity);
	if (r < 0)
		return r == -ENOENT ? -ENOKEY : r;
	r = objects_get(store->objects, id, &identity, ret, ret_size);
	explicit_bzero(&identity, sizeof(identity));
	return r;
}

/* ---- replay ---- */

struct replay {
	struct catalogue *cat;
	unsigned in_chunk;
	uint64_t applied;
};

static int
replay_event(void *ctx, const struct event_frame *event)
{
	struct replay *replay = ctx;
	int r = 0;

	if (replay->in_chunk == 0)
		r = catalogue_begin(replay->cat);
	if (r >= 0)
		r = catalogue_apply(replay->cat, event);
	if (r < 0) {
		log_errno(r, "replay: event %llu", (unsigned long long)event->index);
		return r;
	}
	replay->applied++;
	if (++replay->in_chunk >= REPLAY_CHUNK) {
		replay->in_chunk = 0;
		r = catalogue_commit(replay->cat);
	}
	return r;
}

static int
replay_finish(struct replay *replay, int r)
{
	if (replay->in_chunk > 0) {
		if (r >= 0)
			r = catalogue_commit(replay->cat);
		else
			catalogue_rollback(replay->cat);
	}
	return r;
}

int
store_replay(struct store *store, struct catalogue *cat, struct eventlog *log)
{
	struct replay replay = {.cat = cat};
	const int64_t from = catalogue_next_event(cat);
	int r;

	if (from < 0)
		return (int)from;
	r = eventlog_read(
	    log, (uint64_t)from, eventlog_size(log) - (uint64_t)from, replay_event, &replay);
	return replay_finish(&replay, r);
}

static int
open_log(struct store *store)
{
	struct replay replay = {.cat = store->writer_cat};
	int64_t next = catalogue_next_event(store->writer_cat);
	uint64_t torn = 0;
	int r;

	r = next < 0 ? (int)next
		     : eventlog_open(store->data_dir, store->keys, (uint64_t)next, replay_event,
			   &replay, &torn, &store->log);
	r = replay_finish(&replay, r);
	if (r == -ENOSPC)
		return log_errno(r, "catalogue: cannot take what the log holds");
	if (r < 0)
		return log_errno(r, "log: cannot open or follow it; run fumikura doctor");
	if (torn > 0)
		log_warn("log: cut %llu bytes that a power cut left unfinished and that nobody was "
			 "told of",
		    (unsigned long long)torn);
	if (catalogue_lost(store->writer_cat) > 0)
		log_warn(
		    "catalogue: %u results of recognition are lost; their pages are read again",
		    catalogue_lost(store->writer_cat));
	if (replay.applied > 0)
		log_info("catalogue: applied %llu events of the log",
		    (unsigned long long)replay.applied);
	next = catalogue_next_event(store->writer_cat);
	if (next < 0)
		return log_errno((int)next, "catalogue: cannot be read");
	if (eventlog_size(store->log) < (uint64_t)next) {
		log_error("log: shorter than what the catalogue has seen; run fumikura doctor");
		return -EBADMSG;
	}
	return 0;
}

/* Opens it as far as to know where it stands. */
static int
try_catalogue(struct store *store)
{
	_cleanup_(catalogue_freep) struct catalogue *cat = NULL;
	int64_t next;
	int r;

	r = catalogue_open(store->catalogue_path, 'w', &store->sources, &cat);
	if (r < 0)
		return r;
	next = catalogue_next_event(cat);
	if (next < 0)
		return (int)next;
	store->writer_cat = TAKE_PTR(cat);
	return 0;
}

/* A damaged catalogue is made again: it is only a projection. One that cannot be had just now
 * stays: it is all that is lacking, and making it again would need the same disk and the same
 * memory. */
static int
open_catalogue(struct store *store)
{
	int r = try_catalogue(store);

	if (fault_is_damage(r)) {
		log_errno(r, "catalogue: damaged; rebuilding it from the log");
		r = catalogue_remove(store->catalogue_path);
		if (r >= 0)
			r = try_catalogue(store);
	}
	return r < 0 ? log_errno(r, "catalogue: cannot be opened now; it stays as it is and is "
				    "tried again; if that lasts, run fumikura doctor")
		     : 0;
}

/* ---- keys that the log names ---- */

static int
lookup_digest(void *ctx, const char *name, char ret[KEYS_DIGEST])
{
	const struct store *store = ctx;

	return catalogue_key_digest(store->writer_cat, name, ret);
}

/* The recovery key is the log's, not whatever recipients.json says today: a swapped one would
 * capture future pages. */
static int
check_recipients(struct store *store, const json_t *archive)
{
	char recovery[AGE_RECIPIENT_TEXT], master[AGE_RECIPIENT_TEXT];
	const char *said_recovery = json_string_value(json_object_get(archive, "recovery"));
	const char *said_master = json_string_value(json_object_get(archive, "master"));
	const char *said_verifier = json_string_value(json_object_get(archive, "log_verifier"));

	age_recipient_format(keys_recovery_recipient(store->keys), recovery);
	age_recipient_format(keys_master_recipient(store->keys), master);
	if (said_recovery == NULL || said_master == NULL || said_verifier == NULL ||
	    strcmp(said_recovery, recovery) != 0 || strcmp(said_master, master) != 0 ||
	    strcmp(said_verifier, eventlog_verifier(store->log)) != 0)
		return -EKEYREJECTED;
	return 0;
}

static int
open_ca(struct store *store)
{
	_cleanup_(secret_freep) uint8_t *blob = NULL;
	char digest[65];
	size_t size;
	int r;

	r = catalogue_key_digest(store->writer_cat, "ca.age", digest);
	if (r >= 0)
		r = keys_read(store->keys, "ca.age", digest, &blob, &size);
	return r < 0 ? r : ca_open(blob, size, &store->ca);
}

static int
open_keys_of_log(struct store *store)
{
	json_t *archive = NULL;
	int r;

	r = catalogue_archive_json(store->writer_cat, &archive);
	if (r >= 0)
		r = check_recipients(store, archive);
	json_decref(archive);
	if (r >= 0)
		r = keys_settle_all(store->keys, lookup_digest, store);
	if (r >= 0)
		r = open_ca(store);
	return r < 0 ? log_errno(r, "keys: not those that the log names; run fumikura doctor") : 0;
}

/* Trust anchors of the timestamp authority are read once; they are public. */
static int
read_tsa_trust(struct store *store)
{
	const char *path = config_get(store->config, "tsa", "ca_file");
	uint8_t *pem = NULL;
	size_t size;
	int r;

	if (path == NULL || path[0] == '\0')
		return 0;
	r = io_read_file(AT_FDCWD, path, TRUST_MAX, &pem, &size);
	if (r < 0)
		return log_errno(r, "tsa.ca_file");
	store->tsa_trust_pem = malloc(size + 1);
	if (store->tsa_trust_pem != NULL) {
		memcpy(store->tsa_trust_pem, pem, size);
		store->tsa_trust_pem[size] = '\0';
	}
	free(pem);
	return store->tsa_trust_pem != NULL ? 0 : -ENOMEM;
}

int
store_lock(struct store *store)
{
	return flock(store->data_dir, LOCK_EX | LOCK_NB) < 0
		   ? -(errno == EWOULDBLOCK ? EBUSY : errno)
		   : 0;
}

/* What a crash left half written, and nobody was told of. */
static void
sweep(struct store *store)
{
	char path[4096];
	int n = objects_sweep(store->objects);

	if (snprintf(path, sizeof(path), "%s.rebuild", store->catalogue_path) < (int)sizeof(path))
		catalogue_remove(path); /* a rebuild begins it anew */
	if (n > 0)
		log_info("objects: removed %d files that were never finished", n);
	if (n < 0) /* the next start tries again; nobody is kept out for it */
		log_errno(n, "objects: cannot clean up");
}

int
store_open(struct store *store)
{
	int r;

	r = store_lock(store);
	if (r < 0)
		return log_errno(r, "store: the archive is open elsewhere");
	if (birth_unfinished(store->data_dir))
		return log_errno(-ENODATA, "store: init did not finish; run fumikura init again");
	if (config_bool(store->config, "store", "mlock") && !secret_locked())
		return log_errno(-EPERM, "keys: memory cannot be locked, so keys could be swapped "
					 "out; raise the limit of locked memory (LimitMEMLOCK), or "
					 "set store.mlock = no");
	r = keys_open(store->data_dir, store->key_path, &store->keys);
	if (r < 0)
		return log_errno(r, "keys: cannot unlock");
	r = objects_open(store->data_dir, &store->objects);
	if (r < 0)
		return log_errno(r, "objects: cannot open");
	store->sources = (struct catalogue_sources){store_source_object, store};
	r = open_catalogue(store);
	if (r >= 0)
		r = open_log(store);
	if (r >= 0)
		r = open_keys_of_log(store);
	if (r >= 0)
		sweep(store);
	if (r >= 0)
		r = read_tsa_trust(store);
	if (r >= 0)
		r = writer_new(
		    store->writer_cat, store->log, store_announce_change, store, &store->writer);
	return r;
}

static int
ignore_event(void *ctx, const struct event_frame *event)
{
	return 0;
}

void
store_open_behind(struct store *store)
{
	json_t *archive = NULL;
	int64_t next;
	int r;

	next = store->writer_cat == NULL ? -ENOSPC : catalogue_next_event(store->writer_cat);
	r = next < 0 ? (int)next : 0;
	if (r >= 0 && store->log == NULL) /* else only the last commit was lacking */
		r = eventlog_open(store->data_dir, store->keys, (uint64_t)next, ignore_event, NULL,
		    NULL, &store->log);
	if (r >= 0)
		r = catalogue_archive_json(store->writer_cat, &archive);
	if (r >= 0)
		r = check_recipients(store, archive);
	json_decref(archive);
	if (r >= 0)
		r = open_ca(store);
	if (r < 0)
		log_errno(r, "keys: web cannot be certified before the start can go on");
}

int
store_catch_up(struct store *store)
{
	int r = 0;

	if (store->writer_cat == NULL)
		r = open_catalogue(store);
	return r >= 0 && store->log != NULL ? store_replay(store, store->writer_cat, store->log)
					    : r;
}

void
store_close(struct store *store)
{
	writer_free(store->writer);
	store->writer = NULL;
	store_reader_close(store);
	catalogue_free(store->writer_cat);
	store->writer_cat = NULL;
	eventlog_free(store->log);
	store->log = NULL;
	ca_free(store->ca);
	store->ca = NULL;
	objects_free(store->objects);
	store->objects = NULL;
	keys_free(store->keys);
	store->keys = NULL;
}
