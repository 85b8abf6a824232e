/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of the room module only. */
#ifndef FUMIKURA_ROOM_INTERNAL_H
#define FUMIKURA_ROOM_INTERNAL_H

#include "room.h"

struct peer;

struct room {
	const struct room_spec *spec;
	void *userdata;
	struct config *config;
	sd_event *event;
	sd_bus *control;
	sd_event_source *alive, *stop_poll;
	struct peer *peers;
	bool stopping;
};

/* fumikurad's Attach (asked, borrowed): a link to the peer over fd (taken, also on failure), which
 * replaces an older one of the same name. It is answered when the link is ready or ends. */
int room_attach(struct room *room, const char *name, int fd, sd_bus_message *asked);
void room_drop_peers(struct room *room);

#endif
