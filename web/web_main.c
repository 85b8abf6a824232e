/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * web: HTTPS, JSON API and pages. Holds no archive key, no catalogue and no file; acts only for the
 * person whose token a request carries, and asks only store.
 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <jansson.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "room.h"
#include "store/store_bus.h"
#include "web/web_http.h"
#include "web/web_openapi.h"

#define NAMES_MAX 32 /* names and addresses in the certificate */
#define RETRY_USEC 1000000u

struct web {
	struct room *room;
	sd_bus *store;
	struct web_tls *tls;
	struct web_pages *pages;
	struct web_calls *calls;
	struct web_http *http;
	char *openapi;
	int listen_fd;
	sd_event_source *retry;
};

/* ---- certificate ---- */

/* The socket waits in its backlog until there is a certificate; after that, pages are served even
 * while store is away. */
static int
serve_when_ready(struct web *web)
{
	struct web_http_options options = {.event = room_event(web->room),
	    .tls = web->tls,
	    .pages = web->pages,
	    .calls = web->calls,
	    .openapi = web->openapi};

	if (web->http != NULL || web->listen_fd < 0 || !web_tls_ready(web->tls))
		return 0;
	options.listen_fd = TAKE_FD(web->listen_fd);
	return web_http_new(&options, &web->http);
}

static int
on_certificate(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct web *web = userdata;
	const void *pem;
	size_t size;
	int r = sd_bus_message_is_method_error(m, NULL)
		    ? -EACCES
		    : sd_bus_message_read_array(m, 'y', &pem, &size);

	if (r >= 0)
		r = web_tls_set_certificate(web->tls, pem, size);
	if (r < 0) {
		/* no archive yet, or locked: ask again */
		sd_event_source_set_time_relative(web->retry, RETRY_USEC);
		sd_event_source_set_enabled(web->retry, SD_EVENT_ONESHOT);
		return 0;
	}
	r = serve_when_ready(web);
	if (r < 0)
		room_exit(web->room, log_errno(r, "cannot serve https"));
	return 0;
}

static int
append_names(sd_bus_message *m, const char *list)
{
	int r = sd_bus_message_open_container(m, 'a', "s");
	char name[256];

	for (unsigned i = 0; r >= 0 && *list != '\0' && i < NAMES_MAX; i++) {
		size_t n = strcspn(list, ", ");

		if (n > 0 && n < sizeof name) {
			memcpy(name, list, n);
			name[n] = '\0';
			r = sd_bus_message_append_basic(m, 's', name);
		}
		list += n;
		list += strspn(list, ", ");
	}
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int
ask_certificate(struct web *web)
{
	_cleanup_(freep) uint8_t *der = NULL;
	sd_bus_message *m = NULL;
	size_t size;
	int r = web_tls_request(web->tls, &der, &size);

	if (r >= 0)
		r = sd_bus_message_new_method_call(
		    web->store, &m, NULL, STORE_PATH, STORE_IFACE, STORE_SIGN_WEB_KEY);
	if (r >= 0)
		r = sd_bus_message_append_array(m, 'y', der, size);
	if (r >= 0)
		r = append_names(m, config_get(room_config(web->room), "web", "names"));
	if (r >= 0)
		r = sd_bus_call_async(web->store, NULL, m, on_certificate, web, 0);
	sd_bus_message_unref(m);
	return r;
}

static int
on_retry(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct web *web = userdata;

	if (web->store != NULL)
		ask_certificate(web);
	return 0;
}

/* ---- the room ---- */

static int
on_store(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct web *web = userdata;

	web->store = bus;
	web_calls_set_store(web->calls, bus);
	return ask_certificate(web);
}

static void
on_store_gone(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct web *web = userdata;

	if (bus != web->store)
		return;
	web->store = NULL;
	web_calls_set_store(web->calls, NULL);
}

static int
on_listen(struct room *room, const char *name, int fd, void *userdata)
{
	struct web *web = userdata;

	if (strcmp(name, "https") != 0 || web->listen_fd >= 0 || web->http != NULL) {
		close(fd);
		return -EINVAL;
	}
	web->listen_fd = fd;
	return serve_when_ready(web);
}

static const struct room_link links[] = {
    {.peer = "store", .attach = on_store, .detach = on_store_gone},
    {NULL},
};

static const struct room_spec spec = {.name = "web", .links = links, .listen = on_listen};

/* Beside the source (BUILD/bin/web → web/pages) or where it was installed
 * (PREFIX/libexec/fumikura/web → PREFIX/share/fumikura/pages). */
static int
load_pages(struct web_pages **ret)
{
	static const char *const places[] = {"../../share/fumikura/pages", "../../web/pages"};
	char exe[PATH_MAX], path[PATH_MAX + 64];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	char *slash;
	int r = -ENOENT;

	if (n < 0)
		return -errno;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	*slash = '\0';
	for (size_t i = 0; r == -ENOENT && i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", exe, places[i]);
		r = web_pages_load(path, ret);
	}
	return r;
}

/* JSON trees hold passwords and queries: what is freed is wiped. */
static void
free_wiped(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

static int
prepare(struct web *web)
{
	int r;

	json_set_alloc_funcs(malloc, free_wiped);
	if (gnutls_global_init() < 0)
		return log_errno(-EIO, "cannot start GnuTLS");
	if ((r = load_pages(&web->pages)) < 0)
		return log_errno(r, "cannot read the pages");
	if ((r = web_tls_new(&web->tls)) < 0 || (r = web_calls_new(&web->calls)) < 0)
		return log_errno(r, "cannot prepare");
	web->openapi = web_openapi();
	if (web->openapi == NULL)
		return log_errno(-ENOMEM, "cannot describe the API");
	r = sd_event_add_time_relative(
	    room_event(web->room), &web->retry, CLOCK_MONOTONIC, 0, 0, on_retry, web);
	return r < 0 ? r : sd_event_source_set_enabled(web->retry, SD_EVENT_OFF);
}

static void
finish(struct web *web)
{
	web_http_free(web->http);
	web_calls_free(web->calls);
	web_tls_free(web->tls);
	web_pages_free(web->pages);
	sd_event_source_disable_unref(web->retry);
	if (web->listen_fd >= 0)
		close(web->listen_fd);
	free(web->openapi);
	room_free(web->room);
}

int
main(int argc, char **argv)
{
	struct web web = {.listen_fd = -1};
	int r = room_new(argc, argv, &spec, &web, &web.room);

	if (r >= 0)
		r = prepare(&web);
	if (r >= 0)
		r = room_lock(web.room);
	if (r >= 0)
		r = room_run(web.room);
	finish(&web);
	return r < 0;
}
