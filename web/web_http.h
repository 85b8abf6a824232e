/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The HTTPS server: libmicrohttpd inside the room's event loop, one thread. A request that needs
 * store suspends its connection, so nothing ever waits. What may be open and how long is bounded
 * here, what a request may bring in web_request.h: a stranger can at most occupy his own share.
 */
#ifndef FUMIKURA_WEB_HTTP_H
#define FUMIKURA_WEB_HTTP_H

#include <systemd/sd-event.h>

#include "cleanup.h"
#include "web/web_call.h"
#include "web/web_pages.h"
#include "web/web_tls.h"

#define WEB_CONNECTIONS 512 /* open at once; memory of each is bounded below */
#define WEB_CONNECTIONS_PER_ADDRESS                                                                \
	64 /* a browser opens six; several people may share a terminal server */
#define WEB_CONNECTION_MEMORY ((size_t)64 << 10) /* request line and headers must fit */
#define WEB_HEADER_S 20                          /* TLS handshake and headers of a first request */
#define WEB_IDLE_S 75                            /* an open connection without a request */

struct web_http;

struct web_http_options {
	sd_event *event;
	int listen_fd; /* taken, also on failure; INVALID_FD (-1) is not allowed */
	struct web_tls *tls;
	const struct web_pages *pages;
	struct web_calls *calls;
	const char *openapi;
};

/* Starts serving; all of options but listen_fd is borrowed until web_http_free(). */
int web_http_new(const struct web_http_options *options, struct web_http **ret);
/* Ends every connection. The calls of open requests are cancelled. */
void web_http_free(struct web_http *http);
DEFINE_CLEANUP(struct web_http *, web_http_free)

#endif
