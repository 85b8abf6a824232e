/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line, `fumikura`: a table of commands over the methods of store/store_bus.h. It holds
 * no keys and decides nothing: what a person may do, and every word of a refusal, comes from store.
 * Exit codes are a contract (architecture §5): 0 done, 1 refused or failed, 2 bad usage.
 */
#ifndef FUMIKURA_CLI_H
#define FUMIKURA_CLI_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>

#include "cleanup.h"

enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_INTERRUPTED = 130 };

#define CLI_MAX_OPTIONS 16u
#define CLI_MAX_COLUMNS 8   /* of a table */
#define CLI_TOKEN_SIZE 256u /* bytes of a session token and NUL */
/* store's longest password, a byte that shows it was longer, and NUL */
#define CLI_PASSWORD_SIZE 1026u
#define CLI_CALL_TIMEOUT_S 600u /* an import of a large file, a check of everything */
#define CLI_RECONNECT_S 10u     /* a room that was killed is back within 2 s */

/* Why the last call failed: store's own words, or ours. */
struct cli_error {
	char code[64];
	char *ja, *en;
};

struct cli {
	const char *socket_path, *as;
	bool json, ja, tty; /* ja: Japanese output; tty: standard error is a terminal */
	sd_bus *bus;
	pid_t child; /* store --offline, or 0 */
	struct cli_error error;
	int signals; /* signalfd for SIGINT while something runs that can be cancelled, or -1 */
	/* Called while a call waits, several times a second; may send, must not wait. NULL: nothing
	 * to do. */
	void (*tick)(struct cli *cli, void *userdata);
	void *tick_userdata;
	bool live; /* an unfinished progress line stands on the terminal */
};

static inline void
cli_json_decref(json_t **json)
{
	json_decref(*json);
	*json = NULL;
}

/* ---- the tables (cli_commands.c, cli_options.c) ---- */

struct cli_args;
struct cli_column {
	const char *key, *ja, *en; /* key may reach into an object: "fields.client_name" */
};
struct cli_view {
	const char *list; /* member of the result that is an array of objects */
	struct cli_column columns[CLI_MAX_COLUMNS + 1]; /* ends with .key == NULL */
};
struct cli_command {
	const char *words, *operands; /* "batch show", "BATCH" */
	unsigned min, max;            /* number of operands */
	const char *options;          /* names from cli_options, separated by spaces */
	const char *method, *map; /* store_bus.h member; a source for each argument (cli_map.c) */
	const struct cli_view *view; /* for people; NULL: print, or the whole result */
	void (*print)(struct cli *cli, const json_t *result);
	/* Returns an exit code. NULL: one call, print the answer. */
	int (*run)(struct cli *cli, const struct cli_args *args);
	const char *ja, *en;
};
struct cli_option {
	/* "limit", "N"; value NULL: a flag; "[…]": may be given as --name=value only */
	const char *name, *value;
	const char *fallback; /* or NULL */
	const char *ja, *en;
};
extern const struct cli_command cli_commands[]; /* ends with .words == NULL */
extern const struct cli_option cli_options[];   /* ends with .name == NULL */

/* ---- arguments (cli_args.c) ---- */

struct cli_args {
	const struct cli_command *command;
	const char **operands; /* owned array of borrowed texts */
	unsigned n;
	struct {
		const struct cli_option *option;
		const char *value; /* "" for a flag or an option without its value */
	} given[CLI_MAX_OPTIONS];
	unsigned n_given;
	bool help;
	bool console; /* "console" in the map: root without --as speaks for the box, not for whoever
			 signed in last */
};
/* Global options into cli, command and the rest into ret. 0, or CLI_USAGE with the reason printed.
 * argv stays the caller's. */
int cli_parse(struct cli *cli, int argc, char **argv, struct cli_args *ret);
void cli_args_done(struct cli_args *args);
void cli_help(const struct cli *cli, const struct cli_command *command);

/* ---- options (cli_options.c) ---- */

/* The row of the option whose name is the first n bytes; NULL: none. */
const struct cli_option *cli_option(const char *name, size_t n);
/* True when the name stands in a list separated by spaces. */
bool cli_listed(const char *list, const char *name);
/* Value of an option: as given, else its fallback, else NULL. */
const char *cli_value(const struct cli_args *args, const char *name);
bool cli_given(const struct cli_args *args, const char *name);
/* Strict decimal; -EINVAL, -ERANGE. */
int cli_number(const char *text, int64_t min, int64_t max, int64_t *ret);

/* ---- one call as the row says (cli_map.c) ---- */

/* Appends the arguments that command->map describes; CLI_USAGE with the reason printed. */
int cli_append(struct cli *cli, const struct cli_args *args, const char *token, sd_bus_message *m);
/* Token, connection, one call, answer. */
int cli_simple(struct cli *cli, const struct cli_args *args, json_t **ret);

/* ---- saying things (cli_say.c, cli_print.c) ---- */

const char *cli_words(const struct cli *cli, const char *ja, const char *en);
/* A member's text, "" when there is none; borrowed. */
const char *cli_text(const json_t *json, const char *key);
/* "code: 日本語 / English" on standard error. */
void cli_reason(struct cli *cli, const char *code, const char *ja, const char *en);
/* As above; with --json also {"error":{…}} as the one value on standard output. Returns CLI_FAILED.
 */
