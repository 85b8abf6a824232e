/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One fenced sd-bus connection. What it refuses: calls off the white list, bodies and descriptor
 * counts over the limits, peers that do not read. sd-bus offers no hook before a message is parsed,
 * so sizes are judged by walking the body in the filter, which also finds a malformed body before
 * any handler sees it. Knows nothing about what the allowed methods do.
 */
#include "link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"

struct link {
	sd_bus *bus; /* not a reference: this object lives in one of the bus's slots */
	struct link_options options;
	sd_event_source *watch; /* after every dispatch: is the write queue still short? */
	sd_event_source *end;   /* reports the end from the loop, never from inside sd-bus */
	bool cut;     /* we shut the socket down: nothing more from this peer is looked at */
	bool ended;   /* the end is reported or about to be */
	bool greeted; /* ready was called */
};

struct tally {
	size_t bytes;
	unsigned descriptors;
};

static void
link_free(void *userdata)
{
	struct link *link = userdata;

	sd_event_source_disable_unref(link->watch);
	sd_event_source_disable_unref(link->end);
	free(link);
}

static int
on_end(sd_event_source *s, void *userdata)
{
	struct link *link = userdata;
	sd_bus *bus = sd_bus_ref(link->bus);

	link->options.closed(bus, link->options.userdata);
	sd_bus_unref(bus);
	return 0;
}

static void
link_end(struct link *link)
{
	if (link->ended)
		return;
	link->ended = true;
	sd_event_source_set_enabled(link->watch, SD_EVENT_OFF);
	sd_bus_close(link->bus);
	sd_event_source_set_enabled(link->end, SD_EVENT_ONESHOT);
}

/* Ends the link as if the peer had gone: sd-bus then answers the calls under way, which closing it
 * ourselves would not. */
static void
link_cut(struct link *link)
{
	if (link->cut)
		return;
	link->cut = true;
	sd_event_source_set_enabled(link->watch, SD_EVENT_OFF);
	shutdown(sd_bus_get_fd(link->bus), SHUT_RDWR);
}

static int
on_dispatched(sd_event_source *s, void *userdata)
{
	struct link *link = userdata;
	uint64_t queued = 0;

	if (sd_bus_get_n_queued_write(link->bus, &queued) >= 0 && queued > LINK_MAX_QUEUED)
		link_cut(link);
	return 0;
}

/* Bytes that one basic value takes, counted without copying it. */
static int
tally_basic(sd_bus_message *m, char type, struct tally *t)
{
	union {
		uint64_t number;
		const char *text;
		int fd;
	} v;
	int r;

	r = sd_bus_message_read_basic(m, type, &v);
	if (r < 0)
		return r;
	if (type == SD_BUS_TYPE_STRING || type == SD_BUS_TYPE_OBJECT_PATH ||
	    type == SD_BUS_TYPE_SIGNATURE)
		t->bytes += strlen(v.text) + 5;
	else
		t->bytes += 8;
	if (type == SD_BUS_TYPE_UNIX_FD)
		t->descriptors++;
	return 0;
}

static bool
over(const struct tally *t)
{
	return t->bytes > LINK_MAX_MESSAGE || t->descriptors > LINK_MAX_FDS;
}

/* An array of bytes is taken whole: walking it byte by byte would cost a peer nothing and us much.
 */
static int
tally_bytes(sd_bus_message *m, struct tally *t)
{
	const void *data;
	size_t n;
	int r;

	r = sd_bus_message_read_array(m, SD_BUS_TYPE_BYTE, &data, &n);
	if (r < 0)
		return r;
	t->bytes += n + 4;
	return 0;
}

#define DEPTH_MAX 16 /* containers inside each other; no contract of ours nests deeper than 4 */

/* Walks the whole body. -EMSGSIZE over a limit, -EBADMSG and others when malformed. */
static int
tally_message(sd_bus_message *m, struct tally *t)
{
	unsigned depth = 0;

	for (;;) {
		const char *contents;
		char type;
		int r;

		r = sd_bus_message_peek_type(m, &type, &contents);
		if (r < 0)
			return r;
		if (r == 0) {
			if (depth-- == 0)
				return 0;
			r = sd_bus_message_exit_container(m);
		} else if (type == SD_BUS_TYPE_ARRAY && strcmp(contents, "y") == 0) {
			r = tally_bytes(m, t);
		} else if (strchr("arve(", type) != NULL) {
			if (++depth > DEPTH_MAX)
				return -EMSGSIZE;
			t->bytes += 8;
			r = sd_bus_message_enter_container(m, type, contents);
		} else {
			r = tally_basic(m, type, t);
		}
		if (r < 0)
			return r;
		if (over(t))
			return -EMSGSIZE;
	}
}

static bool
listed(const struct link *link, const char *interface, const char *member)
{
	size_t n;

	if (interface == NULL || member == NULL || link->options.allow == NULL)
		return false;
	n = strlen(interface);
	for (const char *const *a = link->options.allow; *a != NULL; a++)
		if (strncmp(*a, interface, n) == 0 && (*a)[n] == '.' &&
		    strcmp(*a + n + 1, member) == 0)
			return true;
	return false;
}

static int
refuse(struct link *link, sd_bus_message *m)
{
	const char *interface = sd_bus_message_get_interface(m);
	const char *member = sd_bus_message_get_member(m);

	if (link->options.refused != NULL)
		link->options.refused(link->bus, interface == NULL ? "" : interface,
		    member == NULL ? "" : member, link->options.userdata);
	sd_bus_reply_method_errorf(m, SD_BUS_ERROR_ACCESS_DENIED,
	    "この接続ではこの呼び出しは許されていません。\nThis call is not allowed on this link.");
	return 1;
}

