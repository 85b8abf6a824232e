/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From words to a command row, and from its map to the arguments of a method. A map has one source
 * for each argument: "token", an operand's number, "rest" (operands joined, or all of them as a
 * list), "others" (those after the first as a list), "fields" (operands after the first,
 * key=value), "--option", "?option:other" (the option's name when given, else other), or
 * "=literal".
 */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/store_bus.h"
#include "text.h"

static const struct {
	const char *member, *in;
} methods[] = {
#define ROW(member, in, names, out, doc) {#member, in},
    STORE_METHODS(ROW)
#undef ROW
};

/* ---- parsing ---- */

static const struct cli_option *
find_option(const char *name, size_t n)
{
	for (const struct cli_option *o = cli_options; o->name != NULL; o++)
		if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	return NULL;
}

/* True when the word stands in a list separated by spaces. */
static bool
listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = list; at != NULL && *at != '\0';
	     at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == n && memcmp(at, name, n) == 0)
			return true;
	return false;
}

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
	    find_option(name, value != NULL ? (size_t)(value - name) : strlen(name));

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
	if (listed("socket as json help lang", option->name))
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
		if (!listed(c->options, args->given[i].option->name))
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

bool
cli_given(const struct cli_args *args, const char *name)
{
	for (unsigned i = 0; i < args->n_given; i++)
		if (strcmp(args->given[i].option->name, name) == 0)
			return true;
	return false;
}

const char *
cli_value(const struct cli_args *args, const char *name)
{
	const struct cli_option *option = find_option(name, strlen(name));

	for (unsigned i = args->n_given; i-- > 0;)
		if (args->given[i].option == option)
			return args->given[i].value;
	return option != NULL ? option->fallback : NULL;
}

int
cli_number(const char *text, int64_t min, int64_t max, int64_t *ret)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (text[0] == '\0' || *end != '\0' || strchr(" \t\n+", text[0]) != NULL)
		return -EINVAL;
	if (errno != 0 || n < min || n > max)
		return -ERANGE;
	*ret = n;
	return 0;
}

/* ---- the map ---- */

static const char *
signature_of(const char *member)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].member, member) == 0)
			return methods[i].in;
	abort(); /* a row of the table names no method */
}

/* Operands joined by single spaces; caller frees. */
static char *
join(const struct cli_args *args)
{
	size_t n = 1;
	char *text, *at;

	for (unsigned i = 0; i < args->n; i++)
		n += strlen(args->operands[i]) + 1;
	text = at = malloc(n);
	for (unsigned i = 0; text != NULL && i < args->n; i++)
		at += snprintf(
		    at, n - (size_t)(at - text), "%s%s", i > 0 ? " " : "", args->operands[i]);
	if (text != NULL && args->n == 0)
		*text = '\0';
	return text;
}

static const char *
choice(const struct cli_args *args, const char *word, char **ret_owned)
{
	const char *colon = strchr(word, ':');

	*ret_owned = strndup(word, (size_t)(colon - word));
	if (*ret_owned == NULL)
		return NULL;
	return cli_given(args, *ret_owned) ? *ret_owned : colon + 1;
}

/* A text source of the map. ret_owned is freed by the caller. */
static const char *
source(const struct cli_args *args, const char *token, const char *word, char **ret_owned)
{
	const char *value;
	int64_t n;

	if (strcmp(word, "token") == 0)
		return token;
	if (strcmp(word, "console") == 0)
		return args->console ? "" : token;
	if (word[0] == '=')
		return word + 1;
	if (word[0] == '?')
		return choice(args, word + 1, ret_owned);
	if (strcmp(word, "rest") == 0)
		return *ret_owned = join(args);
	if (word[0] == '-')
		value = cli_value(args, word + 2);
	else if (cli_number(word, 0, 9, &n) == 0 && n < args->n)
		value = args->operands[n];
	else
		value = NULL;
	return value != NULL ? value : "";
}

/* sd-bus answers success with more than one value. */
static int
plain(int r)
{
	return r < 0 ? r : 0;
}

static int
append_list(sd_bus_message *m, const struct cli_args *args, unsigned first)
{
	int r = sd_bus_message_open_container(m, 'a', "s");

	for (unsigned i = first; r >= 0 && i < args->n; i++)
		r = sd_bus_message_append(m, "s", args->operands[i]);
	return r < 0 ? r : plain(sd_bus_message_close_container(m));
}

static int
append_fields(struct cli *cli, sd_bus_message *m, const struct cli_args *args)
{
	int r = sd_bus_message_open_container(m, 'a', "{ss}");

	for (unsigned i = 1; r >= 0 && i < args->n; i++) {
		const char *equals = strchr(args->operands[i], '=');
		char key[64];

		if (equals == NULL || equals == args->operands[i] ||
		    equals - args->operands[i] > 63)
			return cli_usage(cli, "項目は KEY=値 の形で指定してください",
			    "Give fields as KEY=VALUE", args->operands[i]);
		snprintf(
		    key, sizeof(key), "%.*s", (int)(equals - args->operands[i]), args->operands[i]);
		r = sd_bus_message_append(m, "{ss}", key, equals + 1);
	}
	return r < 0 ? r : plain(sd_bus_message_close_container(m));
}

static int
append_number(struct cli *cli, sd_bus_message *m, char type, const char *text)
{
	int64_t n;

	if (cli_number(text[0] != '\0' ? text : "0", type == 'i' ? INT32_MIN : 0,
		type == 'i' ? INT32_MAX : UINT32_MAX, &n) < 0)
		return cli_usage(
		    cli, "数ではないか、範囲の外です", "Not a number, or out of range", text);
	if (type == 't')
		return plain(sd_bus_message_append(m, "t", (uint64_t)n));
	return plain(type == 'i' ? sd_bus_message_append(m, "i", (int32_t)n)
				 : sd_bus_message_append(m, "u", (uint32_t)n));
}

int
cli_append(struct cli *cli, const struct cli_args *args, const char *token, sd_bus_message *m)
{
	const char *in = signature_of(args->command->method), *map = args->command->map;
	int r = 0;

	for (; *in != '\0' && r >= 0 && r != CLI_USAGE; in += *in != 'a'     ? 1
							      : in[1] == '{' ? 5
									     : 2) {
		_cleanup_(freep) char *owned = NULL;
		char word[32];
		const char *text;

		/* word outlives what source() gives of it */
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(map, " "), map);
		map += strcspn(map, " ");
		map += *map == ' ';
		if (strncmp(in, "a{", 2) == 0)
			r = append_fields(cli, m, args);
		else if (*in == 'a')
			r = append_list(m, args, strcmp(word, "others") == 0);
		else if ((text = source(args, token, word, &owned)) == NULL)
			r = -ENOMEM;
		else if (*in == 's')
			r = plain(sd_bus_message_append(m, "s", text));
		else
			r = append_number(cli, m, *in, text);
	}
	if (r < 0)
		return cli_fail(cli, "internal", "呼び出しを組み立てられませんでした。",
		    "The call could not be composed.");
	return r == CLI_USAGE ? r : 0;
}
