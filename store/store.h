/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The room's context: what the handlers share. Made in store_main.c, once; members are set before
 * the first call is served and stay. Thread rules: the bus (peer.c, serve.c) belongs to the main
 * thread; everything that may block runs on pool threads, written as straight lines.
 */
#ifndef FUMIKURA_STORE_STORE_H
#define FUMIKURA_STORE_STORE_H

#include <pthread.h>
#include <stdbool.h>

#include "ca.h"
#include "catalogue.h"
#include "eventlog.h"
#include "keys.h"
#include "objects.h"
#include "pool.h"
#include "room.h"
#include "writer.h"

#define STORE_READERS 8      /* SQLite connections for reading threads */
#define STORE_LOCAL_LINKS 64 /* command lines connected at once */

struct peers;
struct sessions;
struct runs;
struct recogniser;
struct stamper;

struct store {
	struct room *room;
	const struct config *config;
	bool offline; /* `store --offline`: one console link, no rooms */
	int data_dir;
	char *data_path, *key_path, *catalogue_path;
	uint64_t started_ms;
	int swap; /* enum swap, or negative errno: seen before the fence */

	int64_t set_back_s; /* by the clock before this start: begin.h */
	bool waiting; /* there is no space for a start, and every call is refused: full.h */

	struct keys *keys;
	struct objects *objects;
	struct eventlog *log;
	struct catalogue *writer_cat;
	struct ca *ca;
	char *tsa_trust_pem; /* trust anchors for timestamps; NULL when none is configured */
	struct catalogue_sources sources; /* for the writer's catalogue */

	struct mainloop *loop;
	struct pool *calls;   /* people's requests */
	struct pool *slow;    /* those that wait for other rooms or read much: ACT_SLOW */
	struct pool *urgent;  /* those that end what the others wait for: ACT_URGENT */
	struct pool *hashing; /* those that hash passwords: ACT_HASHES */
	struct pool *intake;  /* pages from scanner and import */
	struct writer *writer;
	struct peers *peers;
	struct sessions *sessions;
	struct runs *runs;
	struct recogniser *recogniser;
	struct stamper *stamper;

	/* reading connections, lent one at a time */
	pthread_mutex_t reader_lock;
	pthread_cond_t reader_free;
	struct catalogue *reader[STORE_READERS];
	bool reader_lent[STORE_READERS];
	bool reader_closed; /* rebuild swaps the file */

	/* grows with every committed group: long polls and workers wait for it */
	pthread_mutex_t change_lock;
	pthread_cond_t changed;
	uint64_t changes;
};

/* Paths, locks, memory, libgcrypt: before the sandbox. key_file "" or NULL: DATA.key beside the
 * data directory. store.c */
int store_prepare(struct store *store, const char *data, const char *key_file);
/* Opens an existing archive: keys, catalogue, log (replaying what the catalogue lacks), staged
 * keys. Logs what it did. store.c */
int store_open(struct store *store);
/* After store_open() failed with -ENOSPC: what tells browsers so, the certificates, as far as they
 * can be had. store.c */
void store_open_behind(struct store *store);
/* Then, by one thread: gives the catalogue what it lacks; -ENOSPC as long as that has no space.
 * store.c */
int store_catch_up(struct store *store);
/* One store at a time: -EBUSY while another has the archive open. Repeating it is harmless. */
int store_lock(struct store *store);
void store_close(struct store *store);
/* Bytes that the data folder's disk has left; 0 when it does not say. */
uint64_t store_free_space(struct store *store);
/* Free space below the limit: -ENOSPC. */
int store_check_space(struct store *store);
/*
 * An identity of the ring as it lies on the disk, whatever the log says of its digest: for reading
 * only. During a replay the catalogue knows an older ring than the disk; what is read is checked by
 * the digest that its event names.
 */
int store_ring_identity(
    struct keys *keys, const char *batch, unsigned key, struct age_identity *ret);
/* catalogue_sources.object over keys and objects: as objects_get(), but for the ring: -ENOKEY when
 * it is missing or damaged, -EREMOTEIO when the disk does not give it just now. */
int store_fetch(struct keys *keys, struct objects *objects, const char *batch, unsigned key,
    const char *id, uint8_t **ret, size_t *ret_size);
/* As store_fetch(); ctx is the struct store. */
int store_source_object(
    void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret, size_t *ret_size);
/* Plaintext of an object, opened with identity number key of the batch's ring. Takes a loan: hold
 * none. Caller: secret_free. */
int store_object(struct store *store, const char *batch, unsigned key, const char *id,
    uint8_t **ret, size_t *ret_size);
/* Applies events of the log that cat lacks, in transactions of a bounded size. */
int store_replay(struct store *store, struct catalogue *cat, struct eventlog *log);

/* Lends a reading connection (blocks while all are lent or a rebuild runs); NULL only on failure to
 * open. store_reader.c */
struct catalogue *store_reader_take(struct store *store);
void store_reader_give(struct store *store, struct catalogue *cat);
/* Waits until nothing is lent and closes all; lending goes on after store_reader_open. */
void store_reader_close(struct store *store);
void store_reader_open(struct store *store);
/* Scope-bound loan: `_cleanup_(loan_end) struct loan loan = loan_start(store);` */
struct loan {
	struct store *store;
	struct catalogue *cat;
};
struct loan loan_start(struct store *store);
void loan_end(struct loan *loan);

/* The change count now; waits until it differs from seen or the time is over. */
uint64_t store_changes(struct store *store);
uint64_t store_wait_change(struct store *store, uint64_t seen, unsigned timeout_ms);
void store_announce_change(void *store);

#endif
