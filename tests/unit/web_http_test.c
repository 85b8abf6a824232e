/* links: web */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real HTTPS server over a store that this test plays: a thread runs the server's loop, the
 * tests are its clients. */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <cmocka.h>

#include "link.h"
#include "store/store_bus.h"
#include "web/web_http.h"
#include "web/web_openapi.h"

struct server {
	pthread_t thread;
	sd_event *event;
	sd_bus *store, *web; /* both ends of the link */
	struct web_tls *tls;
	struct web_pages *pages;
	struct web_calls *calls;
	struct web_http *http;
	char *openapi;
	int stop, away; /* eventfds */
	in_port_t port;
	pthread_mutex_t lock;
	char seen[512]; /* last call: member and what matters of it */
};

static struct server server;

/* ---- the store that is played ---- */

static void
saw(const char *format, ...)
{
	va_list ap;

	pthread_mutex_lock(&server.lock);
	va_start(ap, format);
	vsnprintf(server.seen, sizeof server.seen, format, ap);
	va_end(ap);
	pthread_mutex_unlock(&server.lock);
}

static int
reply_file(sd_bus_message *m, const char *data, size_t n, bool sealed)
{
	_cleanup_(closep) int fd = sealed ? memfd_new_sealed("page", data, n) : memfd_new("page");

	if (!sealed && write(fd, data, n) != (ssize_t)n)
		return -EIO;
	return sd_bus_reply_method_return(
	    m, "hs", fd, "{\"type\":\"image/jpeg\",\"name\":\"頁 1.jpg\"}");
}

static int
reply_export(sd_bus_message *m, unsigned files)
{
	_cleanup_(closep) int fd = memfd_new_sealed("export", "%PDF-content", 12);
	sd_bus_message *reply = NULL;
	int r = sd_bus_message_new_method_return(m, &reply);

	r = r < 0 ? r : sd_bus_message_open_container(reply, 'a', "(sh)");
	for (unsigned i = 0; r >= 0 && i < files; i++)
		r = sd_bus_message_append(
		    reply, "(sh)", i == 0 ? "D000001/記録.pdf" : "D000001/manifest.json", fd);
	r = r < 0 ? r : sd_bus_message_close_container(reply);
	r = r < 0 ? r : sd_bus_message_append(reply, "s", "{}");
	r = r < 0 ? r : sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return r;
}

static int
reply_import(sd_bus_message *m, const char *batch, const char *name)
{
	_cleanup_(memview_free) struct memview view = {0};
	char text[96];
	int fd;

	sd_bus_message_read(m, "h", &fd);
	if (memfd_view(fd, MEMFD_MAX, &view) < 0)
		return -EPERM;
	snprintf(text, sizeof text, "{\"batch\":\"%s\",\"bytes\":%zu,\"first\":%u}", batch,
	    view.size, view.data[0]);
	saw("ImportFile %s %s", batch, name);
	return sd_bus_reply_method_return(m, "s", text);
}

static int
refuse(sd_bus_message *m, const char *code)
{
	sd_bus_error e = SD_BUS_ERROR_NULL;
	int r;

	link_error(&e, code, "だめです。", "No.");
	r = sd_bus_reply_method_error(m, &e);
	sd_bus_error_free(&e);
	return r;
}

static int
on_call(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const char *member = sd_bus_message_get_member(m), *a = "", *b = "", *c = "", *d = "";
	uint32_t n = 0;

	if (!sd_bus_message_is_method_call(m, STORE_IFACE, NULL))
		return 0;
	sd_bus_message_read(m, "s", &a);
	if (strcmp(member, "Login") == 0) {
		sd_bus_message_read(m, "sss", &b, &c, &d);
		saw("Login %s %s [%s] %s", a, b, c, d);
		if (strcmp(b, "good") != 0)
			return refuse(m, "wrong_password") < 0 ? -EIO : 1;
		return sd_bus_reply_method_return(
			   m, "s", "{\"token\":\"tok-1\",\"user\":\"hanako\"}") < 0
			   ? -EIO
			   : 1;
	}
	if (strcmp(a, "tok-1") != 0)
		return refuse(m, "session_expired") < 0 ? -EIO : 1;
	if (strcmp(member, "Page") == 0) {
		sd_bus_message_read(m, "sus", &b, &n, &c);
		saw("Page %s %u %s", b, n, c);
		return reply_file(m, "0123456789", 10, strcmp(c, "thumb") != 0) < 0 ? -EIO : 1;
	}
	if (strcmp(member, "Export") == 0) {
		sd_bus_message_enter_container(m, 'a', "s");
		sd_bus_message_read(m, "s", &b);
		sd_bus_message_exit_container(m);
		sd_bus_message_read(m, "s", &c);
		saw("Export %s %s", b, c);
		return reply_export(m, strcmp(c, "pdf") == 0 ? 1 : 2) < 0 ? -EIO : 1;
	}
	if (strcmp(member, "ImportFile") == 0) {
		sd_bus_message_read(m, "ss", &b, &c);
		return reply_import(m, b, c) < 0 ? -EIO : 1;
	}
	if (strcmp(member, "Doctor") == 0)
		return 1; /* never answers */
	if (strcmp(member, "Status") == 0)
		return refuse(m, "disk_full") < 0 ? -EIO : 1;
	if (strcmp(member, "Rebuild") == 0)
		return sd_bus_reply_method_return(m, "u", 7) < 0 ? -EIO : 1; /* a wrong shape */
	saw("%s", member);
	return sd_bus_reply_method_return(m, "s", "{\"ok\":true}") < 0 ? -EIO : 1;
}

