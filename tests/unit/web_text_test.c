/* links: web */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small languages of HTTP: what they accept, and what strangers try. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "web/web_errors.h"
#include "web/web_text.h"
#include "web/web_zip.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void
cookies(void **state)
{
	static const struct {
		const char *header, *value; /* value NULL: absent */
	} rows[] = {
	    {"__Host-fumikura=abc", "abc"},
	    {"a=b; __Host-fumikura=a-b_c.9~; c=d", "a-b_c.9~"},
	    {"__Host-fumikura=abc; __Host-fumikura=abc", "abc"},
	    {"__Host-fumikura=abc; __Host-fumikura=other", NULL},
	    {"x__Host-fumikura=abc", NULL},
	    {"__Host-fumikura2=abc", NULL},
	    {"__Host-fumikura=", NULL},
	    {"__Host-fumikura=a b", NULL},
	    {"__Host-fumikura=\"abc\"", NULL},
	    {"__Host-fumikura=0123456789012345678901234567890123", NULL},
	    {"", NULL},
	    {";;; ;", NULL},
	    {NULL, NULL},
	};
	char out[32];

	for (size_t i = 0; i < COUNT(rows); i++) {
		int r = web_cookie(rows[i].header, "__Host-fumikura", out, sizeof out);

		assert_int_equal(r, rows[i].value != NULL);
		if (r)
			assert_string_equal(out, rows[i].value);
	}
}

static void
origins(void **state)
{
	assert_true(web_origin_is_host("https://box:8443", "box:8443"));
	assert_true(web_origin_is_host("HTTPS://Box", "box"));
	assert_false(web_origin_is_host("http://box", "box"));
	assert_false(web_origin_is_host("https://box.evil", "box"));
	assert_false(web_origin_is_host("https://box", "box:8443"));
	assert_false(web_origin_is_host("https://", ""));
	assert_false(web_origin_is_host("null", "null"));
	assert_false(web_origin_is_host(NULL, "box"));
	assert_false(web_origin_is_host("https://box", NULL));
}

static void
entity_tags(void **state)
{
	assert_true(web_etag_matches("\"a\"", "\"a\""));
	assert_true(web_etag_matches("\"x\", W/\"a\"", "\"a\""));
	assert_true(web_etag_matches("*", "\"a\""));
	assert_false(web_etag_matches("\"ab\"", "\"a\""));
	assert_false(web_etag_matches("\"a\"b", "\"a\""));
	assert_false(web_etag_matches("", "\"a\""));
	assert_false(web_etag_matches(NULL, "\"a\""));
}

