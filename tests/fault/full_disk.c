/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See full_disk.h. Laid under io.h before main: the fence comes later and has no part in it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "full_disk.h"
#include "store/io.h"

static struct full_disk *disk;
static struct io_calls calls;

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
}
