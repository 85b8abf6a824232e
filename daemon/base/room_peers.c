/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peers of a room: links that come, are replaced and end. Knows no method. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "link.h"
#include "log.h"
#include "room_internal.h"

#define ROOM_MAX_PEERS 160 /* store: 64 ocr, 4 import, three rooms, and room for doubt */
#define PEER_NAME_SIZE 96  /* "import/" and a job id */

struct peer {
	struct room *room;
	struct peer *next;
	const struct room_link *row;
	sd_bus *bus;
	sd_bus_message *asked; /* fumikurad's Attach, answered when the link is ready */
	bool attached;         /* the room knows of it */
	char name[PEER_NAME_SIZE];
};

static struct peer **
peer_find(struct room *room, const char *name)
{
	struct peer **p = &room->peers;

	while (*p != NULL && strcmp((*p)->name, name) != 0)
		p = &(*p)->next;
	return p;
}

/* Unlinks before detach runs, so that room_peer() no longer finds it there. */
static void
peer_drop(struct peer **at)
{
	struct peer *peer = *at;
	struct room *room = peer->room;

	*at = peer->next;
	if (peer->attached && peer->row->detach != NULL)
		peer->row->detach(room, peer->name, peer->bus, room->userdata);
	if (peer->asked != NULL)
		sd_bus_reply_method_errnof(peer->asked, ENOTCONN, "the link ended");
	sd_bus_message_unref(peer->asked);
	sd_bus_close_unref(peer->bus); /* no flush: a peer that never reads would hold us */
	free(peer);
}

void
room_drop_peers(struct room *room)
{
	while (room->peers != NULL)
		peer_drop(&room->peers);
}

/* By bus, not by name: an older link of the same name may end after it was replaced. */
static struct peer **
peer_of_bus(struct room *room, const sd_bus *bus)
{
	struct peer **p = &room->peers;

	while (*p != NULL && (*p)->bus != bus)
		p = &(*p)->next;
	return p;
}

static void
on_peer_closed(sd_bus *bus, void *userdata)
{
	struct peer **at = peer_of_bus(userdata, bus);

	if (*at != NULL)
		peer_drop(at);
}

/* The room learns of the peer only when anything may be sent to it (link.h); so does fumikurad. */
static void
on_peer_ready(sd_bus *bus, void *userdata)
{
	struct room *room = userdata;
	struct peer **at = peer_of_bus(room, bus), *peer = *at;
	int r = 0;

	if (peer == NULL)
		return;
	peer->attached = true;
	if (peer->row->attach != NULL)
		r = peer->row->attach(room, peer->name, peer->bus, room->userdata);
	if (r < 0) {
		log_errno(r, "cannot attach %.60s", peer->name);
		peer->attached = false;
		peer_drop(peer_of_bus(room, bus));
		return;
	}
	sd_bus_reply_method_return(peer->asked, "");
	peer->asked = sd_bus_message_unref(peer->asked);
}

static void
on_peer_refused(sd_bus *bus, const char *interface, const char *member, void *userdata)
{
	struct room *room = userdata;
	const struct peer *peer = *peer_of_bus(room, bus);

	log_warn("refused a call of %s: %.60s.%.60s", peer == NULL ? "?" : peer->name, interface,
	    member);
}

static const struct room_link *
link_row(const struct room *room, const char *peer)
{
	for (const struct room_link *l = room->spec->links; l != NULL && l->peer != NULL; l++) {
		size_t n = strcspn(l->peer, "*");

		if (strncmp(l->peer, peer, n) == 0 && (l->peer[n] == '*' || peer[n] == '\0'))
			return l;
	}
	return NULL;
}

int
room_attach(struct room *room, const char *name, int fd, sd_bus_message *asked)
{
	const struct room_link *row = link_row(room, name);
	_cleanup_(closep) int owned = fd;
	struct link_options options = {
	    .closed = on_peer_closed, .refused = on_peer_refused, .userdata = room};
	struct peer *peer, **old;
	unsigned n = 0;
	int r;

	if (row == NULL || strlen(name) >= PEER_NAME_SIZE)
		return -EINVAL;
	old = peer_find(room, name);
	if (*old != NULL)
		peer_drop(old);
	for (peer = room->peers; peer != NULL; peer = peer->next)
		n++;
	if (n >= ROOM_MAX_PEERS)
		return -ENOBUFS;
	peer = calloc(1, sizeof(*peer));
	if (peer == NULL)
		return -ENOMEM;
	peer->room = room;
	peer->row = row;
	memcpy(peer->name, name, strlen(name) + 1);
	options.server = row->server;
	options.ready = on_peer_ready;
	options.allow = row->allow;
	r = link_new(room->event, TAKE_FD(owned), &options, &peer->bus);
	if (r < 0) {
		free(peer);
		return r;
	}
	peer->asked = sd_bus_message_ref(asked);
	peer->next = room->peers;
	room->peers = peer;
	return 0;
}

sd_bus *
room_peer(struct room *room, const char *peer)
{
	struct peer *p = *peer_find(room, peer);

	return p == NULL || !p->attached ? NULL : p->bus;
}
