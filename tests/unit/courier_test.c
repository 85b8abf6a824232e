/* links: courier */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The courier room as it runs on the box: a process of its own, inside its shipped sandbox row,
 * driven over its two links. The outside is a small HTTP server on the loopback, and `openssl
 * s_server` for TLS. http_proxy points nowhere throughout: the room must not look at it.
 */
#include <signal.h>

#include "courier_box.h"
#include "courier_outside.h"

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
