/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libFuzzer target over everything of HTTP that web reads itself: cookies, origins, tags, ranges,
 * names, paths, and a JSON body as arguments of a member. The first byte chooses.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>

#include "cleanup.h"
#include "store/store_bus.h"
#include "text.h"
#include "web/web_args.h"
#include "web/web_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
headers(const char *text)
{
	char token[33], *name;
	uint64_t first = 0, last = 0, n;

	if (web_cookie(text, "__Host-fumikura", token, sizeof token) &&
	    strlen(token) >= sizeof token)
		abort();
	web_origin_is_host(text, "box:8443");
	web_origin_is_host("https://box", text);
	web_etag_matches(text, "\"0123\"");
	if (web_range(text, 1000, &first, &last) > 0 && (first > last || last >= 1000))
		abort();
	if (web_number(text, 5000, &n) == 0 && n > 5000)
		abort();
	if (utf8_valid(text, strlen(text))) {
		name = web_disposition(true, text);
		if (name == NULL || strpbrk(name, "\r\n") != NULL)
			abort();
		free(name);
	}
}

static void
path(const char *text)
{
	struct web_match match;
	char allow[64];

	if (web_route_match("GET", text, &match, allow, sizeof allow) < 0)
		return;
	for (unsigned i = 0; i < match.count; i++) {
		if (!web_identifier(match.params[i].value, strlen(match.params[i].value)))
			abort();
	}
}

/* What reaches the bus must be what the contract says, or nothing. */
static void
body(const char *text, size_t size)
{
	static const char *const routes[][2] = {{"POST", "/api/v1/search"},
	    {"POST", "/api/v1/confirmations"}, {"PUT", "/api/v1/documents/D1/fields"},
	    {"POST", "/api/v1/scans"}, {"POST", "/api/v1/batches/B1/pages/1/rotate"},
	    {"POST", "/api/v1/session"}};
	struct web_input in = {.token = "t", .terminal = "::1", .file = -1};
	sd_bus_message *m = NULL;
	struct web_match match;
	char allow[64], why[512];
	sd_bus *bus = NULL;
	int fds[2];

	in.body = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(in.body) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		json_decref(in.body);
		return;
	}
	in.match = &match;
	if (sd_bus_new(&bus) >= 0 && sd_bus_set_fd(bus, fds[0], fds[0]) >= 0 &&
	    sd_bus_start(bus) >= 0) {
		for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
			const struct web_method *method;

			if (web_route_match(
				routes[i][0], routes[i][1], &match, allow, sizeof allow) < 0)
				abort();
			method = web_method_find(match.route->member);
			if (sd_bus_message_new_method_call(
				bus, &m, NULL, STORE_PATH, STORE_IFACE, method->member) < 0)
				abort();
			if (web_args_append(m, method, &in, why, sizeof why) == 0 &&
			    strcmp(sd_bus_message_get_signature(m, 1), method->in) != 0)
				abort();
			m = sd_bus_message_unref(m);
		}
	}
	sd_bus_close_unref(bus);
	close(fds[1]);
	json_decref(in.body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(freep) char *text = NULL;

	if (size == 0 || size > 8192)
		return 0;
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (data[0] % 3 == 0)
		headers(text);
	else if (data[0] % 3 == 1)
		path(text);
	else
		body(text, size - 1);
	return 0;
}
