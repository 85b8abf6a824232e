/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * keys/: everything that opens something. The master identity is outside the archive
 * (store.master_key_file), the recovery identity is never stored.
 *
 *	keys/recipients.json     {"master":"age1…","recovery":"age1…","v":1}: public keys
 *	keys/log.age             log signing key (note.h)
 *	keys/ca.age              CA key and certificate (ca.h)
 *	keys/rings/BATCH.age     "# fumikura ring 1", then one identity text per line, one per page
 *	                         (architecture §3): `age -d -i` reads it as it is
 *	keys/users/NAME.json     password verifier and wrapped signing key (account.h)
 *
 * Each file that holds secrets is encrypted to master + recovery. The digest of every file is in
 * the log; a file that does not match is refused (-EBADMSG): age does not authenticate the sender.
 *
 * Replacing a file takes three steps, so that a power cut leaves no doubt: keys_stage() writes
 * NAME.next durably; the event that names its digest is the commit point; keys_settle() renames. At
 * start keys_settle_all() finishes or removes each NAME.next according to the digest that the log
 * holds. Between the event and keys_settle(), readers who bring the new digest are served from
 * NAME.next. Names hold at most one '/', and only the directories above.
 */
#ifndef FUMIKURA_STORE_KEYS_H
#define FUMIKURA_STORE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "age.h"
#include "cleanup.h"

#define KEYS_DIGEST 65     /* SHA-256 of the file in hex and NUL */
#define KEYS_RING_PAGES 64 /* identities made when a batch opens, and at each refill */
#define KEYS_RING_MAX 4096 /* identities of one batch */
#define KEYS_FILE_MAX ((size_t)1 << 20)

struct keys;

/*
 * Makes keys/ in a new archive: recipients, master written to master_path (0600, must not exist),
 * returns the recovery identity once. -EEXIST when there are keys already; on failure no master
 * file is left behind.
 */
int keys_create(int data_dir, const char *master_path, struct age_identity *ret_recovery);
/* Whether master_path holds a master key that is not known to be of the archive, perhaps half made,
 * below data_dir. */
bool keys_of_another(int data_dir, const char *master_path);
/* Unlocks: reads the master identity and recipients.json; -EKEYREJECTED when they do not belong
 * together. Thread-safe afterwards. */
int keys_open(int data_dir, const char *master_path, struct keys **ret);
void keys_free(struct keys *keys);
DEFINE_CLEANUP(struct keys *, keys_free)

const uint8_t *keys_master_recipient(const struct keys *keys);   /* 32 bytes, borrowed */
const uint8_t *keys_recovery_recipient(const struct keys *keys); /* 32 bytes, borrowed */

/* Encrypts anything else of the archive (log segments) to master + recovery; caller frees. */
int keys_seal(
    const struct keys *keys, const void *plain, size_t n, uint8_t **ret, size_t *ret_size);
/* Decrypts what keys_seal() made; see age_decrypt_mem(). */
int keys_unseal(
    const struct keys *keys, const void *file, size_t n, uint8_t **ret, size_t *ret_size);

/*
 * Any file below keys/ ("ca.age", "log.age", "users/NAME.json"): encrypt says whether it is
 * encrypted to master + recovery (names ending in .age) or written plainly. -EBUSY while an earlier
 * stage of the name is neither settled nor unstaged. On failure nothing stays staged.
 */
int keys_stage(struct keys *keys, const char *name, const void *data, size_t n, int encrypt,
    char ret_digest[KEYS_DIGEST]);
/* After the event is durable. -ENOENT: nothing staged. May be repeated after a failure. */
int keys_settle(struct keys *keys, const char *name);
/* Digest of the present file as it lies on the disk, for the event that names it first. */
int keys_digest(struct keys *keys, const char *name, char ret_digest[KEYS_DIGEST]);
/* Removes a staged file whose event did not happen. Nothing staged: 0. */
int keys_unstage(struct keys *keys, const char *name);
/*
 * Reads and checks against digest; decrypts names that end in .age. -ENOENT, -EBADMSG. digest may
 * be NULL only where the content is checked by other means (log.age: archive.init names its
 * verifier). Caller: secret_free; the text carries one NUL beyond ret_size.
 */
int keys_read(
    struct keys *keys, const char *name, const char *digest, uint8_t **ret, size_t *ret_size);
/* The digest that the log gives a name. -ENOENT: it gives none; any other failure says nothing. */
typedef int (*keys_lookup)(void *ctx, const char *name, char ret[KEYS_DIGEST]);
/*
 * For each NAME.next: settle when lookup gives its digest; remove when there is none or it is that
 * of the present file; keep when it matches neither (damage: doctor names it, nothing is
 * destroyed). Removes temporary files. Stops when lookup fails. Single-threaded, at start.
 */
int keys_settle_all(struct keys *keys, keys_lookup lookup, void *ctx);
/* Calls visit with each name ("rings/B000001.age") below keys/ but recipients.json and unsettled or
 * temporary files, also with names that are none of ours; stops on non-zero and returns it. For
 * doctor. */
int keys_walk(struct keys *keys, int (*visit)(void *ctx, const char *name), void *ctx);

/* ---- rings ---- */
/*
 * Stages rings/BATCH.age with KEYS_RING_PAGES more identities than it has (digest: the logged
 * digest of the present file, NULL for a new one). ret_count: identities in the staged file.
 * -E2BIG beyond KEYS_RING_MAX. Its identities are for use once the event with ret_digest is
 * durable.
 */
int keys_ring_stage(struct keys *keys, const char *batch, const char *digest,
    char ret_digest[KEYS_DIGEST], unsigned *ret_count);
/* Public key / identity number index (from 0) of a ring. Cached, in locked memory, bounded.
 * digest as above. -ENOENT past its end. */
int keys_ring_recipient(struct keys *keys, const char *batch, const char *digest, unsigned index,
    uint8_t ret_public[32]);
int keys_ring_identity(struct keys *keys, const char *batch, const char *digest, unsigned index,
    struct age_identity *ret);

#endif
