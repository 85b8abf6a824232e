/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Segments of the log as files; for the eventlog module only. All integers little-endian.
 *
 *	.open    header   "fumiklog" | u32 version 1 | u64 first index | u32 n | n bytes: age file
 *of the segment's 32-byte key frame    u64 index of its first event | u32 size | u32 check | nonce
 *12 | sealed size counts nonce and sealed; check = HMAC-SHA256(check key, the twelve bytes
 *	                  before)[0..3]: a flipped size is told from a torn tail
 *	         sealed   AES-256-GCM( u32 count | count × ( salt 32 | u32 n | JSON | NUL ) ) | tag
 *16 associated data: the frame's first sixteen bytes | tag of the frame before (first frame:
 *SHA-256(header)[0..15])
 *
 * So frames cannot be moved, repeated, left out of the middle, or carried to another segment.
 */
#ifndef FUMIKURA_STORE_EVENTLOG_FRAME_H
#define FUMIKURA_STORE_EVENTLOG_FRAME_H

#include <stdbool.h>
#include <sys/types.h>

#include "eventlog.h"

#define LOG_SALT 32
#define FRAME_HEAD 16
#define FRAME_NONCE 12
#define FRAME_TAG 16
#define FRAME_MIN (FRAME_HEAD + FRAME_NONCE + 4 + FRAME_TAG)
#define GROUP_HEAD 4                         /* u32 count */
#define RECORD_HEAD (LOG_SALT + 4)           /* salt, u32 size */
#define RECORD_EXTRA (RECORD_HEAD + 1)       /* and the NUL behind the JSON */
#define SEGMENT_NAME 24                      /* "NNNNNNNNNN.open" and NUL */
#define SEGMENT_FILE_MAX ((size_t)256 << 20) /* of a closed one: a largest group in hex and age */

/* Fills entry and leaf of an event (index, json, size set). */
void event_hash(const uint8_t salt[LOG_SALT], struct event_frame *event);

/* What the reading functions give for each event. 0 goes on; scans take negative errno only. */
typedef int (*record_fn)(void *ctx, const uint8_t salt[LOG_SALT], struct event_frame *event);

/* ---- the open segment ---- */

struct frame_place {
	uint64_t index; /* of its first event */
	uint32_t count; /* events in it */
	uint32_t size;  /* as in its head */
	off_t at;
	uint8_t before[FRAME_TAG]; /* tag of the frame before */
};

struct segment {
	int fd;
	uint64_t first, next;   /* first index; index behind the last event */
	off_t end;              /* behind the last good frame */
	uint8_t tag[FRAME_TAG]; /* of the last good frame */
	uint8_t *key;           /* secret memory: sealing key 32, check key 32 */
	struct frame_place *frames;
	size_t n_frames, room;
};

/* Writes an empty segment durably and opens it for appending. */
int segment_create(int dir, struct keys *keys, uint64_t first, struct segment **ret);
/* Opens an existing one and reads its header; no frame yet. -EBADMSG, -EKEYREJECTED: damaged. */
int segment_open(int dir, struct keys *keys, uint64_t first, bool writable, struct segment **ret);
void segment_free(struct segment *segment);
DEFINE_CLEANUP(struct segment *, segment_free)

/*
 * Reads the frame at segment->end, calls fn for its events, remembers its place and moves behind
 * it. 1: read; 0: clean end; -ENODATA: a torn tail is all there is; -EBADMSG: damage; fn's
 * negative.
 */
int segment_next(struct segment *segment, record_fn fn, void *ctx);
/* Makes room for one more frame, so that segment_commit() cannot fail. */
int segment_reserve(struct segment *segment);
/* Seals a group (GROUP_HEAD and records, count set) into a whole frame; caller frees. */
int segment_seal(
    const struct segment *segment, const uint8_t *group, size_t n, uint8_t **ret, size_t *ret_size);
/* A frame of n bytes and count events, with this tag, lies durably at segment->end: takes it up. */
void segment_commit(
    struct segment *segment, const uint8_t tag[FRAME_TAG], size_t n, uint32_t count);
/* Reads a known frame through any descriptor, calling fn for its events. */
int frame_read(
    int fd, const uint8_t *key, const struct frame_place *place, record_fn fn, void *ctx);

/* ---- closed segments ---- */

struct closed {
	uint64_t first, count;
	char *text;        /* secret memory; lines end in NUL */
	size_t size, body; /* bytes of text; where the first event's line begins */
};

/* -ENOENT, -EBADMSG, -EKEYREJECTED. */
int closed_load(int dir, struct keys *keys, uint64_t first, struct closed **ret);
void closed_free(struct closed *closed);
DEFINE_CLEANUP(struct closed *, closed_free)
/* Calls fn for count events from index from (both inside the segment). */
int closed_read(
    const struct closed *closed, uint64_t from, uint64_t count, record_fn fn, void *ctx);
/* Writes the closed form of a segment durably. */
int closed_write(int dir, struct keys *keys, const struct segment *segment);

/* ---- the directory ---- */

struct listed {
	uint64_t first;
	bool open, closed;
};

struct listing {
	struct listed *items; /* by first index */
	size_t n;
	bool temps;     /* there are temporary files */
	char stray[64]; /* a name that is none of ours, "" when there is none */
};

void segment_name(uint64_t first, bool closed, char out[SEGMENT_NAME]);
int listing_read(int dir, struct listing *ret);
void listing_free(struct listing *listing);
/* Removes temporary files. */
int listing_clean(int dir);

/* ---- reading the whole log ---- */

struct scan {
	int dir; /* log/events */
	struct keys *keys;
	bool writable;   /* open the last segment for appending */
	bool keep_going; /* after damage, go on with the next segment */
	record_fn fn;    /* every event */
	fault_fn fault;  /* may be NULL */
	void *ctx;
	/* results */
	uint64_t next; /* index behind the last event */
	bool damaged;
	uint64_t torn;        /* bytes behind the last good frame */
	struct segment *open; /* the growing segment; taken by the caller */
	struct listing listing;
	uint64_t stale[2]; /* first index of a leftover .open and .age; UINT64_MAX: none */
};

/* 0, or -EBADMSG after damage, or other -errno. scan_free() in any case. */
int scan_run(struct scan *scan);
void scan_free(struct scan *scan);

#endif
