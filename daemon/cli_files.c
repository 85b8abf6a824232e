/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the person at the keyboard: read whole for import, written whole for page and export.
 * Never writes outside the directory it was given. */
#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "memfd.h"
#include "text.h"

#define DEPTH_MAX 32u     /* directories inside each other */
#define NAME_PARTS_MAX 4u /* of an exported file's name */
#define COPY_BYTES ((size_t)1 << 20)

bool
cli_name_safe(const char *name)
{
	unsigned parts = 0;

	if (!utf8_valid(name, strlen(name)))
		return false;
	for (const char *at = name;; at++) {
		size_t n = strcspn(at, "/");

		if (n == 0 || n > 200 || ++parts > NAME_PARTS_MAX || (n == 1 && at[0] == '.') ||
		    (n == 2 && at[0] == '.' && at[1] == '.'))
			return false;
		for (size_t i = 0; i < n; i++)
			if ((unsigned char)at[i] < 0x20 || at[i] == 0x7f || at[i] == '\\')
				return false;
		at += n;
		if (*at == '\0')
			return true;
	}
}

static int
write_all(int fd, const uint8_t *data, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, data, n < COPY_BYTES ? n : COPY_BYTES);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		data += done;
		n -= (size_t)done;
	}
	return fsync(fd) < 0 && errno != EINVAL ? -errno : 0;
}

/* Replaces a file, but nothing else, of this name. */
static int
replace(int dir, const char *name, const void *data, size_t n)
{
	char temp[32];
	struct stat st;
	_cleanup_(closep) int fd = -1;
	int r;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode))
		return -EEXIST;
	snprintf(temp, sizeof(temp), ".fumikura-%u.part", (unsigned)getpid());
	unlinkat(dir, temp, 0);
	fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, data, n);
	if (r == 0 && renameat(dir, temp, dir, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(dir, temp, 0);
	return r;
}

int
cli_write_below(int base, const char *name, const void *data, size_t n)
{
	_cleanup_(closep) int dir = fcntl(base, F_DUPFD_CLOEXEC, 3);
	const char *slash;

	if (dir < 0)
		return -errno;
	while ((slash = strchr(name, '/')) != NULL) {
		char part[256];
		int next;

		if ((size_t)(slash - name) >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, name, (size_t)(slash - name));
		part[slash - name] = '\0';
		if (mkdirat(dir, part, 0700) < 0 && errno != EEXIST)
			return -errno;
		next = openat(dir, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -errno;
		close(dir);
		dir = next;
		name = slash + 1;
	}
	return replace(dir, name, data, n);
}

/* ---- reading ---- */

static int
copy(int from, int to, size_t max)
{
	_cleanup_(freep) uint8_t *block = malloc(COPY_BYTES);
	size_t total = 0;

	if (block == NULL)
		return -ENOMEM;
	for (;;) {
		ssize_t n = read(from, block, COPY_BYTES);
		int r;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		total += (size_t)n;
		if (total > max)
			return -EFBIG;
		r = write_all(to, block, (size_t)n);
		if (r < 0)
			return r;
	}
}

int
cli_load(const char *path, size_t max)
{
	_cleanup_(closep) int from = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC),
			      to = -1;
	struct stat st;
	int r;

	if (from < 0 || fstat(from, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EPERM;
	if ((uint64_t)st.st_size > max)
		return -EFBIG;
	to = memfd_new("import");
	if (to < 0)
		return to;
	r = copy(from, to, max);
	if (r == 0)
		r = memfd_seal(to);
	return r < 0 ? r : TAKE_FD(to);
}

static int
shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int
byte_order(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A directory being walked; a stack of these stands for recursion. */
struct level {
	struct dirent **entries;
	int n, at;
	size_t path_size; /* of the directory, without the slash */
};

static void
level_done(struct level *level)
{
	while (level->n > 0)
		free(level->entries[--level->n]);
	free(level->entries);
	level->entries = NULL;
}

static int
level_enter(struct level *level, const char *path)
{
	level->at = 0;
	level->path_size = strlen(path);
	level->n = scandir(path, &level->entries, shown, byte_order);
	if (level->n < 0) {
		level->n = 0;
		level->entries = NULL;
		return -errno;
	}
	return 0;
}

/* Directories and regular files that a directory holds; symbolic links inside are passed over, so
 * no walk leaves its tree. */
static int
walk(struct level stack[DEPTH_MAX], char path[PATH_MAX], int (*visit)(void *ctx, const char *path),
    void *ctx)
{
	unsigned depth = 1;
	int r = level_enter(&stack[0], path);

	while (depth > 0 && r == 0) {
		struct level *level = &stack[depth - 1];
		struct stat st;

		path[level->path_size] = '\0';
		if (level->at == level->n) {
			level_done(level);
			depth--;
			continue;
		}
		if (level->path_size + strlen(level->entries[level->at]->d_name) + 2 > PATH_MAX) {
			r = -ENAMETOOLONG;
			break;
		}
		snprintf(path + level->path_size, PATH_MAX - level->path_size, "/%s",
		    level->entries[level->at++]->d_name);
		if (lstat(path, &st) < 0 || S_ISLNK(st.st_mode))
			continue;
		if (!S_ISDIR(st.st_mode))
			r = visit(ctx, path);
		else if (depth == DEPTH_MAX)
			r = -ELOOP;
		else
			r = level_enter(&stack[depth++], path);
	}
	while (depth > 0)
		level_done(&stack[--depth]);
	return r;
}

int
cli_walk(const char *path, int (*visit)(void *ctx, const char *path), void *ctx)
{
	struct level stack[DEPTH_MAX] = {0};
	char at[PATH_MAX];
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return visit(ctx, path);
	if ((size_t)snprintf(at, sizeof(at), "%s", path) >= sizeof(at))
		return -ENAMETOOLONG;
	return walk(stack, at, visit, ctx);
}
