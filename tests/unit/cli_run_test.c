/* links: fumikura */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole command line against a small store on a socket: exit codes, one JSON value, reasons,
 * sessions, following a batch over a restart, files. The store here says what its script says; the
 * real one is met in the flow tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "cli_store.h"

static char dir[] = "/tmp/fumikura-cli-XXXXXX";
static char socket_path[64];

/* ---- running the command line ---- */

struct outcome {
	int status;
	char out[4096], err[4096];
};

static void
slurp(const char *name, char out[4096])
{
	char path[96];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	assert_non_null(f);
	n = fread(out, 1, 4095, f);
	out[n] = '\0';
	fclose(f);
}

static struct outcome
run_words(char **argv)
{
	struct outcome o = {0};
	int status, argc = 0;
	char path[96];
	pid_t pid;

	while (argv[argc] != NULL)
		argc++;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		snprintf(path, sizeof(path), "%s/out", dir);
		if (freopen(path, "we", stdout) == NULL)
			_exit(99);
		snprintf(path, sizeof(path), "%s/err", dir);
		if (freopen(path, "we", stderr) == NULL || chdir(dir) < 0)
			_exit(99);
		status = cli_main(argc, argv);
		fflush(NULL);
		_exit(status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	o.status = WEXITSTATUS(status);
	slurp("out", o.out);
	slurp("err", o.err);
	return o;
}

#define RUN(...) run_words((char *[]){"fumikura", __VA_ARGS__, NULL})

/* With --json standard output is one value and a line end, whatever happened. */
static json_t *
one_value(const struct outcome *o)
{
	json_t *json = json_loads(o->out, 0, NULL);

	if (json == NULL)
		fail_msg("not one JSON value: %s", o->out);
	return json;
}

static void
put(const char *name, const char *text)
{
	int base = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(cli_write_below(base, name, text, strlen(text)), 0);
	close(base);
}

static int
setup(void **state)
{
	static pid_t box;

	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(socket_path, sizeof(socket_path), "%s/socket", dir);
	setenv("XDG_RUNTIME_DIR", dir, 1);
	setenv("FUMIKURA_SOCKET", socket_path, 1);
	setenv("LC_ALL", "C", 1);
	box = start_box(socket_path);
	*state = &box;
	return box < 0;
}

static int
teardown(void **state)
{
	char line[64];

	kill(*(pid_t *)*state, SIGTERM);
	waitpid(*(pid_t *)*state, NULL, 0);
	snprintf(line, sizeof(line), "rm -r %s", dir);
	return system(line);
}

/* ---- tests ---- */

static void
done_is_zero(void **state)
{
	struct outcome o = RUN("--json", "status");
	json_t *json = one_value(&o);

	assert_int_equal(o.status, 0);
	assert_string_equal(o.err, "");
	assert_int_equal(json_array_size(json_object_get(json, "rooms")), 1);
	json_decref(json);
	o = RUN("--lang", "ja", "status");
	assert_non_null(strstr(o.out, "store"));
	assert_non_null(strstr(o.out, "文字認識待ち: 7 ページ、あと約 2 分\n"));
	assert_non_null(strstr(o.out, "追加読み取り待ち: 3 ページ\n"));
}

static void
expect_corrected(const struct outcome *o, const char *text)
{
	json_t *json = one_value(o);

	assert_int_equal(o->status, 0);
	assert_string_equal(json_string_value(json_object_get(json, "text")), text);
	json_decref(json);
}

#define CORRECT(...) RUN("--json", "correct", "D000001", "1", "10", "20", "30", "40", __VA_ARGS__)

/* A corrected line need not stand on the command line, where everybody sees it. */
static void
text_comes_from_a_file(void **state)
{
	char path[96];
	struct outcome o = CORRECT("髙橋 花子");

	expect_corrected(&o, "髙橋 花子");
	put("line", "髙橋 華子\r\n");
	o = CORRECT("--text-file", "line");
	expect_corrected(&o, "髙橋 華子");
	snprintf(path, sizeof(path), "%s/line", dir);
	assert_non_null(freopen(path, "re", stdin));
	o = CORRECT("-");
	expect_corrected(&o, "髙橋 華子");
	assert_int_equal(lseek(STDIN_FILENO, 0, SEEK_SET), 0);
	o = CORRECT("--text-file", "-");
	expect_corrected(&o, "髙橋 華子");
	o = CORRECT("--text-file", "none");
	assert_int_equal(o.status, 1);
	assert_int_equal(strncmp(o.err, "text_unreadable:", 16), 0);
	o = CORRECT("--text-file", "line", "x");
	assert_int_equal(o.status, 2);
	o = RUN("--json", "correct", "D000001", "1", "10", "20", "30", "40");
	assert_int_equal(o.status, 2);
}

static void
refusal_is_one_with_both_languages(void **state)
{
	struct outcome o = RUN("--json", "types");
	json_t *json = one_value(&o);

	assert_int_equal(o.status, 1);
	assert_string_equal(o.err, "denied: 権限がありません。 / Not permitted.\n");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(json, "error"), "code")), "denied");
	json_decref(json);
}

