/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: append-only, encrypted, hashed into a Merkle tree (RFC 9162). It is the truth; the
 * catalogue is its projection.
 *
 *	entry = HMAC-SHA256(salt, "fumikura/event/v1\0" ‖ JSON)      leaf = SHA-256(0x00 ‖ entry)
 *
 *	log/events/NNNNNNNNNN.open   the growing segment: header, then frames (eventlog_frame.h).
 *One frame is one flush: AES-256-GCM, with a fresh random nonce (the same index may be written
 *again after a failed flush), over all events that became durable together
 *	log/events/NNNNNNNNNN.age    a closed segment: an age file (master + recovery) of text, so
 *that `age -d` shows an heir the history: first line "fumikura-events/v1 FIRST COUNT", then a line
 *an event, "INDEX SALT-HEX JSON" log/checkpoint               newest signed checkpoint (note.h)
 *
 * NNNNNNNNNN is the first index. One writer; appended events are buffered and become durable
 *together at eventlog_flush(): the commit point. The open segment is closed at LOG_SEGMENT_BYTES or
 * LOG_SEGMENT_EVENTS: .age written durably, then the next .open, then the old .open is removed;
 *open resolves whatever a power cut left of that.
 *
 * Torn tail: only the last frame of the open segment, when it is incomplete or does not
 *authenticate, and no later frame can be recognised behind it, was never acknowledged;
 *eventlog_open() cuts it off, unless that would lose events that the checkpoint or the caller
 *knows. Everything else that is not as it was written is damage (-EBADMSG), named by
 *eventlog_check().
 */
#ifndef FUMIKURA_STORE_EVENTLOG_H
#define FUMIKURA_STORE_EVENTLOG_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "keys.h"

#define EVENT_MAX ((size_t)1 << 20)         /* bytes of one event's JSON */
#define LOG_GROUP_BYTES ((size_t)66 << 20)  /* buffered between two flushes: 64 largest events */
#define LOG_SEGMENT_BYTES ((size_t)4 << 20) /* of the open segment, when it is closed */
#define LOG_SEGMENT_EVENTS 20000u

struct eventlog;
struct event_frame {
	uint64_t index;
	const char *json; /* canonical, NUL-terminated; borrowed for the call */
	size_t size;
	uint8_t entry[32], leaf[32];
};

/* Calls visit for each event from index `from`, in order. Non-zero stops and is returned. */
typedef int (*eventlog_visit)(void *ctx, const struct event_frame *event);

/* Makes log/ and the log signing key ("log.age", staged and settled; keys_digest() gives its digest
 * for archive.init); origin is the checkpoint's first line, e.g. "fumikura.local/0a1b2c3d".
 * -EEXIST when there is a log, -EINVAL for an origin with spaces or '+'. */
int eventlog_create(int data_dir, struct keys *keys, const char *origin);
/*
 * Opens for appending; reads every frame once (to rebuild the tree), giving those from `from` to
 * visit (may be NULL). from: events that the caller knows to be durable (what the catalogue has
 * applied); a log that holds fewer has lost some: -EBADMSG, as is one that contradicts its kept
 * checkpoint; nothing is changed then. Cuts a torn tail; ret_torn (may be NULL) says the bytes cut.
 * keys is borrowed until eventlog_free().
 */
int eventlog_open(int data_dir, struct keys *keys, uint64_t from, eventlog_visit visit, void *ctx,
    uint64_t *ret_torn, struct eventlog **ret);
void eventlog_free(struct eventlog *log);
DEFINE_CLEANUP(struct eventlog *, eventlog_free)

uint64_t eventlog_size(const struct eventlog *log); /* durable events plus buffered ones */
int eventlog_space(const struct eventlog *log, uint64_t *ret_bytes); /* free on its disk */
/*
 * Buffers one canonical JSON event; fills ret (index, entry, leaf; json is the caller's). Nothing
 * is durable yet. -EMSGSIZE over EVENT_MAX, -ENOBUFS when LOG_GROUP_BYTES are waiting, -EINVAL when
 * it holds control characters (canonical JSON holds none).
 */
int eventlog_append(struct eventlog *log, const char *json, size_t size, struct event_frame *ret);
/* Forgets buffered events from index on (a SAVEPOINT rolled back). Never reaches durable ones. */
void eventlog_withdraw(struct eventlog *log, uint64_t index);
/*
 * Writes and flushes what is buffered. On failure nothing of it remains (file cut back, tree
 * restored) and the same buffered events are forgotten. When even the cutting back fails, every
 * later flush fails with -EIO until the log is opened again. May close the segment afterwards; that
 * this fails is no error (it is tried again later).
 */
int eventlog_flush(struct eventlog *log);
/* Reads durable events again; thread-safe against the writer. visit as in eventlog_open(). */
int eventlog_read(
    struct eventlog *log, uint64_t from, uint64_t count, eventlog_visit visit, void *ctx);

/* Root of the first `size` events, buffered ones included (RFC 9162 §2.1.1). -ERANGE beyond. */
int eventlog_root(struct eventlog *log, uint64_t size, uint8_t ret_root[32]);
/* Signs the durable head: note text (caller frees), also kept as log/checkpoint. */
int eventlog_checkpoint(struct eventlog *log, char **ret_note);
/* Origin line and verifier key ("name+hash+base64"); borrowed. */
const char *eventlog_origin(const struct eventlog *log);
const char *eventlog_verifier(const struct eventlog *log);

/*
 * Reads everything without changing it (doctor), also beside a running writer: frames, hashes, kept
 * checkpoint against the tree. fault is called for each damage with a stable code, the file and a
 * short English detail. visit (may be NULL) gets every readable event, also those behind a damage.
 * Returns events read in one piece from the first (before any damage), or negative errno when it
 * cannot look at all. A torn tail is no fault by itself: the caller compares the result with what
 * it knows (events applied, read beforehand). Codes: log_segment_damaged, log_segment_missing,
 * log_segment_unreadable, log_file_stray, log_checkpoint_damaged, log_checkpoint_mismatch,
 * log_truncated, log_key_damaged.
 */
typedef void (*fault_fn)(void *ctx, const char *code, const char *where, const char *detail);
int64_t eventlog_check(
    int data_dir, struct keys *keys, eventlog_visit visit, fault_fn fault, void *ctx);

#endif
