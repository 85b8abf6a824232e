/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merkle tree of RFC 9162 §2.1 over leaf hashes, in memory: each leaf and the root of each complete
 * block of 256, 65536 … leaves, so 32.1 bytes a leaf. Append costs one hash on average; the root of
 * any size at most some hundred. Not thread-safe.
 */
#ifndef FUMIKURA_STORE_MERKLE_H
#define FUMIKURA_STORE_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

#define MERKLE_HASH 32
#define MERKLE_MAX (UINT64_C(1) << 32) /* leaves: 128 GiB of memory would come first */

struct merkle;

int merkle_new(struct merkle **ret);
void merkle_free(struct merkle *tree);
DEFINE_CLEANUP(struct merkle *, merkle_free)

uint64_t merkle_size(const struct merkle *tree);
/* SHA-256(0x00 ‖ entry). */
void merkle_leaf(const void *entry, size_t n, uint8_t ret_leaf[MERKLE_HASH]);
/* -ENOMEM, -EFBIG; the tree is unchanged then. */
int merkle_append(struct merkle *tree, const uint8_t leaf[MERKLE_HASH]);
/* Forgets all but the first size leaves. */
void merkle_truncate(struct merkle *tree, uint64_t size);
/* Root of the first size leaves; the hash of nothing for 0. -ERANGE beyond the tree. */
int merkle_root(const struct merkle *tree, uint64_t size, uint8_t ret_root[MERKLE_HASH]);

#endif
