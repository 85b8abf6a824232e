/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page and export: what store hands out as memory files becomes files of the caller, mode 600,
 * whole or not at all. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "memfd.h"

#define FILES_MAX 64u

static const char *const page_kinds[] = {"master", "preview", "thumb", "text", "alto", "lines"};
static const char *const export_kinds[] = {"pdf", "evidence"};

/* The one kind that was given; NULL when none or several. */
static const char *
one_kind(const struct cli_args *args, const char *const *kinds, size_t n, const char *fallback)
{
	const char *kind = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!cli_given(args, kinds[i]))
			continue;
		if (kind != NULL)
			return NULL;
		kind = kinds[i];
	}
	return kind != NULL ? kind : fallback;
}

static int
not_written(struct cli *cli, int r)
{
	char ja[256], en[256];

	snprintf(ja, sizeof(ja), "ファイルを書けません（%s）。場所と空き容量を確かめてください。",
	    strerror(-r));
	snprintf(en, sizeof(en),
	    "The file cannot be written (%s). Check the place and its free space.", strerror(-r));
	return cli_fail(cli, "not_written", ja, en);
}

/* Writes a received memory file to base/name. */
static int
save(int base, const char *name, int fd, size_t *ret_size)
{
	_cleanup_(memview_free) struct memview view = {0};
	int r = memfd_view(fd, MEMFD_MAX, &view);

	if (r == 0)
		r = cli_write_below(base, name, view.data, view.size);
	if (r == 0 && ret_size != NULL)
		*ret_size = view.size;
	return r;
}

/* Directory and last part of a path; ret_name borrows from path. */
static int
open_parent(const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX];
	int fd;

	*ret_name = slash != NULL ? slash + 1 : path;
	if (**ret_name == '\0' || strlen(path) >= sizeof(parent))
		return -EINVAL;
	snprintf(parent, sizeof(parent), "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1,
	    slash == NULL ? "." : path);
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int
save_to_path(const char *path, int fd, size_t *ret_size)
{
	const char *name;
	_cleanup_(closep) int dir = open_parent(path, &name);

	return dir < 0 ? dir : save(dir, name, fd, ret_size);
}

static int
page_call(
    struct cli *cli, const struct cli_args *args, const char *kind, int64_t n, sd_bus_message **ret)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	char token[CLI_TOKEN_SIZE];

	if (cli_token_load(cli, token) < 0 || cli_connect(cli) < 0 ||
	    cli_new_call(cli, "Page", &m) < 0 ||
	    sd_bus_message_append(m, "ssus", token, args->operands[0], (uint32_t)n, kind) < 0 ||
	    cli_call(cli, m, ret) < 0)
		return cli_fail_call(cli);
	return CLI_DONE;
}

int
cli_page(struct cli *cli, const struct cli_args *args)
{
	const char *path = cli_value(args, "o"),
		   *kind = one_kind(
		       args, page_kinds, sizeof(page_kinds) / sizeof(*page_kinds), "master");
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_(cli_json_decref) json_t *result = NULL;
	size_t size;
	int64_t n;
	int fd, r;

	if (path == NULL || kind == NULL)
		return cli_usage(cli, "-o FILE と、種類を一つ指定してください",
		    "Give -o FILE and one kind", "page");
	if (cli_number(args->operands[1], 1, UINT32_MAX, &n) < 0)
		return cli_usage(cli, "ページ番号が正しくありません",
		    "The page number is not valid", args->operands[1]);
	r = page_call(cli, args, kind, n, &reply);
	if (r != CLI_DONE)
		return r;
	if (sd_bus_message_read(reply, "h", &fd) < 0)
		return cli_fail_call(cli);
	r = save_to_path(path, fd, &size);
	if (r < 0)
		return not_written(cli, r);
	if (sd_bus_message_rewind(reply, 1) < 0 || cli_result(reply, &result) < 0)
		return cli_fail_call(cli);
	json_object_set_new(result, "file", json_string(path));
	json_object_set_new(result, "size", json_integer((json_int_t)size));
	cli_output(cli, args->command, result);
	return CLI_DONE;
}

/* ---- export ---- */

struct out {
	int base; /* a directory, or -1: the single file goes to path */
	const char *path;
	json_t *names;
	unsigned n;
};

