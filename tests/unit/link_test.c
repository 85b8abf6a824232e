/* links: */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fence of one link against a peer that follows no rule: what is not on the white list is
 * refused before anything else, a peer that never reads is dropped, and whatever ends a link is
 * reported once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/link.h"
#include "base/memfd.h"

#define PATH "/test"
#define IFACE "test.Test1"

struct pair {
	sd_event *event;
	sd_bus *server, *client;
	unsigned server_closed, client_closed, refused, greeted, client_ready, called, answered;
	char refused_name[128], error[128], text[64];
	uint8_t *big;
};

static int
on_echo(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct pair *p = userdata;
	const char *text;

	p->called++;
	if (sd_bus_message_read(m, "s", &text) < 0)
		return -EBADMSG;
	return sd_bus_reply_method_return(m, "s", text);
}

static int
on_any(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct pair *p = userdata;

	p->called++;
	return sd_bus_reply_method_return(m, "");
}

static int
on_fail(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return link_error(error, "no_device", "装置がありません。", "There is no device.");
}

static int
on_hidden(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	fail_msg("a call that is not listed got through");
	return 0;
}

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Echo", "s", "s", on_echo, 0),
    SD_BUS_METHOD("Bytes", "ay", "", on_any, 0),
    SD_BUS_METHOD("Words", "as", "", on_any, 0),
    SD_BUS_METHOD("Files", "ah", "", on_any, 0),
    SD_BUS_METHOD("Fail", "", "", on_fail, 0),
    SD_BUS_METHOD("Hidden", "", "", on_hidden, 0),
    SD_BUS_VTABLE_END,
};

static const char *const allow[] = {
    IFACE ".Echo", IFACE ".Bytes", IFACE ".Words", IFACE ".Files", IFACE ".Fail", NULL};

static void
on_server_closed(sd_bus *bus, void *userdata)
{
	struct pair *p = userdata;

	assert_ptr_equal(bus, p->server);
	p->server_closed++;
	p->server = sd_bus_flush_close_unref(p->server);
}

static void
on_client_closed(sd_bus *bus, void *userdata)
{
	struct pair *p = userdata;

	p->client_closed++;
	p->client = sd_bus_flush_close_unref(p->client);
}

static void
on_refused(sd_bus *bus, const char *interface, const char *member, void *userdata)
{
	struct pair *p = userdata;

	p->refused++;
	snprintf(p->refused_name, sizeof(p->refused_name), "%s.%s", interface, member);
}

static void
on_ready(sd_bus *bus, void *userdata)
{
	struct pair *p = userdata;

	p->greeted++;
}

static void
on_client_ready(sd_bus *bus, void *userdata)
{
	struct pair *p = userdata;

	p->client_ready++;
}

/* Only the serving end; the other end of the socket is returned raw. */
static int
half(struct pair *p)
{
	struct link_options options = {.server = true,
	    .allow = allow,
	    .closed = on_server_closed,
	    .refused = on_refused,
	    .ready = on_ready,
	    .userdata = p};
	int fds[2];

	*p = (struct pair){0};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_true(sd_event_new(&p->event) >= 0);
	assert_int_equal(link_new(p->event, fds[0], &options, &p->server), 0);
	assert_true(sd_bus_add_object_vtable(p->server, NULL, PATH, IFACE, vtable, p) >= 0);
	return fds[1];
}

/* Turns the loop until *what reaches n. */
static void
turn_until(struct pair *p, const unsigned *what, unsigned n)
{
	for (int i = 0; i < 1000 && *what < n; i++)
		assert_true(sd_event_run(p->event, 10000) >= 0);
	assert_int_equal(*what, n);
}

static void
open_pair(struct pair *p)
{
	int fd = half(p);
	struct link_options options = {
	    .closed = on_client_closed, .ready = on_client_ready, .userdata = p};

	assert_int_equal(link_new(p->event, fd, &options, &p->client), 0);
	turn_until(p, &p->client_ready, 1);
	assert_int_equal(p->greeted, 1);
}

