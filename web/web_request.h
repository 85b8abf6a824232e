/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One HTTP request from its first header to its response. Shared between web_http.c (connections)
 * and web_request.c only. */
#ifndef FUMIKURA_WEB_REQUEST_H
#define FUMIKURA_WEB_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "web/web_http.h"

struct MHD_Connection;
struct MHD_Response;

struct web_http_shared {
	struct web_http_options options;
	unsigned uploads;
	bool stopping;
};

/* A connection's clock: when `deadline_ms` (monotonic) passes, the connection is cut. UINT64_MAX:
 * none. */
struct web_connection {
	struct web_http_shared *http;
	struct web_connection *next, **at;
	int fd;
	uint64_t deadline_ms;
};

struct web_request;

uint64_t web_now_ms(void);

/* Lets the server look at its connections again: needed after a connection was resumed, which
 * libmicrohttpd does not tell its own epoll descriptor in this mode. */
void web_http_kick(struct web_http_shared *shared);

/* One call of libmicrohttpd's access handler. *state is NULL in a request's first call. 0, or
 * negative to drop the connection. */
int web_request_step(struct web_connection *c, struct MHD_Connection *connection, const char *url,
    const char *method, const char *data, size_t *size, struct web_request **state);
void web_request_free(struct web_request *q);

/* ---- web_reply.c ---- */

/* Queues the response for answer and takes its body out of it. Range and entity tag are honoured
 * for files. */
int web_reply_answer(struct MHD_Connection *connection, const struct web_route *route,
    struct web_answer *answer, uint64_t *ret_size);
/* Queues a static page. method is GET or HEAD. */
int web_reply_page(
    struct MHD_Connection *connection, const struct web_page *page, uint64_t *ret_size);
/* Queues web's own JSON. */
int web_reply_text(struct MHD_Connection *connection, const char *json, uint64_t *ret_size);
/* Queues a refusal by code; allow goes into the Allow header when not NULL. */
int web_reply_refusal(
    struct MHD_Connection *connection, const char *code, const char *allow, uint64_t *ret_size);

#endif
