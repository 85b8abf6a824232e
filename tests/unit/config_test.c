/* links: */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration: a typing mistake is an error with its line, never a silent default; rooms see only
 * what is theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"

static struct config *
parsed(const char *text)
{
	struct config *config = NULL;
	unsigned line;
	const char *why;

	assert_int_equal(config_parse(text, strlen(text), &config, &line, &why), 0);
	return config;
}

static void
values_and_defaults(void **state)
{
	_cleanup_(config_freep) struct config *c =
	    parsed("# a comment\n\n[archive]\r\ndata = /srv/a b = c  \n[ocr]\n  effort=all\n"
		   "[web]\nlisten =\n");

	assert_string_equal(config_get(c, "archive", "data"), "/srv/a b = c");
	assert_string_equal(config_get(c, "archive", "name"), "Fumikura");
	assert_string_equal(config_get(c, "ocr", "effort"), "all");
	assert_string_equal(config_get(c, "web", "listen"), "");
	assert_true(config_uint(c, "supervisor", "watchdog_s", 1, 3600) == 10);
	assert_true(config_uint(c, "supervisor", "watchdog_s", 1, 5) == 5);
	assert_false(config_bool(c, "scanner", "network"));
	assert_true(config_bool(c, "time", "require_sync"));
}

static void
mistakes_name_their_line(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
	} rows[] = {{"[archive]\ndta = /x\n", 2}, {"[archiv]\n", 1}, {"data = /x\n", 1},
	    {"[archive]\n\nnonsense\n", 3}, {"[archive]\ndata = /x\ndata = /y\n", 3},
	    {"[store]\nmin_free_mb = many\n", 2}, {"[store]\nmin_free_mb = -1\n", 2},
	    {"[store]\nmin_free_mb = 99999999999999999999\n", 2},
	    {"[supervisor]\nwatchdog_s = 0\n", 2}, {"[scanner]\nnetwork = perhaps\n", 2},
	    {"[ocr]\neffort = al\n", 2}, {"[archive]\nname = a\x01z\n", 2},
	    {"[archive]\nname = \xff\n", 2}, {"[archive\n", 1}, {"[]\n", 1}, {"[\n", 1}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config *c = NULL;
		unsigned line = 0;
		const char *why = NULL;

		assert_int_equal(
		    config_parse(rows[i].text, strlen(rows[i].text), &c, &line, &why), -EINVAL);
		assert_int_equal(line, rows[i].line);
		assert_non_null(why);
		assert_null(c);
	}
}

static void
zero_bytes_and_size_are_refused(void **state)
{
	static const char zero[] = "[archive]\nname = a\0b\n";
	char *big = calloc(1, CONFIG_MAX_BYTES + 1);
	struct config *c = NULL;
	unsigned line;
	const char *why;

	assert_int_equal(config_parse(zero, sizeof(zero) - 1, &c, &line, &why), -EINVAL);
	assert_int_equal(config_parse(big, CONFIG_MAX_BYTES + 1, &c, &line, &why), -EFBIG);
	free(big);
}

static void
settings_override(void **state)
{
	_cleanup_(config_freep) struct config *c = parsed("[web]\nlisten = 127.0.0.1:1\n");

	assert_int_equal(config_set(c, "web.listen=127.0.0.1:0"), 0);
	assert_string_equal(config_get(c, "web", "listen"), "127.0.0.1:0");
	assert_int_equal(config_set(c, "courier.tsa_url=http://a/b=c.d"), 0);
	assert_string_equal(config_get(c, "courier", "tsa_url"), "http://a/b=c.d");
	assert_int_equal(config_set(c, "web.lsten=x"), -EINVAL);
	assert_int_equal(config_set(c, "web"), -EINVAL);
	assert_int_equal(config_set(c, "weblisten=a.b"), -EINVAL);
	assert_int_equal(config_set(c, "archive.name=a\n[store]"), -EINVAL);
}

static void
key_and_socket_stand_beside_the_data(void **state)
{
	_cleanup_(config_freep) struct config *c = parsed("[archive]\ndata = /srv/fumi/archive/\n");
	_cleanup_(config_freep) struct config *relative = parsed("[archive]\ndata = archive\n");
	_cleanup_(config_freep) struct config *none = parsed("");

	assert_int_equal(config_derive(c), 0);
	assert_string_equal(config_get(c, "store", "master_key_file"), "/srv/fumi/archive.key");
	assert_string_equal(config_get(c, "local", "socket"), "/srv/fumi/archive.sock");
	assert_int_equal(config_set(c, "local.socket=/run/x"), 0);
	assert_int_equal(config_derive(c), 0);
	assert_string_equal(config_get(c, "local", "socket"), "/run/x");
	assert_int_equal(config_derive(relative), -EINVAL);
	assert_int_equal(config_derive(none), -EINVAL);
}

static void
rooms_see_only_what_is_theirs(void **state)
{
	_cleanup_(config_freep) struct config *c =
	    parsed("[archive]\ndata = /d\n[store]\nmaster_key_file = /k\n"
		   "[scanner]\nnetwork = yes\n[tsa]\naccredited = yes\n");
	_cleanup_(freep) char *scanner = NULL, *store = NULL;
	_cleanup_(config_freep) struct config *again = NULL;
	unsigned line;
	const char *why;

	assert_int_equal(config_section_text(c, "scanner", &scanner), 0);
	assert_string_equal(scanner, "[archive]\ndata = /d\n[scanner]\nnetwork = yes\n");
	assert_int_equal(config_section_text(c, "store", &store), 0);
	assert_non_null(strstr(store, "accredited = yes"));
	assert_null(strstr(store, "network"));
	assert_int_equal(config_parse(store, strlen(store), &again, &line, &why), 0);
	assert_string_equal(config_get(again, "store", "master_key_file"), "/k");
}

/* Every default must itself be permitted, else a file that spells it out would be refused. */
static void
defaults_are_valid(void **state)
{
	_cleanup_(config_freep) struct config *c = parsed("");

	for (const struct config_key *k = config_keys; k->section != NULL; k++) {
		char text[512];

		assert_non_null(k->help);
		if (k->fallback == NULL)
			continue;
		snprintf(text, sizeof(text), "%s.%s=%s", k->section, k->key, k->fallback);
		assert_int_equal(config_set(c, text), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_and_defaults),
	    cmocka_unit_test(mistakes_name_their_line),
	    cmocka_unit_test(zero_bytes_and_size_are_refused),
	    cmocka_unit_test(settings_override),
	    cmocka_unit_test(key_and_socket_stand_beside_the_data),
	    cmocka_unit_test(rooms_see_only_what_is_theirs),
	    cmocka_unit_test(defaults_are_valid),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