static void
close_pair(struct pair *p)
{
	sd_bus_close_unref(p->client);
	sd_bus_close_unref(p->server);
	sd_event_unref(p->event);
	free(p->big);
}

static int
on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct pair *p = userdata;
	const sd_bus_error *e = sd_bus_message_get_error(m);
	const char *text;

	p->answered++;
	p->error[0] = p->text[0] = '\0';
	if (e != NULL)
		snprintf(p->error, sizeof(p->error), "%s", e->name);
	else if (sd_bus_message_has_signature(m, "s") && sd_bus_message_read(m, "s", &text) >= 0)
		snprintf(p->text, sizeof(p->text), "%s", text);
	return 1;
}

static void
call_plain(struct pair *p, const char *path, const char *interface, const char *member)
{
	unsigned n = p->answered + 1;

	assert_true(sd_bus_call_method_async(
			p->client, NULL, NULL, path, interface, member, on_answer, p, "") >= 0);
	turn_until(p, &p->answered, n);
}

static void
listed_calls_are_answered(void **state)
{
	struct pair p;

	open_pair(&p);
	assert_true(sd_bus_call_method_async(p.client, NULL, NULL, PATH, IFACE, "Echo", on_answer,
			&p, "s", "文蔵") >= 0);
	turn_until(&p, &p.answered, 1);
	assert_string_equal(p.text, "文蔵");
	assert_int_equal(p.greeted, 1);
	close_pair(&p);
}

static void
everything_else_is_refused(void **state)
{
	static const char *const rows[][3] = {{PATH, IFACE, "Hidden"}, {PATH, IFACE, "Nothing"},
	    {PATH, NULL, "Echo"}, {PATH, NULL, "Hidden"}, {PATH, IFACE "X", "Echo"},
	    {"/", "org.freedesktop.DBus.Peer", "Ping"},
	    {"/", "org.freedesktop.DBus.Peer", "GetMachineId"},
	    {PATH, "org.freedesktop.DBus.Introspectable", "Introspect"},
	    {PATH, "org.freedesktop.DBus.Properties", "GetAll"},
	    {"/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"},
	    {PATH, "org.freedesktop.DBus", "ListNames"}};
	struct pair p;

	open_pair(&p);
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		call_plain(&p, rows[i][0], rows[i][1], rows[i][2]);
		assert_string_equal(p.error, "org.freedesktop.DBus.Error.AccessDenied");
		assert_int_equal(p.refused, i + 1);
	}
	assert_string_equal(p.refused_name, "org.freedesktop.DBus.ListNames");
	assert_int_equal(p.server_closed, 0);
	close_pair(&p);
}

/* The client end lists nothing: a server cannot call it at all. */
static void
the_fence_stands_in_both_directions(void **state)
{
	struct pair p;

	open_pair(&p);
	assert_true(sd_bus_add_object_vtable(p.client, NULL, PATH, IFACE, vtable, &p) >= 0);
	assert_true(sd_bus_call_method_async(
			p.server, NULL, NULL, PATH, IFACE, "Hidden", on_answer, &p, "") >= 0);
	turn_until(&p, &p.answered, 1);
	assert_string_equal(p.error, "org.freedesktop.DBus.Error.AccessDenied");
	close_pair(&p);
}

static void
hello_is_answered_for_plain_clients(void **state)
{
	struct pair p;

	open_pair(&p);
	call_plain(&p, "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello");
	assert_string_equal(p.text, ":1.1");
	assert_int_equal(p.refused, 0);
	close_pair(&p);
}

static void
wrong_arguments_are_refused(void **state)
{
	struct pair p;

	open_pair(&p);
	call_plain(&p, PATH, IFACE, "Echo");
	assert_string_equal(p.error, "org.freedesktop.DBus.Error.InvalidArgs");
	assert_int_equal(p.called, 0);
	close_pair(&p);
}

