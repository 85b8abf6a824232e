/* links: courier */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The courier room as it runs on the box: a process of its own, inside its shipped sandbox row,
 * driven over its two links. The outside is a small HTTP server on the loopback, and `openssl
 * s_server` for TLS. http_proxy points nowhere throughout: the room must not look at it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/link.h"
#include "base/memfd.h"
#include "supervisor_bus.h"
#include "web/courier.h"
#include "web/courier_bus.h"

/* ---- the outside ---- */

static int listener = -1;
static uint16_t port;
static unsigned requests; /* answered with "ok"; read after the answer came */

static void
say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return;
}

static void
flood(int fd, size_t n)
{
	char block[4096];

	memset(block, 'x', sizeof(block));
	for (; n > 0; n -= sizeof(block))
		if (send(fd, block, sizeof(block), MSG_NOSIGNAL) < 0)
			return;
}

/* Reads one request with its whole body ("Content-Length" is always sent); NULL when the client
 * went. */
static char *
read_request(int fd, char *buffer, size_t size)
{
	size_t n = 0, want = 0;
	char *body = NULL, *length;

	while (body == NULL || n < want) {
		ssize_t got = recv(fd, buffer + n, size - 1 - n, 0);
		if (got <= 0)
			return NULL;
		n += (size_t)got;
		buffer[n] = '\0';
		body = strstr(buffer, "\r\n\r\n");
		length = strcasestr(buffer, "\r\nContent-Length:");
		if (body != NULL && length != NULL)
			want = (size_t)(body + 4 - buffer) + strtoul(length + 17, NULL, 10);
	}
	return body + 4;
}

/* /headers: a line that never ends well; /deaf: an answer that never comes. */
static void
answer(int fd, const char *request, const char *body)
{
	char head[160];

	if (strstr(request, "POST /ok ") == request) {
		requests++;
		snprintf(head, sizeof(head),
		    "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
		    "Content-Length: %zu\r\n\r\n",
		    strlen(body));
		say(fd, head);
		say(fd, body);
	} else if (strstr(request, "POST /error ") == request) {
		say(fd, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
	} else if (strstr(request, "POST /redirect ") == request) {
		say(fd, "HTTP/1.1 307 Elsewhere\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
	} else if (strstr(request, "POST /endless ") == request) {
		say(fd, "HTTP/1.1 200 OK\r\n\r\n");
		flood(fd, 2 * COURIER_MAX_BODY);
	} else if (strstr(request, "POST /declared ") == request) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n");
	} else if (strstr(request, "POST /headers ") == request) {
		say(fd, "HTTP/1.1 200 OK\r\n");
		for (int i = 0; i < 4096; i++)
			say(fd, "X-Filler: 0123456789\r\n");
	} else if (strstr(request, "POST /garbage ") == request) {
		say(fd, "\x01\x02 this is not HTTP at all\r\n\r\n");
	} else if (strstr(request, "POST /cut ") == request) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
	} else if (strstr(request, "POST /deaf ") == request) {
		while (recv(fd, head, sizeof(head), 0) > 0)
			;
	}
}

static void *
serve_one(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char *buffer = malloc(1 << 16);
	const char *body = buffer != NULL ? read_request(fd, buffer, 1 << 16) : NULL;

	if (body != NULL)
		answer(fd, buffer, body);
	shutdown(fd, SHUT_WR);
	close(fd);
	free(buffer);
	return NULL;
}

static void *
serve(void *arg)
{
	for (;;) {
		pthread_t thread;
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			return NULL;
		if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)fd) == 0)
			pthread_detach(thread);
	}
}

/* A listening loopback socket on a free port. */
static int
listen_any(uint16_t *ret_port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, n), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*ret_port = ntohs(a.sin_port);
	return fd;
}

/* ---- the room ---- */

struct box {
	sd_event *event;
	sd_bus *control, *store;
	pid_t pid;
	bool ready, attached;
	unsigned waiting;
};

struct result {
	struct box *box;
	char code[32]; /* "ok" or the error's code word */
	unsigned status;
	char type[64], body[256];
	size_t size;
};

