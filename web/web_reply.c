/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Responses with the headers that each kind must carry. Knows nothing of requests but the
 * conditional headers it reads. */
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/web_errors.h"
#include "web/web_request.h"
#include "web/web_text.h"

/* Scripts, styles, images and calls from this box only; nothing inline, nothing framed. data: and
 * blob: images are pages of records. */
#define CSP_PAGES                                                                                  \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "    \
	"connect-src 'self'; "                                                                     \
	"manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "       \
	"require-trusted-types-for 'script'; trusted-types 'none'"
#define CSP_DATA "default-src 'none'; frame-ancestors 'none'; sandbox"

static const char *const always[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Strict-Transport-Security", "max-age=31536000"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
};

static const char *const shown_types[] = {"image/jpeg", "image/png", "image/tiff",
    "application/pdf", "application/zip", "text/plain; charset=utf-8", "application/xml",
    "application/json"};

static void
put(struct MHD_Response *response, const char *name, const char *value)
{
	MHD_add_response_header(response, name, value);
}

static void
put_always(struct MHD_Response *response, const char *csp)
{
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		put(response, always[i][0], always[i][1]);
	put(response, "Content-Security-Policy", csp);
}

static int
queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
	enum MHD_Result r = MHD_queue_response(connection, status, response);

	MHD_destroy_response(response);
	return r == MHD_YES ? 0 : -EIO;
}

/* Takes json. */
static int
queue_json(struct MHD_Connection *connection, unsigned status, char *json, const char *cookie,
    const char *allow, uint64_t *ret_size)
{
	size_t n = strlen(json);
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(n, json, MHD_RESPMEM_MUST_FREE);

	if (response == NULL) {
		free(json);
		return -ENOMEM;
	}
	put_always(response, CSP_DATA);
	put(response, "Content-Type", "application/json");
	put(response, "Cache-Control", "no-store");
	if (cookie != NULL)
		put(response, "Set-Cookie", cookie);
	if (allow != NULL)
		put(response, "Allow", allow);
	if (status == 503 || status == 429)
		put(response, "Retry-After", "2");
	*ret_size = n;
	return queue(connection, status, response);
}

int
web_reply_text(struct MHD_Connection *connection, const char *json, uint64_t *ret_size)
{
	char *copy = strdup(json);

	return copy == NULL ? -ENOMEM : queue_json(connection, 200, copy, NULL, NULL, ret_size);
}

int
web_reply_refusal(
    struct MHD_Connection *connection, const char *code, const char *allow, uint64_t *ret_size)
{
	char *json = web_error_json(code, NULL);

	return json == NULL
		   ? -ENOMEM
		   : queue_json(connection, web_error_status(code), json, NULL, allow, ret_size);
}

int
web_reply_page(struct MHD_Connection *connection, const struct web_page *page, uint64_t *ret_size)
{
	const char *known =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
	bool same = web_etag_matches(known, page->etag);
	struct MHD_Response *response = MHD_create_response_from_buffer(
	    same ? 0 : page->size, page->data, MHD_RESPMEM_PERSISTENT);

	if (response == NULL)
		return -ENOMEM;
	put_always(response, CSP_PAGES);
	put(response, "Content-Type", page->type);
	put(response, "Cache-Control",
	    "no-cache"); /* may be kept, must be asked for: updates show at once */
	put(response, "ETag", page->etag);
	*ret_size = page->size;
	return queue(connection, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

/* ---- files ---- */

struct held { /* what a response keeps until it is sent */
	struct memview view;
	uint8_t *heap;
};

static void
free_held(void *userdata)
{
	struct held *h = userdata;

	memview_free(&h->view);
	free(h->heap);
	free(h);
}

static const char *
safe_type(const char *type)
{
	for (size_t i = 0; i < sizeof shown_types / sizeof *shown_types; i++) {
		if (strcmp(type, shown_types[i]) == 0)
			return type;
	}
	return strcmp(type, "text/plain") == 0 ? "text/plain; charset=utf-8"
					       : "application/octet-stream";
}

static void
put_file_headers(struct MHD_Response *response, const struct web_answer *answer, bool attachment,
    const char *etag)
{
	char *disposition = web_disposition(attachment, answer->name);

	put_always(response, CSP_DATA);
	put(response, "Content-Type", safe_type(answer->type));
	put(response, "Cache-Control",
	    "no-store"); /* no record may lie in a browser's disk cache */
	put(response, "Accept-Ranges", "bytes");
	put(response, "ETag", etag);
	if (disposition != NULL)
		put(response, "Content-Disposition", disposition);
	free(disposition);
}

/* The part that is asked for: 200, 206, 304 or 416. */
static unsigned
choose_part(struct MHD_Connection *connection, const char *etag, uint64_t size, uint64_t *ret_first,
    uint64_t *ret_last)
{
	const char *range =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_RANGE);
	const char *unless =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_RANGE);
	const char *known =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
	int r;

	if (web_etag_matches(known, etag))
		return MHD_HTTP_NOT_MODIFIED;
	if (range == NULL || (unless != NULL && strcmp(unless, etag) != 0))
		return MHD_HTTP_OK;
	r = web_range(range, size, ret_first, ret_last);
	return r > 0   ? MHD_HTTP_PARTIAL_CONTENT
	       : r < 0 ? MHD_HTTP_RANGE_NOT_SATISFIABLE
		       : MHD_HTTP_OK;
}