static void
errors_carry_their_code(void **state)
{
	sd_bus_error ours = SD_BUS_ERROR_NULL, foreign = SD_BUS_ERROR_MAKE_CONST("x.y", "z");
	struct pair p;

	open_pair(&p);
	call_plain(&p, PATH, IFACE, "Fail");
	assert_string_equal(p.error, "jp.fumikura.Error.no_device");
	assert_true(link_error(&ours, "busy", "一", "one") < 0);
	assert_string_equal(ours.message, "一\none");
	assert_string_equal(link_error_code(&ours), "busy");
	assert_string_equal(link_error_code(&foreign), "internal");
	assert_string_equal(link_error_code(NULL), "internal");
	sd_bus_error_free(&ours);
	close_pair(&p);
}

static void
call_with(struct pair *p, const char *member, sd_bus_message *m)
{
	unsigned n = p->answered + 1;

	assert_true(sd_bus_call_async(p->client, NULL, m, on_answer, p, 0) >= 0);
	turn_until(p, &p->answered, n);
	sd_bus_message_unref(m);
}

static sd_bus_message *
message(struct pair *p, const char *member)
{
	sd_bus_message *m = NULL;

	assert_true(sd_bus_message_new_method_call(p->client, &m, NULL, PATH, IFACE, member) >= 0);
	return m;
}

static void
large_bodies_are_refused(void **state)
{
	struct pair p;
	sd_bus_message *m;

	open_pair(&p);
	p.big = calloc(1, LINK_MAX_MESSAGE + 1);
	m = message(&p, "Bytes");
	assert_true(sd_bus_message_append_array(m, 'y', p.big, LINK_MAX_MESSAGE - 100) >= 0);
	call_with(&p, "Bytes", m);
	assert_string_equal(p.error, "");
	assert_int_equal(p.called, 1);
	m = message(&p, "Bytes");
	assert_true(sd_bus_message_append_array(m, 'y', p.big, LINK_MAX_MESSAGE + 1) >= 0);
	call_with(&p, "Bytes", m);
	assert_string_equal(p.error, "org.freedesktop.DBus.Error.AccessDenied");
	m = message(&p, "Words");
	assert_true(sd_bus_message_open_container(m, 'a', "s") >= 0);
	for (int i = 0; i < 200000; i++)
		assert_true(sd_bus_message_append(m, "s", "aaaa") >= 0);
	assert_true(sd_bus_message_close_container(m) >= 0);
	call_with(&p, "Words", m);
	assert_string_equal(p.error, "org.freedesktop.DBus.Error.AccessDenied");
	assert_int_equal(p.called, 1);
	close_pair(&p);
}

static void
many_descriptors_are_refused(void **state)
{
	_cleanup_(closep) int fd = memfd_new_sealed("t", "x", 1);
	struct pair p;

	open_pair(&p);
	for (int n = LINK_MAX_FDS; n <= LINK_MAX_FDS + 1; n++) {
		sd_bus_message *m = message(&p, "Files");

		assert_true(sd_bus_message_open_container(m, 'a', "h") >= 0);
		for (int i = 0; i < n; i++)
			assert_true(sd_bus_message_append(m, "h", fd) >= 0);
		assert_true(sd_bus_message_close_container(m) >= 0);
		call_with(&p, "Files", m);
		assert_string_equal(
		    p.error, n == LINK_MAX_FDS ? "" : "org.freedesktop.DBus.Error.AccessDenied");
	}
	assert_int_equal(p.called, 1);
	close_pair(&p);
}

static int
on_lost_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct pair *p = userdata;

	assert_int_equal(p->server_closed, 0);
	assert_non_null(sd_bus_message_get_error(m));
	p->answered++;
	return 1;
}

