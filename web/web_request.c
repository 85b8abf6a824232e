/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request: route, checks, body, the call to store, the response. Refusals that need no body are
 * given before it is read. Knows no record, role or right: store decides.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "log.h"
#include "text.h"
#include "web/web_request.h"
#include "web/web_text.h"

enum state {
	READING,  /* headers seen; the body comes */
	ASKING,   /* the call to store is under way, the connection suspended */
	ADMITTED, /* an upload's session is good: read the body */
	ANSWERED, /* answer is there */
};

struct web_request {
	struct web_connection *c;
	struct MHD_Connection *connection;
	struct web_match match;
	enum state state;
	bool gate, uploading, queued;
	char token[WEB_TOKEN_MAX + 1];
	char terminal[INET6_ADDRSTRLEN];
	char *body; /* JSON so far */
	size_t body_size, body_room;
	bool too_large;
	int file; /* upload so far, or -1 */
	uint64_t received, started_ms;
	struct web_call *call;
	struct web_answer answer;
};

static const char *
header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* The client's address, for the log of store; v4 in v6 shown as v4. */
static void
client_address(struct MHD_Connection *connection, char out[INET6_ADDRSTRLEN])
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = info == NULL ? NULL : info->client_addr;
	const void *address = NULL;
	int family = a == NULL ? AF_UNSPEC : a->sa_family;

	out[0] = '\0';
	if (family == AF_INET)
		address = &((const struct sockaddr_in *)(const void *)a)->sin_addr;
	if (family == AF_INET6) {
		const struct in6_addr *six =
		    &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;

		address = six;
		if (IN6_IS_ADDR_V4MAPPED(six)) {
			address = &six->s6_addr[12];
			family = AF_INET;
		}
	}
	if (address != NULL)
		inet_ntop(family, address, out, INET6_ADDRSTRLEN);
}

void
web_request_free(struct web_request *q)
{
	if (q == NULL)
		return;
	web_call_cancel(q->call);
	web_answer_clear(&q->answer);
	if (q->body != NULL)
		explicit_bzero(q->body, q->body_room);
	free(q->body);
	if (q->file >= 0)
		close(q->file);
	if (q->uploading)
		q->c->shared->uploads--;
	explicit_bzero(q, sizeof *q);
	free(q);
}

/* ---- clocks ---- */

uint64_t
web_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void
set_deadline(struct web_request *q, uint64_t bytes)
{
	q->c->deadline_ms = q->started_ms + (WEB_BODY_S + bytes / WEB_BYTES_PER_S) * 1000;
}

static int
queued(struct web_request *q, struct web_connection *c, int r, uint64_t size)
{
	if (q != NULL)
		q->queued = true;
	c->deadline_ms = web_now_ms() + (WEB_BODY_S + size / WEB_BYTES_PER_S) * 1000;
	return r;
}

static int
reply_refusal(struct web_connection *c, struct MHD_Connection *connection, const char *code,
    const char *allow)
{
	uint64_t size = 0;
	int r = web_reply_refusal(connection, code, allow, &size);

	return queued(NULL, c, r, size);
}

/* ---- before the body ---- */

static bool
changes_state(const char *method)
{
	return strcmp(method, "GET") != 0;
}

/* A code word when the request must be refused on its headers, or NULL. */
static const char *
check_headers(struct web_request *q, const char *method)
{
	const struct web_route *route = q->match.route;
	const char *length = header(q->connection, MHD_HTTP_HEADER_CONTENT_LENGTH), *mark;
	uint64_t bytes, max = route->flags & WEB_UPLOAD ? WEB_UPLOAD_MAX : WEB_JSON_MAX;

	web_cookie(
	    header(q->connection, MHD_HTTP_HEADER_COOKIE), WEB_COOKIE, q->token, sizeof q->token);
	mark = header(q->connection, "X-Fumikura");
	if (changes_state(method) && (mark == NULL || strcmp(mark, "1") != 0) &&
	    !web_origin_is_host(header(q->connection, MHD_HTTP_HEADER_ORIGIN),
		header(q->connection, MHD_HTTP_HEADER_HOST)))
		return "cross_site";
	if (route->member != NULL && !(route->flags & WEB_LOGIN) && q->token[0] == '\0')
		return "not_signed_in";
	if (length != NULL && web_number(length, max, &bytes) < 0)
		return "too_large";
	if (route->flags & WEB_UPLOAD && q->c->shared->uploads >= WEB_UPLOADS)
		return "too_many";
	return NULL;
}

