/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of the archive as a whole: made once, unlocked at each start. */
#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "canon.h"
#include "io.h"
#include "keys_internal.h"
#include "secret.h"
#include "text.h"

#define KEYS_DIR "keys"
#define RECIPIENTS "recipients.json"
#define RECIPIENTS_VERSION 1
#define MASTER_MAX ((size_t)16 << 10) /* bytes of a master key file with its comments */

const uint8_t *
keys_master_recipient(const struct keys *keys)
{
	return keys->recipients[0];
}

const uint8_t *
keys_recovery_recipient(const struct keys *keys)
{
	return keys->recipients[1];
}

/* ---- making ---- */

static int
flush_parent(const char *path)
{
	char copy[PATH_MAX];
	_cleanup_(closep) int fd = -1;

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy))
		return -ENAMETOOLONG;
	fd = io_open(AT_FDCWD, dirname(copy), O_RDONLY | O_DIRECTORY, 0);
	/* the room's fence gives the file alone, and has made it before us: then it is not ours to
	 * flush */
	if (fd == -EACCES)
		return 0;
	return fd < 0 ? fd : io_flush(fd);
}

/* A new file, or the empty one that the fence needed to name it; never one that holds anything. */
static int
open_master(const char *path)
{
	struct stat st;
	int fd = io_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0600);

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size != 0) {
		close(fd);
		return -EEXIST;
	}
	return fd;
}

static int
write_master(const char *path, const struct age_identity *master)
{
	char secret[AGE_IDENTITY_TEXT], recipient[AGE_RECIPIENT_TEXT], text[512];
	_cleanup_(closep) int fd = -1;
	int n, r;

	fd = open_master(path);
	if (fd < 0)
		return fd;
	age_identity_format(master, secret);
	age_recipient_format(master->public, recipient);
	n = snprintf(
	    text, sizeof(text), "# Fumikura master key\n# public key: %s\n%s\n", recipient, secret);
	r = io_write_all(fd, text, (size_t)n);
	if (r == 0)
		r = io_flush(fd);
	if (r == 0)
		r = flush_parent(path);
	if (r < 0) {
		io_truncate(fd, 0); /* the fence lets the file be emptied, not removed */
		io_unlink(AT_FDCWD, path);
	}
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(text, sizeof(text));
	return r;
}

static int
write_recipients(int dir, const uint8_t master[32], const uint8_t recovery[32])
{
	char master_text[AGE_RECIPIENT_TEXT], recovery_text[AGE_RECIPIENT_TEXT];
	_cleanup_(json_decrefp) json_t *json = NULL;
	_cleanup_(freep) char *text = NULL;
	size_t n;
	int r;

	age_recipient_format(master, master_text);
	age_recipient_format(recovery, recovery_text);
	json = json_pack("{s:i, s:s, s:s}", "v", RECIPIENTS_VERSION, "master", master_text,
	    "recovery", recovery_text);
	if (json == NULL)
		return -ENOMEM;
	r = canon_dump(json, &text, &n);
	return r < 0 ? r : io_replace_file(dir, RECIPIENTS, text, n);
}

static int
make_dirs(int data_dir)
{
	static const char *const names[] = {"rings", "users"};
	_cleanup_(closep) int dir = io_open_dir(data_dir, KEYS_DIR);

	for (size_t i = 0; dir >= 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		_cleanup_(closep) int sub = io_open_dir(dir, names[i]);

		if (sub < 0)
			return sub;
	}
	return TAKE_FD(dir);
}