static int
reply_file(struct MHD_Connection *connection, const struct web_route *route,
    struct web_answer *answer, uint64_t *ret_size)
{
	const uint8_t *data = answer->heap != NULL ? answer->heap : answer->view.data;
	uint64_t size = answer->heap != NULL ? answer->heap_size : answer->view.size, first = 0,
		 last = size - 1;
	struct MHD_Response *response;
	char etag[WEB_ETAG_SIZE], text[80];
	struct held *held;
	unsigned status;

	if (web_etag(data, size, etag) < 0 || (held = malloc(sizeof *held)) == NULL)
		return -ENOMEM;
	status = choose_part(connection, etag, size, &first, &last);
	if (status == MHD_HTTP_NOT_MODIFIED || status == MHD_HTTP_RANGE_NOT_SATISFIABLE ||
	    size == 0) {
		first = 0;
		last = UINT64_MAX; /* an empty body */
	}
	*ret_size = last - first + 1;
	*held = (struct held){answer->view, answer->heap};
	answer->view = (struct memview){0};
	answer->heap = NULL;
	response = MHD_create_response_from_buffer_with_free_callback_cls(*ret_size,
	    (void *)(data == NULL ? (const uint8_t *)"" : data + first), free_held, held);
	if (response == NULL) {
		free_held(held);
		return -ENOMEM;
	}
	put_file_headers(response, answer, route->flags & WEB_DOWNLOAD, etag);
	if (status == MHD_HTTP_PARTIAL_CONTENT)
		snprintf(
		    text, sizeof text, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first, last, size);
	else
		snprintf(text, sizeof text, "bytes */%" PRIu64, size);
	if (status == MHD_HTTP_PARTIAL_CONTENT || status == MHD_HTTP_RANGE_NOT_SATISFIABLE)
		put(response, "Content-Range", text);
	return queue(connection, status, response);
}

int
web_reply_answer(struct MHD_Connection *connection, const struct web_route *route,
    struct web_answer *answer, uint64_t *ret_size)
{
	static const char gone[] =
	    WEB_COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
	char cookie[WEB_TOKEN_MAX + 96];
	const char *set = NULL;
	char *json = answer->json;

	if (answer->code[0] == '\0' && answer->type != NULL)
		return reply_file(connection, route, answer, ret_size);
	if (json == NULL)
		return web_reply_refusal(connection, "no_memory", NULL, ret_size);
	answer->json = NULL;
	if (answer->token != NULL) {
		snprintf(cookie, sizeof cookie,
		    WEB_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict", answer->token);
		set = cookie;
	} else if ((route->flags & WEB_LOGOUT) || strcmp(answer->code, "session_expired") == 0) {
		set = gone;
	}
	return queue_json(connection, answer->status, json, set, NULL, ret_size);
}
