/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Session tokens between two runs: DIR/SOCKET/user-NAME, mode 600, and DIR/SOCKET/current, which
 * holds a name. DIR is fumikura/ in the caller's runtime directory, or a private directory below
 * /tmp; a directory that belongs to somebody else, or that others may enter, is refused.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sha256.h"

#define NAME_SIZE 40u

/* Opens or makes name below dir; it must be ours alone. */
static int
open_private(int dir, const char *name)
{
	_cleanup_(closep) int fd = -1;
	struct stat st;

	if (mkdirat(dir, name, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return -EPERM;
	return TAKE_FD(fd);
}

static int
open_runtime(void)
{
	const char *given = getenv("XDG_RUNTIME_DIR");
	_cleanup_(closep) int base = -1;
	char name[64];

	if (given != NULL && given[0] == '/')
		base = open(given, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (base < 0) {
		snprintf(name, sizeof(name), "/run/user/%u", (unsigned)geteuid());
		base = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (base >= 0)
		return open_private(base, "fumikura");
	base = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (base < 0)
		return -errno;
	snprintf(name, sizeof(name), "fumikura-%u", (unsigned)geteuid());
	return open_private(base, name);
}

/* The directory of this socket: two boxes on one machine have two sessions. */
static int
open_sessions(struct cli *cli)
{
	_cleanup_(freep) char *path = realpath(cli->socket_path, NULL);
	const char *name = path != NULL ? path : cli->socket_path;
	_cleanup_(closep) int dir = open_runtime();
	char hex[SHA256_HEX_SIZE];
	int r = dir;

	sha256_hex(name, strlen(name), hex);
	hex[16] = '\0';
	if (dir >= 0)
		r = open_private(dir, hex);
	if (r < 0)
		cli_set_error(cli, "unsafe_runtime_dir",
		    "サインインの控えを置く場所が使えないか、他の人も入れる状態です。XDG_RUNTIME_"
		    "DIR を確かめてください。",
		    "The directory for session tokens cannot be used, or is open to others. Check "
		    "XDG_RUNTIME_DIR.");
	return r;
}

static int
read_text(int dir, const char *name, char *out, size_t size)
{
	_cleanup_(closep) int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid())
		return -EPERM;
	n = read(fd, out, size - 1);
	if (n < 0)
		return -errno;
	out[n] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return out[0] != '\0' ? 0 : -ENOENT;
}

static int
write_text(int dir, const char *name, const char *text)
{
	char temp[NAME_SIZE + 24];
	_cleanup_(closep) int fd = -1;
	size_t n = strlen(text);

	/* of its own: two command lines may sign in side by side */
	snprintf(temp, sizeof(temp), "%s.%d.new", name, (int)getpid());
	unlinkat(dir, temp, 0);
	fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (write(fd, text, n) != (ssize_t)n || renameat(dir, temp, dir, name) < 0) {
		int r = -errno;

		unlinkat(dir, temp, 0);
		return r;
	}
	return 0;
}

/* "user-NAME"; the name never leaves the directory. */
static int
file_name(const char *user, char out[NAME_SIZE])
{
	if (user[0] == '\0' || strlen(user) > 32 || strchr(user, '/') != NULL)
		return -EINVAL;
	snprintf(out, NAME_SIZE, "user-%s", user);
	return 0;
}

static int
not_signed_in(struct cli *cli)
{
	cli_set_error(cli, "not_signed_in",
	    "この利用者はサインインしていません。fumikura login を実行してください。",
	    "This user is not signed in. Run fumikura login.");
	return -ENOENT;
}

int
cli_token_load(struct cli *cli, char ret[CLI_TOKEN_SIZE])
{
	_cleanup_(closep) int dir = open_sessions(cli);
	char current[NAME_SIZE], name[NAME_SIZE];
	const char *user = cli->as;

	ret[0] = '\0';
	if (user != NULL && strcmp(user, "console") == 0)
		return 0;
	if (dir < 0)
		return cli->as != NULL ? dir : 0; /* a caller without a home is still "console"
						     where store allows it */
	if (user == NULL && read_text(dir, "current", current, sizeof(current)) == 0)
		user = current;
	if (user == NULL)
		return 0;
	if (file_name(user, name) == 0 && read_text(dir, name, ret, CLI_TOKEN_SIZE) == 0)
		return 0;
	ret[0] = '\0';
	return cli->as != NULL ? not_signed_in(cli) : 0;
}

int
cli_token_keep(struct cli *cli, const char *user, const char *token)
{
	_cleanup_(closep) int dir = open_sessions(cli);
	char name[NAME_SIZE];
	int r;

	if (dir < 0)
		return dir;
	r = file_name(user, name);
	if (r == 0)
		r = write_text(dir, name, token);
	if (r == 0)
		r = write_text(dir, "current", user);
	if (r < 0)
		cli_set_error(cli, "token_not_kept", "サインインの控えを保存できませんでした。",
		    "The session token could not be kept.");
	return r;
}

int
cli_token_forget(struct cli *cli)
{
	_cleanup_(closep) int dir = open_sessions(cli);
	char current[NAME_SIZE] = "", name[NAME_SIZE];
	const char *user = cli->as;

	if (dir < 0)
		return dir;
	read_text(dir, "current", current, sizeof(current));
	if (user == NULL)
		user = current;
	if (file_name(user, name) == 0)
		unlinkat(dir, name, 0);
	if (strcmp(user, current) == 0)
		unlinkat(dir, "current", 0);
	return 0;
}
