/* links: web */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many calls to store may be under way: a box that is full still lets a Cancel through. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "web/web_call.h"

struct box {
	sd_bus *bus;
	int store; /* its other end: nobody reads there */
	struct web_calls *calls;
};

static void
never(struct web_answer *answer, void *userdata)
{
	fail();
}

static int
setup(void **state)
{
	static struct box box;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	box.store = pair[1];
	assert_return_code(sd_bus_new(&box.bus), 0);
	assert_return_code(sd_bus_set_fd(box.bus, pair[0], pair[0]), 0);
	assert_return_code(sd_bus_start(box.bus), 0);
	assert_return_code(web_calls_new(&box.calls), 0);
	web_calls_set_store(box.calls, box.bus);
	*state = &box;
	return 0;
}

static int
teardown(void **state)
{
	struct box *box = *state;

	sd_bus_close(box->bus);
	sd_bus_unref(box->bus);
	close(box->store);
	return 0;
}

static int
start(struct box *box, const char *method, const char *path, char code[48], struct web_call **ret)
{
	char allow[64];
	struct web_answer refusal = {0};
	struct web_match match;
	struct web_input in = {.match = &match, .token = "t", .terminal = "", .file = -1};
	int r;

	assert_return_code(web_route_match(method, path, &match, allow, sizeof allow), 0);
	r = web_call_start(
	    box->calls, web_method_find(match.route->member), &in, 0, never, NULL, &refusal, ret);
	snprintf(code, 48, "%s", refusal.code);
	web_answer_clear(&refusal);
	return r;
}

static void
a_full_box_lets_a_cancel_through(void **state)
{
	static const char cancel[] = WEB_API "/batches/B000001/cancel";
	struct web_call *calls[WEB_CALLS_MAX + WEB_CALLS_URGENT], *more;
	const size_t all = sizeof calls / sizeof *calls;
	char code[48];

	for (size_t i = 0; i < WEB_CALLS_MAX; i++)
		assert_return_code(start(*state, "GET", WEB_API "/queue", code, &calls[i]), 0);
	assert_int_equal(start(*state, "GET", WEB_API "/queue", code, &more), -EBUSY);
	assert_string_equal(code, "too_many");
	for (size_t i = WEB_CALLS_MAX; i < all; i++)
		assert_return_code(start(*state, "POST", cancel, code, &calls[i]), 0);
	assert_int_equal(start(*state, "POST", cancel, code, &more), -EBUSY);
	for (size_t i = 0; i < all; i++)
		web_call_cancel(calls[i]);
	assert_return_code(start(*state, "GET", WEB_API "/queue", code, &more), 0);
	web_call_cancel(more);
}

static void
without_store_all_are_told(void **state)
{
	struct box *box = *state;
	struct web_call *call;
	char code[48];

	web_calls_set_store(box->calls, NULL);
	assert_int_equal(start(box, "GET", WEB_API "/queue", code, &call), -ENOTCONN);
	assert_string_equal(code, "away");
	web_calls_free(box->calls);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_full_box_lets_a_cancel_through),
	    cmocka_unit_test(without_store_all_are_told),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
