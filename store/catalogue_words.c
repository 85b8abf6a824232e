/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills event sentences. Names of people are looked up here and only here; nothing filled in is
 * kept. */
#include "catalogue_words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_apply.h"

#define WORDS_MAX_VALUE 300 /* bytes of one value in a sentence */
#define WORDS_MAX_LIST 5    /* items of a list that are spelled out */

/* Codes that events carry, as people read them. */
static const struct word {
	const char *member, *code, *ja, *en;
} words[] = {
    {"actor", "console", "本体の操作卓", "The console"},
    {"actor", "system", "システム", "The system"},
    {"actor", "", "不明な利用者", "an unknown user"},
    {"asked_by", "", "なし", "nobody"},
    {"until", "", "もう認めない", "not any more"},
    {"source", "scan", "スキャン", "scan"},
    {"source", "import", "ファイル取り込み", "import of files"},
    {"kind", "master", "原本画像", "master image"},
    {"kind", "preview", "表示用画像", "preview"},
    {"kind", "thumb", "縮小画像", "thumbnail"},
    {"kind", "text", "読み取り文字", "text"},
    {"kind", "alto", "読み取り文字（座標付き）", "text with positions"},
    {"kind", "lines", "読み取り文字（行ごと）", "text by lines"},
    {"kind", "redaction", "黒塗りの下見", "preview of a redaction"},
    {"kind", "record", "記録", "record"},
    {"kind", "batch", "束の一覧", "batch"},
    {"kind", "queue", "一覧", "list"},
    {"kind", "pdf", "PDF", "PDF"},
    {"kind", "evidence", "証拠一式", "evidence"},
    {"kind", "redacted", "黒塗りのPDF", "redacted PDF"},
    {"kind", "bundle", "保存用一式", "bundle"},
    {"on", "true", "除外しました", "left out"},
    {"on", "false", "除外から戻しました", "took back"},
    {"ok", "true", "異常なし", "no fault found"},
    {"ok", "false", "異常あり", "faults found"},
    {"role", "clerk", "入力者", "clerk"},
    {"role", "checker", "情報作成管理者", "checker"},
    {"role", "manager", "管理者", "manager"},
    {"role", "inspector", "監査者", "inspector"},
    {"role", "admin", "システム管理者", "administrator"},
    {"room", "scanner", "スキャナ", "scanner"},
    {"room", "import", "取り込み", "import"},
    {"room", "ocr", "文字認識", "recognition"},
    {"room", "web", "ウェブ", "web"},
    {"room", "courier", "外部通信", "courier"},
    {"field", "type", "書類の種類", "type"},
    {"field", "client_id", "被保険者番号", "client number"},
    {"field", "client_name", "利用者名", "client name"},
    {"field", "date", "作成日", "date"},
    {"field", "received", "受領日", "received"},
    {"field", "title", "件名", "title"},
    {"action", "sign_in", "サインイン", "signing in"},
    {"action", "own", "自分の設定", "own account"},
    {"action", "status", "状態の表示", "status"},
    {"action", "lists", "機器などの一覧", "lists"},
    {"action", "scan", "取り込み", "scanning"},
    {"action", "edit", "編集", "editing"},
    {"action", "submit", "提出", "submitting"},
    {"action", "confirm", "確定", "confirming"},
    {"action", "search", "検索", "searching"},
    {"action", "view", "閲覧", "viewing"},
    {"action", "export", "書き出し", "exporting"},
    {"action", "log", "監査証跡の閲覧", "viewing the log"},
    {"action", "verify", "検証", "verification"},
    {"action", "checkpoint", "監査証跡への署名", "signing the log"},
    {"action", "users_list", "利用者の一覧", "list of users"},
    {"action", "users", "利用者の管理", "managing users"},
    {"action", "reset", "パスワードの再設定", "resetting a password"},
    {"action", "first_admin", "最初の管理者の登録", "adding the first administrator"},
    {"action", "doctor", "点検", "examination"},
    {"action", "rebuild", "索引の作り直し", "rebuilding"},
    {"action", "init", "アーカイブの作成", "making the archive"},
    {"action", "time", "時刻同期なしの確定の許可", "answering for the clock"},
};

/* "ocr/2" is looked up as "ocr". The code itself when there is no word for it. */
static const char *
word(const char *member, const char *code, bool ja)
{
	const size_t n = strcmp(member, "room") == 0 ? strcspn(code, "/") : strlen(code);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].member, member) == 0 && strlen(words[i].code) == n &&
		    strncmp(words[i].code, code, n) == 0)
			return ja ? words[i].ja : words[i].en;
	return code;
}

/* Display name of an account with its name: 佐藤花子（hanako）. */
static void
write_person(struct catalogue *cat, const char *user, bool ja, FILE *out)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT display FROM user WHERE user = :user");

	query_text(&q, ":user", user);
	if (query_step(&q) > 0 && query_column_text(&q, 0)[0] != '\0')
		fprintf(out, ja ? "%s（%s）" : "%s (%s)", query_column_text(&q, 0), user);
	else
		fputs(word("actor", user, ja), out);
}

