/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of each child: start, watch, kill, restart with back-off, stop in order. Knows no
 * message but the end of a control link. */
#include "fumikurad.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/log.h"
#include "supervisor_bus.h"

#define USEC_PER_MS UINT64_C(1000)
#define USEC_PER_S UINT64_C(1000000)

static int child_start(struct child *child);

static uint64_t
now(struct supervisor *s)
{
	uint64_t usec = 0;

	sd_event_now(s->event, CLOCK_MONOTONIC, &usec);
	return usec;
}

struct child *
child_find(struct supervisor *s, const char *name)
{
	struct child *c = s->children;

	while (c != NULL && strcmp(c->name, name) != 0)
		c = c->next;
	return c;
}

static struct child *
child_add(struct supervisor *s, const char *name, const char *executable)
{
	struct child *child = calloc(1, sizeof(*child)), **end = &s->children;

	if (child == NULL)
		return NULL;
	child->supervisor = s;
	child->executable = executable;
	snprintf(child->name, sizeof(child->name), "%s", name);
	while (*end != NULL)
		end = &(*end)->next;
	*end = child;
	return child;
}

static void
child_clear(struct child *child)
{
	child->exit_source = sd_event_source_disable_unref(child->exit_source);
	child->kill_timer = sd_event_source_disable_unref(child->kill_timer);
	child->restart_timer = sd_event_source_disable_unref(child->restart_timer);
	child->control = sd_bus_close_unref(child->control);
	child->pid = 0;
	child->unanswered = 0;
	child->greeted = child->ready = child->stop_asked = false;
}

static void
child_remove(struct child *child)
{
	struct child **at = &child->supervisor->children;

	while (*at != child)
		at = &(*at)->next;
	*at = child->next;
	child_clear(child);
	free(child);
}

void
child_kill(struct child *child)
{
	if (child->pid > 0)
		kill(child->pid, SIGKILL);
}

void
child_lost(struct child *child)
{
	child->control = sd_bus_close_unref(child->control);
	child->greeted = false;
	/* A room that stops by itself closes its link a moment before it exits. */
	if (!child->stop_asked)
		child_kill(child);
}

/* ---- stopping ---- */

static int
on_kill_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct child *child = userdata;

	log_warn("%s had its time; killing it", child->name);
	child_kill(child);
	return 0;
}

static void
child_stop(struct child *child)
{
	child->restart_timer = sd_event_source_disable_unref(child->restart_timer);
	if (child->pid == 0 || child->stop_asked)
		return;
	child->stop_asked = true;
	if (child->control == NULL || sd_bus_call_method_async(child->control, NULL, NULL,
					  SUPERVISOR_PATH, ROOM_IFACE, "Stop", NULL, NULL, "") < 0)
		child_kill(child);
	child->kill_timer = sd_event_source_disable_unref(child->kill_timer);
	sd_event_add_time_relative(child->supervisor->event, &child->kill_timer, CLOCK_MONOTONIC,
	    STOP_LIMIT_MS * USEC_PER_MS, 0, on_kill_timer, child);
}

/* First everyone who may still ask something of store, then store. */
static void
stop_next(struct supervisor *s)
{
	bool others = false, any = false;

	for (struct child *c = s->children; c != NULL; c = c->next) {
		any = any || c->pid != 0;
		others = others || (c->pid != 0 && !c->last);
	}
	if (!any) {
		sd_event_exit(s->event, 0);
		return;
	}
	for (struct child *c = s->children; c != NULL; c = c->next)
		if (!c->last || !others)
			child_stop(c);
}

void
children_stop(struct supervisor *s)
{
	if (s->stopping)
		return;
	s->stopping = true;
	log_info("stopping");
	sd_notify(0, "STOPPING=1");
	stop_next(s);
}

/* ---- readiness ---- */

