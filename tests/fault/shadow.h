/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk that can be cut off. While a shadow is laid over a directory, every call through io.h
 * below it is counted; the n-th can be made to fail once, or to be the last one that works (the
 * power cut). It remembers what was flushed: the content of each file at its last flush, the
 * entries of each directory at its last flush. shadow_image() writes what the disk may hold after
 * the cut: what was not flushed may be lost, kept, or kept in part, for contents and for directory
 * entries each.
 */
#ifndef FUMIKURA_TESTS_SHADOW_H
#define FUMIKURA_TESTS_SHADOW_H

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>

#define SCRATCH_ROOT "/dev/shm" /* flushes are modelled, not waited for */
#include "tests/unit/vault.h"

#define SHADOW_NODES 1024

enum shadow_content { CONTENT_FLUSHED, CONTENT_HALF, CONTENT_HOLED, CONTENT_ALL, CONTENT_KINDS };
/* ENTRIES_REMOVED: of what was not flushed, only the removals reached the disk. */
enum shadow_entries { ENTRIES_FLUSHED, ENTRIES_REMOVED, ENTRIES_ALL, ENTRIES_KINDS };

struct shadow_entry {
	char name[NAME_MAX + 1];
	ino_t ino;
};

struct shadow_node {
	ino_t ino;
	int fd; /* keeps the inode from being reused */
	bool dir;
	uint8_t *data; /* flushed content */
	size_t size;
	struct shadow_entry *entries; /* flushed entries */
	size_t n;
};

static struct {
	int calls;      /* so far */
	int fail_at;    /* this call fails once; 0: none */
	int error;      /* with this errno */
	int stop_after; /* calls after this one all fail; -1: none */
	ino_t root;
	struct shadow_node nodes[SHADOW_NODES];
	size_t n;
} shadow;

static inline struct shadow_node *
shadow_find(ino_t ino)
{
	for (size_t i = 0; i < shadow.n; i++)
		if (shadow.nodes[i].ino == ino)
			return &shadow.nodes[i];
	return NULL;
}

/* Takes up the file or directory behind a descriptor; nothing of it counts as flushed yet. */
static inline struct shadow_node *
shadow_add(int fd)
{
	struct shadow_node *node;
	struct stat st;
	char path[64];

	assert_int_equal(fstat(fd, &st), 0);
	node = shadow_find(st.st_ino);
	if (node != NULL)
		return node;
	assert_true(shadow.n < SHADOW_NODES);
	node = &shadow.nodes[shadow.n++];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*node = (struct shadow_node){
	    .ino = st.st_ino, .dir = S_ISDIR(st.st_mode), .fd = open(path, O_RDONLY | O_CLOEXEC)};
	assert_true(node->fd >= 0);
	return node;
}

static inline size_t
shadow_list(int fd, struct shadow_entry **ret)
{
	struct shadow_entry *list = NULL;
	struct dirent *entry;
	size_t n = 0;
	DIR *dir = fdopendir(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		list = reallocarray(list, n + 1, sizeof(*list));
		snprintf(list[n].name, sizeof(list[n].name), "%s", entry->d_name);
		list[n++].ino = entry->d_ino;
	}
	closedir(dir);
	*ret = list;
	return n;
}

static inline uint8_t *
shadow_content(int fd, size_t *ret_size)
{
	struct stat st;
	uint8_t *data;

	assert_int_equal(fstat(fd, &st), 0);
	data = malloc((size_t)st.st_size + 1);
	assert_int_equal(io_read_at(fd, data, (size_t)st.st_size, 0), st.st_size);
	*ret_size = (size_t)st.st_size;
	return data;
}

static inline void
shadow_flushed(struct shadow_node *node)
{
	if (node->dir) {
		free(node->entries);
		node->n = shadow_list(node->fd, &node->entries);
	} else {
		free(node->data);
		node->data = shadow_content(node->fd, &node->size);
	}
}

/* All there is below fd counts as flushed. */
static inline void
shadow_adopt(int fd)
{
	struct shadow_node *node = shadow_add(fd);

	shadow_flushed(node);
	for (size_t i = 0; node->dir && i < node->n; i++) {
		int child = openat(fd, node->entries[i].name, O_RDONLY | O_CLOEXEC);

		assert_true(child >= 0);
		shadow_adopt(child);
		close(child);
	}
}

/* ---- the calls ---- */

static inline bool
shadow_refuses(void)
{
	shadow.calls++;
	if (shadow.stop_after >= 0 && shadow.calls > shadow.stop_after) {
		errno = EIO;
		return true;
	}
	if (shadow.calls == shadow.fail_at) {
		errno = shadow.error;
		return true;
	}
	return false;
}

static int
shadow_open(int dir, const char *name, int flags, mode_t mode)
{
	int fd = shadow_refuses() ? -1 : io_real.open(dir, name, flags, mode);

	if (fd >= 0 && (flags & O_CREAT) != 0)
		shadow_add(fd);
	return fd;
}

/* The call that fails has written half. */
static ssize_t
shadow_write(int fd, const void *data, size_t n)
{
	if (!shadow_refuses())
		return io_real.write(fd, data, n);
	if (shadow.calls == shadow.fail_at || shadow.calls == shadow.stop_after + 1) {
		int error = errno;

		if (io_real.write(fd, data, n / 2) < 0)
			return -1;
		errno = error;
	}
	return -1;
}

