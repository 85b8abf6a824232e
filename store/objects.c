/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page images and their derivatives at rest. It refuses to know what they are or who may see them.
 */
#include "objects.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io.h"
#include "secret.h"
#include "text.h"

#define OBJECTS_DIR "objects"
#define TEMP_PREFIX "tmp-"
#define TEMP_NAME 24 /* "tmp-", 16 hex digits, NUL */
#define READ_STEP ((size_t)1 << 20)

struct objects {
	int dir;
	pthread_mutex_t lock; /* guards shelved */
	bool shelved;         /* all 256 shelves are there, durably */
};

int
objects_open(int data_dir, struct objects **ret)
{
	struct objects *objects = calloc(1, sizeof(*objects));

	if (objects == NULL)
		return -ENOMEM;
	objects->dir = io_open_dir(data_dir, OBJECTS_DIR);
	if (objects->dir < 0) {
		int r = objects->dir;

		free(objects);
		return r;
	}
	pthread_mutex_init(&objects->lock, NULL);
	*ret = objects;
	return 0;
}

void
objects_free(struct objects *objects)
{
	if (objects == NULL)
		return;
	closep(&objects->dir);
	pthread_mutex_destroy(&objects->lock);
	free(objects);
}

/* ---- names ---- */

static bool
lower_hex(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

/* "AA/REST" of an id. */
static int
object_path(const char *id, char out[OBJECT_ID + 1])
{
	if (!lower_hex(id, OBJECT_ID - 1))
		return -EINVAL;
	snprintf(out, OBJECT_ID + 1, "%.2s/%s", id, id + 2);
	return 0;
}

/* ---- writing ---- */

struct writing {
	int fd;
	gcry_md_hd_t hash;
	uint64_t size;
};

static int
write_piece(void *ctx, const void *data, size_t n)
{
	struct writing *w = ctx;

	gcry_md_write(w->hash, data, n);
	w->size += n;
	return io_write_all(w->fd, data, n);
}

/* Encrypts into the open file, flushes it, names it. */
static int
write_object(struct writing *w, const uint8_t recipient[32], const void *plain, size_t n,
    char ret_id[OBJECT_ID])
{
	int r;

	if (gcry_md_open(&w->hash, GCRY_MD_SHA256, 0) != 0)
		return -ENOMEM;
	r = age_encrypt((const uint8_t(*)[32])recipient, 1, plain, n, write_piece, w);
	if (r == 0)
		hex_encode(gcry_md_read(w->hash, GCRY_MD_SHA256), 32, ret_id);
	gcry_md_close(w->hash);
	return r < 0 ? r : io_flush(w->fd);
}

/*
 * All shelves at once, before the first object: one flush, and no thread can name an object on a
 * shelf that another has made but not flushed yet.
 */
static int
make_shelves(struct objects *objects)
{
	char name[3];
	int r = 0;

	pthread_mutex_lock(&objects->lock);
	for (unsigned i = 0; r == 0 && !objects->shelved && i < 256; i++) {
		snprintf(name, sizeof(name), "%02x", i);
		if (io->mkdir(objects->dir, name, 0700) < 0 && errno != EEXIST)
			r = -errno;
	}
	if (r == 0 && !objects->shelved)
		r = io_flush(objects->dir);
	if (r == 0)
		objects->shelved = true;
	pthread_mutex_unlock(&objects->lock);
	return r;
}

/* Gives the finished temporary file its name, durably. After an error it has neither name. */
static int
publish(struct objects *objects, const char *temp, const char *id)
{
	char path[OBJECT_ID + 1], shelf[3] = {id[0], id[1], '\0'};
	_cleanup_(closep) int dir = io_open(objects->dir, shelf, O_RDONLY | O_DIRECTORY, 0);
	int r;

	object_path(id, path);
	r = dir < 0 ? dir : io_rename(objects->dir, temp, path);
	if (r < 0) {
		io_unlink(objects->dir, temp);
		return r;
	}
	r = io_flush(dir);
	if (r < 0)
		io_unlink(objects->dir, path);
	return r;
}

int
objects_put(struct objects *objects, const uint8_t recipient[32], const void *plain, size_t n,
    char ret_id[OBJECT_ID], uint64_t *ret_size)
{
	char temp[TEMP_NAME] = TEMP_PREFIX, id[OBJECT_ID];
	struct writing w = {0};
	uint8_t unique[8];
	int r;

	r = make_shelves(objects);
	if (r < 0)
		return r;
	random_bytes(unique, sizeof(unique));
	hex_encode(unique, sizeof(unique), temp + strlen(TEMP_PREFIX));
	w.fd = io_open(objects->dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (w.fd < 0)
		return w.fd;
	r = write_object(&w, recipient, plain, n, id);
	closep(&w.fd);
	if (r < 0) {
		io_unlink(objects->dir, temp);
		return r;
	}
	r = publish(objects, temp, id);
	if (r < 0)
		return r;
	memcpy(ret_id, id, OBJECT_ID);
	*ret_size = w.size;
	return 0;
}

/* ---- reading ---- */

int
objects_get(struct objects *objects, const char *id, const struct age_identity *identity,
    uint8_t **ret, size_t *ret_size)
{
	_cleanup_(freep) uint8_t *file = NULL;
	char path[OBJECT_ID + 1], actual[OBJECT_ID];
	uint8_t digest[32];
	size_t n;
	int r = object_path(id, path);

	if (r < 0)
		return r;
	r = io_read_file(objects->dir, path, OBJECT_MAX, &file, &n);
	if (r < 0)
		return io_unread(r);
	gcry_md_hash_buffer(GCRY_MD_SHA256, digest, file, n);
	hex_encode(digest, sizeof(digest), actual);
	if (strcmp(actual, id) != 0)
		return -EBADMSG;
	return age_decrypt_mem(identity, file, n, ret, ret_size);
}

static int
hash_file(int fd, char ret_id[OBJECT_ID], uint64_t *ret_size)
{
	_cleanup_(freep) uint8_t *buffer = malloc(READ_STEP);
	gcry_md_hd_t hash;
	uint64_t size = 0;
	ssize_t got;

	if (buffer == NULL || gcry_md_open(&hash, GCRY_MD_SHA256, 0) != 0)
		return -ENOMEM;
	do {
		got = io_read_at(fd, buffer, READ_STEP, (off_t)size);
		if (got > 0) {
			gcry_md_write(hash, buffer, (size_t)got);
			size += (uint64_t)got;
		}
	} while (got == (ssize_t)READ_STEP);
	hex_encode(gcry_md_read(hash, GCRY_MD_SHA256), 32, ret_id);
	gcry_md_close(hash);
	*ret_size = size;
	return got < 0 ? (int)got : 0;
}

int
objects_check(struct objects *objects, const char *id, uint64_t *ret_size)
{
	_cleanup_(closep) int fd = -1;
	char path[OBJECT_ID + 1], actual[OBJECT_ID];
	uint64_t size;
	int r = object_path(id, path);

	if (r < 0)
		return r;
	fd = io_open(objects->dir, path, O_RDONLY | O_NOFOLLOW, 0);
	if (fd < 0)
		return io_unread(fd);
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	r = hash_file(fd, actual, &size);
	if (r < 0)
		return io_unread(r);
	if (strcmp(actual, id) != 0)
		return -EBADMSG;
	*ret_size = size;
	return 0;
}

/* ---- walking and removing ---- */

struct walking {
	int (*visit)(void *ctx, const char *id, const char *path);
	void *ctx;
};

/* Calls fn for each entry of dir, from a list made beforehand. */
static int
each_entry(int dir, int (*fn)(struct walking *walking, int dir, const char *entry, bool is_dir),
    struct walking *walking)
{
	struct dirent **list = NULL;
	struct stat st;
	int r = 0, n = scandirat(dir, ".", &list, NULL, alphasort);

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;

		if (r == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			r = fn(walking, dir, name, S_ISDIR(st.st_mode));
		free(list[i]);
	}
	free(list);
	return r;
}

struct shelf {
	struct walking walking;
	const char *name;
};

static int
visit_book(struct walking *walking, int dir, const char *entry, bool is_dir)
{
	const struct shelf *shelf = walking->ctx;
	char id[OBJECT_ID] = "", path[NAME_MAX + 4];

	snprintf(path, sizeof(path), "%s/%s", shelf->name, entry);
	if (!is_dir && lower_hex(entry, OBJECT_ID - 3))
		snprintf(id, sizeof(id), "%s%s", shelf->name, entry);
	return shelf->walking.visit(shelf->walking.ctx, id, path);
}

static int
visit_shelf(struct walking *walking, int dir, const char *entry, bool is_dir)
{
	struct shelf shelf = {*walking, entry};
	struct walking inner = {.ctx = &shelf};
	_cleanup_(closep) int fd = -1;

	if (!is_dir || !lower_hex(entry, 2))
		return walking->visit(walking->ctx, "", entry);
	fd = io_open(dir, entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	return fd < 0 ? fd : each_entry(fd, visit_book, &inner);
}

int
objects_walk(
    struct objects *objects, int (*visit)(void *ctx, const char *id, const char *path), void *ctx)
{
	struct walking walking = {visit, ctx};

	return each_entry(objects->dir, visit_shelf, &walking);
}

int
objects_unlink(struct objects *objects, const char *id)
{
	char path[OBJECT_ID + 1], shelf[3] = "";
	_cleanup_(closep) int dir = -1;
	int r = object_path(id, path);

	if (r < 0)
		return r;
	memcpy(shelf, id, 2);
	dir = io_open(objects->dir, shelf, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (dir < 0)
		return dir;
	r = io_unlink(dir, id + 2);
	return r < 0 ? r : io_flush(dir);
}

static int
sweep_entry(struct walking *walking, int dir, const char *entry, bool is_dir)
{
	int *removed = walking->ctx, r;

	if (is_dir || strncmp(entry, TEMP_PREFIX, strlen(TEMP_PREFIX)) != 0)
		return 0;
	r = io_unlink(dir, entry);
	if (r == 0)
		++*removed;
	return r;
}

int
objects_sweep(struct objects *objects)
{
	int removed = 0, r;
	struct walking walking = {.ctx = &removed};

	r = each_entry(objects->dir, sweep_entry, &walking);
	return r < 0 ? r : removed;
}
