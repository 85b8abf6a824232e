/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results that a plain table does not serve: status, batch, search, record, checks. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static const struct cli_view rooms = {
    "rooms", {{"name", "部屋", "room"}, {"pid", "pid", "pid"}, {"restarts", "再起動", "restarts"},
		 {"rss_kb", "メモリー kB", "memory kB"}}};
static const struct cli_view batch_pages = {"pages",
    {{"seq", "順", "seq"}, {"id", "ページ", "page"}, {"document", "記録", "document"},
	{"state", "状態", "state"}, {"excluded", "除外", "excluded"},
	{"rotation", "回転", "rotation"}, {"dpi", "dpi", "dpi"}, {"flags", "注意", "flags"}}};
static const struct cli_view batch_documents = {
    "documents", {{"id", "記録", "document"}, {"state", "状態", "state"},
		     {"pages", "ページ", "pages"}, {"fields.type", "種別", "type"},
		     {"fields.client_name", "利用者", "client"}, {"fields.date", "日付", "date"}}};
static const struct cli_view refusals = {"refused",
    {{"file", "ファイル", "file"}, {"code", "理由", "reason"}, {"message", "説明", "message"}}};
static const struct cli_view confirmed = {
    "confirmed", {{"id", "記録", "document"}, {"state", "状態", "state"},
		     {"timestamp.state", "時刻印", "timestamp"}}};
static const struct cli_view unconfirmed = {
    "refused", {{"id", "記録", "document"}, {"code", "理由", "reason"},
		   {"message_ja", "説明", "ja"}, {"message_en", "英語", "meaning"}}};
static const struct cli_view intake_documents = {
    "documents", {{"id", "記録", "document"}, {"pages", "ページ", "pages"}}};
static const struct cli_view history = {
    "history", {{"index", "番号", "index"}, {"at", "日時", "at"}, {"type", "種類", "type"},
		   {"actor", "利用者", "actor"}}};
static const struct cli_view show_pages = {
    "pages", {{"n", "ページ", "page"}, {"width", "幅", "width"}, {"height", "高さ", "height"},
		 {"dpi", "dpi", "dpi"}, {"sha256", "SHA-256", "SHA-256"}}};
static const struct cli_view faults = {
    "faults", {{"code", "種類", "fault"}, {"where", "場所", "where"}, {"ja", "説明", "ja"},
		  {"en", "説明", "meaning"}}};

static void
line(const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	printf("%s: ", name);
	cli_print_text(value);
	fputc('\n', stdout);
}

/* A table only when it has rows. */
static void
table(struct cli *cli, const struct cli_view *view, const json_t *result)
{
	if (json_array_size(json_object_get(result, view->list)) == 0)
		return;
	fputc('\n', stdout);
	cli_print_view(cli, view, result);
}

/* All members but one, indented plainly. */
static void
rest(struct cli *cli, const json_t *result, const char *const *without)
{
	_cleanup_(cli_json_decref) json_t *copy = json_copy((json_t *)result);

	for (; *without != NULL; without++)
		json_object_del(copy, *without);
	cli_print_any(cli, copy, 0);
}

/* Pages that wait, and how long they likely will, as far as that is known. */
static void
backlog(
    struct cli *cli, const char *what, const json_t *queue, const char *count, const char *seconds)
{
	const json_t *left = json_object_get(queue, seconds);
	const json_int_t n = json_integer_value(json_object_get(queue, count));

	printf(cli_words(cli, "%s: %lld ページ", "%s: %lld pages"), what, (long long)n);
	if (n > 0 && left != NULL)
		printf(cli_words(cli, "、あと約 %lld 分", ", about %lld min left"),
		    (long long)(json_integer_value(left) + 59) / 60);
	fputc('\n', stdout);
}

