/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * keys/: everything that opens something. The master identity is outside the archive (store.master_key_file), the recovery identity is never stored.
 *
 *	keys/recipients.json     master and recovery public keys            keys/log.age, keys/ca.age   log signing key, CA key and certificate
 *	keys/rings/BATCH.age     one identity text per line, one per page (architecture §3)
 *	keys/users/NAME.json     password verifier and wrapped signing key (account.h)
 *
 * Each file is encrypted to master + recovery where it holds secrets. The digest of every file is in the log; a file that does not match is refused (-EBADMSG):
 * age does not authenticate the sender. Replacing a file takes three steps, so that a power cut leaves no doubt: keys_stage() writes NAME.next durably; the event that
 * names its digest is the commit point; keys_settle() renames. At start keys_settle_all() finishes or removes each NAME.next according to the digest that the log holds.
 */
#ifndef FUMIKURA_STORE_KEYS_H
#define FUMIKURA_STORE_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "age.h"
#include "cleanup.h"

#define KEYS_DIGEST 65     /* SHA-256 in hex and NUL */
#define KEYS_RING_PAGES 64 /* identities made when a batch opens, and at each refill */
#define KEYS_RING_MAX 4096 /* identities of one batch */
#define KEYS_FILE_MAX ((size_t)1 << 20)

struct keys;

/* Makes keys/ in a new archive: recipients, master written to master_path (0600, must not exist), returns the recovery identity once. */
int keys_create(int data_dir, const char *master_path, struct age_identity *ret_recovery);
/* Unlocks: reads the master identity and recipients.json; -EKEYREJECTED when they do not belong together. Thread-safe afterwards. */
int keys_open(int data_dir, const char *master_path, struct keys **ret);
void keys_free(struct keys *keys);
DEFINE_CLEANUP(struct keys *, keys_free)

const uint8_t *keys_master_recipient(const struct keys *keys);   /* 32 bytes, borrowed */
const uint8_t *keys_recovery_recipient(const struct keys *keys); /* 32 bytes, borrowed */

/* Any secret file below keys/ ("ca.age", "log.age"): stage encrypts to master + recovery. name has at most one '/'. plain users/ files: encrypt = 0. */
int keys_stage(struct keys *keys, const char *name, const void *data, size_t n, int encrypt, char ret_digest[KEYS_DIGEST]);
int keys_settle(struct keys *keys, const char *name);
/* Removes a staged file whose event did not happen. */
int keys_unstage(struct keys *keys, const char *name);
/* Reads and checks against digest; decrypts age files. Caller: secret_free. */
int keys_read(struct keys *keys, const char *name, const char *digest, uint8_t **ret, size_t *ret_size);
/* For each NAME.next: settle when lookup(name) gives its digest, else remove. lookup returns the logged digest or NULL. */
int keys_settle_all(struct keys *keys, const char *(*lookup)(void *ctx, const char *name), void *ctx);

/* ---- rings ---- */
/* Stages rings/BATCH.age with first KEYS_RING_PAGES more identities than it has (digest: the logged digest of the present file, NULL for a new one). ret_count: identities
 * in the staged file. The batch's ring is cached, and usable for sealing only after keys_settle. */
int keys_ring_stage(struct keys *keys, const char *batch, const char *digest, char ret_digest[KEYS_DIGEST], unsigned *ret_count);
/* Public key / identity number index (from 0) of a settled ring. Cached (bounded). digest as above. -ENOENT past its end. */
int keys_ring_recipient(struct keys *keys, const char *batch, const char *digest, unsigned index, uint8_t ret_public[32]);
int keys_ring_identity(struct keys *keys, const char *batch, const char *digest, unsigned index, struct age_identity *ret);

#endif
