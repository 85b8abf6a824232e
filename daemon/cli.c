/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From argv to an exit code. What each command does is in the table and in the files it names. */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#define SOCKET_PATH "/run/fumikura/fumikura.sock"

static bool
japanese_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return strncmp(value, "ja", 2) == 0;
	}
	return false;
}

static int
run(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *result = NULL;
	int r;

	if (args->command->run != NULL)
		return args->command->run(cli, args);
	r = cli_simple(cli, args, &result);
	if (r == CLI_DONE)
		cli_output(cli, args->command, result);
	return r;
}

int
cli_main(int argc, char **argv)
{
	struct cli cli = {.signals = -1, .ja = japanese_locale(), .tty = isatty(STDERR_FILENO)};
	struct cli_args args = {0};
	int r;

	/* Passwords and tokens pass through: no core file may hold them. */
	prctl(PR_SET_DUMPABLE, 0);
	cli.socket_path = getenv("FUMIKURA_SOCKET");
	if (cli.socket_path == NULL || cli.socket_path[0] == '\0')
		cli.socket_path = SOCKET_PATH;
	r = cli_parse(&cli, argc, argv, &args);
	if (r == 0 && (args.help || args.command == NULL))
		cli_help(&cli, args.command);
	else if (r == 0)
		r = run(&cli, &args);
	cli_disconnect(&cli);
	cli_args_done(&args);
	free(cli.error.ja);
	free(cli.error.en);
	if (fflush(stdout) != 0 && r == CLI_DONE) {
		cli_reason(&cli, "not_written", "結果を出力できませんでした。",
		    "The result could not be written.");
		r = CLI_FAILED;
	}
	return r;
}