static void
no_box_is_said_plainly(void **state)
{
	struct outcome o = RUN("--socket", "/nonexistent/socket", "status");

	assert_int_equal(o.status, 1);
	assert_int_equal(strncmp(o.err, "not_running: ", 13), 0);
}

static void
sessions_are_private(void **state)
{
	struct outcome o;
	struct stat st;
	char path[96];

	put("pw", "secret words\n");
	o = RUN("--json", "whoami");
	assert_string_equal(o.out, "{\"token\":\"\"}\n"); /* console */
	o = RUN("--as", "hanako", "whoami");
	assert_int_equal(o.status, 1);
	assert_int_equal(strncmp(o.err, "not_signed_in: ", 15), 0);
	o = RUN("--json", "login", "hanako", "--password-file", "pw");
	assert_int_equal(o.status, 0);
	assert_null(strstr(o.out, "t-hanako")); /* the token stays in its file */
	o = RUN("--json", "whoami");
	assert_string_equal(o.out, "{\"token\":\"t-hanako\"}\n");
	o = RUN("--json", "--as", "console", "whoami");
	assert_string_equal(o.out, "{\"token\":\"\"}\n");
	snprintf(path, sizeof(path), "%s/fumikura", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	snprintf(
	    path, sizeof(path), "test $(find %s/fumikura -type f ! -perm 600 | wc -l) = 0", dir);
	assert_int_equal(system(path), 0);
	assert_int_equal(RUN("logout").status, 0);
	o = RUN("--json", "whoami");
	assert_string_equal(o.out, "{\"token\":\"\"}\n");
}

static void
open_runtime_directory_is_refused(void **state)
{
	char path[96];
	struct outcome o;

	snprintf(path, sizeof(path), "%s/fumikura", dir);
	assert_int_equal(chmod(path, 0755), 0);
	o = RUN("login", "hanako", "--password-file", "pw");
	assert_int_equal(o.status, 1);
	assert_int_equal(strncmp(o.err, "unsafe_runtime_dir: ", 20), 0);
	assert_int_equal(chmod(path, 0700), 0);
}

/* The second look loses its connection; the run ended with a jam; the page that is put aside is not
 * waited for. */
static void
scan_is_followed_over_a_restart(void **state)
{
	struct outcome o = RUN("--json", "scan", "--wait");
	json_t *json = one_value(&o);

	assert_int_equal(o.status, 1);
	assert_non_null(strstr(o.err, "jam: 紙づまり / Jam\n"));
	assert_string_equal(json_string_value(json_object_get(json, "batch")), "B000001");
	assert_int_equal(json_array_size(json_object_get(json, "documents")), 1);
	json_decref(json);
	o = RUN("--json", "scan");
	assert_int_equal(o.status, 0);
	assert_string_equal(o.out, "{\"batch\":\"B000001\"}\n");
	assert_int_equal(RUN("scan", "--wait=forever").status, 2);
}

static void
one_bad_file_does_not_stop_the_others(void **state)
{
	struct outcome o;
	json_t *json;

	put("in/a.pdf", "x");
	put("in/bad.pdf", "x");
	put("in/c.png", "x");
	o = RUN("--json", "import", "in", "missing.pdf");
	json = one_value(&o);
	assert_int_equal(o.status, 1);
	assert_int_equal(json_array_size(json_object_get(json, "documents")), 2);
	assert_int_equal(json_array_size(json_object_get(json, "refused")), 2);
	assert_non_null(strstr(o.err, "corrupt: bad.pdf"));
	json_decref(json);
	assert_int_equal(RUN("import", "in/a.pdf").status, 0);
}

/* What was confirmed and what was refused are both told, and the exit code says that not all went.
 */
static void
confirm_tells_of_each_document(void **state)
{
	struct outcome o = RUN("--json", "confirm", "D000001", "D000002");
	json_t *json = one_value(&o);

	assert_int_equal(o.status, 1);
	assert_int_equal(json_array_size(json_object_get(json, "confirmed")), 1);
	assert_int_equal(json_array_size(json_object_get(json, "refused")), 1);
	assert_true(strncmp(o.err, "not_submitted: ", 15) == 0);
	json_decref(json);
	o = RUN("--lang", "en", "confirm", "D000001", "D000002");
	assert_int_equal(o.status, 1);
	assert_non_null(strstr(o.out, "D000001"));
	assert_non_null(strstr(o.out, "Not handed in"));
}

static void
exports_stay_inside(void **state)
{
	struct outcome o = RUN("--json", "export", "D000001", "-o", "ev", "--evidence");
	struct stat st;
	char path[96];

	assert_int_equal(o.status, 0);
	snprintf(path, sizeof(path), "%s/ev/certs/ca.pem", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	o = RUN("export", "D000666", "-o", "ev2", "--evidence");
	assert_int_equal(o.status, 1);
	snprintf(path, sizeof(path), "%s/escaped", dir);
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(RUN("export", "D000001", "-o", "x").status, 2);
	assert_int_equal(
	    RUN("export", "D000001", "-o", "x", "--evidence", "--redact", "client_name").status, 2);
	assert_int_equal(
	    RUN("export", "D000001", "D2", "-o", "x", "--pdf", "--redact", "client_name").status,
	    2);
	assert_int_equal(RUN("export", "D000001", "-o", "x", "--pdf", "--evidence").status, 2);
}

static void
places_to_black_out_are_sent(void **state)
{
	struct outcome o = RUN(
	    "export", "D000001", "-o", "r.pdf", "--pdf", "--redact", "client_name 2:10,20,30,40");
	char path[96], text[128] = "";
	FILE *f;

	assert_int_equal(o.status, 0);
	snprintf(path, sizeof(path), "%s/r.pdf", dir);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	assert_string_equal(text, "D000001 hides client_name and 2:10,20,30,40");
}

static void
page_becomes_a_file(void **state)
{
	struct outcome o = RUN("--json", "page", "D000001", "1", "-o", "p.tif");
	char text[4096];

	assert_int_equal(o.status, 0);
	slurp("p.tif", text);
	assert_string_equal(text, "II*");
	assert_int_equal(RUN("page", "D000001", "0", "-o", "p.tif").status, 2);
	assert_int_equal(RUN("page", "D000001", "1", "-o", "none/p.tif").status, 1);
}

static void
faults_fail_the_check(void **state)
{
	struct outcome o = RUN("--json", "verify", "--all");
	json_t *json = one_value(&o);

	assert_int_equal(o.status, 1);
	assert_int_equal(strncmp(o.err, "damage_found: ", 14), 0);
	json_decref(json);
}

static void
fields_are_key_and_value(void **state)
{
	assert_int_equal(RUN("doc", "set", "D000001", "client_name=山田 花子", "date=").status, 0);
	assert_int_equal(RUN("doc", "set", "D000001", "client_name").status, 2);
	assert_int_equal(RUN("search", "x", "--limit", "many").status, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(done_is_zero),
	    cmocka_unit_test(text_comes_from_a_file),
	    cmocka_unit_test(refusal_is_one_with_both_languages),
	    cmocka_unit_test(no_box_is_said_plainly),
	    cmocka_unit_test(sessions_are_private),
	    cmocka_unit_test(open_runtime_directory_is_refused),
	    cmocka_unit_test(scan_is_followed_over_a_restart),
	    cmocka_unit_test(one_bad_file_does_not_stop_the_others),
	    cmocka_unit_test(confirm_tells_of_each_document),
	    cmocka_unit_test(exports_stay_inside),
	    cmocka_unit_test(places_to_black_out_are_sent),
	    cmocka_unit_test(page_becomes_a_file),
	    cmocka_unit_test(faults_fail_the_check),
	    cmocka_unit_test(fields_are_key_and_value),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
