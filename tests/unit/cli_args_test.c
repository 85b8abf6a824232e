/* links: fumikura */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command table and its arguments: every row names a method that exists and maps each of its
 * arguments; bad usage is 2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "store/store_bus.h"

static const struct {
	const char *member, *in, *names;
} methods[] = {
#define ROW(member, in, names, out, doc) {#member, in, names},
    STORE_METHODS(ROW)
#undef ROW
};

static unsigned
words_in(const char *list)
{
	unsigned n = 0;

	for (; *list != '\0'; list++)
		n += *list != ' ' && (list[1] == ' ' || list[1] == '\0');
	return n;
}

static bool
is_option(const char *name)
{
	for (const struct cli_option *o = cli_options; o->name != NULL; o++)
		if (strcmp(o->name, name) == 0)
			return true;
	return false;
}

static void
every_row_fits_its_method(void **state)
{
	for (const struct cli_command *c = cli_commands; c->words != NULL; c++) {
		bool found = c->method == NULL;

		for (size_t i = 0; c->method != NULL && i < sizeof(methods) / sizeof(methods[0]);
		     i++)
			if (strcmp(methods[i].member, c->method) == 0) {
				found = true;
				if (c->map != NULL && strcmp(c->words, "init") != 0)
					assert_int_equal(
					    words_in(c->map), words_in(methods[i].names));
			}
		assert_true(found);
		assert_true(c->run != NULL || c->map != NULL);
		assert_true(c->ja[0] != '\0' && c->en[0] != '\0');
	}
}

static void
every_option_of_a_row_exists(void **state)
{
	for (const struct cli_command *c = cli_commands; c->words != NULL; c++) {
		char list[256], *save = NULL;

		snprintf(list, sizeof(list), "%s", c->options);
		for (char *o = strtok_r(list, " ", &save); o != NULL;
		     o = strtok_r(NULL, " ", &save))
			if (!is_option(o))
				fail_msg("%s: no option %s", c->words, o);
	}
}

/* Every method that people need has a command. */
static void
every_method_is_reachable(void **state)
{
	static const char *const elsewhere =
	    " Login Logout Passwd ImportOpen ImportFile ImportClose BatchPage ExportRedacted ";

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		char word[40];
		bool found;

		snprintf(word, sizeof(word), " %s ", methods[i].member);
		found = strstr(elsewhere, word) != NULL;
		for (const struct cli_command *c = cli_commands; c->words != NULL && !found; c++)
			found = c->method != NULL && strcmp(c->method, methods[i].member) == 0;
		if (!found)
			fail_msg("no command for %s", methods[i].member);
	}
}

/* Parses a line of words; output is thrown away. */
static int
parse(struct cli *cli, struct cli_args *args, char **argv)
{
	int argc = 0, out = dup(1), err = dup(2), null = open("/dev/null", O_WRONLY | O_CLOEXEC), r;

	while (argv[argc] != NULL)
		argc++;
	*cli = (struct cli){.signals = -1};
	*args = (struct cli_args){0};
	fflush(stdout);
	dup2(null, 1);
	dup2(null, 2);
	r = cli_parse(cli, argc, argv, args);
	fflush(stdout);
	dup2(out, 1);
	dup2(err, 2);
	close(out);
	close(err);
	close(null);
	return r;
}

#define PARSE(...) parse(&cli, &args, (char *[]){"fumikura", __VA_ARGS__, NULL})

static void
words_options_and_operands(void **state)
{
	struct cli cli;
	struct cli_args args;

	assert_int_equal(PARSE("--json", "batch", "show", "B000001", "--as", "hanako"), 0);
	assert_string_equal(args.command->words, "batch show");
	assert_int_equal(args.n, 1);
	assert_string_equal(args.operands[0], "B000001");
	assert_true(cli.json);
	assert_string_equal(cli.as, "hanako");
	cli_args_done(&args);
	assert_int_equal(PARSE("search", "被保険者", "--limit=5", "証"), 0);
	assert_string_equal(cli_value(&args, "limit"), "5");
	assert_string_equal(cli_value(&args, "offset"), "0");
	assert_int_equal(args.n, 2);
	cli_args_done(&args);
	assert_int_equal(PARSE("batch", "rotate", "B000001", "2", "-90"), 0);
	assert_string_equal(args.operands[2], "-90");
	cli_args_done(&args);
	assert_int_equal(PARSE("scan", "--wait", "--sheets", "2"), 0);
	assert_string_equal(cli_value(&args, "wait"), "");
	cli_args_done(&args);
	assert_int_equal(PARSE("scan", "--wait=stored"), 0);
	assert_string_equal(cli_value(&args, "wait"), "stored");
	cli_args_done(&args);
	assert_int_equal(PARSE("import", "--", "--json"), 0);
	assert_false(cli.json);
	assert_string_equal(args.operands[0], "--json");
	cli_args_done(&args);
}

static void
bad_usage_is_two(void **state)
{
	struct cli cli;
	struct cli_args args;
	char *const cases[][6] = {{"fumikura"}, {"fumikura", "nothing"}, {"fumikura", "batch"},
	    {"fumikura", "batch", "show"}, {"fumikura", "show", "D1", "D2"},
	    {"fumikura", "status", "--limit", "3"}, {"fumikura", "status", "--nothing"},
	    {"fumikura", "search", "x", "--limit"}, {"fumikura", "--lang", "fr", "status"},
	    {"fumikura", "--json=yes", "status"}, {"fumikura", "show", "\xff\xfe"},
	    {"fumikura", "page", "D1", "1", "-output", "x"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(&cli, &args, (char **)cases[i]), CLI_USAGE);
		cli_args_done(&args);
	}
}

static void
numbers_are_strict(void **state)
{
	int64_t n;

	assert_int_equal(cli_number("12", 0, 99, &n), 0);
	assert_int_equal(n, 12);
	assert_int_equal(cli_number("-90", -360, 360, &n), 0);
	assert_int_equal(cli_number("", 0, 9, &n), -EINVAL);
	assert_int_equal(cli_number("1x", 0, 9, &n), -EINVAL);
	assert_int_equal(cli_number(" 1", 0, 9, &n), -EINVAL);
	assert_int_equal(cli_number("+1", 0, 9, &n), -EINVAL);
	assert_int_equal(cli_number("10", 0, 9, &n), -ERANGE);
	assert_int_equal(cli_number("99999999999999999999", 0, INT64_MAX, &n), -ERANGE);
}

static void
widths_of_japanese(void **state)
{
	assert_int_equal(cli_width("abc"), 3);
	assert_int_equal(cli_width("文蔵"), 4);
	assert_int_equal(cli_width("ｱ"), 1);
	assert_int_equal(cli_width("ａ"), 2);
	assert_int_equal(cli_width("\xff"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_row_fits_its_method),
	    cmocka_unit_test(every_option_of_a_row_exists),
	    cmocka_unit_test(every_method_is_reachable),
	    cmocka_unit_test(words_options_and_operands),
	    cmocka_unit_test(bad_usage_is_two),
	    cmocka_unit_test(numbers_are_strict),
	    cmocka_unit_test(widths_of_japanese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
