/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that need a password: login, logout, passwd, user add, user reset. */
#include "cli.h"

#include <string.h>

#define TERMINAL "cli" /* where from, for the log; which person it is, the session says */

/* The caller's token, as cli_token_load() gives it, and a connection. */
static int
with_token(struct cli *cli, char token[CLI_TOKEN_SIZE])
{
	if (cli_token_load(cli, token) < 0 || cli_connect(cli) < 0)
		return cli_fail_call(cli);
	return CLI_DONE;
}

/* What the call that gave r and result comes to. */
static int
finish(struct cli *cli, const struct cli_args *args, int r, const json_t *result)
{
	if (r < 0)
		return cli_fail_call(cli);
	cli_output(cli, args->command, result);
	return CLI_DONE;
}

int
cli_login(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *result = NULL;
	char password[CLI_PASSWORD_SIZE] = "";
	const char *user = args->operands[0], *token;
	int r;

	if (cli_connect(cli) < 0 || cli_password(cli, cli_value(args, "password-file"),
					"パスワード", "Password", false, password) < 0)
		return cli_fail_call(cli);
	r = cli_request(
	    cli, "Login", &result, "ssss", user, password, cli_value(args, "code"), TERMINAL);
	explicit_bzero(password, sizeof(password));
	if (r < 0)
		return cli_fail_call(cli);
	token = json_string_value(json_object_get(result, "token"));
	if (token == NULL || strlen(token) >= CLI_TOKEN_SIZE ||
	    cli_token_keep(cli, user, token) < 0)
		return cli_fail_call(cli);
	json_object_del(
	    result, "token"); /* it is kept in a file of its own, not in a terminal's memory */
	cli_output(cli, args->command, result);
	return CLI_DONE;
}

int
cli_logout(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *result = NULL;
	char token[CLI_TOKEN_SIZE];
	int r;

	if (cli_token_load(cli, token) < 0)
		return cli_fail_call(cli);
	if (token[0] == '\0')
		return cli_fail(
		    cli, "not_signed_in", "サインインしていません。", "Nobody is signed in.");
	if (cli_connect(cli) < 0)
		return cli_fail_call(cli);
	r = cli_request(cli, "Logout", &result, "s", token);
	/* An expired session is as gone as one can wish. */
	if (r < 0 && strcmp(cli->error.code, "session_expired") == 0) {
		r = 0;
		result = json_object();
	}
	if (r >= 0)
		r = cli_token_forget(cli);
	return finish(cli, args, r, result);
}

int
cli_passwd(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *result = NULL;
	char token[CLI_TOKEN_SIZE], before[CLI_PASSWORD_SIZE] = "", after[CLI_PASSWORD_SIZE] = "";
	int r = with_token(cli, token);

	if (r != CLI_DONE)
		return r;
	r = cli_password(cli, cli_value(args, "password-file"), "今のパスワード",
	    "Present password", false, before);
	if (r == 0)
		r = cli_password(cli, cli_value(args, "new-password-file"), "新しいパスワード",
		    "New password", true, after);
	if (r == 0)
		r = cli_request(cli, "Passwd", &result, "sss", token, before, after);
	explicit_bzero(before, sizeof(before));
	explicit_bzero(after, sizeof(after));
	return finish(cli, args, r, result);
}

int
cli_user_add(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *result = NULL;
	const char *user = args->operands[0], *role = cli_value(args, "role"),
		   *display = cli_value(args, "display");
	char token[CLI_TOKEN_SIZE], password[CLI_PASSWORD_SIZE] = "";
	int r;

	if (role == NULL)
		return cli_usage(cli, "役割を指定してください", "Name a role", "--role");
	r = with_token(cli, token);
	if (r != CLI_DONE)
		return r;
	r = cli_password(cli, cli_value(args, "password-file"), "最初のパスワード",
	    "First password", true, password);
	if (r == 0)
		r = cli_request(cli, "UserAdd", &result, "sssss", token, user,
		    display != NULL ? display : user, role, password);
	explicit_bzero(password, sizeof(password));
	return finish(cli, args, r, result);
}

int
cli_user_reset(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *result = NULL;
	char token[CLI_TOKEN_SIZE], password[CLI_PASSWORD_SIZE] = "";
	int r = with_token(cli, token);

	if (r != CLI_DONE)
		return r;
	r = cli_password(cli, cli_value(args, "password-file"), "新しい最初のパスワード",
	    "New first password", true, password);
	if (r == 0)
		r = cli_request(
		    cli, "UserReset", &result, "sss", token, args->operands[0], password);
	explicit_bzero(password, sizeof(password));
	return finish(cli, args, r, result);
}