static void
a_vanished_peer_is_reported_once_after_its_calls(void **state)
{
	struct pair p;

	open_pair(&p);
	for (int i = 0; i < 3; i++)
		assert_true(sd_bus_call_method_async(p.server, NULL, NULL, PATH, IFACE, "Echo",
				on_lost_answer, &p, "s", "x") >= 0);
	p.client = sd_bus_close_unref(p.client);
	turn_until(&p, &p.server_closed, 1);
	assert_int_equal(p.answered, 3);
	for (int i = 0; i < 5; i++)
		assert_true(sd_event_run(p.event, 1000) >= 0);
	assert_int_equal(p.server_closed, 1);
	close_pair(&p);
}

/* Speaks the protocol by hand, asks and asks, and never reads an answer. */
static void
a_peer_that_never_reads_is_dropped(void **state)
{
	static const char auth[] = "\0AUTH ANONYMOUS\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n";
	/* Little-endian method call: path, interface, member, signature s; the text is 512 bytes.
	 */
	uint8_t call[1024] = {'l', 1, 0, 1};
	const uint8_t fields[] = "\1\1o\0\5\0\0\0/test\0\0\0"
				 "\2\1s\0\12\0\0\0test.Test1\0\0\0\0\0\0"
				 "\3\1s\0\4\0\0\0Echo\0\0\0\0"
				 "\10\1g\0\1s\0";
	size_t n_fields = sizeof(fields) - 1, at = 16 + ((n_fields + 7) & ~(size_t)7), size;
	uint32_t body = 4 + 512 + 1;
	struct pair p;
	int fd = half(&p);

	memcpy(call + 4, &body, 4);
	memcpy(call + 12, &(uint32_t){(uint32_t)n_fields}, 4);
	memcpy(call + 16, fields, n_fields);
	memcpy(call + at, &(uint32_t){512}, 4);
	memset(call + at + 4, 'a', 512);
	size = at + body;
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(send(fd, auth, sizeof(auth) - 1, 0), sizeof(auth) - 1);
	for (uint32_t i = 1; i < 1000000 && p.server_closed == 0; i++) {
		memcpy(call + 8, &i, 4);
		for (size_t sent = 0; sent < size && p.server_closed == 0;) {
			ssize_t n = send(fd, call + sent, size - sent, MSG_NOSIGNAL);

			/* A full pipe only means that the other side must first work. */
			sent += n > 0 ? (size_t)n : 0;
			assert_true(sd_event_run(p.event, 0) >= 0);
		}
	}
	turn_until(&p, &p.server_closed, 1);
	assert_true(p.called > LINK_MAX_QUEUED);
	close(fd);
	close_pair(&p);
}

static void
garbage_ends_the_link_only(void **state)
{
	static const char auth[] = "\0AUTH ANONYMOUS\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n";
	uint8_t noise[512];

	for (unsigned seed = 1; seed < 40; seed++) {
		struct pair p;
		int fd = half(&p);

		srand(seed);
		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i] = (uint8_t)rand();
		if (seed % 2 == 0) {
			noise[0] = 'l';
			noise[3] = 1;
		}
		if (seed % 4 != 1)
			assert_true(send(fd, auth, sizeof(auth) - 1, 0) > 0);
		assert_true(send(fd, noise, sizeof(noise), 0) > 0);
		shutdown(fd, SHUT_WR);
		turn_until(&p, &p.server_closed, 1);
		assert_int_equal(p.called, 0);
		close(fd);
		close_pair(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(listed_calls_are_answered),
	    cmocka_unit_test(everything_else_is_refused),
	    cmocka_unit_test(the_fence_stands_in_both_directions),
	    cmocka_unit_test(hello_is_answered_for_plain_clients),
	    cmocka_unit_test(wrong_arguments_are_refused),
	    cmocka_unit_test(errors_carry_their_code),
	    cmocka_unit_test(large_bodies_are_refused),
	    cmocka_unit_test(many_descriptors_are_refused),
	    cmocka_unit_test(a_vanished_peer_is_reported_once_after_its_calls),
	    cmocka_unit_test(a_peer_that_never_reads_is_dropped),
	    cmocka_unit_test(garbage_ends_the_link_only),
	};

	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