static void
on_closed(sd_bus *bus, void *userdata)
{
}

static int
play_store(void)
{
	static const char *const allow[] = {
#define ROW(member, in, names, out, doc) STORE_IFACE "." #member,
	    STORE_METHODS(ROW)
#undef ROW
		NULL};
	struct link_options ours = {.server = true, .allow = allow, .closed = on_closed},
			    theirs = {.closed = on_closed};
	int fds[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
		return -errno;
	if ((r = link_new(server.event, fds[0], &ours, &server.store)) < 0 ||
	    (r = sd_bus_add_filter(server.store, NULL, on_call, NULL)) < 0)
		return r;
	return link_new(server.event, fds[1], &theirs, &server.web);
}

/* ---- the server's thread ---- */

static int
certify(struct web_tls *tls)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crq_t request;
	gnutls_x509_crt_t crt;
	gnutls_datum_t der, pem;
	uint8_t *data, serial = 1;
	size_t size;
	int r;

	if (web_tls_request(tls, &data, &size) < 0)
		return -EIO;
	der = (gnutls_datum_t){data, (unsigned)size};
	gnutls_x509_crq_init(&request);
	gnutls_x509_privkey_init(&key);
	gnutls_x509_crt_init(&crt);
	assert_int_equal(gnutls_x509_crq_import(request, &der, GNUTLS_X509_FMT_DER), 0);
	gnutls_x509_privkey_generate(
	    key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	gnutls_x509_crt_set_crq(crt, request);
	gnutls_x509_crt_set_serial(crt, &serial, 1);
	gnutls_x509_crt_set_activation_time(crt, time(NULL) - 60);
	gnutls_x509_crt_set_expiration_time(crt, time(NULL) + 3600);
	assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
	assert_int_equal(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &pem), 0);
	r = web_tls_set_certificate(tls, pem.data, pem.size);
	assert_int_equal(web_tls_set_certificate(tls, "junk", 4), -EBADMSG);
	gnutls_free(pem.data);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
	gnutls_x509_crq_deinit(request);
	free(data);
	return r;
}

static int
on_stop(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
	return sd_event_exit(server.event, 0);
}

static int
on_away(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
	uint64_t v = 0;

	if (read(fd, &v, sizeof v) != sizeof v)
		return -errno;
	web_calls_set_store(server.calls, v == 1 ? NULL : server.web);
	return 0;
}

static int
open_port(in_port_t *ret)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, n), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*ret = a.sin_port;
	return fd;
}

static void *
serve(void *unused)
{
	int r = sd_event_loop(server.event);

	if (r != 0)
		fprintf(stderr, "loop: %s\n", strerror(-r));
	return NULL;
}

static int
start(void **state)
{
	struct web_http_options o = {0};

	pthread_mutex_init(&server.lock, NULL);
	server.stop = eventfd(0, EFD_CLOEXEC);
	server.away = eventfd(0, EFD_CLOEXEC);
	assert_true(sd_event_new(&server.event) >= 0);
	assert_int_equal(web_tls_new(&server.tls), 0);
	assert_int_equal(certify(server.tls), 0);
	assert_int_equal(web_pages_load("web/pages", &server.pages), 0);
	assert_int_equal(web_calls_new(&server.calls), 0);
	server.openapi = web_openapi();
	assert_non_null(server.openapi);
	assert_true(play_store() >= 0);
	web_calls_set_store(server.calls, server.web);
	o = (struct web_http_options){.event = server.event,
	    .listen_fd = open_port(&server.port),
	    .tls = server.tls,
	    .pages = server.pages,
	    .calls = server.calls,
	    .openapi = server.openapi};
	assert_int_equal(web_http_new(&o, &server.http), 0);
	assert_true(sd_event_add_io(server.event, NULL, server.stop, EPOLLIN, on_stop, NULL) >= 0);
	assert_true(sd_event_add_io(server.event, NULL, server.away, EPOLLIN, on_away, NULL) >= 0);
	return pthread_create(&server.thread, NULL, serve, NULL);
}

