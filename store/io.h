/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only door of store to write, flush, rename and unlink (rule 10). Every call goes through a table, so tests can fail the n-th call, cut the power after it,
 * or count flushes; store.fsync_delay_ms adds a delay to each flush, because virtual disks hide its cost.
 */
#ifndef FUMIKURA_STORE_IO_H
#define FUMIKURA_STORE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct io_calls {
	int (*open)(int dir, const char *name, int flags, mode_t mode);
	ssize_t (*write)(int fd, const void *data, size_t n);
	int (*flush)(int fd); /* fdatasync for files, fsync for directories */
	int (*rename)(int dir, const char *from, const char *to);
	int (*unlink)(int dir, const char *name);
	int (*truncate)(int fd, off_t size);
	int (*mkdir)(int dir, const char *name, mode_t mode);
};

/* Process-wide by nature (it stands for the kernel): the real calls, replaced by tests before anything is opened. */
extern const struct io_calls *io;
extern const struct io_calls io_real;
/* Milliseconds slept before each flush; set once at start. */
void io_set_flush_delay(unsigned ms);

/* All return 0 or negative errno; EINTR and short writes are handled. */
int io_write_all(int fd, const void *data, size_t n);
/* Creates or replaces dir/name durably: temp file, flush, rename, flush of the directory. Mode 0600. */
int io_replace_file(int dir, const char *name, const void *data, size_t n);
/* Reads dir/name whole (at most max bytes; -EFBIG); caller frees. */
int io_read_file(int dir, const char *name, size_t max, uint8_t **ret_data, size_t *ret_size);
/* Opens or creates a directory 0700, flushing the parent when it was created. Returns a descriptor. */
int io_open_dir(int dir, const char *name);
/* Bytes free for us on the file system of fd. */
int io_free_space(int fd, uint64_t *ret_bytes);

#endif
