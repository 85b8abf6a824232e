/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every method of store, from its own table, and calls that are made from a signature alone. */
#ifndef STORE_METHODS_H
#define STORE_METHODS_H

#include "store_play.h"

struct method {
	const char *member, *in;
	bool worked;
};
static struct method methods[] = {
#define ROW(member, in, names, out, doc) {#member, in, false},
    STORE_METHODS(ROW)
#undef ROW
};
#define N_METHODS (sizeof(methods) / sizeof(methods[0]))

/* What goes into a call: the first text is the token. */
struct filling {
	const char *token, *text;
	uint32_t u;
	uint64_t t;
	int32_t i;
	int fd;
	unsigned list; /* entries of an array */
};

static inline void
fill_one(sd_bus_message *m, const char **at, const struct filling *f, bool first)
{
	const char *text = first ? f->token : f->text;

	if (strncmp(*at, "a{ss}", 5) == 0) {
		sd_bus_message_open_container(m, 'a', "{ss}");
		for (unsigned n = 0; n < f->list; n++)
			assert_true(sd_bus_message_append(m, "{ss}", text, text) >= 0);
		sd_bus_message_close_container(m);
		*at += 5;
		return;
	}
	if (strncmp(*at, "as", 2) == 0) {
		sd_bus_message_open_container(m, 'a', "s");
		for (unsigned n = 0; n < f->list; n++)
			assert_true(sd_bus_message_append(m, "s", text) >= 0);
		sd_bus_message_close_container(m);
		*at += 2;
		return;
	}
	assert_true(sd_bus_message_append_basic(m, **at,
			**at == 's'   ? (const void *)text
			: **at == 'u' ? (const void *)&f->u
			: **at == 't' ? (const void *)&f->t
			: **at == 'i' ? (const void *)&f->i
				      : (const void *)&f->fd) >= 0);
	++*at;
}

/* What store says to it: code_of(). */
static inline const char *
generic(sd_bus *bus, const struct method *method, const struct filling *f)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	sd_bus_message *reply = NULL;
	bool first = true;

	assert_true(sd_bus_message_new_method_call(
			bus, &m, NULL, STORE_PATH, STORE_IFACE, method->member) >= 0);
	for (const char *at = method->in; *at != '\0'; first = false)
		fill_one(m, &at, f, first);
	assert_true(sd_bus_call_async(bus, NULL, m, on_answer, pending(&reply), UINT64_MAX) >= 0);
	WAIT(&play, reply != NULL);
	return said_by(reply);
}

#endif
