/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is connected to whom. Every wire of the house ends at store: rooms never speak to each other
 * (architecture §1, the star). Knows no method and no message.
 */
#include "fumikurad.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"

static const char hub[] = "store";

static int
connect_pair(struct child *a, struct child *b)
{
	_cleanup_(closep) int one = -1, two = -1;
	int pair[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	one = pair[0];
	two = pair[1];
	r = bus_send_socket(a, "Attach", b->name, one);
	if (r < 0)
		return r;
	return bus_send_socket(b, "Attach", a->name, two);
}

static int
hand_listeners(struct child *child)
{
	struct supervisor *s = child->supervisor;

	for (size_t i = 0; i < 2; i++) {
		int r;

		if (strcmp(s->listeners[i].room, child->name) != 0)
			continue;
		r = bus_send_socket(child, "Listen", s->listeners[i].name, s->listeners[i].fd);
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
