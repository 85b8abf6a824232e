/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From words to a command row with its operands and options. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

/* How many of argv the command's words take; 0 when they do not match. */
static unsigned
match_words(const char *words, const char *const *argv, unsigned n)
{
	unsigned i = 0;

	for (const char *at = words; *at != '\0'; i++) {
		size_t length = strcspn(at, " ");

		if (i >= n || strlen(argv[i]) != length || memcmp(argv[i], at, length) != 0)
			return 0;
		at += length;
		at += *at == ' ';
	}
	return i;
}

static int
set_global(
    struct cli *cli, const struct cli_option *option, const char *value, struct cli_args *args)
{
	if (strcmp(option->name, "socket") == 0)
		cli->socket_path = value;
	else if (strcmp(option->name, "as") == 0)
		cli->as = value;
	else if (strcmp(option->name, "json") == 0)
		cli->json = true;
	else if (strcmp(option->name, "help") == 0)
		args->help = true;
	else if (strcmp(option->name, "lang") == 0 && strcmp(value, "ja") == 0)
		cli->ja = true;
	else if (strcmp(option->name, "lang") == 0 && strcmp(value, "en") == 0)
		cli->ja = false;
	else
		return -EINVAL;
	return 0;
}

/* One option at argv[*i], "--name", "--name=value", "--name value" or "-o value". */
static int
take_option(struct cli *cli, int argc, char **argv, int *i, struct cli_args *args)
{
	const char *word = argv[*i], *name = word[1] == '-' ? word + 2 : word + 1,
		   *value = strchr(name, '=');
	const struct cli_option *option =
	    cli_option(name, value != NULL ? (size_t)(value - name) : strlen(name));

	if (option == NULL || (word[1] != '-') != (option->name[1] == '\0'))
		return cli_usage(cli, "このオプションはありません", "No such option", word);
	if (value != NULL && option->value == NULL)
		return cli_usage(
		    cli, "このオプションは値をとりません", "This option takes no value", word);
	if (value != NULL) {
		value++;
	} else if (option->value != NULL && option->value[0] != '[') {
		if (*i + 1 >= argc)
			return cli_usage(
			    cli, "オプションの値がありません", "The option lacks its value", word);
		value = argv[++*i];
	} else {
		value = "";
	}
	if (cli_listed("socket as json help lang", option->name))
		return set_global(cli, option, value, args) < 0
			   ? cli_usage(cli, "オプションの値が正しくありません",
				 "The option's value is not valid", word)
			   : 0;
	if (args->n_given == CLI_MAX_OPTIONS)
		return cli_usage(cli, "オプションが多すぎます", "Too many options", word);
	args->given[args->n_given].option = option;
	args->given[args->n_given++].value = value;
	return 0;
}

static int
choose_command(struct cli *cli, struct cli_args *args)
{
	unsigned used = 0;

	for (const struct cli_command *c = cli_commands; c->words != NULL; c++) {
		unsigned n = match_words(c->words, args->operands, args->n);

		if (n > used) {
			used = n;
			args->command = c;
		}
	}
	if (args->n == 0)
		return args->help ? 0
				  : cli_usage(cli, "コマンドを指定してください", "Name a command",
					"--help");
	if (args->command == NULL && args->help)
		return 0;
	if (args->command == NULL)
		return cli_usage(
		    cli, "このコマンドはありません", "No such command", args->operands[0]);
	args->n -= used;
	memmove(args->operands, args->operands + used, args->n * sizeof(*args->operands));
	return 0;
}

static int
check_command(struct cli *cli, const struct cli_args *args)
{
	const struct cli_command *c = args->command;

	for (unsigned i = 0; i < args->n_given; i++)
		if (!cli_listed(c->options, args->given[i].option->name))
			return cli_usage(cli, "このコマンドにそのオプションはありません",
			    "This command has no such option", args->given[i].option->name);
	if (args->n < c->min)
		return cli_usage(cli, "引数が足りません", "Arguments are missing", c->operands);
	if (args->n > c->max)
		return cli_usage(
		    cli, "引数が多すぎます", "Too many arguments", args->operands[c->max]);
	return 0;
}

int
cli_parse(struct cli *cli, int argc, char **argv, struct cli_args *ret)
{
	bool only_operands = false;
	int r = 0;

	ret->operands = calloc((size_t)argc + 1, sizeof(*ret->operands));
	if (ret->operands == NULL)
		return cli_fail(cli, "no_memory", "メモリーが足りません。", "Out of memory.");
	for (int i = 1; i < argc && r == 0; i++) {
		const char *word = argv[i];

		if (!utf8_valid(word, strlen(word)))
			return cli_usage(
			    cli, "引数が UTF-8 ではありません", "An argument is not UTF-8", "?");
		if (!only_operands && strcmp(word, "--version") == 0) {
			printf("fumikura %s\n", FUMIKURA_VERSION);
			exit(CLI_DONE);
		}
		if (!only_operands && strcmp(word, "--") == 0)
			only_operands = true;
		else if (!only_operands && word[0] == '-' && word[1] != '\0' &&
			 (word[1] < '0' || word[1] > '9'))
			r = take_option(cli, argc, argv, &i, ret);
		else
			ret->operands[ret->n++] = word;
	}
	if (r == 0)
		r = choose_command(cli, ret);
	if (r == 0 && !ret->help)
		r = check_command(cli, ret);
	ret->console = cli->as == NULL && geteuid() == 0;
	return r;
}

void
cli_args_done(struct cli_args *args)
{
	free(args->operands);
	args->operands = NULL;
}
