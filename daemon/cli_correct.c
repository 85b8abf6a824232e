/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A corrected line of a record. Words on a command line are seen by everybody on the machine, so
 * what is personal can come from a file or standard input instead. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "store/store_bus.h"

#define PLACE 6u /* operands before the text: DOC N X Y W H */

/* All of it, without a line end at its end; -E2BIG when it does not fit. */
static int
read_text(int fd, char *out, size_t room)
{
	size_t n = 0;

	for (;;) {
		const ssize_t got = read(fd, out + n, room - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += (size_t)got;
		if (n == room)
			return -E2BIG;
	}
	n -= n > 0 && out[n - 1] == '\n';
	n -= n > 0 && out[n - 1] == '\r';
	out[n] = '\0';
	return strlen(out) == n ? 0 : -EILSEQ;
}

static int
text_from(const char *path, char *out, size_t room)
{
	_cleanup_(closep) int fd = -1;

	if (strcmp(path, "-") == 0)
		return read_text(STDIN_FILENO, out, room);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : read_text(fd, out, room);
}

int
cli_correct(struct cli *cli, const struct cli_args *args)
{
	const char *path = cli_value(args, "text-file"), *operands[PLACE + 1];
	_cleanup_(cli_json_decref) json_t *result = NULL;
	char text[STORE_MAX_TEXT + 1] = "";
	struct cli_args whole = *args;
	int r;

	if ((args->n == PLACE) == (path == NULL))
		return cli_usage(cli, "TEXT か --text-file のどちらか一つを指定してください",
		    "Give either TEXT or --text-file", args->command->words);
	memcpy(operands, args->operands, args->n * sizeof(*operands));
	if (path == NULL && strcmp(operands[PLACE], "-") == 0)
		path = "-";
	if (path != NULL) {
		r = text_from(path, text, sizeof(text));
		if (r < 0)
			return cli_fail(cli, "text_unreadable",
			    "直した文字を読めません。一行だけのファイルを指定してください。",
			    "The corrected text cannot be read. Name a file that holds one line.");
		operands[PLACE] = text;
	}
	whole.operands = operands;
	whole.n = PLACE + 1;
	r = cli_simple(cli, &whole, &result);
	explicit_bzero(text, sizeof(text));
	if (r == CLI_DONE)
		cli_output(cli, args->command, result);
	return r;
}