int cli_fail(struct cli *cli, const char *code, const char *ja, const char *en);
/* cli_fail() with what the last call left in cli->error. */
int cli_fail_call(struct cli *cli);
int cli_usage(struct cli *cli, const char *ja, const char *en, const char *what);
void cli_set_error(struct cli *cli, const char *code, const char *ja, const char *en);
/* Progress on standard error: one line that is rewritten on a terminal, else a line when the text
 * is new. end: the line is finished. */
void cli_progress(struct cli *cli, const char *text, bool end);
/* The result: JSON text with --json, else the command's view or print. */
void cli_output(struct cli *cli, const struct cli_command *command, const json_t *result);
void cli_print_any(struct cli *cli, const json_t *value, unsigned depth);
void cli_print_view(struct cli *cli, const struct cli_view *view, const json_t *result);
/* Text of a terminal: control characters never pass. */
void cli_print_text(const char *text);
/* Columns that text takes on a terminal (East Asian wide characters take two). */
unsigned cli_width(const char *text);
void cli_print_status(struct cli *cli, const json_t *result);
void cli_print_search(struct cli *cli, const json_t *result);
void cli_print_show(struct cli *cli, const json_t *result);
void cli_print_batch(struct cli *cli, const json_t *result);
void cli_print_check(struct cli *cli, const json_t *result);
void cli_print_note(struct cli *cli, const json_t *result);
void cli_print_intake(struct cli *cli, const json_t *result);
void cli_print_confirm(struct cli *cli, const json_t *result);

/* ---- the link (cli_link.c) ---- */

int cli_connect(struct cli *cli); /* negative errno, reason in cli->error */
/* A bus over a connected socket; fd is taken. */
int cli_adopt(struct cli *cli, int fd);
/* Tries again for CLI_RECONNECT_S. */
int cli_reconnect(struct cli *cli);
void cli_disconnect(struct cli *cli);
int cli_new_call(struct cli *cli, const char *member, sd_bus_message **ret);
/*
 * Sends m and waits. -ECONNRESET: the link was lost and the outcome is unknown; other negative
 * errno: refused. cli->error holds the reason. ret_reply: caller unrefs.
 */
int cli_call(struct cli *cli, sd_bus_message *m, sd_bus_message **ret_reply);
/* New call, arguments, call, and the JSON text that ends the answer. */
int cli_request(struct cli *cli, const char *member, json_t **ret, const char *types, ...);
int cli_result(sd_bus_message *reply, json_t **ret);

/* ---- sessions (cli_token.c) ---- */

/* Token of --as, else of the current user, else "" (console, also as --as console: root or the
 * daemon's own user). -ENOENT for an --as without a session; reason in cli->error. */
int cli_token_load(struct cli *cli, char ret[CLI_TOKEN_SIZE]);
/* Keeps the token and makes user the current one. */
int cli_token_keep(struct cli *cli, const char *user, const char *token);
/* Forgets the token that cli_token_load() gives. */
int cli_token_forget(struct cli *cli);

/* ---- passwords (cli_password.c) ---- */

/* First line of path ("-": standard input), or asked on the terminal when path is NULL. Wipe ret.
 * Reason in cli->error. */
int cli_password(struct cli *cli, const char *path, const char *ja, const char *en, bool twice,
    char ret[CLI_PASSWORD_SIZE]);
/* 24 letters and digits in groups, 119 bits. */
void cli_password_random(char ret[32]);

/* ---- commands with a course of their own ---- */

int cli_login(struct cli *cli, const struct cli_args *args);
int cli_logout(struct cli *cli, const struct cli_args *args);
int cli_passwd(struct cli *cli, const struct cli_args *args);
int cli_user_add(struct cli *cli, const struct cli_args *args);
int cli_user_reset(struct cli *cli, const struct cli_args *args);
int cli_scan(struct cli *cli, const struct cli_args *args);
int cli_import(struct cli *cli, const struct cli_args *args);
int cli_page(struct cli *cli, const struct cli_args *args);
int cli_correct(struct cli *cli, const struct cli_args *args);
int cli_export(struct cli *cli, const struct cli_args *args);
int cli_init(struct cli *cli, const struct cli_args *args);
int cli_confirm(struct cli *cli, const struct cli_args *args);
int cli_check(struct cli *cli, const struct cli_args *args); /* doctor, verify, rebuild */

/* ---- shared by scan and import (cli_follow.c) ---- */

/*
 * Follows a batch until its run is over, and, unless stored_only, every page is recognised or found
 * unreadable. Ctrl-C cancels the run once and goes on following; a second one ends the command.
 * ret: the last BatchShow. CLI_DONE also when the run ended badly: judge ret. CLI_FAILED: nothing
 * more is known; reason in cli->error.
 */
int cli_follow(
    struct cli *cli, const char *token, const char *batch, bool stored_only, json_t **ret);

/* ---- files (cli_files.c) ---- */

/* Relative path without surprises: no empty, "." or ".." part, no control characters, at most 4
 * parts. */
bool cli_name_safe(const char *name);
/* Writes base/name (directories 0700, file 0600) by temporary file and rename; name is safe. */
int cli_write_below(int base, const char *name, const void *data, size_t n);
/* All regular files of the operands, directories walked in byte order, hidden ones passed over.
 * Calls visit(path). Negative errno or visit's non-zero. */
int cli_walk(const char *path, int (*visit)(void *ctx, const char *path), void *ctx);
/* A whole regular file in a sealed memory file. Caller closes. */
int cli_load(const char *path, size_t max);

int cli_main(int argc, char **argv);

#endif