static int
on_control(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct box *box = userdata;

	box->ready = box->ready || strcmp(sd_bus_message_get_member(m), "Ready") == 0;
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable control_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Ready", "", "", on_control, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Alive", "", "", on_control, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

static void
on_closed(sd_bus *bus, void *userdata)
{
}

static void
on_attached(sd_bus *bus, void *userdata)
{
	struct box *box = userdata;

	box->attached = true;
}

static sd_bus *
new_link(struct box *box, int fd)
{
	static const char *const allow[] = {
	    SUPERVISOR_IFACE ".Ready", SUPERVISOR_IFACE ".Alive", NULL};
	struct link_options options = {.server = true,
	    .allow = allow,
	    .closed = on_closed,
	    .ready = on_attached,
	    .userdata = box};
	sd_bus *bus;

	assert_int_equal(link_new(box->event, fd, &options, &bus), 0);
	return bus;
}

/* Becomes the room: descriptor 3 the control link, 4 the configuration. */
static void
run_room(int control, int config)
{
	char *argv[] = {(char *)"courier", NULL};
	int devnull = open("/dev/null", O_WRONLY | O_CLOEXEC);

	control = fcntl(control, F_DUPFD, 20);
	config = fcntl(config, F_DUPFD, 20);
	dup2(control, 3);
	dup2(config, 4);
	dup2(devnull, 2);
	close_range(5, ~0U, 0);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	_exit(courier_run(1, argv));
}

/* As fumikurad wires store to the room; returns when descriptors may be sent. */
static void
attach_store(struct box *box)
{
	int link[2];

	box->attached = false;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link), 0);
	box->store = new_link(box, link[0]);
	assert_true(sd_bus_call_method_async(box->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE,
			"Attach", NULL, NULL, "sh", "store", link[1]) >= 0);
	close(link[1]);
	while (!box->attached)
		assert_true(sd_event_run(box->event, UINT64_MAX) >= 0);
}

/* Starts the room with a [courier] section and attaches store. */
static void
start(struct box *box, const char *section)
{
	int control[2], config;
	char text[512];

	snprintf(text, sizeof(text), "[courier]\n%s\n", section);
	config = memfd_new_sealed("config", text, strlen(text));
	assert_true(config >= 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control), 0);
	*box = (struct box){.pid = fork()};
	assert_true(box->pid >= 0);
	if (box->pid == 0)
		run_room(control[1], config);
	close(control[1]);
	close(config);
	assert_int_equal(sd_event_new(&box->event), 0);
	box->control = new_link(box, control[0]);
	assert_true(sd_bus_add_object_vtable(box->control, NULL, SUPERVISOR_PATH, SUPERVISOR_IFACE,
			control_vtable, box) >= 0);
	while (!box->ready)
		assert_true(sd_event_run(box->event, UINT64_MAX) >= 0);
	attach_store(box);
}

