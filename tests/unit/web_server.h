/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For web_http_test.c: the real HTTPS server in a thread, the store that it asks, and a client that
 * speaks to it. */
#ifndef FUMIKURA_TESTS_WEB_SERVER_H
#define FUMIKURA_TESTS_WEB_SERVER_H

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

#endif