void
cli_print_status(struct cli *cli, const json_t *result)
{
	static const char *const without[] = {"rooms", NULL};
	const json_t *queue = json_object_get(result, "queue");

	backlog(cli, cli_words(cli, "文字認識待ち", "waiting to be read"), queue, "recognition",
	    "recognition_s");
	backlog(cli, cli_words(cli, "検索用の追加読み取り待ち", "waiting to be read further"),
	    queue, "further", "further_s");
	rest(cli, result, without);
	table(cli, &rooms, result);
}

void
cli_print_batch(struct cli *cli, const json_t *result)
{
	const json_t *run = json_object_get(result, "run");

	line(cli_words(cli, "束", "batch"), cli_text(result, "id"));
	line(cli_words(cli, "状態", "state"), cli_text(result, "state"));
	line(cli_words(cli, "開始", "opened"), cli_text(result, "opened"));
	line(cli_words(cli, "入力者", "by"), cli_text(result, "by"));
	line(cli_words(cli, "取込", "run"), cli_text(run, "state"));
	line(
	    cli_words(cli, "理由", "reason"), cli_text(run, cli->ja ? "message_ja" : "message_en"));
	table(cli, &batch_pages, result);
	table(cli, &batch_documents, result);
	table(cli, &refusals, result);
}

void
cli_print_intake(struct cli *cli, const json_t *result)
{
	line(cli_words(cli, "束", "batch"), cli_text(result, "batch"));
	table(cli, &intake_documents, result);
	table(cli, &refusals, result);
}

void
cli_print_confirm(struct cli *cli, const json_t *result)
{
	table(cli, &confirmed, result);
	table(cli, &unconfirmed, result);
}

/* Every document's outcome is printed; one that was refused decides the exit code. */
int
cli_confirm(struct cli *cli, const struct cli_args *args)
{
	_cleanup_(cli_json_decref) json_t *result = NULL;
	const json_t *refused, *first;
	int r = cli_simple(cli, args, &result);

	if (r != CLI_DONE)
		return r;
	cli_output(cli, args->command, result);
	refused = json_object_get(result, "refused");
	if (json_array_size(refused) == 0)
		return CLI_DONE;
	first = json_array_get(refused, 0);
	cli_reason(cli, cli_text(first, "code"), cli_text(first, "message_ja"),
	    cli_text(first, "message_en"));
	return CLI_FAILED;
}

void
cli_print_search(struct cli *cli, const json_t *result)
{
	const json_t *hits = json_object_get(result, "hits");

	printf(cli_words(cli, "%s%lld 件\n", "%s%lld found\n"),
	    json_is_false(json_object_get(result, "total_exact")) ? cli_words(cli, "約 ", "about ")
								  : "",
	    (long long)json_integer_value(json_object_get(result, "total")));
	for (size_t i = 0; i < json_array_size(hits); i++) {
		const json_t *hit = json_array_get(hits, i),
			     *fields = json_object_get(hit, "fields");

		printf("\n%s  %s %lld  ", cli_text(hit, "document"),
		    cli_words(cli, "ページ", "page"),
		    (long long)json_integer_value(json_object_get(hit, "page")));
		cli_print_text(cli_text(fields, "client_name"));
		fputs("  ", stdout);
		cli_print_text(cli_text(fields, "date"));
		fputs("\n    ", stdout);
		cli_print_text(cli_text(hit, "snippet"));
		fputc('\n', stdout);
	}
}

void
cli_print_show(struct cli *cli, const json_t *result)
{
	static const char *const without[] = {"pages", "history", NULL};

	rest(cli, result, without);
	table(cli, &show_pages, result);
	table(cli, &history, result);
}

void
cli_print_check(struct cli *cli, const json_t *result)
{
	bool ok = json_is_true(json_object_get(result, "ok"));

	puts(ok ? cli_words(cli, "異常はありません", "all is well")
		: cli_words(cli, "異常があります", "faults were found"));
	cli_print_any(cli, json_object_get(result, "checked"), 1);
	table(cli, &faults, result);
}

/* The note as it is: it can be piped into a verifier. */
void
cli_print_note(struct cli *cli, const json_t *result)
{
	fputs(cli_text(result, "note"), stdout);
}