static void
stop(struct box *box)
{
	int status;

	sd_bus_flush_close_unref(box->store);
	sd_bus_flush_close_unref(box->control); /* a room without supervisor ends */
	sd_event_unref(box->event);
	assert_int_equal(waitpid(box->pid, &status, 0), box->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int
on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct result *result = userdata;
	_cleanup_(memview_free) struct memview view = {0};
	const char *type;
	int fd;

	result->box->waiting--;
	if (sd_bus_message_is_method_error(m, NULL)) {
		snprintf(result->code, sizeof(result->code), "%s",
		    link_error_code(sd_bus_message_get_error(m)));
		return 0;
	}
	assert_true(sd_bus_message_read(m, "ush", &result->status, &type, &fd) >= 0);
	assert_int_equal(memfd_view(fd, COURIER_MAX_BODY, &view), 0);
	snprintf(result->type, sizeof(result->type), "%s", type);
	result->size = view.size;
	memcpy(result->body, view.data, view.size < 255 ? view.size : 255);
	strcpy(result->code, "ok");
	return 0;
}

static void
ask(struct box *box, const char *endpoint, const char *type, int body, struct result *result)
{
	*result = (struct result){.box = box};
	box->waiting++;
	assert_true(sd_bus_call_method_async(box->store, NULL, NULL, COURIER_PATH, COURIER_IFACE,
			"Post", on_answer, result, "ssh", endpoint, type, body) >= 0);
}

static void
settle(struct box *box)
{
	while (box->waiting > 0)
		assert_true(sd_event_run(box->event, UINT64_MAX) >= 0);
}

/* One room, one post of "hello". */
static struct result
post_with(const char *section, const char *endpoint, const char *type)
{
	struct result result;
	struct box box;
	int body = memfd_new_sealed("body", "hello", 5);

	start(&box, section);
	ask(&box, endpoint, type, body, &result);
	settle(&box);
	close(body);
	stop(&box);
	return result;
}

static struct result
post_to(const char *path)
{
	char section[128];

	snprintf(section, sizeof(section), "tsa_url = http://127.0.0.1:%u%s", port, path);
	return post_with(section, "tsa", "application/timestamp-query");
}

/* ---- tests ---- */

static void
bytes_out_bytes_in(void **state)
{
	struct result r = post_to("/ok");

	assert_string_equal(r.code, "ok");
	assert_int_equal(r.status, 200);
	assert_string_equal(r.type, "application/timestamp-reply");
	assert_string_equal(r.body, "hello");
}

static void
names_are_resolved_inside_the_fence(void **state)
{
	char section[128];
	struct result r;

	snprintf(section, sizeof(section), "tsa_url = http://localhost:%u/ok", port);
	r = post_with(section, "tsa", "text/plain");
	assert_string_equal(r.code, "ok");
	r = post_with("tsa_url = http://no-such-name.invalid/", "tsa", "text/plain");
	assert_string_equal(r.code, "unreachable");
}

static void
status_is_passed_on(void **state)
{
	struct result r = post_to("/error");

	assert_string_equal(r.code, "ok");
	assert_int_equal(r.status, 503);
	assert_int_equal(r.size, 0);
}

static void
redirects_are_not_followed(void **state)
{
	unsigned before = requests;
	struct result r = post_to("/redirect");

	assert_string_equal(r.code, "ok");
	assert_int_equal(r.status, 307);
	assert_int_equal(requests, before);
}

static void
too_much_is_thrown_away(void **state)
{
	static const char *const paths[] = {"/endless", "/declared", "/headers"};

	for (size_t i = 0; i < 3; i++) {
		struct result r = post_to(paths[i]);
		assert_string_equal(r.code, "too_large");
	}
}

static void
nonsense_is_no_answer(void **state)
{
	static const char *const paths[] = {"/garbage", "/cut", "/unknown"};

	for (size_t i = 0; i < 3; i++) {
		struct result r = post_to(paths[i]);
		assert_string_equal(r.code, "unreachable");
	}
}

static void
nobody_listens(void **state)
{
	char section[128];
	uint16_t closed;
	struct result r;

	close(listen_any(&closed));
	snprintf(section, sizeof(section), "tsa_url = http://127.0.0.1:%u/", closed);
	r = post_with(section, "tsa", "text/plain");
	assert_string_equal(r.code, "unreachable");
}

/* Eight wait for a deaf server and time out; the ninth is refused at once; the room still serves.
 */
static void
bounded_in_time_and_number(void **state)
{
	char section[128];
	struct result results[9];
	struct box box;
	unsigned busy = 0, late = 0;
	int body = memfd_new_sealed("body", "x", 1);

	snprintf(
	    section, sizeof(section), "timeout_s = 1\ntsa_url = http://127.0.0.1:%u/deaf", port);
	start(&box, section);
	for (int i = 0; i < 9; i++)
		ask(&box, "tsa", "text/plain", body, &results[i]);
	settle(&box);
	for (int i = 0; i < 9; i++) {
		busy += strcmp(results[i].code, "busy") == 0;
		late += strcmp(results[i].code, "timed_out") == 0;
	}
	assert_int_equal(busy, 1);
	assert_int_equal(late, 8);
	ask(&box, "tsa", "text/plain", body, &results[0]);
	settle(&box);
	assert_string_equal(results[0].code, "timed_out");
	close(body);
	stop(&box);
}

static void
store_cannot_name_another_place(void **state)
{
	struct result r = post_with("", "tsa", "text/plain");

	assert_string_equal(r.code, "no_endpoint");
	r = post_with("tsa_url = http://127.0.0.1:1/", "http://127.0.0.1/", "text/plain");
	assert_string_equal(r.code, "no_endpoint");
	r = post_with("tsa_url = file:///etc/passwd", "tsa", "text/plain");
	assert_string_equal(r.code, "unreachable");
	r = post_with("tsa_url = http://127.0.0.1:1/", "tsa", "a\r\nX-Evil: 1");
	assert_string_equal(r.code, "bad_request");
}

static void
body_must_be_sealed(void **state)
{
	struct result result;
	struct box box;
	int body = memfd_new("open"), file = open("/dev/null", O_RDONLY | O_CLOEXEC);

	start(&box, "tsa_url = http://127.0.0.1:1/");
	assert_int_equal(write(body, "x", 1), 1);
	ask(&box, "tsa", "text/plain", body, &result);
	settle(&box);
	assert_string_equal(result.code, "bad_request");
	ask(&box, "tsa", "text/plain", file, &result);
	settle(&box);
	assert_string_equal(result.code, "bad_request");
	close(body);
	close(file);
	stop(&box);
}

/* Store goes while its post is under way: the room drops it and serves the next store. */
static void
store_restarts_in_mid_post(void **state)
{
	char section[128];
	struct result gone, result;
	struct box box;
	int body = memfd_new_sealed("body", "x", 1);

	snprintf(section, sizeof(section), "tsa_url = http://127.0.0.1:%u/deaf", port);
	start(&box, section);
	ask(&box, "tsa", "text/plain", body, &gone);
	sd_bus_flush(box.store);
	sd_bus_close_unref(box.store);
	box.waiting = 0;
	attach_store(&box);
	ask(&box, "nowhere", "text/plain", body, &result);
	settle(&box);
	assert_string_equal(result.code, "no_endpoint");
	close(body);
	stop(&box);
}

/* ---- TLS ---- */

static const char tls_script[] =
    "cd \"$1\" && exec 2>/dev/null && set -e\n"
    "openssl ecparam -name prime256v1 -genkey -noout -out ca.key\n"
    "openssl req -x509 -new -key ca.key -subj /CN=CA -days 30 -out ca.pem\n"
    "openssl req -x509 -new -key ca.key -subj /CN=Other -days 30 -out other.pem\n"
    "openssl ecparam -name prime256v1 -genkey -noout -out other.key\n"
    "openssl req -x509 -new -key other.key -subj /CN=CA -days 30 -out other.pem\n"
    "openssl ecparam -name prime256v1 -genkey -noout -out tls.key\n"
    "openssl req -new -key tls.key -subj /CN=tls -out tls.csr\n"
    "printf 'subjectAltName=IP:127.0.0.1' >tls.ext\n"
    "openssl x509 -req -in tls.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30"
    " -extfile tls.ext -out tls.pem\n"
    "printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello' >answer\n";

static pid_t
start_tls(const char *dir, uint16_t tls_port)
{
	char accept_at[32];
	pid_t pid;

	snprintf(accept_at, sizeof(accept_at), "127.0.0.1:%u", tls_port);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (chdir(dir) < 0 || freopen("answer", "r", stdin) == NULL ||
		    freopen("received", "w", stdout) == NULL ||
		    freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		execlp("openssl", "openssl", "s_server", "-quiet", "-accept", accept_at, "-cert",
		    "tls.pem", "-key", "tls.key", (char *)NULL);
		_exit(1);
	}
	return pid;
}

/* Looks without connecting: s_server would spend its answer on us. */
static bool
is_listening(uint16_t tls_port)
{
	char line[256], want[32];
	FILE *f = fopen("/proc/net/tcp", "re");
	bool found = false;

	assert_non_null(f);
	snprintf(want, sizeof(want), ":%04X 00000000:0000 0A", tls_port);
	while (fgets(line, sizeof(line), f) != NULL)
		found = found || strstr(line, want) != NULL;
	fclose(f);
	return found;
}

static void
tls_is_verified(void **state)
{
	static const struct {
		const char *ca, *code;
	} cases[] = {{"other.pem", "unreachable"}, {NULL, "unreachable"}, {"ca.pem", "ok"}};
	char dir[] = "/tmp/fumikura-courier-XXXXXX", line[256];
	uint16_t tls_port;
	pid_t pid;

	assert_non_null(mkdtemp(dir));
	snprintf(line, sizeof(line), "sh -c '%s' sh %s", "sh \"$1/setup.sh\" \"$1\"", dir);
	{
		char path[64];
		snprintf(path, sizeof(path), "%s/setup.sh", dir);
		FILE *f = fopen(path, "we");
		fputs(tls_script, f);
		fclose(f);
	}
	assert_int_equal(system(line), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct result r;
		int n;

		close(listen_any(&tls_port));
		pid = start_tls(dir, tls_port);
		while (!is_listening(tls_port))
			usleep(10000);
		n = snprintf(line, sizeof(line), "tsa_url = https://127.0.0.1:%u/\n", tls_port);
		if (cases[i].ca != NULL)
			snprintf(line + n, sizeof(line) - (size_t)n, "tsa_ca_file = %s/%s", dir,
			    cases[i].ca);
		r = post_with(line, "tsa", "text/plain");
		assert_string_equal(r.code, cases[i].code);
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
	}
	snprintf(line, sizeof(line), "rm -r %s", dir);
	assert_int_equal(system(line), 0);
}

static int
setup(void **state)
{
	pthread_t thread;

	listener = listen_any(&port);
	return pthread_create(&thread, NULL, serve, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bytes_out_bytes_in),
	    cmocka_unit_test(names_are_resolved_inside_the_fence),
	    cmocka_unit_test(status_is_passed_on),
	    cmocka_unit_test(redirects_are_not_followed),
	    cmocka_unit_test(too_much_is_thrown_away),
	    cmocka_unit_test(nonsense_is_no_answer),
	    cmocka_unit_test(nobody_listens),
	    cmocka_unit_test(bounded_in_time_and_number),
	    cmocka_unit_test(store_cannot_name_another_place),
	    cmocka_unit_test(body_must_be_sealed),
	    cmocka_unit_test(store_restarts_in_mid_post),
	    cmocka_unit_test(tls_is_verified),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
