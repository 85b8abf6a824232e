/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to the disk. It knows files and flushes; it refuses to know what is in them. */
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"

#define IO_NAME_MAX 256                /* bytes of a name with its suffix */
#define IO_WRITE_MAX ((size_t)1 << 30) /* bytes of one write: below what the kernel cuts at */

static unsigned flush_delay_ms;

static int
real_open(int dir, const char *name, int flags, mode_t mode)
{
	return openat(dir, name, flags, mode);
}

static int
real_flush(int fd)
{
	struct stat st;
	struct timespec delay = {flush_delay_ms / 1000, (long)(flush_delay_ms % 1000) * 1000000};

	if (flush_delay_ms != 0)
		nanosleep(&delay, NULL);
	if (fstat(fd, &st) < 0)
		return -1;
	return S_ISDIR(st.st_mode) ? fsync(fd) : fdatasync(fd);
}

static int
real_rename(int dir, const char *from, const char *to)
{
	return renameat(dir, from, dir, to);
}

static int
real_unlink(int dir, const char *name)
{
	return unlinkat(dir, name, 0);
}

const struct io_calls io_real = {
    .open = real_open,
    .write = write,
    .flush = real_flush,
    .rename = real_rename,
    .unlink = real_unlink,
    .truncate = ftruncate,
    .mkdir = mkdirat,
    .statvfs = fstatvfs,
};
const struct io_calls *io = &io_real;

void
io_set_flush_delay(unsigned ms)
{
	flush_delay_ms = ms;
}

/* A quota that is used up is a full disk to all who ask. */
static int
failure(void)
{
	return errno == EDQUOT ? -ENOSPC : -errno;
}

int
io_open(int dir, const char *name, int flags, mode_t mode)
{
	int fd;

	do
		fd = io->open(dir, name, flags | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? failure() : fd;
}

int
io_write_all(int fd, const void *data, size_t n)
{
	const uint8_t *p = data;

	while (n > 0) {
		ssize_t done = io->write(fd, p, n < IO_WRITE_MAX ? n : IO_WRITE_MAX);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return failure();
		if (done == 0)
			return -EIO;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

int
io_flush(int fd)
{
	/* Not repeated on EINTR: after any failure the kernel may have dropped the pages. */
	return io->flush(fd) < 0 ? failure() : 0;
}

int
io_rename(int dir, const char *from, const char *to)
{
	return io->rename(dir, from, to) < 0 ? failure() : 0;
}

int
io_unlink(int dir, const char *name)
{
	return io->unlink(dir, name) < 0 ? -errno : 0;
}

int
io_truncate(int fd, off_t size)
{
	int r;

	do
		r = io->truncate(fd, size);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

static int
write_and_flush(int fd, const void *data, size_t n)
{
	int r = io_write_all(fd, data, n);

	return r < 0 ? r : io_flush(fd);
}

int
io_replace_file(int dir, const char *name, const void *data, size_t n)
{
	char temp[IO_NAME_MAX];
	_cleanup_(closep) int fd = -1;
	int r;

	if (snprintf(temp, sizeof(temp), "%s.tmp", name) >= (int)sizeof(temp))
		return -ENAMETOOLONG;
	fd = io_open(dir, temp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fd;
	r = write_and_flush(fd, data, n);
	if (r == 0)
		r = io_rename(dir, temp, name);
	if (r < 0) {
		io_unlink(dir, temp);
		return r;
	}
	return io_flush(dir);
}

ssize_t
io_read_at(int fd, void *data, size_t n, off_t offset)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = pread(fd, (uint8_t *)data + got, n - got, offset + (off_t)got);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

int
io_unread(int r)
{
	switch (-r) {
	case ENOENT:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
	case EACCES:
	case EPERM:
		return r;
	case EFBIG:
		return -EBADMSG;
	default:
		return -EIO;
	}
}

int
io_read_file(int dir, const char *name, size_t max, uint8_t **ret_data, size_t *ret_size)
{
	_cleanup_(closep) int fd = -1;
	_cleanup_(freep) uint8_t *data = NULL;
	struct stat st;
	ssize_t got;

	fd = io_open(dir, name, O_RDONLY | O_NOFOLLOW, 0);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((uint64_t)st.st_size > max)
		return -EFBIG;
	data = malloc((size_t)st.st_size + 1);
	if (data == NULL)
		return -ENOMEM;
	got = io_read_at(fd, data, (size_t)st.st_size, 0);
	if (got < 0)
		return (int)got;
	*ret_data = TAKE_PTR(data);
	*ret_size = (size_t)got;
	return 0;
}

int
io_open_dir(int dir, const char *name)
{
	int r;

	if (io->mkdir(dir, name, 0700) < 0 && errno != EEXIST)
		return failure();
	r = io_flush(dir); /* also when it exists: who made it may have died before the flush */
	if (r < 0)
		return r;
	return io_open(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
}

int
io_free_space(int fd, uint64_t *ret_bytes)
{
	struct statvfs st;

	if (io->statvfs(fd, &st) < 0)
		return -errno;
	*ret_bytes = (uint64_t)st.f_bavail * st.f_frsize;
	return 0;
}
