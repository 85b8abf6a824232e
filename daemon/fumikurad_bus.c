/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control links: what a room may ask of the supervisor (supervisor_bus.h), and what it is told.
 * Each child is known by its link. */
#include "fumikurad.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/link.h"
#include "base/log.h"
#include "supervisor_bus.h"

static int
on_ready(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	child_is_ready(userdata);
	return sd_bus_reply_method_return(m, "");
}

static int
on_alive(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct child *child = userdata;

	sd_event_now(child->supervisor->event, CLOCK_MONOTONIC, &child->alive_usec);
	return sd_bus_reply_method_return(m, "");
}

/* Resident memory in kB; 0 when the process is gone. */
static uint32_t
resident_kb(pid_t pid)
{
	char path[64];
	unsigned long size, resident;
	FILE *f;
	int n;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	n = fscanf(f, "%lu %lu", &size, &resident);
	fclose(f);
	if (n != 2)
		return 0;
	return (uint32_t)(resident * (unsigned long)sysconf(_SC_PAGESIZE) / 1024);
}

static int
append_room(sd_bus_message *reply, const char *name, pid_t pid, uint32_t restarts, bool ready)
{
	return sd_bus_message_append(reply, "(suutb)", name, (uint32_t)pid, restarts,
	    (uint64_t)(pid == 0 ? 0 : resident_kb(pid)), ready);
}

static int
on_rooms(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct child *caller = userdata;
	sd_bus_message *reply = NULL;
	int r;

	if ((r = sd_bus_message_new_method_return(m, &reply)) < 0 ||
	    (r = sd_bus_message_open_container(reply, 'a', "(suutb)")) < 0 ||
	    (r = append_room(reply, "fumikurad", getpid(), 0, true)) < 0)
		goto out;
	for (struct child *c = caller->supervisor->children; c != NULL && r >= 0; c = c->next)
		r = append_room(reply, c->name, c->pid, c->restarts, c->ready);
	if (r < 0 || (r = sd_bus_message_close_container(reply)) < 0)
		goto out;
	r = sd_bus_send(NULL, reply, NULL);
out:
	sd_bus_message_unref(reply);
	return r;
}

static bool
job_name_ok(const char *job)
{
	size_t n = strlen(job);

	return n >= 1 && n <= JOB_NAME_MAX &&
	       strspn(job, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			   "0123456789-_") == n;
}

static int
on_spawn_import(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct child *caller = userdata;
	const char *job;
	int r;

	r = sd_bus_message_read(m, "s", &job);
	if (r < 0)
		return r;
	if (!job_name_ok(job))
		return link_error(error, "bad_parameter", "ジョブ名に使えない文字があります。",
		    "The job's name has characters that are not allowed.");
	r = child_spawn_import(caller->supervisor, job);
	if (r == -EBUSY)
		return link_error(error, "busy",
		    "取り込み処理がすでに上限まで動いています。終わるのを待ってからもう一度お試しく"
		    "ださい。",
		    "As many imports as allowed are running. Wait until one has ended, then try "
		    "again.");
	if (r == -EEXIST)
		return link_error(error, "exists", "同じ名前の取り込み処理が動いています。",
		    "An import of this name is running.");
	if (r < 0)
		return r;
	return sd_bus_reply_method_return(m, "");
}

static int
on_kill(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct child *caller = userdata, *victim;
	const char *peer;
	int r;

	r = sd_bus_message_read(m, "s", &peer);
	if (r < 0)
		return r;
	victim = child_find(caller->supervisor, peer);
	if (victim == NULL || victim == caller)
		return link_error(
		    error, "not_found", "その部屋は動いていません。", "No such room is running.");
	log_warn("%s asks to kill %s", caller->name, victim->name);
	child_kill(victim);
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
    /* the room is locked down and serves */
    SD_BUS_METHOD("Ready", "", "", on_ready, 0),
    /* sent every second */
    SD_BUS_METHOD("Alive", "", "", on_alive, 0),
    /* name, pid, restarts, resident memory in kB, ready; of every room, fumikurad first */
    SD_BUS_METHOD_WITH_ARGS("Rooms", SD_BUS_NO_ARGS, SD_BUS_ARGS("a(suutb)", rooms), on_rooms, 0),
    /* starts one import process, attached to store as "import/JOB" */
    SD_BUS_METHOD_WITH_ARGS("SpawnImport", SD_BUS_ARGS("s", job), "", on_spawn_import, 0),
    /* kills a room that is stuck; all but import/JOB are restarted */
    SD_BUS_METHOD_WITH_ARGS("Kill", SD_BUS_ARGS("s", peer), "", on_kill, 0),
    SD_BUS_VTABLE_END,
};

static const char *const allow_all[] = {SUPERVISOR_IFACE ".Ready", SUPERVISOR_IFACE ".Alive", NULL};
static const char *const allow_store[] = {SUPERVISOR_IFACE ".Ready", SUPERVISOR_IFACE ".Alive",
    SUPERVISOR_IFACE ".Rooms", SUPERVISOR_IFACE ".SpawnImport", SUPERVISOR_IFACE ".Kill", NULL};

static void
on_closed(sd_bus *bus, void *userdata)
{
	child_lost(userdata);
}

static void
on_greeted(sd_bus *bus, void *userdata)
{
	struct child *child = userdata;
	int r;

	child->greeted = true;
	r = wires_connect(child);
	if (r < 0) {
		log_errno(r, "cannot wire %s", child->name);
		child_kill(child); /* its exit schedules a fresh start */
	}
}

static void
on_refused(sd_bus *bus, const char *interface, const char *member, void *userdata)
{
	struct child *child = userdata;

	log_warn("refused a call of %s: %.60s.%.60s", child->name, interface, member);
}

int
bus_open_control(struct child *child, int fd)
{
	struct link_options options = {.server = true,
	    .allow = strcmp(child->name, "store") == 0 ? allow_store : allow_all,
	    .closed = on_closed,
	    .refused = on_refused,
	    .ready = on_greeted,
	    .userdata = child};
	int r;

	r = link_new(child->supervisor->event, fd, &options, &child->control);
	if (r < 0)
		return r;
	return sd_bus_add_object_vtable(
	    child->control, NULL, SUPERVISOR_PATH, SUPERVISOR_IFACE, vtable, child);
}
