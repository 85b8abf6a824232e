/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree that makes the log provable. It knows hashes only. */
#include "merkle.h"

#include <errno.h>
#include <gcrypt.h>
#include <string.h>

#define STEP 8 /* tree heights between two kept levels: 256 children */
#define FAN (1u << STEP)
#define LEVELS 4 /* kept heights 0, 8, 16, 24 */

struct level {
	uint8_t (*hashes)[MERKLE_HASH];
	uint64_t count, room;
};

struct merkle {
	struct level levels[LEVELS];
};

int
merkle_new(struct merkle **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret != NULL ? 0 : -ENOMEM;
}

void
merkle_free(struct merkle *tree)
{
	if (tree == NULL)
		return;
	for (unsigned i = 0; i < LEVELS; i++)
		free(tree->levels[i].hashes);
	free(tree);
}

uint64_t
merkle_size(const struct merkle *tree)
{
	return tree->levels[0].count;
}

void
merkle_leaf(const void *entry, size_t n, uint8_t ret_leaf[MERKLE_HASH])
{
	uint8_t mark = 0x00;
	const gcry_buffer_t iov[] = {
	    {.data = &mark, .len = 1}, {.data = (void *)(uintptr_t)entry, .len = n}};

	gcry_md_hash_buffers(GCRY_MD_SHA256, 0, ret_leaf, iov, 2);
}

/* out may be left or right. */
static void
node(const uint8_t *left, const uint8_t *right, uint8_t *out)
{
	uint8_t joined[1 + 2 * MERKLE_HASH] = {0x01};

	memcpy(joined + 1, left, MERKLE_HASH);
	memcpy(joined + 1 + MERKLE_HASH, right, MERKLE_HASH);
	gcry_md_hash_buffer(GCRY_MD_SHA256, out, joined, sizeof(joined));
}

/* Root of n (a power of two, ≤ FAN) hashes. */
static void
complete(const uint8_t (*hashes)[MERKLE_HASH], unsigned n, uint8_t ret[MERKLE_HASH])
{
	uint8_t work[FAN][MERKLE_HASH];

	memcpy(work, hashes, (size_t)n * MERKLE_HASH);
	for (; n > 1; n /= 2)
		for (unsigned i = 0; i < n / 2; i++)
			node(work[2 * i], work[2 * i + 1], work[i]);
	memcpy(ret, work[0], MERKLE_HASH);
}

static int
reserve(struct level *level)
{
	uint64_t room = level->room != 0 ? level->room * 2 : FAN;
	void *grown;

	if (level->count < level->room)
		return 0;
	grown = realloc(level->hashes, room * MERKLE_HASH);
	if (grown == NULL)
		return -ENOMEM;
	level->hashes = grown;
	level->room = room;
	return 0;
}

int
merkle_append(struct merkle *tree, const uint8_t leaf[MERKLE_HASH])
{
	uint8_t hash[MERKLE_HASH];

	if (merkle_size(tree) >= MERKLE_MAX)
		return -EFBIG;
	for (unsigned i = 0; i < LEVELS; i++)
		if (reserve(&tree->levels[i]) < 0)
			return -ENOMEM;
	memcpy(hash, leaf, MERKLE_HASH);
	for (unsigned i = 0; i < LEVELS; i++) {
		struct level *level = &tree->levels[i];

		memcpy(level->hashes[level->count++], hash, MERKLE_HASH);
		if (level->count % FAN != 0)
			break;
		complete(
		    (const uint8_t(*)[MERKLE_HASH])level->hashes + (level->count - FAN), FAN, hash);
	}
	return 0;
}

void
merkle_truncate(struct merkle *tree, uint64_t size)
{
	for (unsigned i = 0; i < LEVELS; i++, size >>= STEP)
		if (tree->levels[i].count > size)
			tree->levels[i].count = size;
}

/* Root of the complete subtree of 2^height leaves that begins at leaf start. */
static void
subtree(const struct merkle *tree, uint64_t start, unsigned height, uint8_t ret[MERKLE_HASH])
{
	unsigned level = height / STEP < LEVELS ? height / STEP : LEVELS - 1;

	complete(
	    (const uint8_t(*)[MERKLE_HASH])tree->levels[level].hashes + (start >> (level * STEP)),
	    1u << (height - level * STEP), ret);
}

int
merkle_root(const struct merkle *tree, uint64_t size, uint8_t ret_root[MERKLE_HASH])
{
	uint8_t left[MERKLE_HASH];
	uint64_t end = size;
	int first = 1;

	if (size > merkle_size(tree))
		return -ERANGE;
	if (size == 0) {
		gcry_md_hash_buffer(GCRY_MD_SHA256, ret_root, "", 0);
		return 0;
	}
	/* Complete subtrees from the right, each as large as the lowest set bit says. */
	for (unsigned height = 0; end != 0; height++) {
		if ((end >> height & 1) == 0)
			continue;
		end -= UINT64_C(1) << height;
		subtree(tree, end, height, left);
		if (first)
			memcpy(ret_root, left, MERKLE_HASH);
		else
			node(left, ret_root, ret_root);
		first = 0;
	}
	return 0;
}