/* Evidence is always a directory; one PDF may be named as a file. */
static int
open_target(const char *path, const char *kind, unsigned documents, struct out *out)
{
	struct stat st;
	bool is_dir = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	size_t n = strlen(path);

	out->path = path;
	out->base = -1;
	if (strcmp(kind, "pdf") == 0 && documents == 1 && !is_dir && n > 0 && path[n - 1] != '/')
		return 0;
	if (!is_dir && mkdir(path, 0700) < 0)
		return -errno;
	out->base = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return out->base < 0 ? -errno : 0;
}

static int
save_one(struct out *out, const char *name, int fd)
{
	if (out->n++ == FILES_MAX * 64 || !cli_name_safe(name))
		return -EBADMSG;
	if (out->base >= 0) {
		json_array_append_new(out->names, json_string(name));
		return save(out->base, name, fd, NULL);
	}
	if (out->n > 1)
		return -EBADMSG;
	json_array_append_new(out->names, json_string(out->path));
	return save_to_path(out->path, fd, NULL);
}

static int
save_files(sd_bus_message *reply, struct out *out)
{
	const char *name;
	int fd, r = sd_bus_message_enter_container(reply, 'a', "(sh)");

	while (r >= 0 && (r = sd_bus_message_read(reply, "(sh)", &name, &fd)) > 0)
		r = save_one(out, name, fd);
	return r < 0 ? r : 0;
}

/* The words of one option, as a list. */
static int
append_words(sd_bus_message *m, const char *text)
{
	_cleanup_(freep) char *copy = strdup(text);
	char *rest = copy, *word;
	int r = copy == NULL ? -ENOMEM : sd_bus_message_open_container(m, 'a', "s");

	while (r >= 0 && (word = strsep(&rest, " ")) != NULL)
		if (word[0] != '\0')
			r = sd_bus_message_append(m, "s", word);
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int
export_call(struct cli *cli, const struct cli_args *args, const char *kind, sd_bus_message **ret)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	const char *redact = cli_value(args, "redact");
	char token[CLI_TOKEN_SIZE];
	int r;

	if (cli_token_load(cli, token) < 0 || cli_connect(cli) < 0 ||
	    cli_new_call(cli, redact == NULL ? "Export" : "ExportRedacted", &m) < 0)
		return cli_fail_call(cli);
	r = sd_bus_message_append(m, "s", token);
	if (r >= 0)
		r = redact == NULL ? sd_bus_message_append_strv(m, (char **)args->operands)
				   : sd_bus_message_append(m, "s", args->operands[0]);
	if (r >= 0)
		r = redact == NULL ? sd_bus_message_append(m, "s", kind) : append_words(m, redact);
	if (r < 0 || cli_call(cli, m, ret) < 0)
		return cli_fail_call(cli);
	return CLI_DONE;
}

int
cli_export(struct cli *cli, const struct cli_args *args)
{
	const char *path = cli_value(args, "o"), *kind = one_kind(args, export_kinds, 2, NULL);
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_(cli_json_decref) json_t *result = NULL, *names = json_array();
	struct out out = {.base = -1, .names = names};
	int r;

	if (path == NULL || kind == NULL)
		return cli_usage(cli, "-o PATH と、--pdf か --evidence を指定してください",
		    "Give -o PATH and either --pdf or --evidence", "export");
	if (cli_value(args, "redact") != NULL && (args->n != 1 || strcmp(kind, "pdf") != 0))
		return cli_usage(cli, "--redact は、--pdf と記録一件のときに使えます",
		    "--redact goes with --pdf and one document", "export");
	args->operands[args->n] = NULL;
	r = export_call(cli, args, kind, &reply);
	if (r != CLI_DONE)
		return r;
	r = open_target(path, kind, args->n, &out);
	if (r == 0)
		r = save_files(reply, &out);
	closep(&out.base);
	if (r < 0)
		return not_written(cli, r);
	if (sd_bus_message_rewind(reply, 1) < 0 || cli_result(reply, &result) < 0)
		return cli_fail_call(cli);
	json_object_set(result, "files", names);
	cli_output(cli, args->command, result);
	return CLI_DONE;
}
