/* SPDX-License-Identifier: GPL-3.0-or-later */
/* init, and doctor and rebuild with --data: no box runs, so the command line starts `store
 * --offline` itself and talks to it over descriptor 3. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "cli_sheet.h"

#define STORE_FD 3

/* The store executable: beside this one, as it was built, or where it was installed. */
static int
find_store(char out[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 16);
	char *slash;

	if (n > 0) {
		out[n] = '\0';
		slash = strrchr(out, '/');
		if (slash != NULL) {
			memcpy(slash + 1, "store", sizeof("store"));
			if (access(out, X_OK) == 0)
				return 0;
		}
	}
	memcpy(out, FUMIKURA_LIBEXEC "/store", sizeof(FUMIKURA_LIBEXEC "/store"));
	return access(out, X_OK) == 0 ? 0 : -errno;
}

/* In the child: descriptor 3 is the link, nothing else above standard error stays open. */
static void
become_store(const char *path, int link, const char *data, const char *key_file)
{
	const char *argv[8] = {"store", "--offline", "--data", data};

	if (key_file != NULL) {
		argv[4] = "--key-file";
		argv[5] = key_file;
	}
	if (link == STORE_FD)
		fcntl(link, F_SETFD, 0);
	else
		dup2(link, STORE_FD);
	close_range(STORE_FD + 1, ~0U, 0);
	execv(path, (char *const *)argv);
	_exit(127);
}

static int
start_store(struct cli *cli, const char *data, const char *key_file)
{
	char path[PATH_MAX];
	int pair[2], r;

	if (find_store(path) < 0) {
		cli_set_error(cli, "no_store",
		    "store の実行ファイルが見つかりません。インストールを確かめてください。",
		    "The store executable cannot be found. Check the installation.");
		return -ENOENT;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	cli->child = fork();
	if (cli->child == 0)
		become_store(path, pair[1], data, key_file);
	close(pair[1]);
	r = cli->child < 0 ? -errno : cli_adopt(cli, pair[0]);
	if (cli->child < 0)
		close(pair[0]);
	if (r < 0)
		cli_set_error(cli, "offline_failed",
		    "書庫を開けません。場所と鍵を確かめ、装置が動いているときは --data "
		    "を付けずに実行してください。",
		    "The archive cannot be opened. Check its place and key; while the box runs, "
		    "leave --data out.");
	return r;
}

/* ---- init ---- */

static int
admin_password(
    struct cli *cli, const struct cli_args *args, char ret[CLI_PASSWORD_SIZE], bool *ret_made)
{
	const char *file = cli_value(args, "admin-password-file");

	if (file == NULL)
		file = cli_value(args, "password-file");
	*ret_made = file == NULL;
	if (file != NULL)
		return cli_password(cli, file, "", "", false, ret);
	cli_password_random(ret);
	return 0;
}

static int
call_init(struct cli *cli, const struct cli_args *args, const char *password, json_t **ret)
{
	const char *key_file = cli_value(args, "key-file");
	int r = start_store(cli, cli_value(args, "data"), key_file);

	if (r < 0)
		return r;
	return cli_request(cli, "Init", ret, "ssss", cli_value(args, "name"),
	    key_file != NULL ? key_file : "", cli_value(args, "admin"), password);
}

int
cli_init(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *result = NULL;
	char password[CLI_PASSWORD_SIZE] = "";
	bool made;
	int r;

	if (cli_value(args, "data") == NULL)
		return cli_usage(cli, "書庫の場所を指定してください",
		    "Name the archive's directory", "--data DIR");
	r = admin_password(cli, args, password, &made);
	if (r == 0)
		r = call_init(cli, args, password, &result);
	if (r == 0 && made)
		json_object_set_new(result, "admin_password", json_string(password));
	explicit_bzero(password, sizeof(password));
	if (r < 0)
		return cli_fail_call(cli);
	cli_sheet_draw(result);
	if (cli->json)
		cli_output(cli, args->command, result);
	else
		cli_sheet_print(result);
	return CLI_DONE;
}

/* ---- doctor, verify, rebuild ---- */

/* "ok" false is a refusal to vouch: the result is printed, and the exit code says it. */
static int
judge(struct cli *cli, const json_t *result)
{
	const json_t *faults = json_object_get(result, "faults"),
		     *first = json_array_get(faults, 0);
	const char *code = cli_text(first, "code"), *where = cli_text(first, "where");
	char ja[256], en[256];

	if (!json_is_false(json_object_get(result, "ok")))
		return CLI_DONE;
	snprintf(ja, sizeof(ja), "損傷または不一致が %zu 件あります（最初は %s %s）。",
	    json_array_size(faults), code, where);
	snprintf(en, sizeof(en), "%zu faults were found (the first: %s %s).",
	    json_array_size(faults), code, where);
	cli_reason(cli, "damage_found", ja, en);
	return CLI_FAILED;
}

int
cli_check(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *result = NULL;
	const char *data = cli_value(args, "data");
	int r;

	if (cli_given(args, "all") && args->n > 0)
		return cli_usage(cli, "--all と記録は同時に指定できません",
		    "Give either --all or a document", "--all");
	if (cli_given(args, "key-file") && data == NULL)
		return cli_usage(cli, "--key-file は --data と使います",
		    "--key-file goes with --data", "--key-file");
	if (data != NULL && access(data, R_OK | X_OK) < 0)
		return cli_fail(cli, "no_archive",
		    "その場所に書庫がありません。--data を確かめてください。",
		    "There is no archive at that place. Check --data.");
	if (data != NULL && start_store(cli, data, cli_value(args, "key-file")) < 0)
		return cli_fail_call(cli);
	/* doctor and rebuild need no session where the caller is the console, whoever is signed in.
	 */
	if (data == NULL && cli->as == NULL && strcmp(args->command->words, "verify") != 0 &&
	    geteuid() == 0)
		cli->as = "console";
	r = cli_simple(cli, args, &result);
	if (r != CLI_DONE)
		return r;
	cli_output(cli, args->command, result);
	return judge(cli, result);
}