int
keys_create(int data_dir, const char *master_path, struct age_identity *ret_recovery)
{
	_cleanup_(secret_freep) struct age_identity *ids = secret_new(2 * sizeof(*ids));
	_cleanup_(closep) int dir = -1;
	int r;

	if (ids == NULL)
		return -ENOMEM;
	dir = make_dirs(data_dir);
	if (dir < 0)
		return dir;
	if (faccessat(dir, RECIPIENTS, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	r = age_identity_new(&ids[0]);
	if (r == 0)
		r = age_identity_new(&ids[1]);
	if (r < 0)
		return r;
	r = write_recipients(dir, ids[0].public, ids[1].public);
	if (r == 0) /* after what tells whose it is: keys_of_another() */
		r = write_master(master_path, &ids[0]);
	if (r < 0) {
		io_unlink(dir, RECIPIENTS);
		return r;
	}
	*ret_recovery = ids[1];
	return 0;
}

/* ---- unlocking ---- */

/* The first line that is neither empty nor a comment; text is changed. */
static char *
first_line(char *text)
{
	char *save = NULL;

	for (char *line = strtok_r(text, "\r\n", &save); line != NULL;
	     line = strtok_r(NULL, "\r\n", &save))
		if (*line != '#')
			return line;
	return NULL;
}

static int
read_master(const char *path, struct age_identity *ret)
{
	uint8_t *file = NULL;
	char *line;
	size_t n;
	int r = io_read_file(AT_FDCWD, path, MASTER_MAX, &file, &n);

	if (r < 0)
		return r;
	file[n] = '\0';
	line = first_line((char *)file);
	r = line != NULL ? age_identity_parse(line, ret) : -EINVAL;
	explicit_bzero(file, n);
	free(file);
	return r;
}

static int
read_recipients(int dir, uint8_t ret[2][32])
{
	_cleanup_(freep) uint8_t *file = NULL;
	_cleanup_(json_decrefp) json_t *json = NULL;
	const char *master, *recovery;
	size_t n;
	int version, r = io_read_file(dir, RECIPIENTS, KEYS_FILE_MAX, &file, &n);

	if (r < 0)
		return r;
	json = json_loadb((const char *)file, n, JSON_REJECT_DUPLICATES, NULL);
	if (json == NULL || json_unpack(json, "{s:i, s:s, s:s}", "v", &version, "master", &master,
				"recovery", &recovery) < 0)
		return -EBADMSG;
	if (version != RECIPIENTS_VERSION)
		return -EPROTONOSUPPORT;
	if (age_recipient_parse(master, ret[0]) < 0 || age_recipient_parse(recovery, ret[1]) < 0)
		return -EBADMSG;
	return 0;
}

bool
keys_of_another(int data_dir, const char *master_path)
{
	_cleanup_(secret_freep) struct age_identity *master = secret_new(sizeof(*master));
	_cleanup_(closep) int dir = io_open(data_dir, KEYS_DIR, O_RDONLY | O_DIRECTORY, 0);
	uint8_t recipients[2][32];
	int r = master == NULL ? -ENOMEM : read_master(master_path, master);

	if (r == -ENOENT || r == -EINVAL) /* none, or no whole one */
		return false;
	return r < 0 || dir < 0 || read_recipients(dir, recipients) < 0 ||
	       !secret_equal(master->public, recipients[0], 32);
}

int
keys_open(int data_dir, const char *master_path, struct keys **ret)
{
	_cleanup_(keys_freep) struct keys *keys = calloc(1, sizeof(*keys));
	int r;

	if (keys == NULL)
		return -ENOMEM;
	pthread_mutex_init(&keys->ring_lock, NULL);
	keys->dir = io_open(data_dir, KEYS_DIR, O_RDONLY | O_DIRECTORY, 0);
	if (keys->dir < 0)
		return keys->dir;
	keys->master = secret_new(sizeof(*keys->master));
	if (keys->master == NULL)
		return -ENOMEM;
	r = read_master(master_path, keys->master);
	if (r == 0)
		r = read_recipients(keys->dir, keys->recipients);
	if (r < 0)
		return r;
	if (!secret_equal(keys->master->public, keys->recipients[0], 32))
		return -EKEYREJECTED;
	*ret = TAKE_PTR(keys);
	return 0;
}

void
keys_free(struct keys *keys)
{
	if (keys == NULL)
		return;
	keys_ring_forget(keys);
	pthread_mutex_destroy(&keys->ring_lock);
	closep(&keys->dir);
	secret_free(keys->master);
	free(keys);
}
