/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reasons, usage and progress. Reasons go to standard error in both languages, whatever the
 * locale: an operator's script and a clerk may both read them. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

const char *
cli_words(const struct cli *cli, const char *ja, const char *en)
{
	return cli->ja ? ja : en;
}

const char *
cli_text(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text != NULL ? text : "";
}

/* One line: what store says may hold line ends, and file names anything. */
static void
say(const char *text)
{
	for (; *text != '\0'; text++)
		fputc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, stderr);
}

void
cli_reason(struct cli *cli, const char *code, const char *ja, const char *en)
{
	cli_progress(cli, "", true);
	say(code);
	fputs(": ", stderr);
	say(ja);
	fputs(" / ", stderr);
	say(en);
	fputc('\n', stderr);
}

int
cli_fail(struct cli *cli, const char *code, const char *ja, const char *en)
{
	_cleanup_(cli_json_decref) json_t *json = NULL;

	cli_reason(cli, code, ja, en);
	if (!cli->json)
		return CLI_FAILED;
	json = json_pack(
	    "{s:{s:s,s:s,s:s}}", "error", "code", code, "message_ja", ja, "message_en", en);
	if (json != NULL) {
		json_dumpf(json, stdout, JSON_COMPACT);
		fputc('\n', stdout);
	}
	return CLI_FAILED;
}

int
cli_fail_call(struct cli *cli)
{
	const struct cli_error *e = &cli->error;

	return cli_fail(cli, e->code[0] != '\0' ? e->code : "internal",
	    e->ja != NULL ? e->ja : "思わぬ失敗です。",
	    e->en != NULL ? e->en : "An unexpected failure.");
}

int
cli_usage(struct cli *cli, const char *ja, const char *en, const char *what)
{
	char text_ja[512], text_en[512];

	if (strlen(what) > 200)
		what = "...";
	snprintf(
	    text_ja, sizeof(text_ja), "%s（%s）。fumikura --help で使い方を表示します。", ja, what);
	snprintf(text_en, sizeof(text_en), "%s (%s). fumikura --help shows how.", en, what);
	cli_fail(cli, "usage", text_ja, text_en);
	return CLI_USAGE;
}

void
cli_set_error(struct cli *cli, const char *code, const char *ja, const char *en)
{
	struct cli_error *e = &cli->error;

	snprintf(e->code, sizeof(e->code), "%s", code);
	free(e->ja);
	free(e->en);
	e->ja = strdup(ja);
	e->en = strdup(en);
}

void
cli_progress(struct cli *cli, const char *text, bool end)
{
	if (cli->tty && (cli->live || text[0] != '\0'))
		fprintf(stderr, "\r\033[K%s", text);
	else if (text[0] != '\0')
		fprintf(stderr, "%s\n", text);
	cli->live = cli->tty && !end && text[0] != '\0';
	if (cli->tty && end && text[0] != '\0')
		fputc('\n', stderr);
	fflush(stderr);
}
