/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a room starts and lives. Every executable but fumikurad and the command line runs:
 *
 *	room_new()    takes control link and configuration (descriptors 3, 4) from fumikurad
 *	…             the room opens whatever its sandbox row will forbid later
 *	room_lock()   drops capabilities, enters its row's fence (sandbox.h); failure is fatal
 *	room_run()    says Ready, then Alive every second; serves until Stop or the link's end
 *
 * When room_run() returns, every peer has been detached; what detach needs may be freed after that.
 *
 * Peers are attached at any time by fumikurad (Room1.Attach): at start, and again with a fresh
 * socket after a peer crashed. There is no other way to learn of a peer. Identity is the link: what
 * a peer may call is the white list of its room_link row.
 */
#ifndef FUMIKURA_ROOM_H
#define FUMIKURA_ROOM_H

#include <stdbool.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "config.h"

#define ROOM_CONTROL_FD 3
#define ROOM_CONFIG_FD 4

struct room;

struct room_link {
	const char *peer; /* peer's name, "store"; or a family, "ocr*", "import*" */
	bool server;      /* true on exactly one side of a link: store's, always */
	/* "interface.Member" the peer may call here; NULL-terminated; NULL for none */
	const char *const *allow;
	/*
	 * The peer is there (again): add vtables, remember bus. The bus is owned by the room
	 * framework and stays valid until detach returns. A negative return drops the link.
	 */
	int (*attach)(struct room *room, const char *peer, sd_bus *bus, void *userdata);
	/* The link is gone: answer or requeue what was under way. bus may still be compared, not
	 * used. */
	void (*detach)(struct room *room, const char *peer, sd_bus *bus, void *userdata);
};

struct room_spec {
	const char *name;              /* executable name and sandbox row */
	const struct room_link *links; /* ends with .peer == NULL */
	/* A listening socket passed by fumikurad ("https", "local"); fd owned by the callee. NULL
	 * when the room listens nowhere. */
	int (*listen)(struct room *room, const char *name, int fd, void *userdata);
	/*
	 * Stop was asked (or the supervisor is gone): finish soon. Called again every 50 ms while
	 * it returns > 0; room_run() returns when it returns 0. NULL: at once.
	 */
	int (*stop)(struct room *room, void *userdata);
};

/* argv is only looked at for --version. Opens the log, blocks SIGTERM/SIGINT into the event loop.
 */
int room_new(
    int argc, char **argv, const struct room_spec *spec, void *userdata, struct room **ret);
int room_lock(struct room *room);
int room_run(struct room *room);
/* Makes room_run() return r (0: clean). Callable from the loop only. */
void room_exit(struct room *room, int r);

sd_event *room_event(struct room *room);             /* borrowed */
const struct config *room_config(struct room *room); /* borrowed */
/* To fumikurad (daemon/supervisor_bus.h); borrowed; NULL once it is gone. */
sd_bus *room_control(struct room *room);
/* The live bus of a peer or NULL; borrowed, until detach. */
sd_bus *room_peer(struct room *room, const char *peer);

void room_free(struct room *room);
DEFINE_CLEANUP(struct room *, room_free)

#endif
