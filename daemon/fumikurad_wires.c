/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is connected to whom. Every wire of the house ends at store: rooms never speak to each other
 * (architecture §1, the star). Knows of a room's methods the two that take a socket.
 */
#include "fumikurad.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "supervisor_bus.h"

static const char hub[] = "store";

/* An end that was lost is no fault here: its restart brings a new wire. */
static int
on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct child *child = userdata;
	const sd_bus_error *e = sd_bus_message_get_error(m);

	if (child->unanswered > 0)
		child->unanswered--;
	if (e != NULL && child->control != NULL && !child->supervisor->stopping)
		log_warn("%s did not take a link: %.200s", child->name, e->name);
	children_announce(child->supervisor);
	return 1;
}

static int
send_socket(struct child *child, const char *member, const char *name, int fd)
{
	int r;

	r = sd_bus_call_method_async(child->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE,
	    member, on_answer, child, "sh", name, fd);
	if (r >= 0)
		child->unanswered++;
	return r;
}

static int
connect_pair(struct child *a, struct child *b)
{
	_cleanup_(closep) int one = -1, two = -1;
	int pair[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	one = pair[0];
	two = pair[1];
	r = send_socket(a, "Attach", b->name, one);
	if (r < 0)
		return r;
	return send_socket(b, "Attach", a->name, two);
}

static int
hand_listeners(struct child *child)
{
	struct supervisor *s = child->supervisor;

	for (size_t i = 0; i < 2; i++) {
		int r;

		if (strcmp(s->listeners[i].room, child->name) != 0)
			continue;
		r = send_socket(child, "Listen", s->listeners[i].name, s->listeners[i].fd);
		if (r < 0)
			return r;
	}
	return 0;
}

int
wires_connect(struct child *child)
{
	struct supervisor *s = child->supervisor;
	struct child *store = child_find(s, hub);

	if (child != store) {
		int r = !store->greeted ? 0 : connect_pair(store, child);

		return r < 0 ? r : hand_listeners(child);
	}
	for (struct child *c = s->children; c != NULL; c = c->next) {
		int r;

		if (c == store || !c->greeted)
			continue;
		r = connect_pair(store, c);
		if (r < 0)
			return r;
	}
	return hand_listeners(child);
}