static int
begin(struct web_connection *c, struct MHD_Connection *connection, const struct web_match *match,
    const char *method, struct web_request **state)
{
	struct web_request *q = calloc(1, sizeof *q);
	const char *code;

	if (q == NULL)
		return -ENOMEM;
	q->c = c;
	q->connection = connection;
	q->match = *match;
	q->file = -1;
	q->started_ms = web_now_ms();
	set_deadline(q, 0);
	client_address(connection, q->terminal);
	*state = q; /* from here on_completed() frees it */
	code = check_headers(q, method);
	if (code != NULL) {
		log_warn("request to %s %s refused: %s", method, match->route->path, code);
		return reply_refusal(c, connection, code, NULL);
	}
	if (match->route->flags & WEB_UPLOAD) {
		q->file = memfd_new("upload");
		if (q->file < 0)
			return reply_refusal(c, connection, "no_memory", NULL);
		q->uploading = true;
		c->shared->uploads++;
	}
	return 0;
}

/* ---- the body ---- */

static int
take_json_body(struct web_request *q, const char *data, size_t size)
{
	size_t room = q->body_room == 0 ? 4096 : q->body_room;
	char *bigger;

	if (q->body_size + size > WEB_JSON_MAX) {
		q->too_large = true;
		return 0;
	}
	while (room < q->body_size + size)
		room *= 2;
	if (room != q->body_room) {
		bigger = malloc(room);
		if (bigger == NULL)
			return -ENOMEM;
		if (q->body != NULL) {
			memcpy(bigger, q->body, q->body_size);
			explicit_bzero(q->body, q->body_room);
			free(q->body);
		}
		q->body = bigger;
		q->body_room = room;
	}
	memcpy(q->body + q->body_size, data, size);
	q->body_size += size;
	return 0;
}

