/* links: web */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real HTTPS server over a store that this test plays: a thread runs the server's loop, the
 * tests are its clients. */
#include "web/web_request.h"
#include "web_server.h"

/* ---- tests ---- */

static void
login_sets_cookie_and_hides_token(void **state)
{
	struct reply r =
	    request("POST", "/api/v1/session", MARK, "{\"user\":\"hanako\",\"password\":\"good\"}");

	EXPECT(r, 200);
	HAS(r, "Set-Cookie: __Host-fumikura=tok-1; Path=/; Secure; HttpOnly; SameSite=Strict\r\n");
	HAS(r, "{\"user\":\"hanako\"}");
	HAS(r, "Cache-Control: no-store");
	assert_null(strstr(strstr(r.text, "\r\n\r\n"), "tok-1"));
	assert_seen("Login hanako good [] 127.0.0.1");
	reply_free(&r);
	r = request("POST", "/api/v1/session", MARK, "{\"user\":\"hanako\",\"password\":\"bad\"}");
	EXPECT(r, 401);
	HAS(r, "\"wrong_password\"");
	HAS(r, "だめです。");
	reply_free(&r);
}

static void
logout_clears_cookie(void **state)
{
	struct reply r = request("DELETE", "/api/v1/session", COOKIE MARK, NULL);

	EXPECT(r, 200);
	HAS(r, "Max-Age=0");
	assert_seen("Logout");
	reply_free(&r);
}

static void
cross_site_is_refused(void **state)
{
	static const struct {
		const char *headers;
		int status;
	} rows[] = {
	    {COOKIE, 403},
	    {COOKIE "Origin: https://evil:8443\r\n", 403},
	    {COOKIE "Origin: http://box:8443\r\n", 403},
	    {COOKIE "Origin: null\r\n", 403},
	    {COOKIE "Origin: https://box:8443\r\n", 200},
	    {COOKIE MARK, 200},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r =
		    request("POST", "/api/v1/batches/B000001/submit", rows[i].headers, "{}");

		EXPECT(r, rows[i].status);
		reply_free(&r);
	}
}

static void
session_is_needed(void **state)
{
	struct reply r = request("GET", "/api/v1/queue", "", NULL);

	EXPECT(r, 401);
	HAS(r, "not_signed_in");
	reply_free(&r);
	r = request("GET", "/api/v1/queue", "Cookie: __Host-fumikura=other\r\n", NULL);
	EXPECT(r, 401);
	HAS(r, "session_expired");
	HAS(r, "Max-Age=0");
	reply_free(&r);
}

static void
unknown_addresses_and_methods(void **state)
{
	static const struct {
		const char *method, *path;
		int status;
		const char *has;
	} rows[] = {
	    {"GET", "/api/v1/nothing", 404, "no_such_route"},
	    {"GET", "/api/v2/queue", 404, "no_such_route"},
	    {"GET", "/../../etc/passwd", 404, "no_such_route"},
	    {"GET", "/api/v1/batches/..%2f..%2fetc", 404, "no_such_route"},
	    {"PATCH", "/api/v1/session", 405, "Allow: POST, GET, DELETE"},
	    {"BREW", "/", 405, "Allow: GET, HEAD"},
	    {"GET", "/api/v1/batches/B000001?sen=1", 400, "「sen」"},
	    {"GET", "/api/v1/batches/B000001?seen=x", 400, "「seen」"},
	    {"GET", "/api/v1/batches/B000001?seen=1&seen=2", 400, "bad_request"},
	    {"GET", "/api/v1/search", 400, "「query」"},
	    {"GET", "/api/v1/status", 507, "disk_full"},
	    {"POST", "/api/v1/rebuild", 500, "internal"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = request(rows[i].method, rows[i].path, COOKIE MARK, NULL);

		EXPECT(r, rows[i].status);
		HAS(r, rows[i].has);
		reply_free(&r);
	}
}

static void
bad_bodies(void **state)
{
	static const char *const bodies[] = {"{", "[]", "7", "{\"query\":7}",
	    "{\"query\":\"a\",\"query\":\"b\"}", "{\"query\":\"\\ud800\"}",
	    "{\"query\":\"a\",\"limit\":-1}", "{\"query\":\"a\",\"limit\":4294967296}",
	    "{\"query\":\"a\",\"token\":\"x\"}", "{}"};
	struct reply r;

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		r = request("POST", "/api/v1/search", COOKIE MARK, bodies[i]);
		EXPECT(r, 400);
		HAS(r, "bad_request");
		reply_free(&r);
	}
	r = request("POST", "/api/v1/search", COOKIE MARK, "{\"query\":\"被保険者\",\"limit\":5}");
	EXPECT(r, 200);
	assert_seen("Search");
	reply_free(&r);
}

