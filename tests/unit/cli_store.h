/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small store on a socket, for tests of the command line: it says what its script says. */
#ifndef FUMIKURA_TESTS_CLI_STORE_H
#define FUMIKURA_TESTS_CLI_STORE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "link.h"
#include "memfd.h"
#include "store/store_bus.h"

struct box {
	sd_event *event;
	int listener;
	unsigned shows; /* BatchShow calls so far */
	bool cut;       /* the next BatchShow ends the connection, once */
};

static inline int
answer(sd_bus_message *m, const char *text)
{
	return sd_bus_reply_method_return(m, "s", text);
}

/* What each member answers when nothing special is asked. */
static const struct {
	const char *member, *text;
} fixed[] = {
    {"Status", "{\"rooms\":[{\"name\":\"store\",\"pid\":1,\"restarts\":0,\"rss_kb\":1}],"
	       "\"queue\":{\"recognition\":7,\"recognition_s\":61,\"further\":3}}"},
    {"Login", "{\"token\":\"t-hanako\",\"user\":\"hanako\"}"},
    {"Logout", "{}"},
    {"Scan", "{\"batch\":\"B000001\"}"},
    {"ImportOpen", "{\"batch\":\"B000002\"}"},
    {"ImportClose", "{\"batch\":\"B000002\"}"},
    {"Confirm",
	"{\"confirmed\":[{\"id\":\"D000001\",\"state\":\"confirmed\",\"timestamp\":{\"state\":"
	"\"pending\"}}],\"refused\":[{\"id\":\"D000002\",\"code\":\"not_submitted\",\"message\":"
	"\"未提出 / No.\",\"message_ja\":\"未提出\",\"message_en\":\"Not handed in\"}]}"},
    {"DocSet", "{\"id\":\"D000001\",\"fields\":{}}"},
    {"Verify", "{\"ok\":false,\"checked\":{},\"faults\":[{\"code\":\"object_altered\",\"where\":"
	       "\"objects/aa\"}]}"},
};

static inline int
batch_show(sd_bus_message *m, struct box *box)
{
	static const char *const states[] = {
	    "{\"id\":\"B000001\",\"change\":1,\"pages\":[],\"documents\":[],\"refused\":[],\"run\":"
	    "{\"state\":\"running\"}}",
	    "{\"id\":\"B000001\",\"change\":2,\"pages\":[{\"state\":\"stored\"}],\"documents\":[],"
	    "\"refused\":[],"
	    "\"run\":{\"state\":\"ended\",\"code\":\"jam\",\"message_ja\":\"紙づまり\",\"message_"
	    "en\":\"Jam\"}}",
	    "{\"id\":\"B000001\",\"change\":3,\"pages\":[{\"state\":\"read\"},{\"state\":"
	    "\"stored\",\"excluded\":true}],"
	    "\"documents\":[{\"id\":\"D000001\",\"pages\":1,\"state\":\"draft\"}],\"refused\":[],"
	    "\"run\":{\"state\":\"ended\",\"code\":\"jam\",\"message_ja\":\"紙づまり\",\"message_"
	    "en\":\"Jam\"}}"};

	if (box->shows == 1 && !box->cut) {
		box->cut = true;
		sd_bus_close(sd_bus_message_get_bus(m));
		return 1;
	}
	return answer(m, states[box->shows < 2 ? box->shows++ : 2]);
}

static inline int
import_file(sd_bus_message *m, sd_bus_error *error)
{
	const char *token, *batch, *name;
	int fd;

	if (sd_bus_message_read(m, "sssh", &token, &batch, &name, &fd) < 0)
		return -EINVAL;
	if (strcmp(name, "bad.pdf") == 0)
		return link_error(error, "corrupt", "壊れています。", "It is damaged.");
	return answer(m, "{\"batch\":\"B000002\",\"document\":\"D000002\",\"pages\":3}");
}

/* Says back what is to stand there. */
static inline int
correct(sd_bus_message *m)
{
	_cleanup_(freep) char *text = NULL;
	const char *token, *document, *line;
	uint32_t n, x, y, w, h;

	if (sd_bus_message_read(m, "ssuuuuus", &token, &document, &n, &x, &y, &w, &h, &line) < 0 ||
	    n + x + y + w + h != 101 || asprintf(&text, "{\"text\":\"%s\"}", line) < 0)
		return -EINVAL;
	return answer(m, text);
}