static void
write_text(const char *text, FILE *out)
{
	size_t n = strlen(text);

	if (n > WORDS_MAX_VALUE)
		for (n = WORDS_MAX_VALUE; n > 0 && (text[n] & 0xc0) == 0x80;)
			n--;
	fwrite(text, 1, n, out);
	if (text[n] != '\0')
		fputs("…", out);
}

static void
write_documents(const json_t *list, bool ja, FILE *out)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *id = json_string_value(
		    json_is_object(item) ? json_object_get(item, "document") : item);

		if (i == WORDS_MAX_LIST) {
			fprintf(
			    out, ja ? " ほか全 %zu 件" : " …, %zu in all", json_array_size(list));
			return;
		}
		fprintf(out, "%s%s", i == 0 ? "" : ja ? "、" : ", ", id != NULL ? id : "");
	}
}

static void
write_fields(const json_t *fields, bool ja, FILE *out)
{
	const char *key, *sep = "";
	json_t *value;

	json_object_foreach((json_t *)fields, key, value)
	{
		fprintf(out, "%s%s", sep, word("field", key, ja));
		sep = ja ? "、" : ", ";
	}
}

static void
write_member(struct catalogue *cat, const char *name, const json_t *value, bool ja, FILE *out)
{
	const char *text = json_is_boolean(value) ? (json_is_true(value) ? "true" : "false")
						  : json_string_value(value);

	if (json_is_integer(value))
		fprintf(out, "%lld", (long long)json_integer_value(value));
	else if (strcmp(name, "documents") == 0)
		write_documents(value, ja, out);
	else if (strcmp(name, "fields") == 0)
		write_fields(value, ja, out);
	else if (strcmp(name, "actor") == 0 || strcmp(name, "user") == 0 ||
		 (strcmp(name, "asked_by") == 0 && text != NULL && text[0] != '\0'))
		write_person(cat, text != NULL ? text : "", ja, out);
	else if (text == NULL || word(name, text, ja)[0] == '\0')
		fputs(ja ? "なし" : "none", out);
	else
		write_text(word(name, text, ja), out);
}

/* What a view showed: a page of a document, a document, a batch, or the list of what waits. */
static void
write_what(const json_t *event, bool ja, FILE *out)
{
	const char *document = json_string_value(json_object_get(event, "document"));
	const char *batch = json_string_value(json_object_get(event, "batch"));
	const long long page = json_integer_value(json_object_get(event, "page"));

	if (document != NULL && page > 0)
		fprintf(
		    out, ja ? "書類 %s の %lld ページ" : "document %s, page %lld", document, page);
	else if (document != NULL)
		fprintf(out, ja ? "書類 %s" : "document %s", document);
	else if (batch != NULL)
		fprintf(out, ja ? "束 %s" : "batch %s", batch);
	else
		fputs(ja ? "確認待ちの記録" : "the records that wait", out);
}

static void
fill(struct catalogue *cat, const char *sentence, const json_t *event, bool ja, FILE *out)
{
	char name[32];

	while (*sentence != '\0') {
		const size_t plain = strcspn(sentence, "{");
		size_t n;

		fwrite(sentence, 1, plain, out);
		sentence += plain;
		if (*sentence == '\0')
			break;
		n = strcspn(sentence, "}");
		snprintf(name, sizeof(name), "%.*s", (int)(n - 1), sentence + 1);
		if (strcmp(name, "what") == 0)
			write_what(event, ja, out);
		else
			write_member(cat, name, json_object_get(event, name), ja, out);
		sentence += n + 1;
	}
}

static int
add_summary(struct catalogue *cat, const json_t *event, bool ja, json_t *entry)
{
	const struct event_type *type =
	    event_type_find(json_string_value(json_object_get(event, "type")));
	_cleanup_(freep) char *text = NULL;
	size_t size;
	FILE *out;

	if (type == NULL)
		return -EINVAL;
	out = open_memstream(&text, &size);
	if (out == NULL)
		return -ENOMEM;
	fill(cat, ja ? type->ja : type->en, event, ja, out);
	if (fclose(out) != 0)
		return -ENOMEM;
	return json_object_set_new(entry, ja ? "summary_ja" : "summary_en", json_string(text)) < 0
		   ? -ENOMEM
		   : 0;
}

int
words_summary(struct catalogue *cat, const json_t *event, json_t *entry)
{
	const int r = add_summary(cat, event, true, entry);

	return r < 0 ? r : add_summary(cat, event, false, entry);
}

const char *
words_document_state(const char *state, int stamped)
{
	if (strcmp(state, "draft") == 0)
		return "作成中";
	if (strcmp(state, "submitted") == 0)
		return "確定待ち";
	if (strcmp(state, "confirmed") == 0)
		return stamped ? "確定済み" : "確定（時刻印待ち）";
	return "取り消し";
}
