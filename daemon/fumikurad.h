/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The supervisor's own parts. One process, one thread, one event loop. It starts rooms, wires them
 * to each other, restarts what dies, and never sees what they say to each other. Parts:
 *
 *	fumikurad_main.c      options, configuration, start and end
 *	fumikurad_listen.c    listening sockets
 *	fumikurad_spawn.c     fork and exec of one room
 *	fumikurad_children.c  life of a child: back-off, watchdog, stop
 *	fumikurad_wires.c     who is connected to whom
 *	fumikurad_bus.c       what rooms may ask (supervisor_bus.h)
 *
 * From spawn to bus each uses only those before it, but for one call: children opens a child's
 * control link in bus, because what comes over it may start and end children again.
 */
#ifndef FUMIKURA_FUMIKURAD_H
#define FUMIKURA_FUMIKURAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "base/config.h"

#define CHILD_NAME_SIZE 96 /* "import/" and a job id */
#define JOB_NAME_MAX 64    /* characters of a job id */
#define OCR_WORKERS_MAX 64
#define STOP_LIMIT_MS 5000    /* a room that was asked to stop is killed after so long */
#define START_LIMIT_S 600     /* until Ready: opening a large archive may replay its log */
#define READY_PATIENCE_S 15   /* after so long the box is ready without rooms that are not vital */
#define BACKOFF_FIRST_MS 100  /* the first restart is immediate, then 100 ms, doubling … */
#define BACKOFF_LAST_MS 10000 /* … to here; forgotten after HEALTHY_S */
#define HEALTHY_S 60
#define SUPERVISOR_GROUPS 32

struct supervisor;

struct child {
	struct supervisor *supervisor;
	struct child *next;
	char name[CHILD_NAME_SIZE]; /* "store", "ocr/0", "import/JOB" */
	const char *executable;     /* also its configuration section */
	bool one_shot;              /* never restarted, forgotten when it ends */
	bool vital;                 /* without it the box serves nobody */
	bool last;                  /* stopped after all others */

	pid_t pid;       /* 0: not running */
	sd_bus *control; /* NULL: not running, or cut */
	bool greeted;    /* takes messages: wires may be sent */
	bool ready;      /* said Ready */
	bool stop_asked;
	unsigned unanswered; /* Attach and Listen that it has not yet answered */
	uint64_t started_usec, alive_usec;
	unsigned failures; /* in a row, without a healthy minute between */
	uint32_t restarts;
	sd_event_source *exit_source, *restart_timer, *kill_timer;
};

struct listener {
	const char *name, *room; /* "https" for web, "local" for store */
	int fd;
};

struct supervisor {
	struct config *config;
	sd_event *event;
	const char *bin_dir;
	char *own_dir; /* directory of this executable */
	uid_t uid;     /* rooms run as … */
	gid_t gid;
	bool change_user;
	gid_t groups[SUPERVISOR_GROUPS]; /* of that user; scanner alone gets them: USB scanners
					    belong to one */
	int n_groups;
	struct child *children;
	struct listener listeners[2];
	char url[320];
	sd_event_source *tick;
	uint64_t started_usec;
	bool announced, stopping, stopping_last;
};

/* listen: opens both sockets and fills url. Logs its own errors: they name the key to change. */
int listeners_open(struct supervisor *s);
void listeners_close(struct supervisor *s);

/* spawn: fork + exec of executable; ret_control is our end of its control link. */
int spawn_room(struct supervisor *s, const struct child *child, pid_t *ret_pid, int *ret_control);

/* children */
int children_start(struct supervisor *s);
struct child *child_find(struct supervisor *s, const char *name);
int child_spawn_import(struct supervisor *s, const char *job);
void child_kill(struct child *child);
/* The control link ended, or a control message could not be sent: such a room cannot be steered any
 * more. */
void child_lost(struct child *child);
void child_is_ready(struct child *child);
/* Says once that the box is ready, when it is. */
void children_announce(struct supervisor *s);
void children_stop(struct supervisor *s);
void children_free(struct supervisor *s);

/* wires: child has just greeted: connects it to every peer that has, and hands it its listening
 * sockets. */
int wires_connect(struct child *child);

/* bus */
int bus_open_control(struct child *child, int fd);

#endif
