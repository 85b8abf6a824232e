/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The room that keeps everything. `store` is started by fumikurad; `store --offline --data DIR
 * [--key-file FILE]` serves one console link on descriptor 3 for the command line's init, doctor
 * and rebuild, without a box.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "begin.h"
#include "call.h"
#include "clock.h"
#include "full.h"
#include "intake.h"
#include "io.h"
#include "link.h"
#include "log.h"
#include "offline.h"
#include "peer.h"
#include "recognise.h"
#include "scanner/scanner_bus.h"
#include "secret.h"
#include "serve.h"
#include "session.h"
#include "stamp.h"
#include "store.h"
#include "swap.h"
#include "text.h"

#define CALL_THREADS 24 /* a dozen may sleep in long polls */
#define CALL_WAITING 256
#define SLOW_THREADS 16
#define URGENT_THREADS 5  /* one watches the end of a scan, one ends it; impatient clicks */
#define HASHING_THREADS 2 /* Argon2id needs 64 MiB each */
#define HASHING_WAITING 128
#define INTAKE_THREADS                                                                             \
	8 /* pages sealed side by side: a full window of one scan and imports beside it */
#define INTAKE_WAITING 256

/* ---- links ---- */

static const char *const intake_allow[] = {INTAKE_IFACE ".PutPage", INTAKE_IFACE ".Finish", NULL};

static int
attach_web(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	return serve_begin(userdata, bus, false, true);
}

static int
attach_intake(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	sd_bus_slot *slot = NULL;
	int r = intake_attach(userdata, peer, bus, &slot);

	if (r >= 0)
		sd_bus_slot_set_floating(slot, 1);
	sd_bus_slot_unref(slot);
	return r;
}

static int
attach_ocr(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct store *store = userdata;

	return recogniser_attach(store, peer);
}

static int
attach_courier(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	store_announce_change(userdata);
	return 0;
}

static void
detach_ocr(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct store *store = userdata;

	recogniser_detach(store, peer);
	peers_lost(store->peers, bus);
}

static void
detach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct store *store = userdata;

	peers_lost(store->peers, bus);
	intake_lost(store, peer);
}

static const struct room_link links[] = {
    {"web", true, serve_allow_web, attach_web, detach},
    {"scanner", true, intake_allow, attach_intake, detach},
    {"import*", true, intake_allow, attach_intake, detach},
    {"ocr*", true, NULL, attach_ocr, detach_ocr},
    {"courier", true, NULL, attach_courier, detach},
    {NULL},
};

/* ---- command lines on the local socket ---- */

static void
local_closed(sd_bus *bus, void *userdata)
{
	unsigned *count = userdata;

	(*count)--;
	sd_bus_unref(bus);
}

/* The number of connected command lines; the main thread's. */
static unsigned local_count;

static int
on_local(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct store *store = userdata;
	struct link_options options = {
	    .server = true, .allow = serve_allow, .closed = local_closed, .userdata = &local_count};
	_cleanup_(closep) int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred who;
	socklen_t size = sizeof(who);
	sd_bus *bus;
	int r;

	if (peer < 0)
		return 0;
	if (getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0 ||
	    local_count >= STORE_LOCAL_LINKS)
		return 0;
	r = link_new(sd_event_source_get_event(source), TAKE_FD(peer), &options, &bus);
	if (r < 0) {
		log_errno(r, "local: connection refused");
		return 0;
	}
	local_count++;
	r = serve_begin(store, bus, who.uid == 0 || who.uid == getuid(), false);
	if (r < 0) {
		log_errno(r, "local: connection refused");
		sd_bus_close(bus);
	}
	return 0;
}

static int
on_listen(struct room *room, const char *name, int fd, void *userdata)
{
	if (strcmp(name, "local") != 0)
		return -EINVAL;
	return sd_event_add_io(room_event(room), NULL, fd, 1 /* EPOLLIN */, on_local, userdata);
}

