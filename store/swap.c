/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's list of swap, and what each device stands on. A swap file counts as plain: what its
 * file system stands on is not followed. */
#include "swap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "text.h"

#define LIST_MAX 65536 /* bytes of one file of /proc or /sys; what is longer counts as unreadable  \
			*/
#define DEPTH_MAX 8    /* devices on devices */

/* One file as text; caller frees. Files of /proc say no size. */
static int
read_text(int root, const char *path, char **ret)
{
	_cleanup_(closep) int fd = openat(root, path, O_RDONLY | O_CLOEXEC);
	_cleanup_(freep) char *text = malloc(LIST_MAX + 1);
	size_t n = 0;
	ssize_t got = 1;

	if (fd < 0)
		return -errno;
	if (text == NULL)
		return -ENOMEM;
	while (got > 0 && n < LIST_MAX) {
		got = read(fd, text + n, LIST_MAX - n);
		if (got < 0)
			return -errno;
		n += (size_t)got;
	}
	if (n == LIST_MAX)
		return -EFBIG;
	text[n] = '\0';
	*ret = TAKE_PTR(text);
	return 0;
}

static bool
begins(int root, const char *path, const char *with)
{
	_cleanup_(freep) char *text = NULL;

	return read_text(root, path, &text) == 0 && strncmp(text, with, strlen(with)) == 0;
}

static bool device_is_safe(int root, const char *device, unsigned depth);

/* All devices below it are safe, and there are some (LVM on LUKS). */
static bool
slaves_are_safe(int root, const char *device, unsigned depth)
{
	char path[PATH_MAX];
	struct dirent *entry;
	unsigned n = 0;
	bool safe = true;
	DIR *dir;
	int fd;

	snprintf(path, sizeof(path), "sys/block/%s/slaves", device);
	fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (dir == NULL) {
		closep(&fd);
		return false;
	}
	while (safe && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.') {
			safe = device_is_safe(root, entry->d_name, depth + 1);
			n++;
		}
	closedir(dir);
	return safe && n > 0;
}

static bool
device_is_safe(int root, const char *device, unsigned depth)
{
	char path[PATH_MAX];

	if (depth > DEPTH_MAX || strchr(device, '/') != NULL || strlen(device) > NAME_MAX)
		return false;
	snprintf(path, sizeof(path), "sys/block/%s/dm/uuid", device);
	return begins(root, path, "CRYPT-") || slaves_are_safe(root, device, depth);
}

static bool
is_memory(int root, const char *device)
{
	char path[PATH_MAX];

	if (strncmp(device, "zram", 4) != 0 || strlen(device) > NAME_MAX)
		return false;
	snprintf(path, sizeof(path), "sys/block/%s/backing_dev", device);
	return faccessat(root, path, F_OK, 0) < 0 || begins(root, path, "none");
}

/* The group of this process, or one above it, may use no swap. */
static bool
is_closed(int root)
{
	_cleanup_(freep) char *groups = NULL;
	char path[PATH_MAX], *group, *slash;

	if (read_text(root, "proc/self/cgroup", &groups) < 0)
		return false;
	group = strstr(groups, "0::/");
	if (group == NULL || (group != groups && group[-1] != '\n'))
		return false;
	group += 3;
	group[strcspn(group, "\n")] = '\0';
	while ((slash = strrchr(group, '/')) != NULL) {
		int n = snprintf(path, sizeof(path), "sys/fs/cgroup%s/memory.swap.max", group);

		if (n < (int)sizeof(path) && begins(root, path, "0\n"))
			return true;
		*slash = '\0';
	}
	return false;
}

int
swap_look(int root)
{
	_cleanup_(freep) char *list = NULL;
	char *save = NULL, *line;
	int found = SWAP_NONE, r = read_text(root, "proc/swaps", &list);

	if (r < 0)
		return r == -ENOENT ? SWAP_NONE : r; /* a kernel without swap */
	line = strtok_r(list, "\n", &save);          /* the heading */
	while (line != NULL && (line = strtok_r(NULL, "\n", &save)) != NULL) {
		line[strcspn(line, " \t")] = '\0';
		if (strncmp(line, "/dev/", 5) == 0 && is_memory(root, line + 5))
			continue;
		if (strncmp(line, "/dev/", 5) != 0 || !device_is_safe(root, line + 5, 0))
			return is_closed(root) ? SWAP_CLOSED : SWAP_PLAIN;
		found = SWAP_ENCRYPTED;
	}
	return found;
}

const char *
swap_name(enum swap swap)
{
	static const char *const names[] = {"none", "closed", "encrypted", "plain"};

	return names[swap];
}
