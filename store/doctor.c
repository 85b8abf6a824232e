/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Examination of a whole archive. Works on a stopped box, a running one, and on a damaged one as
 * far as anything can be read. */
#include "doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "birth.h"
#include "canon.h"
#include "eventlog.h"
#include "io.h"
#include "objects.h"
#include "secret.h"

#define MEMORY ":memory:"
#define RECIPIENTS "recipients.json"
#define CHECKPOINT_MAX ((size_t)64 << 10)

struct doctor {
	struct store *store;
	struct keys *keys;
	struct objects *objects;
	struct catalogue *replayed; /* what the log says */
	struct catalogue *kept;     /* what is on the disk; NULL when it cannot be opened */
	int64_t kept_next;    /* events that kept holds; compared when replayed holds as many */
	bool follows;         /* replayed is whole */
	uint64_t started;     /* index of the newest archive.start */
	uint64_t signed_size; /* of the newest checkpoint that an event names */
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
	const struct doctor *doctor = ctx;

	return store_fetch(doctor->keys, doctor->objects, batch_id, key, id, ret, ret_size);
}

/* At the moment when both hold the same events, both must say the same. */
static int
compare_catalogues(struct doctor *doctor)
{
	if (doctor->kept == NULL || !doctor->follows ||
	    catalogue_next_event(doctor->replayed) != doctor->kept_next)
		return 0;
	return catalogue_compare(doctor->replayed, doctor->kept, faults_add, doctor->faults);
}

/* What some events say of the files beside the log. */
static void
note_event(struct doctor *doctor, const struct event_frame *event)
{
	json_t *json = json_loadb(event->json, event->size, 0, NULL);
	const char *type = json_string_value(json_object_get(json, "type"));

	if (type != NULL && strcmp(type, "archive.start") == 0)
		doctor->started = event->index;
	if (type != NULL && strcmp(type, "checkpoint") == 0)
		doctor->signed_size = (uint64_t)json_integer_value(json_object_get(json, "size"));
	json_decref(json);
}

/* The event itself is good when it is the key of what it names that is lacking. */
static const char *
fault_of_event(int r)
{
	return r == -ENOKEY ? "key_missing" : r == -EREMOTEIO ? "key_unreadable" : "event_invalid";
}

