/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP POSTs on the room's event loop (libcurl's multi interface; nothing here blocks). Knows URLs,
 * never what the bytes mean. Redirects are not followed, proxies and .netrc are ignored, only http
 * and https are spoken, TLS 1.2 and later is verified, the answer is bounded in size and time.
 */
#ifndef FUMIKURA_COURIER_HTTP_H
#define FUMIKURA_COURIER_HTTP_H

#include <stddef.h>
#include <systemd/sd-event.h>

#include "cleanup.h"
#include "memfd.h"

#define COURIER_MAX_POSTS                                                                          \
	8 /* at once; store asks for one timestamp at a time, and a few exports may follow */
#define COURIER_MAX_HEADERS (32u << 10) /* bytes of all header lines of one answer */

struct courier_http;

struct courier_request {
	const char *url,
	    *ca_file; /* ca_file NULL or "": the system's certificates. Borrowed for the call. */
	const char *content_type; /* borrowed for the call */
	struct memview body;      /* taken, also on failure */
	unsigned timeout_s;
};

struct courier_answer {
	int error; /* 0; -EHOSTUNREACH (name, connection, TLS, broken answer), -ETIMEDOUT, -EFBIG */
	unsigned status;
	const char *content_type; /* "" when none; borrowed for the call, as is body */
	const void *body;
	size_t size;
};
/* Called once per accepted request, from the loop, never from inside courier_http_post(). */
typedef void (*courier_done_fn)(const struct courier_answer *answer, void *userdata);

int courier_http_new(sd_event *event, struct courier_http **ret);
/* -EBUSY when COURIER_MAX_POSTS are under way. */
int courier_http_post(struct courier_http *http, struct courier_request *request,
    courier_done_fn done, void *userdata);
/* Ends all posts without calling done; drop releases what each userdata holds. */
void courier_http_cancel(struct courier_http *http, void (*drop)(void *userdata));
void courier_http_free(struct courier_http *http);
DEFINE_CLEANUP(struct courier_http *, courier_http_free)

#endif