static void
large_bodies_are_refused(void **state)
{
	size_t n = WEB_JSON_MAX + 100;
	char *big = malloc(n), head[256];
	struct reply r;

	memset(big, ' ', n);
	snprintf(head, sizeof head,
	    "POST /api/v1/search HTTP/1.1\r\nHost: b\r\nConnection: close\r\n" COOKIE MARK
	    "Content-Length: %zu\r\n\r\n",
	    n);
	r = ask(head, NULL, 0); /* refused on its header */
	EXPECT(r, 413);
	reply_free(&r);
	snprintf(head, sizeof head,
	    "POST /api/v1/search HTTP/1.1\r\nHost: b\r\nConnection: close\r\n" COOKIE MARK
	    "Transfer-Encoding: chunked\r\n\r\n%zx\r\n",
	    n - 7);
	memcpy(big + n - 7, "\r\n0\r\n\r\n", 7);
	r = ask(head, big, n);
	EXPECT(r, 413);
	reply_free(&r);
	free(big);
}

static void
files_with_ranges(void **state)
{
	struct reply r = request("GET", "/api/v1/documents/D000001/pages/2/preview", COOKIE, NULL);
	char headers[256], etag[80];

	EXPECT(r, 200);
	HAS(r, "\r\n\r\n0123456789");
	HAS(r, "Content-Type: image/jpeg");
	HAS(r, "filename*=UTF-8''%E9%A0%81%201.jpg");
	HAS(r, "Cache-Control: no-store");
	assert_seen("Page D000001 2 preview");
	assert_int_equal(sscanf(strcasestr(r.text, "ETag: "), "%*s %79s", etag), 1);
	reply_free(&r);
	r = request("GET", "/api/v1/documents/D000001/pages/2/preview",
	    COOKIE "Range: bytes=2-4\r\n", NULL);
	EXPECT(r, 206);
	HAS(r, "Content-Range: bytes 2-4/10");
	assert_string_equal(strstr(r.text, "\r\n\r\n"), "\r\n\r\n234");
	reply_free(&r);
	r = request("GET", "/api/v1/documents/D000001/pages/2/preview",
	    COOKIE "Range: bytes=99-\r\n", NULL);
	EXPECT(r, 416);
	reply_free(&r);
	snprintf(headers, sizeof headers, COOKIE "If-None-Match: %s\r\n", etag);
	r = request("GET", "/api/v1/documents/D000001/pages/2/preview", headers, NULL);
	EXPECT(r, 304);
	reply_free(&r);
}

/* A peer that sends a file it could still change is not believed. */
static void
unsealed_file_is_refused(void **state)
{
	struct reply r = request("GET", "/api/v1/documents/D000001/pages/2/thumb", COOKIE, NULL);

	EXPECT(r, 500);
	assert_null(strstr(r.text, "0123456789"));
	reply_free(&r);
}

static void
exports(void **state)
{
	struct reply r = request("GET", "/api/v1/documents/D000001/pdf", COOKIE, NULL);

	EXPECT(r, 200);
	assert_seen("Export D000001 pdf");
	HAS(r, "Content-Type: application/pdf");
	HAS(r, "Content-Disposition: attachment");
	HAS(r, "%PDF-content");
	reply_free(&r);
	r = request("POST", "/api/v1/exports", COOKIE MARK,
	    "{\"documents\":[\"D000001\"],\"kind\":\"evidence\"}");
	EXPECT(r, 200);
	HAS(r, "Content-Type: application/zip");
	assert_memory_equal(strstr(r.text, "\r\n\r\n") + 4, "PK\003\004", 4);
	reply_free(&r);
}

