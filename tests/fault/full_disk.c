/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See full_disk.h. Laid under io.h and SQLite before main: the fence comes later and has no part in
 * it. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "full_disk.h"
#include "store/io.h"

#include <sqlite3.h>

static struct full_disk *disk;
static struct io_calls calls;
static volatile bool ends;

static ssize_t
full_write(int fd, const void *data, size_t n)
{
	if (!disk->full)
		return io_real.write(fd, data, n);
	disk->refused++;
	errno = disk->full;
	return -1;
}

static int
full_statvfs(int fd, struct statvfs *ret)
{
	if (io_real.statvfs(fd, ret) < 0)
		return -1;
	ret->f_frsize = 1;
	ret->f_bavail = disk->space;
	return 0;
}

/* ---- the catalogue's files, which SQLite writes past io.h ---- */

static sqlite3_vfs catalogue_vfs;
static const sqlite3_vfs *system_vfs;
static sqlite3_io_methods methods[2]; /* of a file that is locked, and of others */
static int (*write_file)(sqlite3_file *, const void *, int, sqlite3_int64);
static int (*map_shared)(sqlite3_file *, int, int, int, void volatile **);
static bool has_shared;

static int
full_write_file(sqlite3_file *file, const void *data, int n, sqlite3_int64 at)
{
	while (ends)
		sleep(1);
	if (!disk->full)
		return write_file(file, data, n, at);
	disk->refused++;
	return SQLITE_FULL;
}

/* What connections share is a file as well, which SQLite lengthens by writes of its own. It begins
 * by cutting it: what was there is room for it. */
static int
full_map_shared(sqlite3_file *file, int region, int size, int extend, void volatile **ret)
{
	if (!disk->full || !extend || has_shared)
		return map_shared(file, region, size, extend, ret);
	disk->refused++;
	return SQLITE_IOERR_SHMSIZE;
}

static void
look_at_shared(const char *name)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s-shm", name);
	has_shared = stat(path, &st) == 0 && st.st_size > 3; /* bytes that it leaves */
}

static int
full_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	sqlite3_io_methods *own = &methods[(flags & SQLITE_OPEN_MAIN_DB) == 0];
	int code;

	if (own == &methods[0])
		look_at_shared(name);
	code = system_vfs->xOpen((sqlite3_vfs *)system_vfs, name, file, flags, ret_flags);
	if (code != SQLITE_OK || file->pMethods == NULL)
		return code;
	if (own->xWrite == NULL) { /* before there are threads that open others */
		*own = *file->pMethods;
		write_file = own->xWrite; /* is the same for both */
		own->xWrite = full_write_file;
		if (own == &methods[0]) {
			map_shared = own->xShmMap;
			own->xShmMap = full_map_shared;
		}
	}
	file->pMethods = own;
	return SQLITE_OK;
}

/* In place of the C library's, which store_main.c ends by. */
void
_exit(int status)
{
	if (disk != NULL && disk->lingers) {
		ends = true;
		sleep(1);
	}
	for (;;)
		syscall(SYS_exit_group, status);
}

static void
fill_catalogue(void)
{
	system_vfs = sqlite3_vfs_find(NULL);
	catalogue_vfs = *system_vfs;
	catalogue_vfs.zName = "full";
	catalogue_vfs.xOpen = full_open;
	if (sqlite3_vfs_register(&catalogue_vfs, 1) != SQLITE_OK)
		_exit(127);
}

__attribute__((constructor)) static void
fill(void)
{
	const char *path = getenv("FULL_DISK");
	const int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		_exit(127);
	disk = mmap(NULL, sizeof(*disk), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (disk == MAP_FAILED)
		_exit(127);
	close(fd);
	calls = io_real;
	calls.write = full_write;
	calls.statvfs = full_statvfs;
	io = &calls;
	fill_catalogue();
}
