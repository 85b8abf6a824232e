/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Serves courier_bus.h to store. An endpoint is a name in the configuration, so that store, even
 * when it is taken over, cannot be made to send an archive elsewhere. Refuses to know what it
 * carries.
 */
#include "courier.h"

#include <errno.h>
#include <string.h>

#include "courier_bus.h"
#include "courier_http.h"
#include "link.h"
#include "log.h"
#include "room.h"
#include "text.h"

#define TYPE_MAX 127u /* bytes of a content type */

struct courier {
	struct room *room;
	struct courier_http *http;
};

/* A call of store that waits for its answer. */
struct call {
	sd_bus_message *message;
	const struct endpoint *endpoint;
};

static const struct endpoint {
	const char *name, *url, *ca_file; /* url and ca_file: keys in [courier] */
} endpoints[] = {
    {"tsa", "tsa_url", "tsa_ca_file"},
};

static const struct refusal {
	int error;
	const char *code, *ja, *en;
} refusals[] = {
    {-EHOSTUNREACH, "unreachable",
	"相手先に接続できません。通信は行われませんでした。ネットワークと設定を確認してください。",
	"The endpoint cannot be reached; nothing was received. Check the network and the "
	"configuration."},
    {-ETIMEDOUT, "timed_out", "相手先が時間内に応答しません。後で自動的にやり直します。",
	"The endpoint did not answer in time. It will be tried again."},
    {-EFBIG, "too_large",
	"相手先の応答が大きすぎるため、捨てました。設定された相手先を確認してください。",
	"The endpoint's answer was too large and was thrown away. Check the configured endpoint."},
    {-EBUSY, "busy", "通信が混み合っています。少し後でやり直してください。",
	"Too many transfers are under way. Try again shortly."},
    {-ENOENT, "no_endpoint", "この相手先は設定されていません。設定ファイルで指定してください。",
	"This endpoint is not configured. Name it in the configuration file."},
    {-EINVAL, "bad_request", "依頼の形が正しくないため、送りませんでした。",
	"The request is not well formed; nothing was sent."},
};

static int
refuse(int r, sd_bus_error *error)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].error == r)
			return link_error(error, refusals[i].code, refusals[i].ja, refusals[i].en);
	return r;
}

static void
call_drop(void *userdata)
{
	struct call *call = userdata;

	sd_bus_message_unref(call->message);
	free(call);
}

static int
reply(sd_bus_message *m, const struct courier_answer *answer)
{
	_cleanup_(closep) int fd = -1;
	const char *type = answer->content_type;

	if (strlen(type) > TYPE_MAX || !utf8_valid(type, strlen(type)))
		type = "";
	fd = memfd_new_sealed("answer", answer->body, answer->size);
	if (fd < 0)
		return fd;
	return sd_bus_reply_method_return(m, "ush", answer->status, type, fd);
}

static void
on_done(const struct courier_answer *answer, void *userdata)
{
	struct call *call = userdata;
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
	int r = answer->error;

	if (r == 0)
		r = reply(call->message, answer);
	if (r < 0) {
		log_errno(r, "post to %s failed", call->endpoint->name);
		r = refuse(r, &error);
		sd_bus_reply_method_errno(call->message, r, &error);
	}
	call_drop(call);
}

static const struct endpoint *
find_endpoint(const char *name)
{
	for (size_t i = 0; i < sizeof(endpoints) / sizeof(endpoints[0]); i++)
		if (strcmp(endpoints[i].name, name) == 0)
			return &endpoints[i];
	return NULL;
}

/* Printable ASCII: it becomes a header line. */
static int
type_valid(const char *type)
{
	size_t n = strlen(type);

	if (n == 0 || n > TYPE_MAX)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (type[i] < 0x20 || type[i] > 0x7e)
			return 0;
	return 1;
}

/* body_fd is borrowed. call is taken when 0 is returned. */
static int
send_post(struct courier *courier, const char *type, int body_fd, struct call *call)
{
	const struct config *config = room_config(courier->room);
	struct courier_request request = {
	    .url = config_get(config, "courier", call->endpoint->url),
	    .ca_file = config_get(config, "courier", call->endpoint->ca_file),
	    .content_type = type,
	    .timeout_s = (unsigned)config_uint(config, "courier", "timeout_s", 1, 3600),
	};

	if (request.url[0] == '\0')
		return -ENOENT;
	if (!type_valid(type) || memfd_view(body_fd, COURIER_MAX_BODY, &request.body) < 0)
		return -EINVAL;
	return courier_http_post(courier->http, &request, on_done, call);
}

static int
on_post(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct courier *courier = userdata;
	const char *name, *type;
	struct call *call;
	int body, r;

	r = sd_bus_message_read(m, "ssh", &name, &type, &body);
	if (r < 0)
		return r;
	call = calloc(1, sizeof(*call));
	if (call == NULL)
		return -ENOMEM;
	call->endpoint = find_endpoint(name);
	call->message = sd_bus_message_ref(m);
	r = call->endpoint != NULL ? send_post(courier, type, body, call) : -ENOENT;
	if (r < 0) {
		call_drop(call);
		return refuse(r, error);
	}
	return 1;
}

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
    /* one POST to a configured endpoint; answers when the other side did */
    SD_BUS_METHOD_WITH_ARGS("Post", SD_BUS_ARGS("s", endpoint, "s", content_type, "h", body),
	SD_BUS_RESULT("u", status, "s", content_type, "h", body), on_post, 0),
    SD_BUS_VTABLE_END,
};

static int
attach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	return sd_bus_add_object_vtable(bus, NULL, COURIER_PATH, COURIER_IFACE, vtable, userdata);
}

/* Nobody waits for the answers any more; store asks again by itself. */
static void
detach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct courier *courier = userdata;

	courier_http_cancel(courier->http, call_drop);
}

int
courier_run(int argc, char **argv)
{
	static const char *const allow[] = {COURIER_IFACE ".Post", NULL};
	static const struct room_link links[] = {
	    {.peer = "store", .allow = allow, .attach = attach, .detach = detach}, {0}};
	static const struct room_spec spec = {.name = "courier", .links = links};
	struct courier courier = {0};
	int r;

	r = room_new(argc, argv, &spec, &courier, &courier.room);
	if (r == 0)
		r = courier_http_new(room_event(courier.room), &courier.http);
	if (r == 0)
		r = room_lock(courier.room);
	if (r == 0)
		r = room_run(courier.room);
	room_free(courier.room);
	courier_http_free(courier.http);
	return r < 0 ? 1 : 0;
}
