/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files below keys/: read against their logged digest; replaced by stage, event, settle (keys.h).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canon.h"
#include "io.h"
#include "keys_internal.h"
#include "secret.h"

#define NEXT ".next"
#define TEMP ".tmp"

/* Every directory that holds key files; "" is keys/ itself. */
static const char *const key_dirs[] = {"", "rings", "users"};
#define KEY_DIRS (sizeof(key_dirs) / sizeof(key_dirs[0]))

static bool
ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

static bool
base_valid(const char *base)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t n = strlen(base);

	return n > 0 && base[0] != '.' && strspn(base, letters) == n && !ends_with(base, NEXT) &&
	       !ends_with(base, TEMP);
}

/* Splits a name into its directory's descriptor and its last part; -EINVAL for a name we never use.
 */
static int
open_parent(struct keys *keys, const char *name, const char **ret_base)
{
	const char *slash = strchr(name, '/');
	const char *base = slash != NULL ? slash + 1 : name;
	size_t n = slash != NULL ? (size_t)(slash - name) : 0;

	if (strlen(name) >= KEYS_NAME_MAX - sizeof(NEXT TEMP) || !base_valid(base))
		return -EINVAL;
	for (size_t i = 0; i < KEY_DIRS; i++) {
		if ((slash == NULL) != (i == 0) || strlen(key_dirs[i]) != n ||
		    memcmp(key_dirs[i], name, n) != 0)
			continue;
		*ret_base = base;
		return io_open(keys->dir, i == 0 ? "." : key_dirs[i], O_RDONLY | O_DIRECTORY, 0);
	}
	return -EINVAL;
}

static void
next_name(const char *base, char out[KEYS_NAME_MAX])
{
	snprintf(out, KEYS_NAME_MAX, "%s" NEXT, base);
}

