/* links: web */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of routes against the bus contract, and the OpenAPI document against the table. */
#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "store/store_bus.h"
#include "web/web_openapi.h"
#include "web/web_routes.h"

static void
every_member_has_a_route(void **state)
{
	for (const struct web_method *m = web_methods; m->member != NULL; m++) {
		unsigned n = 0;

		for (const struct web_route *r = web_routes; r->method != NULL; r++)
			n += r->member != NULL && strcmp(r->member, m->member) == 0;
		if (strcmp(m->member, "Init") == 0)
			assert_int_equal(n, 0); /* console only */
		else
			assert_true(n > 0);
	}
}

/* Who asks store waits longer than store waits for others: else people are told that it is away when
 * it goes on, and what it found out is lost. */
static void
store_is_waited_for(void **state)
{
	static const struct {
		const char *member;
		unsigned seconds;
	} waits[] = {{"Scan", STORE_SCAN_S}, {"Devices", STORE_DEVICES_S}, {"Page", STORE_ALTO_S},
	    {"BatchPage", STORE_ALTO_S}, {"Export", STORE_PDF_S}, {"ExportRedacted", STORE_PDF_S}};

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		for (const struct web_route *r = web_routes; r->method != NULL; r++)
			if (r->member != NULL && strcmp(r->member, waits[i].member) == 0)
				assert_true(r->timeout_s > waits[i].seconds);
}

/* Placeholders, required and fixed names are arguments of the member. */
static void
names_are_of_the_contract(void **state)
{
	for (const struct web_route *r = web_routes; r->method != NULL; r++) {
		const struct web_method *m = web_method_find(r->member);
		const char *s = r->path;

		if (r->member == NULL)
			continue;
		assert_non_null(m);
		while ((s = strchr(s, '{')) != NULL) {
			size_t n = strcspn(s + 1, "}");

			assert_true(web_list_has(m->names, s + 1, n) ||
				    (strncmp(s + 1, "document", n) == 0 &&
					web_list_has(m->names, "documents", 9)));
			s += n;
		}
		for (s = r->required; *s != '\0'; s += strspn(s, " ")) {
			size_t n = strcspn(s, " ");

			assert_true(web_list_has(m->names, s, n));
			s += n;
		}
		if (r->fixed != NULL)
			assert_true(web_list_has(m->names, r->fixed, strcspn(r->fixed, "=")));
		/* whatever changes something must not be a GET; looking is one */
		if (strcmp(r->method, "GET") != 0)
			assert_true(
			    strcmp(m->member, "Show") != 0 && strcmp(m->member, "Page") != 0);
	}
}

static void
matching(void **state)
{
	static const struct {
		const char *method, *path, *member;
		int r;
	} rows[] = {
	    {"GET", "/api/v1/batches/B000001", "BatchShow", 0},
	    {"GET", "/api/v1/batches/B000001/pages/3/thumb", "BatchPage", 0},
	    {"GET", "/api/v1/documents/D000001/pdf", "Export", 0},
	    {"GET", "/api/v1/documents/D000001/pages/1/master", "Page", 0},
	    {"PUT", "/api/v1/batches/B000001", NULL, -EOPNOTSUPP},
	    {"GET", "/api/v1/batches/", "", -ENOENT},
	    {"GET", "/api/v1/batches/a/b/c/d/e/f", NULL, -ENOENT},
	    {"GET", "/api/v1/batches/../x", NULL, -ENOENT},
	    {"GET", "/api/v1", NULL, -ENOENT},
	    {"GET", "/api/v1/", NULL, -ENOENT},
	    {"GET", "/api/v1//session", NULL, -ENOENT},
	    {"get", "/api/v1/session", NULL, -EOPNOTSUPP},
	    {"GET", "", NULL, -ENOENT},
	};
	struct web_match match;
	char allow[64], fixed[65];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(
		    web_route_match(rows[i].method, rows[i].path, &match, allow, sizeof allow),
		    rows[i].r);
		if (rows[i].r == 0)
			assert_string_equal(match.route->member, rows[i].member);
	}
	assert_int_equal(
	    web_route_match("BREW", "/api/v1/session", &match, allow, sizeof allow), -EOPNOTSUPP);
	assert_string_equal(allow, "POST, GET, DELETE");
	assert_int_equal(
	    web_route_match("GET", "/api/v1/documents/D7/evidence", &match, allow, sizeof allow),
	    0);
	assert_string_equal(web_match_value(&match, "document", 8, fixed), "D7");
	assert_string_equal(web_match_value(&match, "kind", 4, fixed), "evidence");
	assert_null(web_match_value(&match, "kin", 3, fixed));
}

static void
openapi_has_every_route(void **state)
{
	char *text = web_openapi(), method[8];
	json_t *whole, *paths, *path, *operation, *ids = json_object();
	size_t count = 0;

	assert_non_null(text);
	whole = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(whole);
	assert_string_equal(json_string_value(json_object_get(whole, "openapi")), "3.1.0");
	paths = json_object_get(whole, "paths");
	for (const struct web_route *r = web_routes; r->method != NULL; r++, count++) {
		size_t n = 0;

		for (; r->method[n] != '\0'; n++)
			method[n] = (char)(r->method[n] | 0x20);
		method[n] = '\0';
		path = json_object_get(paths, r->path);
		operation = json_object_get(path, method);
		assert_non_null(operation);
		assert_non_null(json_object_get(operation, "responses"));
		assert_true(json_string_length(json_object_get(operation, "summary")) > 0);
		assert_int_equal(
		    json_object_set(ids,
			json_string_value(json_object_get(operation, "operationId")), json_true()),
		    0);
	}
	assert_int_equal(json_object_size(ids), count); /* each has a name of its own */
	json_decref(ids);
	json_decref(whole);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_member_has_a_route),
	    cmocka_unit_test(store_is_waited_for),
	    cmocka_unit_test(names_are_of_the_contract),
	    cmocka_unit_test(matching),
	    cmocka_unit_test(openapi_has_every_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