static bool
all_ready(const struct supervisor *s, bool vital_only)
{
	for (const struct child *c = s->children; c != NULL; c = c->next)
		if ((!c->ready || c->unanswered > 0) && !c->one_shot && (c->vital || !vital_only))
			return false;
	return true;
}

/* A room that cannot start (a broken scanner driver) must not keep the archive closed for ever. */
void
children_announce(struct supervisor *s)
{
	bool patient = now(s) - s->started_usec < READY_PATIENCE_S * USEC_PER_S;

	if (s->announced || s->stopping || !all_ready(s, !patient))
		return;
	s->announced = true;
	if (!all_ready(s, false))
		log_warn("serving although not every room has started");
	printf("{\"ready\":true,\"url\":\"%s\",\"socket\":\"", s->url);
	for (const char *p = config_get(s->config, "local", "socket"); *p != '\0'; p++)
		printf(*p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
	printf("\"}\n");
	fflush(stdout);
	sd_notifyf(0, "READY=1\nSTATUS=%s", s->url);
}

void
child_is_ready(struct child *child)
{
	child->ready = true;
	child->alive_usec = now(child->supervisor);
	log_info("%s is ready, pid %d", child->name, (int)child->pid);
	children_announce(child->supervisor);
}

/* ---- end and restart ---- */

static int
on_restart(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct child *child = userdata;

	child->restart_timer = sd_event_source_disable_unref(child->restart_timer);
	child_start(child);
	return 0;
}

static uint64_t
backoff_usec(unsigned failures)
{
	uint64_t ms = BACKOFF_FIRST_MS;

	if (failures == 0)
		return 0;
	while (--failures > 0 && ms < BACKOFF_LAST_MS)
		ms *= 2;
	return (ms < BACKOFF_LAST_MS ? ms : BACKOFF_LAST_MS) * USEC_PER_MS;
}

static void
schedule_restart(struct child *child)
{
	struct supervisor *s = child->supervisor;
	int r;

	if (now(s) - child->started_usec >= HEALTHY_S * USEC_PER_S)
		child->failures = 0;
	child->restarts++;
	r = sd_event_add_time_relative(s->event, &child->restart_timer, CLOCK_MONOTONIC,
	    backoff_usec(child->failures++), 0, on_restart, child);
	if (r < 0)
		log_errno(r, "cannot restart %s", child->name);
}

static void
log_end(const struct child *child, const siginfo_t *si)
{
	bool clean = si->si_code == CLD_EXITED && si->si_status == 0;

	if (clean && (child->stop_asked || child->one_shot))
		return;
	if (si->si_code == CLD_EXITED)
		log_warn("%s exited with status %d", child->name, si->si_status);
	else
		log_warn("%s was ended by signal %d", child->name, si->si_status);
}

static int
on_exit_of(sd_event_source *source, const siginfo_t *si, void *userdata)
{
	struct child *child = userdata;
	struct supervisor *s = child->supervisor;

	log_end(child, si);
	child_clear(child);
	if (child->one_shot)
		child_remove(child);
	else if (!s->stopping)
		schedule_restart(child);
	if (s->stopping)
		stop_next(s);
	return 0;
}

/* Brings a dead child to life and wires it. On failure the usual restart is scheduled. */
static int
child_start(struct child *child)
{
	struct supervisor *s = child->supervisor;
	int fd, r;

	child->started_usec = child->alive_usec = now(s);
	r = spawn_room(s, child, &child->pid, &fd);
	if (r < 0)
		goto fail;
	r = sd_event_add_child(
	    s->event, &child->exit_source, child->pid, WEXITED, on_exit_of, child);
	if (r < 0) {
		close(fd);
		child_kill(child);
		goto fail;
	}
	r = bus_open_control(child, fd);
	if (r < 0) {
		log_errno(r, "cannot open the control link of %s", child->name);
		child_kill(child); /* its exit schedules the restart */
	}
	return r;
fail:
	log_errno(r, "cannot start %s", child->name);
	child_clear(child);
	if (!child->one_shot)
		schedule_restart(child);
	return r;
}

/* ---- watching ---- */

static void
watch(struct child *child)
{
	struct supervisor *s = child->supervisor;
	uint64_t limit = START_LIMIT_S;

	if (child->pid == 0 || child->stop_asked)
		return;
	if (child->ready)
		limit = config_uint(s->config, "supervisor", "watchdog_s", 1, 3600);
	if (now(s) - child->alive_usec <= limit * USEC_PER_S)
		return;
	log_error("%s gave no sign of life for %u s; killing it", child->name, (unsigned)limit);
	child->alive_usec = now(s);
	child_kill(child);
}

static int
on_tick(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct supervisor *s = userdata;

	for (struct child *c = s->children; c != NULL; c = c->next)
		watch(c);
	children_announce(s);
	sd_event_source_set_time_relative(source, USEC_PER_S);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* ---- who there is ---- */

static unsigned
ocr_workers(const struct supervisor *s)
{
	unsigned n =
	    (unsigned)config_uint(s->config, "supervisor", "ocr_workers", 0, OCR_WORKERS_MAX);
	cpu_set_t set;

	if (n != 0)
		return n;
	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	n = (unsigned)CPU_COUNT(&set);
	return n < OCR_WORKERS_MAX ? n : OCR_WORKERS_MAX;
}

static int
add_rooms(struct supervisor *s)
{
	static const struct {
		const char *name;
		bool vital, last;
	} rooms[] = {{"store", true, true}, {"web", true}, {"scanner"}, {"courier"}};
	unsigned workers = ocr_workers(s);

	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		struct child *child = child_add(s, rooms[i].name, rooms[i].name);

		if (child == NULL)
			return -ENOMEM;
		child->vital = rooms[i].vital;
		child->last = rooms[i].last;
	}
	for (unsigned i = 0; i < workers; i++) {
		char name[CHILD_NAME_SIZE];

		snprintf(name, sizeof(name), "ocr/%u", i);
		if (child_add(s, name, "ocr") == NULL)
			return -ENOMEM;
	}
	return 0;
}

int
children_start(struct supervisor *s)
{
	int r;

	s->started_usec = now(s);
	r = add_rooms(s);
	if (r < 0)
		return r;
	for (struct child *c = s->children; c != NULL; c = c->next)
		child_start(c);
	r = sd_event_add_time_relative(
	    s->event, &s->tick, CLOCK_MONOTONIC, USEC_PER_S, 0, on_tick, s);
	if (r < 0)
		return r;
	/* Signs of life that wait in a socket count before the clock does. */
	return sd_event_source_set_priority(s->tick, SD_EVENT_PRIORITY_IDLE);
}

int
child_spawn_import(struct supervisor *s, const char *job)
{
	char name[CHILD_NAME_SIZE];
	struct child *child;
	unsigned running = 0;
	uint64_t limit;
	int r;

	snprintf(name, sizeof(name), "import/%s", job);
	if (child_find(s, name) != NULL)
		return -EEXIST;
	for (struct child *c = s->children; c != NULL; c = c->next)
		running += c->one_shot;
	if (running >= IMPORT_MAX_PROCESSES || s->stopping)
		return -EBUSY;
	child = child_add(s, name, "import");
	if (child == NULL)
		return -ENOMEM;
	child->one_shot = true;
	r = child_start(child);
	if (r < 0 && child->pid == 0) {
		child_remove(child);
		return r;
	}
	limit = config_uint(s->config, "import", "time_limit_s", 1, 3600);
	sd_event_add_time_relative(s->event, &child->kill_timer, CLOCK_MONOTONIC,
	    limit * USEC_PER_S, 0, on_kill_timer, child);
	return r;
}

void
children_free(struct supervisor *s)
{
	while (s->children != NULL)
		child_remove(s->children);
	s->tick = sd_event_source_disable_unref(s->tick);
}