static int
shadow_flush(int fd)
{
	if (shadow_refuses())
		return -1;
	shadow_flushed(shadow_add(fd));
	return 0;
}

static int
shadow_rename(int dir, const char *from, const char *to)
{
	return shadow_refuses() ? -1 : io_real.rename(dir, from, to);
}

static int
shadow_unlink(int dir, const char *name)
{
	return shadow_refuses() ? -1 : io_real.unlink(dir, name);
}

static int
shadow_truncate(int fd, off_t size)
{
	return shadow_refuses() ? -1 : io_real.truncate(fd, size);
}

static int
shadow_mkdir(int dir, const char *name, mode_t mode)
{
	int fd;

	if (shadow_refuses())
		return -1;
	if (io_real.mkdir(dir, name, mode) < 0)
		return -1;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	shadow_add(fd);
	close(fd);
	return 0;
}

static const struct io_calls shadow_calls = {shadow_open, shadow_write, shadow_flush, shadow_rename,
    shadow_unlink, shadow_truncate, shadow_mkdir, fstatvfs};

static inline void
shadow_begin(int root, int fail_at, int error, int stop_after)
{
	struct stat st;

	assert_int_equal(fstat(root, &st), 0);
	memset(&shadow, 0, sizeof(shadow));
	shadow.root = st.st_ino;
	shadow_adopt(root);
	shadow.fail_at = fail_at;
	shadow.error = error;
	shadow.stop_after = stop_after;
	io = &shadow_calls;
}

/* True when the call that was to fail, or to be the last, was reached. */
static inline bool
shadow_reached(void)
{
	return shadow.fail_at > 0 ? shadow.calls >= shadow.fail_at
				  : shadow.calls > shadow.stop_after;
}

static inline void
shadow_end(void)
{
	io = &io_real;
	for (size_t i = 0; i < shadow.n; i++) {
		close(shadow.nodes[i].fd);
		free(shadow.nodes[i].data);
		free(shadow.nodes[i].entries);
	}
	shadow.n = 0;
}

/* ---- what the disk holds afterwards ---- */

static inline void
shadow_image_file(const struct shadow_node *node, int fd, enum shadow_content content)
{
	size_t live, n = node->size;
	uint8_t *data = shadow_content(node->fd, &live);

	if (content == CONTENT_FLUSHED || (live <= node->size && content != CONTENT_ALL)) {
		assert_int_equal(io_write_all(fd, node->data, node->size), 0);
	} else {
		if (content == CONTENT_HALF)
			live = n + (live - n) / 2;
		if (content == CONTENT_HOLED)
			memset(data + n, 0, (live - n) / 2);
		assert_int_equal(io_write_all(fd, data, live), 0);
	}
	free(data);
}

static inline bool
shadow_holds(const struct shadow_entry *list, size_t n, const struct shadow_entry *entry)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].ino == entry->ino || strcmp(list[i].name, entry->name) == 0)
			return true;
	return false;
}

/* The entries that the directory may have; caller frees. */
static inline size_t
shadow_entries_of(
    const struct shadow_node *node, enum shadow_entries entries, struct shadow_entry **ret)
{
	struct shadow_entry *live, *list;
	size_t n_live = shadow_list(node->fd, &live), n = 0;

	if (entries == ENTRIES_ALL) {
		*ret = live;
		return n_live;
	}
	list = calloc(node->n + 1, sizeof(*list));
	for (size_t i = 0; i < node->n; i++)
		if (entries == ENTRIES_FLUSHED || shadow_holds(live, n_live, &node->entries[i]))
			list[n++] = node->entries[i];
	free(live);
	*ret = list;
	return n;
}

static inline void
shadow_image_dir(ino_t ino, int fd, enum shadow_content content, enum shadow_entries entries)
{
	struct shadow_entry *list;
	size_t n = shadow_entries_of(shadow_find(ino), entries, &list);

	for (size_t i = 0; i < n; i++) {
		struct shadow_node *child = shadow_find(list[i].ino);
		int to;

		assert_non_null(child);
		if (child->dir)
			assert_int_equal(mkdirat(fd, list[i].name, 0700), 0);
		to = openat(fd, list[i].name,
		    child->dir ? O_RDONLY | O_DIRECTORY : O_WRONLY | O_CREAT | O_EXCL, 0600);
		assert_true(to >= 0);
		if (child->dir)
			shadow_image_dir(child->ino, to, content, entries);
		else
			shadow_image_file(child, to, content);
		close(to);
	}
	free(list);
}

/* A new directory with what the disk may hold; the shadow stays as it is. */
static inline struct scratch
shadow_image(enum shadow_content content, enum shadow_entries entries)
{
	const struct io_calls *kept = io;
	struct scratch image;

	io = &io_real;
	image = scratch_new();
	shadow_image_dir(shadow.root, image.fd, content, entries);
	io = kept;
	return image;
}

/* Calls check for every image after the cut. */
static inline void
shadow_each_image(void (*check)(const struct scratch *image, void *ctx), void *ctx)
{
	for (int c = 0; c < CONTENT_KINDS; c++)
		for (int e = 0; e < ENTRIES_KINDS; e++) {
			struct scratch image =
			    shadow_image((enum shadow_content)c, (enum shadow_entries)e);

			io = &io_real;
			check(&image, ctx);
			scratch_end(&image);
			io = &shadow_calls;
		}
}

#endif
