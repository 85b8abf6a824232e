/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a command row's map to the call of its method. A map has one source for each argument:
 * "token", an operand's number, "rest" (operands joined, or all of them as a list), "others" (those
 * after the first as a list), "fields" (operands after the first, key=value), "--option",
 * "?option:other" (the option's name when given, else other), or "=literal".
 */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "store/store_bus.h"

static const struct {
	const char *member, *in;
} methods[] = {
#define ROW(member, in, names, out, doc) {#member, in},
    STORE_METHODS(ROW)
#undef ROW
};

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

int
cli_simple(struct cli *cli, const struct cli_args *args, json_t **ret)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL, *reply = NULL;
	char token[CLI_TOKEN_SIZE];
	int r;

	r = cli->child > 0 ? 0 : cli_token_load(cli, token);
	if (cli->child > 0)
		token[0] = '\0';
	if (r >= 0 && cli->bus == NULL)
		r = cli_connect(cli);
	if (r >= 0)
		r = cli_new_call(cli, args->command->method, &m);
	if (r < 0)
		return cli_fail_call(cli);
	r = cli_append(cli, args, token, m);
	if (r != 0)
		return r;
	if (cli_call(cli, m, &reply) < 0 || cli_result(reply, ret) < 0)
		return cli_fail_call(cli);
	return CLI_DONE;
}
