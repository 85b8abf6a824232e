/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Examination of a whole archive. Works on a stopped box, a running one, and on a damaged one as
 * far as anything can be read. */
#include "doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "canon.h"
#include "eventlog.h"
#include "objects.h"
#include "secret.h"

#define MEMORY ":memory:"

struct doctor {
	struct store *store;
	struct keys *keys;
	struct objects *objects;
	struct catalogue *replayed; /* what the log says */
	struct catalogue *kept;     /* what is on the disk; NULL when it cannot be opened */
	bool follows;               /* replayed is whole */
	struct catalogue_sources sources;
	struct faults *faults;
	struct examined *examined;
	json_t *known; /* ids of objects that events named */
};

/* ---- the log ---- */

static int
read_for_replay(
    void *ctx, const char *batch_id, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	struct doctor *doctor = ctx;
	struct age_identity identity;
	int r;

	r = store_ring_identity(doctor->keys, batch_id, key, &identity);
	if (r >= 0) {
		r = objects_get(doctor->objects, id, &identity, ret, ret_size);
		explicit_bzero(&identity, sizeof(identity));
	}
	return r;
}

static int
replay_event(void *ctx, const struct event_frame *event)
{
	struct doctor *doctor = ctx;
	char where[32];
	int r;

	if (!doctor->follows)
		return 0;
	r = catalogue_savepoint(doctor->replayed);
	if (r >= 0)
		r = catalogue_apply(doctor->replayed, event);
	if (r < 0) {
		catalogue_rollback_to(doctor->replayed);
		snprintf(where, sizeof(where), "event %llu", (unsigned long long)event->index);
		faults_add(doctor->faults, "event_invalid", where, strerror(-r));
		doctor->follows = false;
	}
	catalogue_release(doctor->replayed);
	return 0;
}

static void
log_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	const struct doctor *doctor = ctx;

	faults_add(doctor->faults, code, where, detail);
}

static int
examine_log(struct doctor *doctor)
{
	int64_t n;
	int r;

	r = catalogue_open(MEMORY, 'w', &doctor->sources, &doctor->replayed);
	if (r < 0)
		return r;
	doctor->follows = true;
	r = catalogue_begin(doctor->replayed);
	if (r < 0)
		return r;
	n = eventlog_check(doctor->store->data_dir, doctor->keys, replay_event, log_fault, doctor);
	r = catalogue_commit(doctor->replayed);
	if (n < 0) {
		faults_add(doctor->faults, "log_damaged", "log/events", strerror((int)-n));
		doctor->follows = false;
		return 0;
	}
	doctor->examined->events = (uint64_t)n;
	return r;
}

/* ---- the catalogue ---- */

/* A catalogue that is behind only waits for the next start; one that is ahead, or says something
 * else, is damage. */
static int
examine_catalogue(struct doctor *doctor)
{
	char replayed[65], kept[65];
	uint64_t next;
	int r;

	if (faccessat(AT_FDCWD, doctor->store->catalogue_path, F_OK, 0) < 0) {
		faults_add(doctor->faults, "catalogue_missing", "catalogue.db", NULL);
		return 0;
	}
	r = catalogue_open(doctor->store->catalogue_path, 'r', NULL, &doctor->kept);
	if (r < 0) {
		faults_add(doctor->faults, "catalogue_damaged", "catalogue.db", strerror(-r));
		return 0;
	}
	r = catalogue_check(doctor->kept, faults_add, doctor->faults);
	if (r < 0)
		faults_add(doctor->faults, "catalogue_damaged", "catalogue.db", strerror(-r));
	next = catalogue_next_event(doctor->kept);
	if (next > doctor->examined->events)
		faults_add(doctor->faults, "log_truncated", "log/events", NULL);
	if (!doctor->follows || next != catalogue_next_event(doctor->replayed))
		return 0;
	r = catalogue_digest(doctor->replayed, replayed);
	if (r >= 0 && (catalogue_digest(doctor->kept, kept) < 0 || strcmp(replayed, kept) != 0))
		faults_add(doctor->faults, "catalogue_differs", "catalogue.db", NULL);
	return r;
}

/* The better witness of what must be there: the log when it could be replayed, else the catalogue.
 */
