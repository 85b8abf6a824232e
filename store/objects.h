/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * objects/AA/REST…: immutable age files named by the SHA-256 of the file. The only writer of object
 * files (rule 10). Every call may block on the disk; all are thread-safe. An object without an
 * event is an orphan of a crash: doctor counts it, the start-up sweep removes it. Files being
 * written are called objects/tmp-HEX until they are whole.
 */
#ifndef FUMIKURA_STORE_OBJECTS_H
#define FUMIKURA_STORE_OBJECTS_H

#include <stddef.h>
#include <stdint.h>

#include "age.h"
#include "cleanup.h"

#define OBJECT_ID 65                   /* 64 hex digits and NUL */
#define OBJECT_MAX ((size_t)300 << 20) /* bytes of one object file: MEMFD_MAX and its sealing */

struct objects;

/* Makes objects/ when it is missing; changes nothing else. */
int objects_open(int data_dir, struct objects **ret);
void objects_free(struct objects *objects);
DEFINE_CLEANUP(struct objects *, objects_free)

/*
 * Encrypts to one recipient, writes temp → flush → rename → flush directory. On return 0 the object
 * survives a power cut. -ENOSPC (like any other failure) leaves nothing behind.
 * ret_size: bytes of the file.
 */
int objects_put(struct objects *objects, const uint8_t recipient[32], const void *plain, size_t n,
    char ret_id[OBJECT_ID], uint64_t *ret_size);
/* Reads, checks the name against the content, decrypts. -ENOENT, -EBADMSG (altered), -EIO (the disk
 * does not give it), -EKEYREJECTED (another page's key), -EINVAL (no object id). Caller:
 * secret_free. */
int objects_get(struct objects *objects, const char *id, const struct age_identity *identity,
    uint8_t **ret, size_t *ret_size);
/* Reads the whole file and checks the name only. */
int objects_check(struct objects *objects, const char *id, uint64_t *ret_size);
/* Calls visit for every file below objects/ (id, or "" with path for a stray name; temporary files
 * are stray). path is relative to objects/. Stops on non-zero and returns it. */
int objects_walk(
    struct objects *objects, int (*visit)(void *ctx, const char *id, const char *path), void *ctx);
/* Durable. -ENOENT. */
int objects_unlink(struct objects *objects, const char *id);
/* Removes the temporary files that a crash left. At start only, before any put. Returns how many.
 */
int objects_sweep(struct objects *objects);

#endif
