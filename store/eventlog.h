/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: append-only, encrypted, hashed into a Merkle tree (RFC 9162). It is the truth; the catalogue is its projection.
 *
 *	entry = HMAC-SHA256(salt, "fumikura/event/v1\0" ‖ JSON)      leaf = SHA-256(0x00 ‖ entry)
 *
 *	log/events/NNNNNNNNNN.open   the growing segment: header (magic, version, first index, segment key as an age file to master + recovery), then frames
 *	                             u32 size | AES-256-GCM( u64 index | salt 32 | JSON ), nonce and associated data from segment and index
 *	log/events/NNNNNNNNNN.age    a closed segment: an age file (master + recovery) whose plaintext is the frames: u64 index | salt | u32 size | JSON
 *	log/checkpoint               newest signed checkpoint (C2SP signed note, Ed25519)
 *
 * NNNNNNNNNN is the first index. One writer; appended events are buffered and become durable together at eventlog_flush(): the commit point.
 * A torn tail (a power cut in mid-write, never acknowledged) is cut off at open; damage anywhere else is -EBADMSG and is named by eventlog_check().
 */
#ifndef FUMIKURA_STORE_EVENTLOG_H
#define FUMIKURA_STORE_EVENTLOG_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "keys.h"

#define EVENT_MAX ((size_t)1 << 20) /* bytes of one event's JSON */

struct eventlog;
struct event_frame {
	uint64_t index;
	const char *json; /* canonical, NUL-terminated; borrowed for the call */
	size_t size;
	uint8_t entry[32], leaf[32];
};

/* Calls visit for each event from index `from`, in order. */
typedef int (*eventlog_visit)(void *ctx, const struct event_frame *event);

/* Makes log/ and the log signing key ("log.age", staged and settled); origin is the checkpoint's first line, e.g. "fumikura.local/0a1b2c3d". */
int eventlog_create(int data_dir, struct keys *keys, const char *origin);
/* Opens for appending; reads every frame once (to rebuild the tree), giving those from `from` to visit. Cuts a torn tail; ret_torn (may be NULL) says the bytes cut. */
int eventlog_open(int data_dir, struct keys *keys, uint64_t from, eventlog_visit visit, void *ctx, uint64_t *ret_torn, struct eventlog **ret);
void eventlog_free(struct eventlog *log);
DEFINE_CLEANUP(struct eventlog *, eventlog_free)

uint64_t eventlog_size(const struct eventlog *log); /* durable events plus buffered ones */
/* Buffers one canonical JSON event; fills ret (index, entry, leaf). Nothing is durable yet. */
int eventlog_append(struct eventlog *log, const char *json, size_t size, struct event_frame *ret);
/* Forgets buffered events from index on (a SAVEPOINT rolled back). Never reaches durable ones. */
void eventlog_withdraw(struct eventlog *log, uint64_t index);
/* Writes and flushes what is buffered. On failure nothing of it remains (file cut back, tree restored) and the same buffered events are forgotten. */
int eventlog_flush(struct eventlog *log);
/* Reads durable events again; thread-safe against the writer. */
int eventlog_read(struct eventlog *log, uint64_t from, uint64_t count, eventlog_visit visit, void *ctx);

/* Root of the first `size` events (RFC 9162 §2.1.1). */
int eventlog_root(struct eventlog *log, uint64_t size, uint8_t ret_root[32]);
/* Signs the durable head: note text (caller frees), also kept as log/checkpoint. */
int eventlog_checkpoint(struct eventlog *log, char **ret_note);
/* Origin line and verifier key ("name+hash+base64"); borrowed. */
const char *eventlog_origin(const struct eventlog *log);
const char *eventlog_verifier(const struct eventlog *log);

/*
 * Reads everything without changing it (doctor): frames, hashes, kept checkpoint against the tree. fault is called for each damage with a stable code, the file and
 * a short English detail. visit as in open. Returns events read.
 */
typedef void (*fault_fn)(void *ctx, const char *code, const char *where, const char *detail);
int64_t eventlog_check(int data_dir, struct keys *keys, eventlog_visit visit, fault_fn fault, void *ctx);

#endif
