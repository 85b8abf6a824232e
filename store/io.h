/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only door of store to write, flush, rename and unlink (rule 10). Every call goes through a
 * table, so tests can fail the n-th call, cut the power after it, or count flushes;
 * store.fsync_delay_ms adds a delay to each flush, because virtual disks hide its cost.
 */
#ifndef FUMIKURA_STORE_IO_H
#define FUMIKURA_STORE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/statvfs.h>
#include <sys/types.h>

/* Each behaves as the system call of its name: -1 and errno on failure. */
struct io_calls {
	int (*open)(int dir, const char *name, int flags, mode_t mode);
	ssize_t (*write)(int fd, const void *data, size_t n);
	int (*flush)(int fd); /* fdatasync for files, fsync for directories */
	int (*rename)(int dir, const char *from, const char *to);
	int (*unlink)(int dir, const char *name);
	int (*truncate)(int fd, off_t size);
	int (*mkdir)(int dir, const char *name, mode_t mode);
	int (*statvfs)(int fd, struct statvfs *ret);
};

/* Process-wide by nature (it stands for the kernel): the real calls, replaced by tests before
 * anything is opened. */
extern const struct io_calls *io;
extern const struct io_calls io_real;
/* Milliseconds slept before each flush; set once at start. */
void io_set_flush_delay(unsigned ms);

/* All below return 0 (or a descriptor) or negative errno; EINTR and short writes are handled. A
 * quota that is used up is -ENOSPC too. */

int io_open(int dir, const char *name, int flags, mode_t mode); /* adds O_CLOEXEC */
int io_write_all(int fd, const void *data, size_t n);
int io_flush(int fd);
int io_rename(int dir, const char *from, const char *to);
int io_unlink(int dir, const char *name);
int io_truncate(int fd, off_t size);
/*
 * Creates or replaces dir/name durably: temporary file NAME.tmp, flush, rename, flush of the
 * directory. Mode 0600. On failure the temporary file is removed and, unless it was the last flush
 * that failed, dir/name is as before. NAME.tmp after a crash is rubbish to be overwritten or
 * removed.
 */
int io_replace_file(int dir, const char *name, const void *data, size_t n);
/* Reads up to n bytes from offset; fewer only at the end of the file. Returns bytes read. */
ssize_t io_read_at(int fd, void *data, size_t n, off_t offset);
/* Reads dir/name whole (at most max bytes; -EFBIG); caller frees. ret_data is never NULL. */
int io_read_file(int dir, const char *name, size_t max, uint8_t **ret_data, size_t *ret_size);
/* Of a file that could not be read, for whoever judges it: whatever a disk says of it is -EIO, one
 * that is too large -EBADMSG; what we lack ourselves is not the file's, and stays as it is. */
int io_unread(int r);
/* Opens or creates a directory 0700, flushing the parent. Returns a descriptor that can be
 * flushed. */
int io_open_dir(int dir, const char *name);
/* Bytes free for us on the file system of fd. */
int io_free_space(int fd, uint64_t *ret_bytes);

#endif