/* Export: the second file's name tries to leave when the document is D000666. */
static inline int
send_files(sd_bus_message *m)
{
	const char *token, *document;
	_cleanup_(closep) int fd = memfd_new_sealed("f", "{}", 2);

	sd_bus_message_read(m, "s", &token);
	sd_bus_message_enter_container(m, 'a', "s");
	sd_bus_message_read(m, "s", &document);
	return sd_bus_reply_method_return(m, "a(sh)s", 2, "manifest.json", fd,
	    strcmp(document, "D000666") == 0 ? "../escaped" : "certs/ca.pem", fd,
	    "{\"kind\":\"evidence\"}");
}

/* The PDF says what was to be hidden. */
static inline int
send_redacted(sd_bus_message *m)
{
	const char *token, *document, *one, *two;
	_cleanup_(closep) int fd = -1;
	char text[128];

	assert_true(sd_bus_message_read(m, "ssas", &token, &document, 2, &one, &two) > 0);
	snprintf(text, sizeof(text), "%s hides %s and %s", document, one, two);
	fd = memfd_new_sealed("f", text, strlen(text));
	return sd_bus_reply_method_return(
	    m, "a(sh)s", 1, "D000001-redacted.pdf", fd, "{\"kind\":\"redacted\"}");
}

static inline int
send_page(sd_bus_message *m)
{
	_cleanup_(closep) int fd = memfd_new_sealed("f", "II*", 3);

	return sd_bus_reply_method_return(m, "hs", fd, "{\"type\":\"image/tiff\"}");
}

static inline int
on_call(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const char *member = sd_bus_message_get_member(m), *text = "";

	if (strcmp(member, "BatchShow") == 0)
		return batch_show(m, userdata);
	if (strcmp(member, "ImportFile") == 0)
		return import_file(m, error);
	if (strcmp(member, "PageCorrect") == 0)
		return correct(m);
	if (strcmp(member, "Export") == 0)
		return send_files(m);
	if (strcmp(member, "ExportRedacted") == 0)
		return send_redacted(m);
	if (strcmp(member, "Page") == 0)
		return send_page(m);
	sd_bus_message_read(m, "s", &text);
	if (strcmp(member, "Whoami") == 0) { /* tells the token back */
		char json[320];

		snprintf(json, sizeof(json), "{\"token\":\"%s\"}", text);
		return answer(m, json);
	}
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (strcmp(fixed[i].member, member) == 0)
			return answer(m, fixed[i].text);
	return link_error(error, "denied", "権限がありません。", "Not permitted.");
}

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
#define ROW(member, in, names, out, doc) SD_BUS_METHOD(#member, in, out, on_call, 0),
    STORE_METHODS(ROW)
#undef ROW
	SD_BUS_VTABLE_END,
};
static const char *const allow[] = {
#define ROW(member, in, names, out, doc) STORE_IFACE "." #member,
    STORE_METHODS(ROW)
#undef ROW
	NULL,
};

static inline void
on_closed(sd_bus *bus, void *userdata)
{
	sd_bus_unref(bus);
}

static inline int
on_connection(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
	struct box *box = userdata;
	struct link_options options = {
	    .server = true, .allow = allow, .closed = on_closed, .userdata = box};
	sd_bus *bus;

	if (link_new(box->event, accept4(fd, NULL, NULL, SOCK_CLOEXEC), &options, &bus) < 0)
		return 0;
	return sd_bus_add_object_vtable(bus, NULL, STORE_PATH, STORE_IFACE, vtable, box);
}

/* A process that serves until it is killed; -1 on failure. */
static inline pid_t
start_box(const char *socket_path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct box box = {.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	pid_t pid;

	strcpy(a.sun_path, socket_path);
	unlink(socket_path);
	if (bind(box.listener, (struct sockaddr *)&a, sizeof(a)) < 0 || listen(box.listener, 8) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		sd_event_default(&box.event);
		sd_event_add_io(box.event, NULL, box.listener, 1, on_connection, &box);
		_exit(sd_event_loop(box.event) < 0);
	}
	close(box.listener);
	return pid;
}

#endif
