/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of keys, objects and log share: a scratch directory, an archive's keys, files. */
#ifndef FUMIKURA_TESTS_VAULT_H
#define FUMIKURA_TESTS_VAULT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/io.h"
#include "store/keys.h"
#include "store/secret.h"

/* Where scratch directories are; a test of small files that flushes much may say "/dev/shm". */
#ifndef SCRATCH_ROOT
#define SCRATCH_ROOT "/tmp"
#endif

struct scratch {
	char path[64];
	int fd;
};

static inline int
scratch_remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void
scratch_remove(const char *path)
{
	nftw(path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct scratch
scratch_new(void)
{
	struct scratch s = {.path = SCRATCH_ROOT "/fumikura-vault-XXXXXX"};

	assert_int_equal(secret_init(), 0);
	if (mkdtemp(s.path) == NULL) {
		strcpy(s.path, "/tmp/fumikura-vault-XXXXXX");
		assert_non_null(mkdtemp(s.path));
	}
	s.fd = open(s.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(s.fd >= 0);
	return s;
}

static inline void
scratch_end(struct scratch *s)
{
	close(s->fd);
	scratch_remove(s->path);
}

/* Runs a shell command in the directory; returns its exit status. */
static inline int
scratch_run(const struct scratch *s, const char *command)
{
	char line[4096];
	int status;

	snprintf(line, sizeof(line), "cd %s && { %s\n}", s->path, command);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void
scratch_write(const struct scratch *s, const char *name, const void *data, size_t n)
{
	int fd = openat(s->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, data, n), 0);
	close(fd);
}

static inline uint8_t *
scratch_read(const struct scratch *s, const char *name, size_t *ret_size)
{
	uint8_t *data;

	assert_int_equal(io_read_file(s->fd, name, (size_t)1 << 30, &data, ret_size), 0);
	return data;
}

/* keys/ below the directory, opened; master key file "master". */
static inline struct keys *
scratch_keys(const struct scratch *s)
{
	struct age_identity recovery;
	struct keys *keys;
	char master[128];

	snprintf(master, sizeof(master), "%s/master", s->path);
	assert_int_equal(keys_create(s->fd, master, &recovery), 0);
	assert_int_equal(keys_open(s->fd, master, &keys), 0);
	return keys;
}

#endif