static void
ranges(void **state)
{
	static const struct {
		const char *header;
		int r;
		uint64_t first, last;
	} rows[] = {
	    {"bytes=0-0", 1, 0, 0},
	    {"bytes=2-", 1, 2, 9},
	    {"bytes=2-99", 1, 2, 9},
	    {"bytes=-3", 1, 7, 9},
	    {"bytes=-99", 1, 0, 9},
	    {"BYTES=1-2", 1, 1, 2},
	    {"bytes=10-", -ERANGE, 0, 0},
	    {"bytes=-0", -ERANGE, 0, 0},
	    {"bytes=5-2", 0, 0, 0},
	    {"bytes=0-1,3-4", 0, 0, 0},
	    {"lines=0-1", 0, 0, 0},
	    {"bytes=", 0, 0, 0},
	    {"bytes=-", 0, 0, 0},
	    {"bytes=x-1", 0, 0, 0},
	    {"bytes=1-x", 0, 0, 0},
	    {"bytes=99999999999999999999-", 0, 0, 0},
	    {NULL, 0, 0, 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t first = 0, last = 0;

		assert_int_equal(web_range(rows[i].header, 10, &first, &last), rows[i].r);
		assert_int_equal(first, rows[i].first);
		assert_int_equal(last, rows[i].last);
	}
	assert_int_equal(web_range("bytes=-1", 0, NULL, NULL), -ERANGE);
}

static void
file_names(void **state)
{
	static const struct {
		const char *name, *header;
	} rows[] = {
	    {"a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"},
	    {"記録 1.pdf",
		"attachment; filename=\"__ 1.pdf\"; filename*=UTF-8''%E8%A8%98%E9%8C%B2%201.pdf"},
	    {"a\"\r\nSet-Cookie: x", "attachment; filename=\"a___Set-Cookie: x\"; "
				     "filename*=UTF-8''a___Set-Cookie%3A%20x"},
	    {"../../x", "attachment; filename=\".._.._x\"; filename*=UTF-8''.._.._x"},
	};
	char long_name[1024], *header;

	for (size_t i = 0; i < COUNT(rows); i++) {
		header = web_disposition(true, rows[i].name);
		assert_string_equal(header, rows[i].header);
		free(header);
	}
	for (size_t i = 0; i < 300; i++)
		memcpy(long_name + 3 * i, "あ", 3);
	long_name[900] = '\0';
	header = web_disposition(false, long_name);
	assert_non_null(header);
	assert_null(strstr(header, "%E3%81'"));
	assert_int_equal(strlen(strstr(header, "''") + 2) % 9, 0); /* no character is cut */
	free(header);
}

static void
identifiers_and_numbers(void **state)
{
	uint64_t n;

	assert_true(web_identifier("B000001", 7));
	assert_false(web_identifier("", 0));
	assert_false(web_identifier("..", 2));
	assert_false(web_identifier("a/b", 3));
	assert_false(web_identifier("あ", 3));
	assert_int_equal(web_number("42", 100, &n), 0);
	assert_int_equal(n, 42);
	assert_int_equal(web_number("101", 100, &n), -ERANGE);
	assert_int_equal(web_number("-1", 100, &n), -EINVAL);
	assert_int_equal(web_number("1 ", 100, &n), -EINVAL);
	assert_int_equal(web_number("", 100, &n), -EINVAL);
	assert_int_equal(web_number("99999999999999999999999", UINT64_MAX, &n), -ERANGE);
}

static void
errors(void **state)
{
	static const char *const ours[] = {"bad_request", "not_signed_in", "cross_site", "denied",
	    "not_found", "no_such_route", "method_not_allowed", "too_large", "bad_type",
	    "range_not_satisfiable", "too_many", "internal", "no_memory", "away", "timed_out"};
	const char *ja, *en;
	char *json;

	for (size_t i = 0; i < COUNT(ours); i++) {
		web_error_text(ours[i], &ja, &en);
		assert_non_null(ja);
		assert_non_null(en);
		assert_in_range(web_error_status(ours[i]), 400, 599);
	}
	assert_int_equal(web_error_status("session_expired"), 401);
	assert_int_equal(web_error_status("denied"), 403);
	assert_int_equal(web_error_status("not_submitted"), 409);
	assert_int_equal(web_error_status("account_locked"), 423);
	assert_int_equal(web_error_status("disk_full"), 507);
	assert_int_equal(web_error_status("a_refusal_of_tomorrow"), 400);
	json = web_error_json("x", "だめ\nNo");
	assert_string_equal(
	    json, "{\"error\":{\"code\":\"x\",\"message_ja\":\"だめ\",\"message_en\":\"No\"}}");
	free(json);
	json = web_error_json("never_heard_of", NULL);
	assert_non_null(strstr(json, "内部の誤り"));
	free(json);
	assert_null(web_error_json("x", "\xff"));
}

static void
zip_is_readable(void **state)
{
	const struct web_zip_file files[] = {
	    {"D000001/記録.txt", (const uint8_t *)"hello", 5}, {"empty", NULL, 0}};
	static const char *const refused[] = {"", "/etc/passwd", "a/../b", "a\\b", "a\nb"};
	struct web_zip_file bad = {NULL, NULL, 0};
	char path[] = "/tmp/web_zip_XXXXXX", command[128];
	uint8_t *data;
	size_t size;
	int fd;

	assert_int_equal(web_zip(files, 2, 1795305600000, &data, &size), 0);
	fd = mkstemp(path);
	assert_int_equal(write(fd, data, size), size);
	snprintf(command, sizeof command, "python3 -m zipfile -t %s >/dev/null", path);
	assert_int_equal(system(command), 0);
	close(fd);
	unlink(path);
	free(data);
	for (size_t i = 0; i < COUNT(refused); i++) {
		bad.name = refused[i];
		assert_int_equal(web_zip(&bad, 1, 0, &data, &size), -EINVAL);
	}
	assert_int_equal(web_zip(files, WEB_ZIP_FILES + 1, 0, &data, &size), -E2BIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cookies),
	    cmocka_unit_test(origins),
	    cmocka_unit_test(entity_tags),
	    cmocka_unit_test(ranges),
	    cmocka_unit_test(file_names),
	    cmocka_unit_test(identifiers_and_numbers),
	    cmocka_unit_test(errors),
	    cmocka_unit_test(zip_is_readable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
