/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fence around each executable: one row per executable in one table (sandbox_rows.c), entered once, never widened, fatal when
 * it fails. Capabilities are dropped, no_new_privs set, core dumps off, files fenced by Landlock, system calls and socket families
 * by libseccomp (refused calls return EPERM), sizes by rlimits.
 */
#ifndef FUMIKURA_SANDBOX_H
#define FUMIKURA_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

/* Bits of struct sandbox_row.calls: named groups of system calls, spelled out in sandbox.c. */
enum sandbox_calls {
	SANDBOX_BASE = 1 << 0,    /* memory, clocks, threads, read/write/poll/epoll, recvmsg/sendmsg on inherited sockets, memfd */
	SANDBOX_READ = 1 << 1,    /* open files for reading, within the row's paths */
	SANDBOX_WRITE = 1 << 2,   /* create, write, rename, unlink, fsync, within the row's paths */
	SANDBOX_ACCEPT = 1 << 3,  /* accept on inherited listening sockets */
	SANDBOX_INET = 1 << 4,    /* new AF_INET/AF_INET6 sockets, connect */
	SANDBOX_UNIX = 1 << 5,    /* new AF_UNIX sockets, connect (local services such as name resolution) */
	SANDBOX_DEVICE = 1 << 6,  /* ioctl on device nodes (USB scanners) */
	SANDBOX_NETLINK = 1 << 7, /* AF_NETLINK (libusb hot-plug, getaddrinfo) */
};

struct sandbox_path {
	const char *path; /* literal path, or "%section.key" for a configured one; a missing optional path is passed over */
	bool write, optional;
};

struct sandbox_row {
	const char *name;
	unsigned calls;
	struct sandbox_path paths[12]; /* ends with .path == NULL */
	uint64_t max_memory;           /* RLIMIT_AS bytes, 0: none */
	uint64_t max_file;             /* RLIMIT_FSIZE bytes; 0 means the room may not grow any file */
	uint32_t max_files;            /* RLIMIT_NOFILE */
	uint32_t max_cpu_s;            /* RLIMIT_CPU seconds, 0: none */
};
extern const struct sandbox_row sandbox_rows[]; /* ends with .name == NULL */

/* Enters the row called name, for this thread and all it starts later; call it before any thread exists. Negative errno: exit. */
int sandbox_enter(const char *name, const struct config *config);

#endif