static void
uploads(void **state)
{
	size_t n = 3 << 20;
	char *data = malloc(n), head[512];
	struct reply r;

	memset(data, 'A', n);
	snprintf(head, sizeof head,
	    "POST /api/v1/imports/B000007/files?name=%%E8%%A8%%98%%E9%%8C%%B2.pdf "
	    "HTTP/1.1\r\nHost: b\r\nConnection: close\r\n" COOKIE MARK
	    "Content-Length: %zu\r\n\r\n",
	    n);
	r = ask(head, data, n);
	EXPECT(r, 200);
	HAS(r, "{\"batch\":\"B000007\",\"bytes\":3145728,\"first\":65}");
	assert_seen("ImportFile B000007 記録.pdf");
	reply_free(&r);
	/* a session that store does not know is refused before the file is taken */
	snprintf(head, sizeof head,
	    "POST /api/v1/imports/B000007/files?name=a HTTP/1.1\r\nHost: b\r\nConnection: "
	    "close\r\nCookie: __Host-fumikura=x\r\n" MARK "Content-Length: %zu\r\n\r\n",
	    n);
	r = ask(head, NULL, 0);
	EXPECT(r, 401);
	reply_free(&r);
	snprintf(head, sizeof head,
	    "POST /api/v1/imports/B000007/files?name=a HTTP/1.1\r\nHost: b\r\nConnection: "
	    "close\r\n" COOKIE MARK "Content-Length: %zu\r\n\r\n",
	    WEB_UPLOAD_MAX + 1);
	r = ask(head, NULL, 0);
	EXPECT(r, 413);
	reply_free(&r);
	free(data);
}

static void *
ask_doctor(void *ret)
{
	*(struct reply *)ret = request("POST", "/api/v1/doctor", COOKIE MARK, NULL);
	return NULL;
}

/* A call that store never answers is answered when the link ends; without a link, others are told
 * at once. */
static void
store_away(void **state)
{
	struct reply waiting, r;
	pthread_t t;

	pthread_create(&t, NULL, ask_doctor, &waiting);
	r = request("GET", "/api/v1/queue", COOKIE, NULL); /* others go on meanwhile */
	EXPECT(r, 200);
	reply_free(&r);
	eventfd_write(server.away, 1);
	pthread_join(t, NULL);
	EXPECT(waiting, 503);
	HAS(waiting, "Retry-After");
	reply_free(&waiting);
	r = request("GET", "/api/v1/queue", COOKIE, NULL);
	EXPECT(r, 503);
	HAS(r, "\"away\"");
	reply_free(&r);
	r = request("GET", "/", "", NULL);
	EXPECT(r, 200);
	reply_free(&r);
	eventfd_write(server.away, 2);
	do { /* until the other thread has the link again */
		reply_free(&r);
		r = request("GET", "/api/v1/health", "", NULL);
	} while (strstr(r.text, "true") == NULL);
	reply_free(&r);
}

static void
pages_and_their_headers(void **state)
{
	static const char *const headers[] = {
	    "Content-Security-Policy: default-src 'none'; script-src 'self'",
	    "frame-ancestors 'none'", "X-Content-Type-Options: nosniff",
	    "Referrer-Policy: no-referrer",
	    "Strict-Transport-Security:", "Cross-Origin-Opener-Policy: same-origin",
	    "Cross-Origin-Resource-Policy: same-origin", "ETag: \"",
	    "Content-Type: text/html; charset=utf-8"};
	struct reply r = request("GET", "/", "", NULL);

	EXPECT(r, 200);
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		HAS(r, headers[i]);
	assert_null(strstr(r.text, "unsafe-inline"));
	reply_free(&r);
	r = request("HEAD", "/", "", NULL);
	EXPECT(r, 200);
	assert_string_equal(strstr(r.text, "\r\n\r\n"), "\r\n\r\n");
	reply_free(&r);
	r = request("GET", "/api/v1/openapi.json", "", NULL);
	EXPECT(r, 200);
	HAS(r, "\"openapi\":\"3.1.0\"");
	reply_free(&r);
}

static void
old_tls_is_refused(void **state)
{
	static const char *const refused[] = {"NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0",
	    "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC"};
	static const char *const accepted[] = {
	    "NORMAL:-VERS-ALL:+VERS-TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.2"};
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;

	for (size_t i = 0; i < 2; i++) {
		assert_true(connect_tls(&session, &credentials, refused[i]) < 0);
		disconnect(session, credentials);
		assert_int_equal(connect_tls(&session, &credentials, accepted[i]), 0);
		disconnect(session, credentials);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(login_sets_cookie_and_hides_token),
	    cmocka_unit_test(logout_clears_cookie),
	    cmocka_unit_test(cross_site_is_refused),
	    cmocka_unit_test(session_is_needed),
	    cmocka_unit_test(unknown_addresses_and_methods),
	    cmocka_unit_test(bad_bodies),
	    cmocka_unit_test(large_bodies_are_refused),
	    cmocka_unit_test(files_with_ranges),
	    cmocka_unit_test(unsealed_file_is_refused),
	    cmocka_unit_test(exports),
	    cmocka_unit_test(uploads),
	    cmocka_unit_test(pages_and_their_headers),
	    cmocka_unit_test(old_tls_is_refused),
	    cmocka_unit_test(store_away),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
