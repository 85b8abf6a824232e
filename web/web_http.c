/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libmicrohttpd as a guest of sd-event: start, run, time out, stop. Knows connections and their
 * clocks; what a request means is web_request.c. */
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "web/web_http.h"
#include "web/web_request.h"

#define SWEEP_MS 1000

struct web_http {
	struct web_shared shared; /* connections point to it */
	struct MHD_Daemon *daemon;
	sd_event_source *io, *sweep;
	struct web_connection *connections;
};

/* libmicrohttpd passes errors as printf text that may hold addresses asked for: nothing of it is
 * logged (rule 5). */

static enum MHD_Result
on_request(void *userdata, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **state)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct web_connection *c = info == NULL ? NULL : info->socket_context;

	if (c == NULL)
		return MHD_NO;
	return web_request_step(
		   c, connection, url, method, data, size, (struct web_request **)state) < 0
		   ? MHD_NO
		   : MHD_YES;
}

static void
on_completed(void *userdata, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode why)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	web_request_free(*state);
	*state = NULL;
	if (info != NULL && info->socket_context != NULL)
		((struct web_connection *)info->socket_context)->deadline_ms =
		    web_now_ms() + WEB_IDLE_S * 1000;
}

static void
on_connection(void *userdata, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct web_http *http = userdata;
	struct web_connection *c = *context;
	const union MHD_ConnectionInfo *info;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		*context = NULL;
		if (c == NULL)
			return;
		*c->at = c->next;
		if (c->next != NULL)
			c->next->at = c->at;
		free(c);
		return;
	}
	c = calloc(1, sizeof *c);
	if (c == NULL)
		return; /* requests on it are dropped */
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	c->shared = &http->shared;
	c->fd = info == NULL ? -1 : info->connect_fd;
	c->deadline_ms = web_now_ms() + WEB_HEADER_S * 1000;
	c->next = http->connections;
	c->at = &http->connections;
	if (c->next != NULL)
		c->next->at = &c->next;
	http->connections = c;
	*context = c;
}

/* GnuTLS gives the session only; libmicrohttpd keeps its connection there, and we our context with
 * that. */
static int
on_identity(gnutls_session_t session, const gnutls_datum_t *names, int n,
    const gnutls_pk_algorithm_t *algorithms, int algorithms_count, gnutls_pcert_st **chain,
    unsigned *count, gnutls_privkey_t *key)
{
	struct MHD_Connection *connection = gnutls_session_get_ptr(session);
	const union MHD_ConnectionInfo *info =
	    connection == NULL
		? NULL
		: MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	const struct web_connection *c = info == NULL ? NULL : info->socket_context;

	return c == NULL ? -1 : web_tls_identity(c->shared->tls, chain, count, key) < 0 ? -1 : 0;
}

static void
run(struct web_http *http)
{
	MHD_UNSIGNED_LONG_LONG ms;

	MHD_run(http->daemon);
	if (MHD_get_timeout(http->daemon, &ms) != MHD_YES) {
		sd_event_source_set_enabled(http->shared.timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time_relative(http->shared.timer, (uint64_t)ms * 1000);
	sd_event_source_set_enabled(http->shared.timer, SD_EVENT_ONESHOT);
}

static int
on_io(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
	run(userdata);
	return 0;
}

static int
on_timer(sd_event_source *s, uint64_t usec, void *userdata)
{
	run(userdata);
	return 0;
}

/* Cuts whoever is too slow: libmicrohttpd's own timeout starts again with every byte. */
static int
on_sweep(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct web_http *http = userdata;
	uint64_t now = web_now_ms();

	for (struct web_connection *c = http->connections; c != NULL; c = c->next) {
		if (c->deadline_ms > now || c->fd < 0)
			continue;
		shutdown(c->fd, SHUT_RDWR);
		c->deadline_ms = UINT64_MAX;
	}
	sd_event_source_set_time_relative(s, SWEEP_MS * 1000);
	sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
	return 0;
}

static int
start_daemon(struct web_http *http, int listen_fd)
{
	http->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME, 0,
	    NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET, listen_fd,
	    MHD_OPTION_HTTPS_CERT_CALLBACK, on_identity, MHD_OPTION_HTTPS_PRIORITIES,
	    WEB_TLS_PRIORITY, MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS_PER_ADDRESS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, WEB_CONNECTION_MEMORY,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)WEB_IDLE_S, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, http, MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
	return http->daemon == NULL ? -EIO : 0;
}

int
web_http_new(const struct web_http_options *options, struct web_http **ret)
{
	_cleanup_(web_http_freep) struct web_http *http = calloc(1, sizeof *http);
	const union MHD_DaemonInfo *info;
	int r;

	if (http == NULL) {
		close(options->listen_fd);
		return -ENOMEM;
	}
	http->shared = (struct web_shared){.tls = options->tls,
	    .pages = options->pages,
	    .calls = options->calls,
	    .openapi = options->openapi};
	r = start_daemon(http, options->listen_fd);
	if (r < 0) {
		close(options->listen_fd);
		return r;
	}
	info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (info == NULL)
		return -EIO;
	if ((r = sd_event_add_io(options->event, &http->io, info->epoll_fd, EPOLLIN, on_io, http)) <
		0 ||
	    (r = sd_event_add_time_relative(options->event, &http->shared.timer, CLOCK_MONOTONIC, 0,
		 1000, on_timer, http)) < 0 ||
	    (r = sd_event_add_time_relative(options->event, &http->sweep, CLOCK_MONOTONIC,
		 SWEEP_MS * 1000, 0, on_sweep, http)) < 0)
		return r;
	*ret = TAKE_PTR(http);
	return 0;
}

void
web_http_free(struct web_http *http)
{
	if (http == NULL)
		return;
	http->shared.stopping = true;
	http->io = sd_event_source_disable_unref(http->io);
	http->sweep = sd_event_source_disable_unref(http->sweep);
	if (http->daemon != NULL) {
		web_calls_set_store(http->shared.calls, NULL); /* resumes what waits */
		MHD_run(http->daemon);
		MHD_stop_daemon(http->daemon);
	}
	sd_event_source_disable_unref(http->shared.timer);
	free(http);
}
