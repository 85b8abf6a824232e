/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file fence: Landlock. Debian 12's headers know its first two versions; the kernel that runs
 * is asked for what it knows, and everything it knows is denied except the row's paths. A kernel
 * without Landlock is refused. Knows paths, not calls.
 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of later kernels than Debian 12's headers. */
#define FS_TRUNCATE (UINT64_C(1) << 14)
#define FS_IOCTL_DEV (UINT64_C(1) << 15)
#define NET_BIND_TCP (UINT64_C(1) << 0)
#define NET_CONNECT_TCP (UINT64_C(1) << 1)
#define SCOPE_ABSTRACT_UNIX (UINT64_C(1) << 0)
#define SCOPE_SIGNAL (UINT64_C(1) << 1)

struct ruleset {
	uint64_t fs, net, scoped;
};

#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_FILE_WRITE (LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE)
#define FS_TREE_WRITE                                                                              \
	(FS_FILE_WRITE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |          \
	    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER)
#define FS_ON_FILES (LANDLOCK_ACCESS_FS_READ_FILE | FS_FILE_WRITE | FS_IOCTL_DEV)

/* Everything that Landlock version abi can deny. Outgoing connections stay possible where the row
 * has network. */
static size_t
everything(int abi, unsigned calls, struct ruleset *ret)
{
	*ret = (struct ruleset){.fs = (UINT64_C(1) << 13) - 1};
	if (abi >= 2)
		ret->fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		ret->fs |= FS_TRUNCATE;
	if (abi >= 4)
		ret->net = NET_BIND_TCP | ((calls & SANDBOX_INET) != 0 ? 0 : NET_CONNECT_TCP);
	if (abi >= 5)
		ret->fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		ret->scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
	return abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
}

/* The path of a row, "%section.key" looked up; "" when there is none. */
static const char *
resolve(const struct sandbox_path *path, const struct config *config)
{
	char section[64];
	const char *dot, *value;
	size_t n;

	if (path->path[0] != '%')
		return path->path;
	dot = strchr(path->path, '.');
	n = (size_t)(dot - path->path - 1);
	memcpy(section, path->path + 1, n);
	section[n] = '\0';
	value = config_get(config, section, dot + 1);
	return value == NULL ? "" : value;
}

/* Makes the directory entry itself survive a power cut. */
static int
sync_parent(const char *path)
{
	_cleanup_(closep) int fd = -1;
	_cleanup_(freep) char *copy = strdup(path);
	char *slash;

	if (copy == NULL)
		return -ENOMEM;
	slash = strrchr(copy, '/');
	if (slash == NULL)
		return -EINVAL;
	slash[slash == copy] = '\0';
	fd = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return fsync(fd) < 0 ? -errno : 0;
}

static int
create(const char *name, enum sandbox_create kind)
{
	int fd;

	if (kind == SANDBOX_MUST_EXIST || access(name, F_OK) == 0)
		return 0;
	if (kind == SANDBOX_MAKE_DIRECTORY) {
		if (mkdir(name, 0700) < 0)
			return -errno;
		return sync_parent(name);
	}
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	return sync_parent(name);
}

static int
permit(int ruleset, uint64_t handled, const struct sandbox_path *path, const char *name,
    unsigned calls)
{
	_cleanup_(closep) int fd = -1;
	struct landlock_path_beneath_attr rule = {.allowed_access = FS_READ};
	struct stat st;
	int r;

	r = create(name, path->create);
	if (r < 0)
		return r;
	fd = open(name, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return path->optional ? 0 : -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (path->write)
		rule.allowed_access |= FS_TREE_WRITE;
	if (path->write && (calls & SANDBOX_DEVICE) != 0)
		rule.allowed_access |= FS_IOCTL_DEV;
	if (!S_ISDIR(st.st_mode))
		rule.allowed_access &= FS_ON_FILES;
	rule.allowed_access &= handled;
	rule.parent_fd = fd;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		return -errno;
	return 0;
}

int
sandbox_files(const struct sandbox_row *row, unsigned calls, const struct config *config)
{
	_cleanup_(closep) int fd = -1;
	struct ruleset all;
	size_t size;
	long abi;

	abi =
	    syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return abi < 0 ? -errno : -EOPNOTSUPP;
	size = everything((int)abi, calls, &all);
	fd = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
	if (fd < 0)
		return -errno;
	for (size_t i = 0; i < SANDBOX_PATHS && row->paths[i].path != NULL; i++) {
		const char *name = resolve(&row->paths[i], config);
		int r;

		if (name[0] == '\0')
			continue;
		r = permit(fd, all.fs, &row->paths[i], name, calls);
		if (r < 0)
			return r;
	}
	if (syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		return -errno;
	return 0;
}