/* ---- start ---- */

static const struct room_spec spec = {.name = "store", .links = links, .listen = on_listen};

/* Threads, and what they share. */
static int
make_threads(struct store *store)
{
	int r;

	r = mainloop_new(room_event(store->room), &store->loop);
	if (r >= 0)
		r = pool_new(store->loop, CALL_THREADS, CALL_WAITING, &store->calls);
	if (r >= 0)
		r = pool_new(store->loop, SLOW_THREADS, CALL_WAITING, &store->slow);
	if (r >= 0)
		r = pool_new(store->loop, URGENT_THREADS, CALL_WAITING, &store->urgent);
	if (r >= 0)
		r = pool_new(store->loop, HASHING_THREADS, HASHING_WAITING, &store->hashing);
	if (r >= 0)
		r = pool_new(store->loop, INTAKE_THREADS, INTAKE_WAITING, &store->intake);
	if (r >= 0)
		r = peers_new(store, &store->peers);
	if (r >= 0)
		r = runs_new(store, &store->runs);
	if (r >= 0)
		r = recogniser_new(store, &store->recogniser);
	return r;
}

/* Sessions, recovery of what was interrupted: everything after the lock. */
static int
start(struct store *store)
{
	int r;

	r = make_threads(store);
	if (r >= 0)
		r = store_open(store);
	if (r == -ENOSPC)
		return full_begin(store);
	if (r >= 0)
		r = sessions_new(store->data_dir,
		    (unsigned)config_uint(store->config, "store", "session_idle_min", 1, 1440),
		    (unsigned)config_uint(store->config, "store", "session_max_h", 1, 168),
		    &store->sessions);
	if (r >= 0)
		r = begin_record(store);
	if (r >= 0)
		r = intake_recover(store);
	if (r >= 0)
		r = recognise_recover(store);
	if (r >= 0)
		r = stamper_new(store, &store->stamper);
	if (r >= 0)
		r = clock_watcher_new(store);
	return r;
}

/* Keys are in locked memory; pages and texts are not. */
static void
look_at_swap(struct store *store)
{
	_cleanup_(closep) int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	store->swap = root < 0 ? -errno : swap_look(root);
	if (store->swap == SWAP_PLAIN)
		log_warn(
		    "swap: not encrypted, so what is in memory could come to lie on the disk in "
		    "plain; turn it off, encrypt it, or set MemorySwapMax=0 for the service");
	else if (store->swap < 0)
		log_errno(store->swap, "swap: cannot be looked at");
}

/* On the writer's thread, which so takes up nothing more: in the midst of a group the log would be
 * left ahead of the catalogue, and the next start would need space to make up for it. */
static int
leave(struct catalogue **cat, struct eventlog *log, void *arg)
{
	_exit(*(const int *)arg);
}

int
main(int argc, char **argv)
{
	struct store store = {.data_dir = -1};
	int r, status;

	if (argc > 1 && strcmp(argv[1], "--offline") == 0)
		return offline_main(argc, argv);
	r = room_new(argc, argv, &spec, &store, &store.room);
	if (r < 0)
		return EXIT_FAILURE;
	store.config = room_config(store.room);
	io_set_flush_delay((unsigned)config_uint(store.config, "store", "fsync_delay_ms", 0, 1000));
	r = store_prepare(&store, config_get(store.config, "archive", "data"),
	    config_get(store.config, "store", "master_key_file"));
	if (r < 0)
		return log_errno(r, "store: cannot open the data directory"), EXIT_FAILURE;
	look_at_swap(&store);
	r = room_lock(store.room);
	if (r >= 0)
		r = start(&store);
	if (r >= 0)
		r = room_run(store.room);
	status = r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
	/* What was acknowledged is durable; threads may be asleep in calls that nobody will answer
	 * any more. */
	if (store.writer != NULL)
		writer_exclusive(store.writer, leave, &status);
	_exit(status);
}