static int
stage_bytes(int dir, const char *base, const void *data, size_t n, char ret_digest[KEYS_DIGEST])
{
	char next[KEYS_NAME_MAX], digest[KEYS_DIGEST];
	int r;

	next_name(base, next);
	if (faccessat(dir, next, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return -EBUSY;
	canon_sha256(data, n, digest);
	r = io_replace_file(dir, next, data, n);
	if (r < 0) {
		io_unlink(dir, next);
		return r;
	}
	memcpy(ret_digest, digest, KEYS_DIGEST);
	return 0;
}

int
keys_stage(struct keys *keys, const char *name, const void *data, size_t n, int encrypt,
    char ret_digest[KEYS_DIGEST])
{
	_cleanup_(freep) uint8_t *sealed = NULL;
	size_t sealed_size;
	const char *base;
	_cleanup_(closep) int dir = open_parent(keys, name, &base);
	int r;

	if (dir < 0)
		return dir;
	if ((encrypt != 0) != ends_with(name, ".age"))
		return -EINVAL;
	if (n > KEYS_FILE_MAX / 2)
		return -EFBIG;
	if (!encrypt)
		return stage_bytes(dir, base, data, n, ret_digest);
	r = keys_seal(keys, data, n, &sealed, &sealed_size);
	return r < 0 ? r : stage_bytes(dir, base, sealed, sealed_size, ret_digest);
}

int
keys_settle(struct keys *keys, const char *name)
{
	char next[KEYS_NAME_MAX];
	const char *base;
	_cleanup_(closep) int dir = open_parent(keys, name, &base);
	int r;

	if (dir < 0)
		return dir;
	next_name(base, next);
	r = io_rename(dir, next, base);
	return r < 0 ? r : io_flush(dir);
}

static int
unlink_flushed(int dir, const char *name)
{
	int r = io_unlink(dir, name);

	if (r == -ENOENT)
		return 0;
	return r < 0 ? r : io_flush(dir);
}

int
keys_unstage(struct keys *keys, const char *name)
{
	char next[KEYS_NAME_MAX];
	const char *base;
	_cleanup_(closep) int dir = open_parent(keys, name, &base);

	if (dir < 0)
		return dir;
	next_name(base, next);
	return unlink_flushed(dir, next);
}

/* Reads dir/name; -EBADMSG when its digest is another. */
static int
read_matching(int dir, const char *name, const char *digest, uint8_t **ret_file, size_t *ret_size)
{
	_cleanup_(freep) uint8_t *file = NULL;
	char actual[KEYS_DIGEST];
	size_t n;
	int r = io_read_file(dir, name, KEYS_FILE_MAX, &file, &n);

	if (r < 0)
		return io_unread(r);
	if (digest != NULL) {
		canon_sha256(file, n, actual);
		if (strlen(digest) != KEYS_DIGEST - 1 ||
		    !secret_equal(actual, digest, KEYS_DIGEST - 1))
			return -EBADMSG;
	}
	*ret_file = TAKE_PTR(file);
	*ret_size = n;
	return 0;
}

int
keys_read(struct keys *keys, const char *name, const char *digest, uint8_t **ret, size_t *ret_size)
{
	_cleanup_(freep) uint8_t *file = NULL;
	char next[KEYS_NAME_MAX];
	const char *base;
	_cleanup_(closep) int dir = open_parent(keys, name, &base);
	uint8_t *copy;
	size_t n;
	int r;

	if (dir < 0)
		return dir;
	r = read_matching(dir, base, digest, &file, &n);
	if ((r == -EBADMSG || r == -ENOENT) && digest != NULL) {
		int staged;

		next_name(base, next);
		staged = read_matching(dir, next, digest, &file, &n);
		if (staged != -EBADMSG && staged != -ENOENT)
			r = staged; /* committed, not settled yet */
	}
	if (r < 0)
		return r;
	if (ends_with(name, ".age"))
		return keys_unseal(keys, file, n, ret, ret_size);
	copy = secret_new(n + 1);
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, file, n);
	explicit_bzero(file, n);
	*ret = copy;
	*ret_size = n;
	return 0;
}

int
keys_digest(struct keys *keys, const char *name, char ret_digest[KEYS_DIGEST])
{
	_cleanup_(freep) uint8_t *file = NULL;
	const char *base;
	_cleanup_(closep) int dir = open_parent(keys, name, &base);
	size_t n;
	int r = dir < 0 ? dir : io_read_file(dir, base, KEYS_FILE_MAX, &file, &n);

	if (r == 0)
		canon_sha256(file, n, ret_digest);
	return r < 0 ? io_unread(r) : 0;
}

/* ---- start-up ---- */

/* One NAME.next in dir, whose directory is called prefix ("" or "rings/"). */
static int
settle_one(int dir, const char *prefix, const char *next, keys_lookup lookup, void *ctx)
{
	char name[KEYS_NAME_MAX], logged[KEYS_DIGEST];
	const char *base = name + strlen(prefix);
	_cleanup_(freep) uint8_t *staged = NULL, *present = NULL;
	size_t n;
	int length = (int)(strlen(next) - strlen(NEXT)), r;

	if (snprintf(name, sizeof(name), "%s%.*s", prefix, length, next) >= (int)sizeof(name))
		return 0; /* not a name of ours; doctor names it */
	r = lookup(ctx, name, logged);
	if (r < 0)
		return r == -ENOENT ? unlink_flushed(dir, next) : r;
	r = read_matching(dir, next, logged, &staged, &n);
	if (r == 0) {
		r = io_rename(dir, next, base);
		return r < 0 ? r : io_flush(dir);
	}
	if (r != -EBADMSG)
		return r;
	r = read_matching(dir, base, logged, &present, &n);
	if (r == 0)
		return unlink_flushed(dir, next);
	return r == -EBADMSG || r == -ENOENT ? 0 : r;
}

struct settling {
	keys_lookup lookup;
	void *ctx;
};

typedef int (*entry_fn)(void *ctx, int dir, const char *prefix, const char *entry, bool regular);

/* Calls fn for each entry of one key directory, from a list made beforehand. */
static int
each_entry(struct keys *keys, const char *sub, entry_fn fn, void *ctx)
{
	_cleanup_(closep) int dir =
	    io_open(keys->dir, *sub == '\0' ? "." : sub, O_RDONLY | O_DIRECTORY, 0);
	struct dirent **list = NULL;
	char prefix[KEYS_NAME_MAX];
	int n, r = 0;

	if (dir < 0)
		return dir;
	n = scandirat(dir, ".", &list, NULL, alphasort);
	if (n < 0)
		return -errno;
	snprintf(prefix, sizeof(prefix), "%s%s", sub, *sub == '\0' ? "" : "/");
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;

		if (r == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			r = fn(ctx, dir, prefix, name, list[i]->d_type != DT_DIR);
		free(list[i]);
	}
	free(list);
	return r;
}

static int
settle_entry(void *ctx, int dir, const char *prefix, const char *entry, bool regular)
{
	struct settling *settling = ctx;

	if (!regular || entry[0] == '.')
		return 0;
	if (ends_with(entry, TEMP))
		return unlink_flushed(dir, entry);
	if (ends_with(entry, NEXT))
		return settle_one(dir, prefix, entry, settling->lookup, settling->ctx);
	return 0;
}

int
keys_settle_all(struct keys *keys, keys_lookup lookup, void *ctx)
{
	struct settling settling = {lookup, ctx};
	int r = 0;

	for (size_t i = 0; r == 0 && i < KEY_DIRS; i++)
		r = each_entry(keys, key_dirs[i], settle_entry, &settling);
	return r;
}

struct walking {
	int (*visit)(void *ctx, const char *name);
	void *ctx;
};

static int
walk_entry(void *ctx, int dir, const char *prefix, const char *entry, bool regular)
{
	struct walking *walking = ctx;
	char name[KEYS_NAME_MAX + NAME_MAX];

	if (regular && (ends_with(entry, TEMP) || ends_with(entry, NEXT) ||
			   (*prefix == '\0' && strcmp(entry, "recipients.json") == 0)))
		return 0;
	for (size_t i = 1; !regular && *prefix == '\0' && i < KEY_DIRS; i++)
		if (strcmp(entry, key_dirs[i]) == 0)
			return 0;
	snprintf(name, sizeof(name), "%s%s", prefix, entry);
	return walking->visit(walking->ctx, name);
}

int
keys_walk(struct keys *keys, int (*visit)(void *ctx, const char *name), void *ctx)
{
	struct walking walking = {visit, ctx};
	int r = 0;

	for (size_t i = 0; r == 0 && i < KEY_DIRS; i++)
		r = each_entry(keys, key_dirs[i], walk_entry, &walking);
	return r;
}