static int
take_body(struct web_request *q, const char *data, size_t size)
{
	uint64_t max = q->file >= 0 ? WEB_UPLOAD_MAX : WEB_JSON_MAX;

	q->received += size;
	if (q->received > max + WEB_JSON_MAX)
		return -EMSGSIZE; /* told too late to be polite: drop the connection */
	if (q->file < 0)
		return take_json_body(q, data, size);
	if (q->received > max) {
		q->too_large = true;
		return 0;
	}
	set_deadline(q, q->received);
	while (size > 0) {
		ssize_t n = write(q->file, data, size);

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

/* ---- the call ---- */

static enum MHD_Result
add_query(void *userdata, enum MHD_ValueKind kind, const char *key, const char *value)
{
	json_t *query = userdata;

	if (json_object_get(query, key) != NULL ||
	    json_object_set_new(query, key, json_string(value == NULL ? "" : value)) < 0)
		json_object_set_new(
		    query, "?", json_null()); /* twice, or not UTF-8: refused as unknown */
	return MHD_YES;
}

/* After a connection was resumed, which libmicrohttpd does not tell its own epoll descriptor in
 * this mode. */
static void
look_again(struct web_shared *shared)
{
	sd_event_source_set_time_relative(shared->timer, 0);
	sd_event_source_set_enabled(shared->timer, SD_EVENT_ONESHOT);
}

static void
on_done(struct web_answer *answer, void *userdata)
{
	struct web_request *q = userdata;

	q->call = NULL;
	q->answer = *answer;
	memset(answer, 0, sizeof *answer);
	q->state = ANSWERED;
	if (q->gate && q->answer.code[0] == '\0') {
		web_answer_clear(&q->answer);
		q->state = ADMITTED;
	}
	q->gate = false;
	q->started_ms = web_now_ms();
	set_deadline(q, 0);
	MHD_resume_connection(q->connection);
	look_again(q->c->shared);
}

static void
send_call(struct web_request *q, const struct web_match *match, const struct web_input *in)
{
	const struct web_method *method = web_method_find(match->route->member);
	int r = web_call_start(q->c->shared->calls, method, in, match->route->timeout_s, on_done, q,
	    &q->answer, &q->call);

	q->state = ANSWERED;
	if (r < 0)
		return;
	q->state = ASKING;
	q->c->deadline_ms = UINT64_MAX;
	MHD_suspend_connection(q->connection);
}

/* Nobody may fill the memory with a file before store knows the session. */
static void
ask_gate(struct web_request *q)
{
	struct web_match match = {0};
	struct web_input in = {
	    .match = &match, .token = q->token, .terminal = q->terminal, .file = -1};
	char allow[64];

	q->gate = true;
	if (web_route_match("GET", WEB_API "/session", &match, allow, sizeof allow) < 0)
		web_answer_refuse(&q->answer, "internal", NULL);
	else
		send_call(q, &match, &in);
	if (q->state != ASKING)
		q->state = ANSWERED;
}

static bool
is_json(const char *type)
{
	size_t n = sizeof "application/json" - 1;

	return type != NULL && strncasecmp(type, "application/json", n) == 0 &&
	       (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

static const char *
read_body(struct web_request *q, json_t **ret)
{
	*ret = NULL;
	if (q->body_size == 0)
		return NULL;
	if (!is_json(header(q->connection, MHD_HTTP_HEADER_CONTENT_TYPE)))
		return "bad_type";
	*ret = json_loadb(q->body, q->body_size, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(*ret)) {
		json_decref(*ret);
		*ret = NULL;
		return "bad_request";
	}
	return NULL;
}

static void
ask(struct web_request *q)
{
	struct web_input in = {.match = &q->match,
	    .token = q->token,
	    .terminal = q->terminal,
	    .query = json_object(),
	    .file = q->file};
	const char *code = q->too_large ? "too_large" : read_body(q, &in.body);

	if (code == NULL && q->file >= 0 && memfd_seal(q->file) < 0)
		code = "internal";
	if (code != NULL) {
		log_warn("request to %s refused: %s", q->match.route->path, code);
		web_answer_refuse(&q->answer, code, NULL);
		q->state = ANSWERED;
	} else {
		MHD_get_connection_values(
		    q->connection, MHD_GET_ARGUMENT_KIND, add_query, in.query);
		send_call(q, &q->match, &in);
	}
	json_decref(in.body);
	json_decref(in.query);
}

static int
answer(struct web_request *q)
{
	uint64_t size = 0;
	int r;

	if (q->match.route->flags & WEB_OPENAPI)
		r = web_reply_text(q->connection, q->c->shared->openapi, &size);
	else if (q->match.route->flags & WEB_HEALTH)
		r = web_reply_text(q->connection,
		    web_calls_connected(q->c->shared->calls) ? "{\"store\":true}"
							     : "{\"store\":false}",
		    &size);
	else
		r = web_reply_answer(q->connection, q->match.route, &q->answer, &size);
	return queued(q, q->c, r, size);
}

/* ---- steps ---- */

static int
step_page(struct web_connection *c, struct MHD_Connection *connection, const char *url,
    const char *method)
{
	const struct web_page *page = web_pages_find(c->shared->pages, url);
	uint64_t size = 0;
	int r;

	if (page == NULL)
		return reply_refusal(c, connection, "no_such_route", NULL);
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return reply_refusal(c, connection, "method_not_allowed", "GET, HEAD");
	r = web_reply_page(connection, page, &size);
	return queued(NULL, c, r, size);
}

static int
step_first(struct web_connection *c, struct MHD_Connection *connection, const char *url,
    const char *method, struct web_request **state)
{
	struct web_match match;
	char allow[64];
	int r;

	if (strncmp(url, "/api/", 5) != 0)
		return step_page(c, connection, url, method);
	r = web_route_match(method, url, &match, allow, sizeof allow);
	if (r == -ENOENT)
		return reply_refusal(c, connection, "no_such_route", NULL);
	if (r < 0)
		return reply_refusal(c, connection, "method_not_allowed", allow);
	r = begin(c, connection, &match, method, state);
	if (r < 0 || *state == NULL)
		return r;
	if ((*state)->uploading)
		ask_gate(*state);
	return (*state)->state == ANSWERED && !(*state)->queued ? answer(*state) : 0;
}

int
web_request_step(struct web_connection *c, struct MHD_Connection *connection, const char *url,
    const char *method, const char *data, size_t *size, struct web_request **state)
{
	struct web_request *q = *state;

	if (c->shared->stopping)
		return -ESHUTDOWN;
	if (q == NULL)
		return step_first(c, connection, url, method, state);
	if (*size > 0) {
		int r = take_body(q, data, *size);

		*size = 0;
		return r;
	}
	if (q->state == ADMITTED) { /* called again for the headers, after the gate */
		q->state = READING;
		return 0;
	}
	if (q->state == READING) {
		if (q->match.route->member == NULL)
			return answer(q);
		ask(q);
	}
	return q->state == ANSWERED ? answer(q) : 0;
}
