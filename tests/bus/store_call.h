/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A play of the shipped store and its peers, and the calls in it. Each peer answers honestly unless
 * a test gives it a script (on_*). Everything waits for what must come; nothing measures time.
 */
#ifndef STORE_CALL_H
#define STORE_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/link.h"
#include "store/store_bus.h"

#define PATIENCE_S 60 /* far longer than anything here takes */
#define PEOPLE_MAX 12

struct person {
	const char *name, *role;
	char token[80];
};

struct play {
	sd_event *event;
	char dir[64];
	pid_t pid;
	bool ready, exited;
	int status;
	sd_bus *control, *web, *local, *scanner, *courier, *ocr[2], *import;
	struct person people[PEOPLE_MAX];
	unsigned n_people;
	bool import_stays_away; /* its process exists, but never comes to its link */
	bool revives;           /* who is killed is there again at once: ocr/0 */
	/* what peers do; NULL: honest */
	int (*on_scan)(sd_bus_message *m, struct play *p);
	int (*on_cancel)(sd_bus_message *m, struct play *p);
	int (*on_devices)(sd_bus_message *m, struct play *p);
	int (*on_read)(sd_bus_message *m, struct play *p);
	int (*on_compose)(sd_bus_message *m, struct play *p);
	int (*on_correct)(sd_bus_message *m, struct play *p);
	int (*on_turn)(sd_bus_message *m, struct play *p);
	int (*on_post)(sd_bus_message *m, struct play *p);
	int (*on_convert)(sd_bus_message *m, struct play *p);
	void (*on_fresh)(struct play *p); /* before it comes back; may change what it does */
	/* what they saw */
	char job[64], import_job[64], killed[64];
	unsigned scans, reads, posts, kills, corrects, turns;
};

/* Runs the loop until the condition holds, or fails the test. */
#define WAIT(p, condition)                                                                         \
	do {                                                                                       \
		const time_t until_ = time(NULL) + PATIENCE_S;                                     \
		while (!(condition)) {                                                             \
			assert_true(sd_event_run((p)->event, UINT64_C(1000000)) >= 0);             \
			assert_true(time(NULL) < until_);                                          \
		}                                                                                  \
	} while (0)

/* Where an answer goes that is still to come. A test that fails leaves its frame, with the
 * variable: then the answer goes nowhere, and the next test is judged by itself. */
struct pending {
	struct pending *next;
	sd_bus_message **ret; /* NULL: nobody waits any more */
};
static struct pending *pendings;

static void *
pending(sd_bus_message **ret)
{
	struct pending *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	*ret = NULL;
	*p = (struct pending){pendings, ret};
	pendings = p;
	return p;
}

static int
on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct pending *p = userdata, **at = &pendings;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	if (p->ret != NULL)
		*p->ret = sd_bus_message_ref(m);
	free(p);
	return 0;
}

static inline int
forget_pending(void **state)
{
	for (struct pending *p = pendings; p != NULL; p = p->next)
		p->ret = NULL;
	return 0;
}

/* A test of a play, as cmocka_unit_test(). */
#define PLAY_TEST(f) cmocka_unit_test_setup(f, forget_pending)

/* Sends without waiting; *ret is set when the answer (or the link's end) comes. */
static void
vsend(sd_bus *bus, sd_bus_message **ret, const char *path, const char *interface,
    const char *member, const char *types, va_list args)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	assert_true(sd_bus_message_new_method_call(bus, &m, NULL, path, interface, member) >= 0);
	assert_true(*types == '\0' || sd_bus_message_appendv(m, types, args) >= 0);
	assert_true(sd_bus_call_async(bus, NULL, m, on_answer, pending(ret), UINT64_MAX) >= 0);
}

static void
ask_store(sd_bus *bus, sd_bus_message **ret, const char *member, const char *types, ...)
{
	va_list args;

	va_start(args, types);
	vsend(bus, ret, STORE_PATH, STORE_IFACE, member, types, args);
	va_end(args);
}

/* Any call, answered. Caller unrefs. */
static inline sd_bus_message *
call_peer(struct play *p, sd_bus *bus, const char *path, const char *interface, const char *member,
    const char *types, ...)
{
	sd_bus_message *reply;
	va_list args;

	va_start(args, types);
	vsend(bus, &reply, path, interface, member, types, args);
	va_end(args);
	WAIT(p, reply != NULL);
	return reply;
}

static inline sd_bus_message *
call_store(struct play *p, sd_bus *bus, const char *member, const char *types, ...)
{
	sd_bus_message *reply;
	va_list args;

	va_start(args, types);
	vsend(bus, &reply, STORE_PATH, STORE_IFACE, member, types, args);
	va_end(args);
	WAIT(p, reply != NULL);
	return reply;
}

/* "ok", our code word, or the D-Bus error's last word ("AccessDenied"). */
static const char *
code_of(sd_bus_message *reply)
{
	const sd_bus_error *error = sd_bus_message_get_error(reply);

	if (error == NULL)
		return "ok";
	return strncmp(error->name, LINK_ERROR_PREFIX, strlen(LINK_ERROR_PREFIX)) == 0
		   ? link_error_code(error)
		   : strrchr(error->name, '.') + 1;
}

/* As code_of(), for longer than the reply: until the next call. Takes the reply. */
static inline const char *
said_by(sd_bus_message *reply)
{
	static char said[64];

	snprintf(said, sizeof(said), "%s", code_of(reply));
	sd_bus_message_unref(reply);
	return said;
}

/* Takes the reply. */
static void
expect(sd_bus_message *reply, const char *code)
{
	const sd_bus_error *error = sd_bus_message_get_error(reply);

	if (strcmp(code_of(reply), code) != 0)
		fail_msg("want %s, got %s: %s", code, code_of(reply),
		    error != NULL && error->message != NULL ? error->message : "");
	sd_bus_message_unref(reply);
}

/* The JSON of a good answer whose last member is the text. Takes the reply; caller decrefs. */
static json_t *
json_of(sd_bus_message *reply)
{
	const char *text = NULL, *signature = sd_bus_message_get_signature(reply, 1);
	json_t *json;

	if (strcmp(code_of(reply), "ok") != 0)
		fail_msg("got %s: %s", code_of(reply), sd_bus_message_get_error(reply)->message);
	if (strcmp(signature, "hs") == 0)
		assert_true(sd_bus_message_skip(reply, "h") >= 0);
	else if (strcmp(signature, "a(sh)s") == 0)
		assert_true(sd_bus_message_skip(reply, "a(sh)") >= 0);
	assert_true(sd_bus_message_read(reply, "s", &text) > 0);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	sd_bus_message_unref(reply);
	return json;
}

/* One text or number of a good answer; out is as large as it must be. Takes the reply. */
static inline void
text_of(sd_bus_message *reply, const char *key, char *out, size_t size)
{
	json_t *json = json_of(reply);
	const char *text = json_string_value(json_object_get(json, key));

	if (text == NULL)
		fail_msg("no %s in the answer", key);
	assert_true(strlen(text) < size);
	strcpy(out, text);
	json_decref(json);
}

#endif