static struct catalogue *
witness(const struct doctor *doctor)
{
	return doctor->follows || doctor->kept == NULL ? doctor->replayed : doctor->kept;
}

/* ---- objects ---- */

static int
examine_object(void *ctx, const char *id, const char *kind, const char *batch, unsigned key,
    const char *sha256)
{
	struct doctor *doctor = ctx;
	_cleanup_(secret_freep) uint8_t *plain = NULL;
	struct age_identity identity;
	char digest[65];
	size_t size;
	int r;

	doctor->examined->objects++;
	json_object_set_new(doctor->known, id, json_true());
	r = store_ring_identity(doctor->keys, batch, key, &identity);
	if (r < 0) {
		faults_add(doctor->faults, "key_missing", batch, kind);
		return 0;
	}
	r = objects_get(doctor->objects, id, &identity, &plain, &size);
	explicit_bzero(&identity, sizeof(identity));
	if (r < 0) {
		faults_add(
		    doctor->faults, r == -ENOENT ? "object_missing" : "object_damaged", id, kind);
		return 0;
	}
	if (sha256[0] != '\0') {
		canon_sha256(plain, size, digest);
		if (strcmp(digest, sha256) != 0)
			faults_add(doctor->faults, "digest_mismatch", id, kind);
	}
	return 0;
}

/* What no event named: an object is the rubbish of a crash and harmless; anything else does not
 * belong there. */
static int
examine_stray(void *ctx, const char *id, const char *path)
{
	struct doctor *doctor = ctx;

	if (id[0] == '\0')
		faults_add(doctor->faults, "stray_file", path, NULL);
	else if (json_object_get(doctor->known, id) == NULL) {
		uint64_t size;

		doctor->examined->orphans++;
		if (objects_check(doctor->objects, id, &size) < 0)
			faults_add(doctor->faults, "object_damaged", id, "orphan");
	}
	return 0;
}

/* ---- keys ---- */

static int
examine_key_file(void *ctx, const char *name, const char *sha256)
{
	struct doctor *doctor = ctx;
	_cleanup_(secret_freep) uint8_t *data = NULL;
	size_t size;
	int r;

	doctor->examined->key_files++;
	r = keys_read(doctor->keys, name, sha256, &data, &size);
	if (r < 0)
		faults_add(doctor->faults, r == -ENOENT ? "key_missing" : "key_damaged", name,
		    strerror(-r));
	return 0;
}

static int
examine_key_name(void *ctx, const char *name)
{
	struct doctor *doctor = ctx;
	char digest[65];

	if (catalogue_key_digest(witness(doctor), name, digest) < 0)
		faults_add(doctor->faults, "stray_file", name, "keys");
	return 0;
}

static int
run(struct doctor *doctor)
{
	int r;

	r = examine_log(doctor);
	if (r >= 0)
		r = examine_catalogue(doctor);
	if (r >= 0)
		r = catalogue_key_files(witness(doctor), examine_key_file, doctor);
	if (r >= 0)
		r = keys_walk(doctor->keys, examine_key_name, doctor);
	if (r >= 0)
		r = catalogue_objects(witness(doctor), examine_object, doctor);
	if (r >= 0)
		r = objects_walk(doctor->objects, examine_stray, doctor);
	return r;
}

static int
examine(struct catalogue **cat, struct eventlog *log, void *arg)
{
	return run(arg);
}

int
doctor_examine(struct store *store, struct examined *ret, struct faults *faults)
{
	struct doctor doctor = {
	    .store = store, .faults = faults, .examined = ret, .known = json_object()};
	int r;

	memset(ret, 0, sizeof(*ret));
	doctor.sources = (struct catalogue_sources){read_for_replay, &doctor};
	r = keys_open(store->data_dir, store->key_path, &doctor.keys);
	if (r < 0) {
		faults_add(faults, "keys_locked", "keys", strerror(-r));
		r = 0;
	} else {
		r = objects_open(store->data_dir, &doctor.objects);
		if (r >= 0)
			r = store->writer != NULL
				? writer_exclusive(store->writer, examine, &doctor)
				: run(&doctor);
	}
	catalogue_free(doctor.replayed);
	catalogue_free(doctor.kept);
	objects_free(doctor.objects);
	keys_free(doctor.keys);
	json_decref(doctor.known);
	return r;
}