static void
be_ready(struct link *link)
{
	if (link->greeted || link->options.ready == NULL)
		return;
	link->greeted = true;
	link->options.ready(link->bus, link->options.userdata);
}

static int
greet(struct link *link, sd_bus_message *m)
{
	sd_bus_reply_method_return(m, "s", ":1.1");
	be_ready(link);
	return 1;
}

static int
on_hello_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	if (!sd_bus_message_is_method_error(m, NULL))
		be_ready(userdata);
	return 1;
}

static int
judge_call(struct link *link, sd_bus_message *m)
{
	struct tally t = {0};
	int r;

	if (sd_bus_message_is_method_call(m, "org.freedesktop.DBus", "Hello"))
		return greet(link, m);
	if (!listed(link, sd_bus_message_get_interface(m), sd_bus_message_get_member(m)))
		return refuse(link, m);
	r = tally_message(m, &t);
	if (r == -EMSGSIZE)
		return refuse(link, m);
	if (r < 0 || sd_bus_message_rewind(m, 1) < 0) {
		sd_bus_reply_method_errorf(m, SD_BUS_ERROR_INVALID_ARGS,
		    "呼び出しの形が壊れています。\nThe call's body is malformed.");
		return 1;
	}
	return 0;
}

static int
on_message(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct link *link = userdata;
	uint8_t type = 0;

	if (sd_bus_message_is_signal(m, "org.freedesktop.DBus.Local", "Disconnected")) {
		link_end(link);
		return 1;
	}
	if (link->cut)
		return 1;
	sd_bus_message_get_type(m, &type);
	if (type == SD_BUS_MESSAGE_METHOD_CALL)
		return judge_call(link, m);
	if (type == SD_BUS_MESSAGE_SIGNAL)
		return !listed(link, sd_bus_message_get_interface(m), sd_bus_message_get_member(m));
	return 1; /* a reply nobody waits for */
}

static int
configure(sd_bus *bus, int *fd, bool server)
{
	sd_id128_t id;
	int r;

	r = sd_bus_set_fd(bus, *fd, *fd);
	if (r < 0)
		return r;
	*fd = -1; /* the bus closes it from now on */
	if (server) {
		r = sd_id128_randomize(&id);
		if (r < 0)
			return r;
		r = sd_bus_set_server(bus, 1, id);
		if (r < 0)
			return r;
	}
	/* The link is the identity: no credentials are asked for, none would mean anything. */
	if ((r = sd_bus_set_anonymous(bus, 1)) < 0 || (r = sd_bus_set_trusted(bus, 1)) < 0 ||
	    (r = sd_bus_negotiate_fds(bus, 1)) < 0 ||
	    (r = sd_bus_set_method_call_timeout(bus, LINK_CALL_TIMEOUT_S * UINT64_C(1000000))) < 0)
		return r;
	return sd_bus_start(bus);
}

/* Hangs the link object on the bus, so that it lives exactly as long. */
static int
hang(sd_bus *bus, sd_event *event, const struct link_options *options, struct link **ret)
{
	sd_bus_slot *slot = NULL;
	struct link *link;
	int r;

	link = calloc(1, sizeof(*link));
	if (link == NULL)
		return -ENOMEM;
	link->bus = bus;
	link->options = *options;
	r = sd_bus_add_filter(bus, &slot, on_message, link);
	if (r < 0) {
		free(link);
		return r;
	}
	sd_bus_slot_set_destroy_callback(slot, link_free);
	sd_bus_slot_set_floating(slot, 1);
	sd_bus_slot_unref(slot);
	if ((r = sd_event_add_post(event, &link->watch, on_dispatched, link)) < 0 ||
	    (r = sd_event_add_defer(event, &link->end, on_end, link)) < 0 ||
	    (r = sd_event_source_set_enabled(link->end, SD_EVENT_OFF)) < 0)
		return r;
	*ret = link;
	return 0;
}

int
link_new(sd_event *event, int fd, const struct link_options *options, sd_bus **ret)
{
	_cleanup_(closep) int owned = fd;
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	struct link *link;
	int r;

	r = sd_bus_new(&bus);
	if (r < 0)
		return r;
	r = configure(bus, &owned, options->server);
	if (r < 0)
		return r;
	r = hang(bus, event, options, &link);
	if (r < 0)
		return r;
	r = sd_bus_attach_event(bus, event, SD_EVENT_PRIORITY_NORMAL);
	if (r >= 0 && !options->server)
		r = sd_bus_call_method_async(bus, NULL, NULL, "/org/freedesktop/DBus",
		    "org.freedesktop.DBus", "Hello", on_hello_answer, link, "");
	if (r < 0)
		return r;
	*ret = TAKE_PTR(bus);
	return 0;
}

int
link_error(sd_bus_error *error, const char *code, const char *ja, const char *en)
{
	char name[128];

	snprintf(name, sizeof(name), LINK_ERROR_PREFIX "%s", code);
	return sd_bus_error_setf(error, name, "%s\n%s", ja, en);
}

const char *
link_error_code(const sd_bus_error *error)
{
	size_t n = sizeof(LINK_ERROR_PREFIX) - 1;

	if (error == NULL || error->name == NULL || strncmp(error->name, LINK_ERROR_PREFIX, n) != 0)
		return "internal";
	return error->name + n;
}
