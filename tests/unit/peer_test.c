/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call to a room whose link is lost while it is made: the room is away, and has seen nothing of
 * it. The main thread is this one: what peer.c posts to it is done at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/link.h"
#include "store/peer.h"

#define PATH "/jp/fumikura/test"
#define IFACE "jp.fumikura.Test1"

static sd_bus *to_room; /* NULL: it is away */

/* ---- in the place of the house's ---- */

sd_bus *
room_peer(struct room *room, const char *peer)
{
	return to_room;
}

sd_bus *
room_control(struct room *room)
{
	return NULL;
}

int
mainloop_post(struct mainloop *loop, void (*fn)(void *arg), void *arg)
{
	fn(arg);
	return 0;
}

/* ---- */

static struct link {
	sd_event *event;
	sd_bus *ours, *theirs;
	bool ready;
} l;

static void
on_end(sd_bus *bus, void *userdata)
{
}

static void
on_ready(sd_bus *bus, void *userdata)
{
	l.ready = true;
}

static void
link_up(void)
{
	static const char *const allow[] = {NULL};
	struct link_options ours = {
	    .server = true, .allow = allow, .closed = on_end, .ready = on_ready};
	struct link_options theirs = {.allow = allow, .closed = on_end};
	int fds[2];

	l.ready = false;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_true(sd_event_new(&l.event) >= 0);
	assert_int_equal(link_new(l.event, fds[0], &ours, &l.ours), 0);
	assert_int_equal(link_new(l.event, fds[1], &theirs, &l.theirs), 0);
	for (int i = 0; i < 1000 && !l.ready; i++)
		assert_true(sd_event_run(l.event, 10000) >= 0);
	assert_true(l.ready);
}

static void
link_down(void)
{
	sd_bus_flush_close_unref(l.ours);
	sd_event_unref(l.event);
}

static int
fill(sd_bus_message *message, void *arg)
{
	return sd_bus_message_append(message, "s", "page");
}

static int
call(bool *sent)
{
	struct store store = {.room = NULL};
	const struct peer_call what = {.peer = "ocr/0",
	    .path = PATH,
	    .interface = IFACE,
	    .member = "Read",
	    .fill = fill,
	    .timeout_s = 60,
	    .ret_sent = sent};
	int r;

	assert_int_equal(peers_new(&store, &store.peers), 0);
	r = peer_call(&store, &what, NULL);
	peers_free(store.peers);
	return r;
}

static void
who_is_away_has_seen_nothing(void **state)
{
	bool sent = false;

	to_room = NULL;
	assert_int_equal(call(&sent), -ENOTCONN);
	assert_false(sent);
}

/* It went a moment ago, and our end of the link was not looked at since. */
static void
who_just_went_has_seen_nothing(void **state)
{
	bool sent = false;

	link_up();
	to_room = l.ours;
	sd_bus_flush_close_unref(l.theirs);
	assert_int_equal(call(&sent), -ENOTCONN);
	assert_false(sent);
	link_down();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_is_away_has_seen_nothing),
	    cmocka_unit_test(who_just_went_has_seen_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
