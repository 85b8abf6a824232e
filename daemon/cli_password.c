/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords from a file or the terminal. They live in the caller's buffer, which it wipes, and
 * nowhere else. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <termios.h>

/* One line without its end, byte by byte: no buffer of stdio keeps a copy. -EMSGSIZE when longer
 * than ret holds. */
static int
read_line(int fd, char ret[CLI_PASSWORD_SIZE])
{
	size_t n = 0;

	for (;;) {
		char c;
		ssize_t got = read(fd, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0 || c == '\n')
			break;
		if (n == CLI_PASSWORD_SIZE - 1)
			return -EMSGSIZE;
		ret[n++] = c;
	}
	if (n > 0 && ret[n - 1] == '\r')
		n--;
	ret[n] = '\0';
	return n > 0 ? 0 : -ENODATA;
}

static int
from_file(const char *path, char ret[CLI_PASSWORD_SIZE])
{
	_cleanup_(closep) int fd = -1;

	if (strcmp(path, "-") == 0)
		return read_line(STDIN_FILENO, ret);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : read_line(fd, ret);
}

/* Asks with the echo off. Signals wait until the terminal is as it was. */
static int
ask(int tty, const char *question, char ret[CLI_PASSWORD_SIZE])
{
	struct termios before, quiet;
	sigset_t set, old;
	int r;

	if (tcgetattr(tty, &before) < 0)
		return -errno;
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, &old);
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	quiet.c_lflag |= ECHONL;
	tcsetattr(tty, TCSAFLUSH, &quiet);
	dprintf(tty, "%s: ", question);
	r = read_line(tty, ret);
	tcsetattr(tty, TCSAFLUSH, &before);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return r;
}

static int
from_terminal(
    struct cli *cli, const char *ja, const char *en, bool twice, char ret[CLI_PASSWORD_SIZE])
{
	_cleanup_(closep) int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	char again[CLI_PASSWORD_SIZE];
	int r;

	if (tty < 0)
		return -ENOTTY;
	r = ask(tty, cli_words(cli, ja, en), ret);
	if (r < 0 || !twice)
		return r;
	r = ask(tty, cli_words(cli, "もう一度", "Again"), again);
	if (r == 0 && strcmp(ret, again) != 0)
		r = -EILSEQ;
	explicit_bzero(again, sizeof(again));
	return r;
}

int
cli_password(struct cli *cli, const char *path, const char *ja, const char *en, bool twice,
    char ret[CLI_PASSWORD_SIZE])
{
	int r = path != NULL ? from_file(path, ret) : from_terminal(cli, ja, en, twice, ret);

	if (r == -EILSEQ)
		cli_set_error(cli, "passwords_differ",
		    "二つのパスワードが違います。もう一度お試しください。",
		    "The two passwords differ. Try again.");
	else if (r == -ENOTTY)
		cli_set_error(cli, "password_needed",
		    "パスワードを入力する端末がありません。--password-file で指定してください。",
		    "There is no terminal to ask for the password. Name a file with "
		    "--password-file.");
	else if (r < 0)
		cli_set_error(cli, "password_unreadable",
		    "パスワードを読めません。ファイルの一行目を確かめてください。",
		    "The password cannot be read. Check the first line of the file.");
	return r;
}

void
cli_password_random(char ret[32])
{
	/* 31 signs that nobody confuses on paper: no 0 o 1 l i. */
	static const char signs[] = "abcdefghjkmnpqrstuvwxyz23456789";
	size_t n = 0;

	for (unsigned i = 0; i < 24;) {
		uint8_t byte;

		if (getrandom(&byte, 1, 0) != 1)
			abort();
		if (byte >= 31 * 8)
			continue;
		if (i > 0 && i % 6 == 0)
			ret[n++] = '-';
		ret[n++] = signs[byte % 31];
		i++;
	}
	ret[n] = '\0';
}
