/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help, as the tables of commands and options say it. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static void
help_option(const struct cli *cli, const struct cli_option *o)
{
	char left[64];
	const char *dashes = o->name[1] != '\0' ? "--" : "-";

	if (o->value == NULL)
		snprintf(left, sizeof(left), "%s%s", dashes, o->name);
	else if (o->value[0] == '[')
		snprintf(left, sizeof(left), "%s%s[=%.*s]", dashes, o->name,
		    (int)strlen(o->value) - 2, o->value + 1);
	else
		snprintf(left, sizeof(left), "%s%s %s", dashes, o->name, o->value);
	printf("  %-28s %s\n", left, cli_words(cli, o->ja, o->en));
}

static void
help_options(const struct cli *cli, const char *list)
{
	for (const struct cli_option *o = cli_options; o->name != NULL; o++)
		if (cli_listed(list, o->name))
			help_option(cli, o);
}

void
cli_help(const struct cli *cli, const struct cli_command *command)
{
	if (command != NULL) {
		printf("fumikura %s %s\n  %s\n\n", command->words, command->operands,
		    cli_words(cli, command->ja, command->en));
		help_options(cli, command->options);
		help_options(cli, "socket json as lang help");
		return;
	}
	printf(
	    "%s\n\n  fumikura [--socket PATH] [--json] [--as USER] [--lang ja|en] COMMAND ...\n\n",
	    cli_words(cli, "文蔵 Fumikura — 介護の記録をまもる書庫",
		"Fumikura 文蔵 — an archive for care records"));
	for (const struct cli_command *c = cli_commands; c->words != NULL; c++) {
		char left[64];

		snprintf(left, sizeof(left), "%s %s", c->words, c->operands);
		printf("  %-28s %s\n", left, cli_words(cli, c->ja, c->en));
	}
	fputc('\n', stdout);
	help_options(cli, "socket json as lang help version");
	printf("\n%s\n", cli_words(cli,
			     "終了コード: 0 完了、1 拒否または失敗、2 使い方の誤り。fumikura "
			     "COMMAND --help で詳しく。",
			     "Exit code: 0 done, 1 refused or failed, 2 bad usage. fumikura "
			     "COMMAND --help tells more."));
}