static int
stop(void **state)
{
	eventfd_write(server.stop, 1);
	pthread_join(server.thread, NULL);
	web_http_free(server.http);
	web_calls_free(server.calls);
	sd_bus_flush_close_unref(server.web);
	sd_bus_flush_close_unref(server.store);
	web_tls_free(server.tls);
	web_pages_free(server.pages);
	free(server.openapi);
	sd_event_unref(server.event);
	return 0;
}

/* ---- a client ---- */

struct reply {
	char *text; /* whole response, NUL-terminated */
	size_t size;
	int status;
};

static void
reply_free(struct reply *r)
{
	free(r->text);
	*r = (struct reply){0};
}

static int
connect_tls(
    gnutls_session_t *ret, gnutls_certificate_credentials_t *credentials, const char *priority)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_port = server.port,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), r;

	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	gnutls_certificate_allocate_credentials(credentials);
	gnutls_init(ret, GNUTLS_CLIENT);
	gnutls_priority_set_direct(*ret, priority, NULL);
	gnutls_credentials_set(*ret, GNUTLS_CRD_CERTIFICATE, *credentials);
	gnutls_transport_set_int(*ret, fd);
	do
		r = gnutls_handshake(*ret);
	while (r < 0 && !gnutls_error_is_fatal(r));
	return r;
}

static void
disconnect(gnutls_session_t session, gnutls_certificate_credentials_t credentials)
{
	close(gnutls_transport_get_int(session));
	gnutls_deinit(session);
	gnutls_certificate_free_credentials(credentials);
}

/* Sends head and body over one connection and reads until the server closes. */
static struct reply
ask(const char *head, const void *body, size_t n)
{
	gnutls_certificate_credentials_t credentials;
	struct reply reply = {calloc(1, 1), 0, 0};
	gnutls_session_t session;
	char buffer[4096];
	ssize_t got;

	assert_int_equal(connect_tls(&session, &credentials, "NORMAL"), 0);
	gnutls_record_send(session, head, strlen(head));
	for (size_t at = 0; at < n;) {
		got = gnutls_record_send(
		    session, (const char *)body + at, n - at > 16384 ? 16384 : n - at);
		if (got <= 0)
			break; /* refused before the end */
		at += (size_t)got;
	}
	while ((got = gnutls_record_recv(session, buffer, sizeof buffer)) > 0 ||
	       got == GNUTLS_E_AGAIN || got == GNUTLS_E_REHANDSHAKE) {
		if (got <= 0)
			continue;
		reply.text = realloc(reply.text, reply.size + (size_t)got + 1);
		memcpy(reply.text + reply.size, buffer, (size_t)got);
		reply.size += (size_t)got;
		reply.text[reply.size] = '\0';
	}
	disconnect(session, credentials);
	if (sscanf(reply.text, "HTTP/1.1 %d", &reply.status) != 1)
		reply.status = 0;
	return reply;
}

#define COOKIE "Cookie: __Host-fumikura=tok-1\r\n"
#define MARK "X-Fumikura: 1\r\n"

static struct reply
request(const char *method, const char *path, const char *headers, const char *body)
{
	char head[2048];
	size_t n = body == NULL ? 0 : strlen(body);

	snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: box:8443\r\nConnection: close\r\n%s",
	    method, path, headers);
	if (body != NULL)
		snprintf(head + strlen(head), sizeof head - strlen(head),
		    "Content-Type: application/json\r\nContent-Length: %zu\r\n", n);
	strcat(head, "\r\n");
	return ask(head, body, n);
}

#define EXPECT(r, want)                                                                            \
	do {                                                                                       \
		if ((r).status != (want))                                                          \
			fail_msg("status %d, wanted %d: %s", (r).status, want, (r).text);          \
	} while (0)
#define HAS(r, needle)                                                                             \
	do {                                                                                       \
		if (strcasestr((r).text, needle) == NULL)                                          \
			fail_msg("no \"%s\" in: %s", needle, (r).text);                            \
	} while (0)

static void
assert_seen(const char *want)
{
	pthread_mutex_lock(&server.lock);
	assert_string_equal(server.seen, want);
	pthread_mutex_unlock(&server.lock);
}

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
