/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fence around each executable: one row per executable in one table (sandbox_rows.c), entered
 * once, never widened, fatal when it fails. Capabilities are dropped, no_new_privs set, core dumps
 * off, files fenced by Landlock, system calls and socket families by libseccomp (refused calls
 * return EPERM), sizes by rlimits.
 */
#ifndef FUMIKURA_SANDBOX_H
#define FUMIKURA_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

/* Bits of struct sandbox_row.calls: named groups of system calls, spelled out in sandbox_calls.c.
 */
enum sandbox_calls {
	/* memory, clocks, threads, read/write/poll/epoll, recvmsg/sendmsg on inherited sockets,
	 * memfd */
	SANDBOX_BASE = 1 << 0,
	SANDBOX_READ = 1 << 1,    /* open files for reading, within the row's paths */
	SANDBOX_WRITE = 1 << 2,   /* create, write, rename, unlink, fsync, within the row's paths */
	SANDBOX_ACCEPT = 1 << 3,  /* accept on inherited listening sockets */
	SANDBOX_INET = 1 << 4,    /* new AF_INET/AF_INET6 sockets, connect */
	SANDBOX_UNIX = 1 << 5,    /* new AF_UNIX sockets, connect (name resolution is one) */
	SANDBOX_DEVICE = 1 << 6,  /* ioctl on device nodes (USB scanners) */
	SANDBOX_NETLINK = 1 << 7, /* AF_NETLINK (libusb hot-plug, getaddrinfo) */
	SANDBOX_LOAD = 1 << 8,    /* map program code after the lock: libraries with plug-ins */
};

enum sandbox_create { SANDBOX_MUST_EXIST, SANDBOX_MAKE_DIRECTORY, SANDBOX_MAKE_FILE };

struct sandbox_path {
	/* Literal, or "%section.key" for a configured one; a missing optional (or empty configured)
	 * path is passed over. */
	const char *path;
	bool write, optional;
	/* Made with mode 0700/0600 when it is missing: Landlock can only fence what exists. */
	enum sandbox_create create;
};

#define SANDBOX_PATHS 20

struct sandbox_row {
	const char *name;
	unsigned calls;
	struct sandbox_path paths[SANDBOX_PATHS]; /* ends with .path == NULL */
	const char *if_key;                       /* "section.key" of a yes/no key, or NULL … */
	unsigned if_calls;                        /* … that adds these calls when it says yes */
	uint64_t max_memory;                      /* RLIMIT_AS bytes, 0: none */
	const char *memory_mb_key; /* "section.key" that gives RLIMIT_AS in MiB instead */
	/* RLIMIT_FSIZE bytes. Memory files count as files here, so every room that hands out bulk
	 * data needs MEMFD_MAX. */
	uint64_t max_file;
	uint32_t max_files; /* RLIMIT_NOFILE */
	uint32_t max_cpu_s; /* RLIMIT_CPU seconds, 0: none */
};
/* Ends with .name == NULL; fumikurad and the command line have none. */
extern const struct sandbox_row sandbox_rows[];

/* Enters the row called name, for this thread and all it starts later; call it before any thread
 * exists. Negative errno: exit. */
int sandbox_enter(const char *name, const struct config *config);
/* As above with a row of the caller's: for the test that proves that an empty fence is noticed. */
int sandbox_enter_row(const struct sandbox_row *row, const struct config *config);

/* The steps of sandbox_enter_row(), each in its own file. */
int sandbox_files(const struct sandbox_row *row, unsigned calls, const struct config *config);
int sandbox_filter(unsigned calls);

#endif
