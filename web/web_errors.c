/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table from code words to HTTP; one of web's own sentences. */
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "web/web_errors.h"
#include "web/web_routes.h"

static const struct {
	unsigned status;
	const char *codes;
} statuses[] = {
    {400, "bad_request bad_parameter bad_name bad_role bad_profile bad_date "
	  "bad_field too_long empty_query query_too_long"},
    {401, "not_signed_in session_expired wrong_password wrong_code"},
    {403, "denied cross_site password_must_change account_disabled"},
    {404, "not_found no_such_route no_such_user"},
    {405, "method_not_allowed"},
    {409,
	"busy conflict exists user_exists same_password last_holder "
	"second_person_needed changed_meanwhile already_submitted already_confirmed confirmed_text "
	"not_submitted "
	"not_confirmed not_read_yet batch_running batch_submitted batch_empty "
	"fields_missing time_unsynchronised no_signing_key no_device cancelled "
	"interrupted scanner_restarted"},
    {413, "too_large too_many_pages too_many_places too_many_corrections"},
    {415, "bad_type not_supported"},
    {416, "range_not_satisfiable"},
    {422, "weak_password corrupt encrypted empty_file unreadable page_too_large"},
    {423, "account_locked"},
    {429, "too_many"},
    {500, "internal damaged"},
    {503, "away no_memory overloaded scanner_away ocr_away no_archive locked"},
    {504, "timed_out"},
    {507, "disk_full"},
};

static const struct {
	const char *code, *ja, *en;
} sentences[] = {
    {"bad_request",
	"送られた内容を読み取れませんでした。何も変わっていません。入力を確かめて、もう一度お試しく"
	"ださい。",
	"The request could not be understood. Nothing was changed. Check what was entered and try "
	"again."},
    {"not_signed_in",
	"サインインしていません。この操作にはサインインが必要です。サインインしてください。",
	"You are not signed in. This needs a signed-in person. Please sign in."},
    {"cross_site",
	"別のサイトからの操作のため受け付けませんでした。何も変わっていません。この文蔵の画面から操"
	"作してください。",
	"The request came from another site and was refused. Nothing was changed. Use the pages of "
	"this box."},
    {"denied", "この操作は許されていません。必要なときは管理者にご相談ください。",
	"You may not do this. Ask your manager if you need to."},
    {"not_found",
	"見つかりませんでした。番号が違うか、見る権限がありません。番号を確かめてください。",
	"Not found. The number is wrong or you may not see it. Check the number."},
    {"no_such_route", "そのような窓口はありません。アドレスを確かめてください。",
	"There is nothing at this address. Check the address."},
    {"method_not_allowed",
	"このアドレスではその操作はできません。使える操作は Allow ヘッダーにあります。",
	"This address does not allow that method. The Allow header lists those it does."},
    {"too_large",
	"送られた内容が大きすぎるため受け付けませんでした。何も保存していません。小さく分けて送って"
	"ください。",
	"What was sent is too large and was refused. Nothing was stored. Send it in smaller "
	"parts."},
    {"bad_type", "この窓口は application/json を受け取ります。送り方を確かめてください。",
	"This address takes application/json. Check how it is sent."},
    {"range_not_satisfiable",
	"求められた範囲はこのファイルにありません。はじめから取り直してください。",
	"The range asked for is not in this file. Fetch it from the start."},
    {"too_many",
	"一度に届いた操作が多すぎます。何も保存していません。少し待ってからもう一度試してください"
	"。",
	"Too much was asked at once. Nothing was stored. Wait a little and try again."},
    {"internal",
	"内部の誤りのため処理できませんでした。もう一度試し、続くときは管理者に知らせてください。",
	"An internal error stopped this. Try again; if it goes on, tell the administrator."},
    {"no_memory",
	"箱の記憶が足りず処理できませんでした。何も変わっていません。少し待ってからもう一度お試しく"
	"ださい。",
	"The box is short of memory. Nothing was changed. Wait a little and try again."},
    {"away",
	"書庫が一時的に応答していません。保存済みの内容は無事です。数秒後に自動でもう一度試します"
	"。",
	"The archive is not answering for the moment. What was stored is safe. Try again in some "
	"seconds."},
    {"timed_out",
	"書庫の返事が時間内に届きませんでした。処理は続いているかもしれません。画面を開き直して確か"
	"めてください。",
	"The archive did not answer in time. The work may still go on. Open the page again and "
	"look."},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

unsigned
web_error_status(const char *code)
{
	for (size_t i = 0; i < COUNT(statuses); i++) {
		if (web_list_has(statuses[i].codes, code, strlen(code)))
			return statuses[i].status;
	}
	return 400;
}

void
web_error_text(const char *code, const char **ret_ja, const char **ret_en)
{
	*ret_ja = *ret_en = NULL;
	for (size_t i = 0; i < COUNT(sentences); i++) {
		if (strcmp(sentences[i].code, code) == 0) {
			*ret_ja = sentences[i].ja;
			*ret_en = sentences[i].en;
		}
	}
}

char *
web_error_json(const char *code, const char *message)
{
	_cleanup_(freep) char *ja_copy = NULL;
	const char *ja, *en, *end;
	json_t *whole;
	char *text;

	web_error_text(code, &ja, &en);
	if (message != NULL && *message != '\0') {
		end = strchr(message, '\n');
		ja_copy = end == NULL ? strdup(message) : strndup(message, (size_t)(end - message));
		if (ja_copy == NULL)
			return NULL;
		ja = ja_copy;
		en = end == NULL ? message : end + 1;
	}
	if (ja == NULL)
		web_error_text("internal", &ja, &en);
	whole = json_pack(
	    "{s:{s:s,s:s,s:s}}", "error", "code", code, "message_ja", ja, "message_en", en);
	if (whole == NULL)
		return NULL;
	text = json_dumps(whole, JSON_COMPACT);
	json_decref(whole);
	return text;
}
