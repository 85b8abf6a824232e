/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One HTTP request from its first header to its response; web_http.c has the connections that
 * requests come by. */
#ifndef FUMIKURA_WEB_REQUEST_H
#define FUMIKURA_WEB_REQUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "web/web_call.h"
#include "web/web_pages.h"

#define WEB_JSON_MAX ((size_t)1 << 20)     /* bytes of a JSON body */
#define WEB_UPLOAD_MAX ((size_t)200 << 20) /* bytes of one imported file */
#define WEB_UPLOADS 4                      /* at once: they stay in memory until store has them */
#define WEB_BODY_S 30          /* a JSON body; uploads and downloads get one second more per … */
#define WEB_BYTES_PER_S 32768u /* … so many bytes */

struct MHD_Connection;
struct MHD_Response;

/* What all connections share. */
struct web_shared {
	struct web_tls *tls;
	const struct web_pages *pages;
	struct web_calls *calls;
	const char *openapi;
	sd_event_source *timer; /* when it fires, libmicrohttpd looks at its connections */
	unsigned uploads;
	bool stopping;
};

/* A connection's clock: when `deadline_ms` (monotonic) passes, the connection is cut. UINT64_MAX:
 * none. */
struct web_connection {
	struct web_shared *shared;
	struct web_connection *next, **at;
	int fd;
	uint64_t deadline_ms;
};
uint64_t web_now_ms(void);

struct web_request;

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
