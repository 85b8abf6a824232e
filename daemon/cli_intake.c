/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan and import. Their JSON has one shape:
 * {"batch","documents":[{"id","pages"}],"refused":[{"file","code","message"}]}. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "memfd.h"
#include "text.h"

#define NAME_MAX_BYTES 255u

/* --wait → 1, --wait=stored → 2, not given → 0; else CLI_USAGE through r. */
static int
wait_mode(struct cli *cli, const struct cli_args *args, int *ret)
{
	const char *value = cli_value(args, "wait");

	*ret = 0;
	if (value == NULL)
		return CLI_DONE;
	*ret = strcmp(value, "stored") == 0 ? 2 : 1;
	if (*ret == 1 && value[0] != '\0' && strcmp(value, "read") != 0)
		return cli_usage(
		    cli, "--wait の値は read か stored です", "--wait is read or stored", value);
	return CLI_DONE;
}

/* {"id","pages"} of each document of a BatchShow. */
static json_t *
documents_of(const json_t *batch)
{
	const json_t *documents = json_object_get(batch, "documents");
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(documents); i++) {
		const json_t *d = json_array_get(documents, i);

		json_array_append_new(list, json_pack("{s:O?,s:O?}", "id", json_object_get(d, "id"),
						"pages", json_object_get(d, "pages")));
	}
	return list;
}

/* Refusals as the contract has them: both languages in one message. */
static json_t *
refused_of(const json_t *batch)
{
	const json_t *refused = json_object_get(batch, "refused");
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(refused); i++) {
		const json_t *r = json_array_get(refused, i);
		const char *ja = json_string_value(json_object_get(r, "message_ja")),
			   *en = json_string_value(json_object_get(r, "message_en"));
		json_t *message =
		    json_sprintf("%s / %s", ja != NULL ? ja : "", en != NULL ? en : "");

		json_array_append_new(
		    list, json_pack("{s:O?,s:O?,s:o}", "file", json_object_get(r, "file"), "code",
			      json_object_get(r, "code"), "message", message));
	}
	return list;
}

/* The run's own end: nothing, or its reason on standard error and CLI_FAILED. */
static int
run_outcome(struct cli *cli, const json_t *batch)
{
	const json_t *run = json_object_get(batch, "run");
	const char *code = json_string_value(json_object_get(run, "code")),
		   *ja = json_string_value(json_object_get(run, "message_ja")),
		   *en = json_string_value(json_object_get(run, "message_en"));

	if (code == NULL || code[0] == '\0' || strcmp(code, "ok") == 0)
		return CLI_DONE;
	cli_reason(cli, code, ja != NULL ? ja : "", en != NULL ? en : "");
	return CLI_FAILED;
}

static int
scan_and_follow(struct cli *cli, const struct cli_args *args, const char *token, const char *batch,
    bool stored_only)
{
	_cleanup_(cli_json_decref) json_t *shown = NULL, *result = NULL;
	int r = cli_follow(cli, token, batch, stored_only, &shown);

	if (r != CLI_DONE) {
		/* What is known goes out all the same: the batch, whose pages are kept. */
		result = json_pack("{s:s,s:[],s:[]}", "batch", batch, "documents", "refused");
		cli_reason(cli, cli->error.code, cli->error.ja, cli->error.en);
		cli_output(cli, args->command, result);
		return r;
	}
	result = json_pack("{s:s,s:o,s:o}", "batch", batch, "documents", documents_of(shown),
	    "refused", refused_of(shown));
	cli_output(cli, args->command, result);
	return run_outcome(cli, shown);
}

int
cli_scan(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *started = NULL;
	char token[CLI_TOKEN_SIZE];
	const char *batch;
	int wait, r = wait_mode(cli, args, &wait);

	if (r == CLI_DONE)
		r = cli_simple(cli, args, &started);
	if (r != CLI_DONE)
		return r;
	batch = json_string_value(json_object_get(started, "batch"));
	if (wait == 0 || batch == NULL) {
		cli_output(cli, args->command, started);
		return CLI_DONE;
	}
	if (cli_token_load(cli, token) < 0)
		return cli_fail_call(cli);
	return scan_and_follow(cli, args, token, batch, wait == 2);
}

/* ---- import ---- */

struct import {
	struct cli *cli;
	char token[CLI_TOKEN_SIZE];
	const char *batch;
	json_t *documents, *refused;
	unsigned done;
};

/* The last part of a path, in UTF-8 and not longer than store takes. */
static void
clean_name(const char *path, char out[NAME_MAX_BYTES + 1])
{
	const char *slash = strrchr(path, '/'),
		   *name = slash != NULL && slash[1] != '\0' ? slash + 1 : path;
	size_t n = 0;

	while (*name != '\0' && n < NAME_MAX_BYTES - 3) {
		uint32_t code;
		int used = utf8_decode(name, strlen(name), &code);

		if (used < 0 || code < 0x20 || code == 0x7f) {
			out[n++] = '?';
			name++;
			continue;
		}
		memcpy(out + n, name, (size_t)used);
		n += (size_t)used;
		name += used;
	}
	out[n] = '\0';
}