static int
replay_event(void *ctx, const struct event_frame *event)
{
	struct doctor *doctor = ctx;
	char where[32];
	int r;

	note_event(doctor, event);
	r = compare_catalogues(doctor);
	if (r < 0 || !doctor->follows)
		return r;
	r = catalogue_savepoint(doctor->replayed);
	if (r >= 0)
		r = catalogue_apply(doctor->replayed, event);
	if (r == -ENOMEM) /* of ours: it says nothing of the event */
		return r;
	if (r < 0) {
		catalogue_rollback_to(doctor->replayed);
		snprintf(where, sizeof(where), "event %llu", (unsigned long long)event->index);
		faults_add(doctor->faults, fault_of_event(r), where, strerror(-r));
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

/* A checkpoint is written before its event: an older one, or none, was put there since. Its
 * signature and root were checked with the log. */
static int
examine_checkpoint(struct doctor *doctor)
{
	_cleanup_(freep) uint8_t *note = NULL;
	const char *line;
	size_t n;
	int r = io_read_file(doctor->store->data_dir, "log/checkpoint", CHECKPOINT_MAX, &note, &n);

	if (doctor->signed_size == 0)
		return 0;
	line = r >= 0 ? memchr(note, '\n', n) : NULL; /* the second line is the size */
	if (line == NULL || strtoull(line + 1, NULL, 10) < doctor->signed_size)
		faults_add(doctor->faults, "log_checkpoint_missing", "log/checkpoint", NULL);
	return 0;
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
	r = compare_catalogues(doctor);
	if (catalogue_commit(doctor->replayed) < 0)
		r = -EIO;
	if (n < 0) {
		faults_add(doctor->faults,
		    n == -ENOENT || fault_is_damage((int)n) ? "log_damaged" : "log_unreadable",
		    "log/events", strerror((int)-n));
		doctor->follows = false;
		return 0;
	}
	doctor->examined->events = (uint64_t)n;
	return r < 0 ? r : examine_checkpoint(doctor);
}

/* ---- the catalogue ---- */

static void
name_catalogue(struct doctor *doctor, int r)
{
	if (r == -ESTALE)
		faults_add(doctor->faults, "catalogue_old", "catalogue.db", "older schema");
	else
		faults_add(doctor->faults,
		    fault_is_damage(r) ? "catalogue_damaged" : "catalogue_unreadable",
		    "catalogue.db", strerror(-r));
}

/* Before the log, which a running box may add to meanwhile: what is kept stands still from here on.
 */
static int
open_catalogue(struct doctor *doctor)
{
	int r;

	if (faccessat(AT_FDCWD, doctor->store->catalogue_path, F_OK, 0) < 0) {
		faults_add(doctor->faults, "catalogue_missing", "catalogue.db", NULL);
		return 0;
	}
	r = catalogue_open(doctor->store->catalogue_path, 'r', NULL, &doctor->kept);
	if (r >= 0)
		r = catalogue_savepoint(doctor->kept);
	if (r >= 0) {
		doctor->kept_next = catalogue_next_event(doctor->kept);
		r = doctor->kept_next < 0 ? (int)doctor->kept_next : 0;
	}
	if (r < 0) {
		name_catalogue(doctor, r);
		catalogue_free(doctor->kept);
		doctor->kept = NULL;
	}
	return 0;
}

/* A catalogue that is behind only waits for the next start, unless it does not know the last one,
 * after which it was made durable. One that is ahead saw events that the log has lost. */
static int
examine_catalogue(struct doctor *doctor)
{
	int r;

	if (doctor->kept == NULL)
		return 0;
	r = catalogue_check(doctor->kept, faults_add, doctor->faults);
	if (r < 0)
		name_catalogue(doctor, r);
	if ((uint64_t)doctor->kept_next > doctor->examined->events)
		faults_add(doctor->faults, "log_truncated", "log/events", NULL);
	else if (doctor->started > 0 && (uint64_t)doctor->kept_next <= doctor->started)
		faults_add(doctor->faults, "catalogue_old", "catalogue.db", NULL);
	return 0;
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
		faults_add(doctor->faults, fault_of_key(r), batch, kind);
		return 0;
	}
	r = objects_get(doctor->objects, id, &identity, &plain, &size);
	explicit_bzero(&identity, sizeof(identity));
	if (r < 0) {
		faults_add(doctor->faults, fault_of_object(r), id, kind);
		return 0;
	}
	if (sha256[0] != '\0') {
		canon_sha256(plain, size, digest);
		if (strcmp(digest, sha256) != 0)
			faults_add(doctor->faults, "digest_mismatch", id, kind);
	}
	return 0;
}

/* A file that was being written when the power went; the next start removes it. */
static bool
unfinished(const char *path)
{
	return strlen(path) == 20 && strncmp(path, "tmp-", 4) == 0 &&
	       strspn(path + 4, "0123456789abcdef") == 16;
}

/* What no event named: an object is the rubbish of a crash and harmless; anything else does not
 * belong there. */
static int
examine_stray(void *ctx, const char *id, const char *path)
{
	struct doctor *doctor = ctx;
	uint64_t size;
	int r;

	if (id[0] == '\0' && !unfinished(path))
		faults_add(doctor->faults, "stray_file", path, "objects");
	else if (id[0] == '\0')
		doctor->examined->orphans++;
	else if (json_object_get(doctor->known, id) == NULL) {
		doctor->examined->orphans++;
		r = objects_check(doctor->objects, id, &size);
		if (r < 0)
			faults_add(doctor->faults, fault_of_object(r), id, "orphan");
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
		faults_add(doctor->faults, fault_of_key(r), name, strerror(-r));
	return 0;
}

static int
examine_key_name(void *ctx, const char *name)
{
	struct doctor *doctor = ctx;
	char digest[65];
	const int r = catalogue_key_digest(witness(doctor), name, digest);

	if (r == -ENOENT)
		faults_add(doctor->faults, "stray_file", name, "keys");
	return r == -ENOENT ? 0 : r;
}

/* Whom new keys are encrypted to is what the log says: a swapped recipient would read all that is
 * still to come. */
static int
examine_recipients(struct doctor *doctor)
{
	char master[AGE_RECIPIENT_TEXT], recovery[AGE_RECIPIENT_TEXT];
	json_t *archive = NULL;
	const char *said_master, *said_recovery;

	if (catalogue_archive_json(witness(doctor), &archive) < 0)
		return 0; /* no first event: named with the log */
	age_recipient_format(keys_master_recipient(doctor->keys), master);
	age_recipient_format(keys_recovery_recipient(doctor->keys), recovery);
	said_master = json_string_value(json_object_get(archive, "master"));
	said_recovery = json_string_value(json_object_get(archive, "recovery"));
	if (said_master == NULL || strcmp(said_master, master) != 0)
		faults_add(doctor->faults, "key_damaged", RECIPIENTS, "master");
	if (said_recovery == NULL || strcmp(said_recovery, recovery) != 0)
		faults_add(doctor->faults, "key_damaged", RECIPIENTS, "recovery");
	json_decref(archive);
	return 0;
}

static int
examine_keys(struct doctor *doctor)
{
	int r;

	doctor->examined->key_files++;
	r = examine_recipients(doctor);
	if (r >= 0)
		r = catalogue_key_files(witness(doctor), examine_key_file, doctor);
	return r < 0 ? r : keys_walk(doctor->keys, examine_key_name, doctor);
}

/* Which of the two files is to blame, as far as it can be told. */
static void
name_locked(struct doctor *doctor, int r)
{
	const char *where = r == -EBADMSG || r == -EPROTONOSUPPORT ? RECIPIENTS
			    : r == -EKEYREJECTED ? "master key file or " RECIPIENTS
						 : "master key file";

	if (r == -ENOENT && faccessat(doctor->store->data_dir, "keys/" RECIPIENTS, F_OK, 0) < 0)
		where = RECIPIENTS;
	faults_add(doctor->faults, "keys_locked", where, strerror(-r));
}

/* What must be seen in one state: log, catalogue, keys. */
static int
examine_state(struct doctor *doctor)
{
	int r;

	r = open_catalogue(doctor);
	if (r >= 0)
		r = examine_log(doctor);
	if (r >= 0)
		r = examine_catalogue(doctor);
	if (r >= 0)
		r = examine_keys(doctor);
	return r;
}

/* Objects never change: they are read while people work on. One made meanwhile is unknown to the
 * witness and only counted. */
static int
examine_objects(struct doctor *doctor)
{
	int r;

	r = catalogue_objects(witness(doctor), examine_object, doctor);
	if (r >= 0)
		r = objects_walk(doctor->objects, examine_stray, doctor);
	return r;
}

static int
examine_exclusive(struct catalogue **cat, struct eventlog *log, void *arg)
{
	return examine_state(arg);
}

int
doctor_examine(struct store *store, struct examined *ret, struct faults *faults)
{
	struct doctor doctor = {
	    .store = store, .faults = faults, .examined = ret, .known = json_object()};
	int r;

	memset(ret, 0, sizeof(*ret));
	if (birth_unfinished(store->data_dir)) {
		faults_add(faults, "init_unfinished", "init.unfinished",
		    "init did not finish; run fumikura init again");
		json_decref(doctor.known);
		return 0;
	}
	doctor.sources = (struct catalogue_sources){read_for_replay, &doctor};
	r = keys_open(store->data_dir, store->key_path, &doctor.keys);
	if (r < 0) {
		name_locked(&doctor, r);
		r = 0;
	} else {
		r = objects_open(store->data_dir, &doctor.objects);
		if (r >= 0)
			r = store->writer != NULL
				? writer_exclusive(store->writer, examine_exclusive, &doctor)
				: examine_state(&doctor);
		if (r >= 0)
			r = examine_objects(&doctor);
	}
	catalogue_free(doctor.replayed);
	catalogue_free(doctor.kept);
	objects_free(doctor.objects);
	keys_free(doctor.keys);
	json_decref(doctor.known);
	return r;
}