static void
add_refused(
    struct import *import, const char *name, const char *code, const char *ja, const char *en)
{
	json_t *message = json_sprintf("%s / %s", ja, en);

	json_array_append_new(import->refused,
	    json_pack("{s:s,s:s,s:o}", "file", name, "code", code, "message", message));
}

static const struct unread {
	int error;
	const char *code, *ja, *en;
} unread[] = {
    {-ENOENT, "not_found", "ファイルが見つかりません。", "There is no such file."},
    {-EACCES, "no_access", "ファイルを読む権限がありません。", "The file may not be read."},
    {-EPERM, "not_a_file", "ふつうのファイルではありません。", "It is not a regular file."},
    {-EFBIG, "too_large", "ファイルが大きすぎます（256 MB まで）。",
	"The file is too large (at most 256 MB)."},
    {0, "unreadable", "ファイルを読めません。", "The file cannot be read."},
};

static void
add_unread(struct import *import, const char *name, int r)
{
	const struct unread *u = unread;

	while (u->error != 0 && u->error != r)
		u++;
	add_refused(import, name, u->code, u->ja, u->en);
}

/* Store said no to this file; the others go on. A lost connection is taken up again. */
static int
refused_by_store(struct import *import, const char *name, int r)
{
	const struct cli_error *e = &import->cli->error;

	add_refused(import, name, e->code, e->ja, e->en);
	if (r == -ECONNRESET)
		return cli_reconnect(import->cli);
	if (strcmp(e->code, "session_expired") == 0 || strcmp(e->code, "not_signed_in") == 0 ||
	    strcmp(e->code, "denied") == 0)
		return -ECANCELED;
	return 0;
}

static int
import_file(void *ctx, const char *path)
{
	struct import *import = ctx;
	struct cli *cli = import->cli;
	_cleanup_(cli_json_decref) json_t *result = NULL;
	_cleanup_(closep) int fd = -1;
	char name[NAME_MAX_BYTES + 1], text[NAME_MAX_BYTES + 64];
	int r;

	clean_name(path, name);
	fd = cli_load(path, MEMFD_MAX);
	if (fd < 0) {
		add_unread(import, name, fd);
		return 0;
	}
	snprintf(text, sizeof(text), "%u: %s", ++import->done, name);
	cli_progress(cli, text, false);
	r = cli_request(cli, "ImportFile", &result, "sssh", import->token, import->batch, name, fd);
	if (r < 0)
		return refused_by_store(import, name, r);
	json_array_append_new(
	    import->documents, json_pack("{s:O?,s:O?}", "id", json_object_get(result, "document"),
				   "pages", json_object_get(result, "pages")));
	return 0;
}

static int
import_all(struct import *import, const struct cli_args *args)
{
	for (unsigned i = 0; i < args->n; i++) {
		char name[NAME_MAX_BYTES + 1];
		int r = cli_walk(args->operands[i], import_file, import);

		if (r == -ECANCELED || r == -ENOTCONN)
			return r;
		clean_name(args->operands[i], name);
		if (r < 0)
			add_unread(import, name, r);
	}
	return 0;
}

static int
finish_import(struct import *import, const struct cli_args *args, int wait)
{
	struct cli *cli = import->cli;
	_cleanup_(cli_json_decref) json_t *closed = NULL, *shown = NULL, *result = NULL;
	size_t refused = json_array_size(import->refused);
	bool failed = false;

	if (cli_request(cli, "ImportClose", &closed, "ss", import->token, import->batch) < 0)
		failed = true;
	else if (wait != 0 &&
		 cli_follow(cli, import->token, import->batch, wait == 2, &shown) != CLI_DONE)
		failed = true;
	if (failed)
		cli_reason(cli, cli->error.code, cli->error.ja, cli->error.en);
	if (refused > 0) {
		const json_t *first = json_array_get(import->refused, 0);

		cli_reason(cli, json_string_value(json_object_get(first, "code")),
		    json_string_value(json_object_get(first, "file")),
		    json_string_value(json_object_get(first, "message")));
	}
	result = json_pack("{s:s,s:O,s:O}", "batch", import->batch, "documents", import->documents,
	    "refused", import->refused);
	cli_output(cli, args->command, result);
	return failed || refused > 0 ? CLI_FAILED : CLI_DONE;
}

int
cli_import(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *opened = NULL, *documents = json_array(),
					  *refused = json_array();
	struct import import = {.cli = cli, .documents = documents, .refused = refused};
	int wait, r = wait_mode(cli, args, &wait);

	if (r != CLI_DONE)
		return r;
	if (cli_token_load(cli, import.token) < 0 || cli_connect(cli) < 0 ||
	    cli_request(cli, "ImportOpen", &opened, "ss", import.token, cli_value(args, "type")) <
		0)
		return cli_fail_call(cli);
	import.batch = json_string_value(json_object_get(opened, "batch"));
	if (import.batch == NULL)
		return cli_fail(cli, "internal", "装置の答えを読めませんでした。",
		    "The box's answer cannot be read.");
	r = import_all(&import, args);
	if (cli->live)
		cli_progress(cli, "", true);
	return finish_import(&import, args, r < 0 ? 0 : wait);
}
