/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vocabulary of events.h as one table: members, effect, and the sentence by which people read
 * it. Both languages stand side by side, so that none is forgotten (G71-10). */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_apply.h"
#include "text.h"

/* clang-format off */
const struct event_type event_types[] = {
{"archive.init", "s.name s.origin s.master s.recovery s.log_verifier s.ca_pem o.files", apply_archive_init, false,
 "アーカイブ「{name}」を作成しました。", "The archive “{name}” was made."},
{"archive.start", "s.version s.build", NULL, false,
 "保管庫を起動しました（版 {version}）。", "The archive was started (version {version})."},
{"batch.cut", "B.batch a.documents", apply_batch_cut, true,
 "{actor}が束 {batch} の書類の区切りを変更しました（{documents}）。", "{actor} changed where the documents of batch {batch} begin ({documents})."},
{"batch.end", "B.batch s.code s.message_ja s.message_en a.documents", apply_batch_end, true,
 "束 {batch} の取り込みが終わりました：{message_ja}", "Intake into batch {batch} ended: {message_en}"},
{"batch.open", "B.batch s.source s.device s.profile ?s.document_type o.ring", apply_batch_open, true,
 "{actor}が束 {batch} を開きました（{source}）。", "{actor} opened batch {batch} ({source})."},
{"batch.refuse", "B.batch s.file s.code s.message_ja s.message_en", apply_batch_refuse, true,
 "ファイル「{file}」を束 {batch} に取り込めませんでした：{message_ja}", "The file “{file}” was refused for batch {batch}: {message_en}"},
{"batch.ring", "B.batch d.sha256 i.count", apply_batch_ring, false,
 "束 {batch} のページ鍵を追加しました（計 {count} 個）。", "Page keys were added to batch {batch} ({count} in all)."},
{"batch.run", "B.batch s.device s.profile o.requested", apply_batch_run, true,
 "{actor}が束 {batch} のスキャンを始めました。", "{actor} started scanning into batch {batch}."},
{"batch.submit", "B.batch a.documents", apply_batch_submit, true,
 "{actor}が束 {batch} の書類を提出しました（{documents}）。", "{actor} submitted documents of batch {batch} ({documents})."},
{"checkpoint", "i.size s.root", NULL, false,
 "記録 {size} 件までの監査証跡に署名しました。", "The log was signed up to {size} entries."},
{"denied", "s.action s.object s.code", NULL, false,
 "{actor}の操作を許可しませんでした（{action}、対象：{object}）。", "{actor} was refused ({action}; object: {object})."},
{"doc.confirm", "D.document i.version d.manifest_sha256 i.key r.manifest r.signature r.value s.signer s.cert_serial b.same_person a.waivers", apply_doc_confirm, true,
 "{actor}が書類 {document} を確定しました（第{version}版）。", "{actor} confirmed document {document} (version {version})."},
{"doc.set", "D.document o.fields", apply_doc_set, true,
 "{actor}が書類 {document} の項目を入力しました（{fields}）。", "{actor} entered fields of document {document} ({fields})."},
{"doc.timestamp", "D.document i.version r.object i.key s.stamped_at s.tsa s.serial s.policy b.accredited r.signature", apply_doc_timestamp, true,
 "書類 {document}（第{version}版）に時刻印を付けました（{tsa}）。", "Document {document} (version {version}) was timestamped by {tsa}."},
{"doc.timestamp_failed", "D.document i.version s.why", apply_doc_timestamp_failed, true,
 "書類 {document}（第{version}版）の時刻印を取得できず、待っています。", "Document {document} (version {version}) is waiting for its timestamp."},
{"export", "a.documents s.kind ?a.redacted", NULL, false,
 "{actor}が書類を書き出しました（{documents}、{kind}）。", "{actor} exported documents ({documents}; {kind})."},
{"log.view", ".filter", NULL, false,
 "{actor}が監査証跡を閲覧しました。", "{actor} viewed the log."},
{"page.add", "B.batch P.page i.seq i.key r.object d.tiff_sha256 i.tiff_size s.raw_sha256 o.params", apply_page_add, true,
 "束 {batch} の {seq} 枚目を保存しました（{page}）。", "Page {seq} of batch {batch} was stored ({page})."},
{"page.correct", "P.page a.box s.text", apply_page_correct, true,
 "{actor}がページ {page} の読み取り文字を直しました。", "{actor} corrected the text of page {page}."},
{"page.exclude", "B.batch P.page b.on s.reason", apply_page_exclude, true,
 "{actor}がページ {page} を{on}（理由：{reason}）。", "{actor} {on} page {page} (reason: {reason})."},
{"page.read", "P.page i.key o.reading r.result ?r.alto ?r.preview ?r.thumb d.result_sha256 ?b.further", apply_page_read, true,
 "ページ {page} の文字を読み取りました。", "The text of page {page} was recognised."},
{"page.rotate", "B.batch P.page n.degrees", apply_page_rotate, true,
 "{actor}がページ {page} の向きを変えました（{degrees} 度）。", "{actor} turned page {page} ({degrees} degrees)."},
{"page.turned", "P.page r.preview r.thumb", apply_page_turned, true,
 "ページ {page} の表示用画像を作り直しました。", "The preview of page {page} was made again."},
{"page.unreadable", "P.page s.why i.attempts", apply_page_unreadable, true,
 "ページ {page} の文字を読み取れませんでした。", "The text of page {page} could not be recognised."},
{"room.fault", "s.room s.what ?P.page ?b.further", apply_room_fault, false,
 "部品「{room}」が異常を起こしました。", "The part “{room}” failed."},
{"search", "s.query i.total a.hits", NULL, false,
 "{actor}が「{query}」を検索しました（{total} 件）。", "{actor} searched for “{query}” ({total} found)."},
{"session.close", "s.user s.session s.why", NULL, false,
 "{user}がサインアウトしました。", "{user} signed out."},
{"session.fail", "s.user b.known i.failures s.locked_until", apply_session_fail, false,
 "{user}のサインインに失敗しました（続けて {failures} 回）。", "Sign-in as {user} failed ({failures} in a row)."},
{"session.open", "s.user s.session", apply_session_open, false,
 "{user}がサインインしました。", "{user} signed in."},
{"time.override", "s.until s.reason", NULL, false,
 "{actor}が、時刻同期を確かめられないままの確定をいつまで認めるかを決めました（{until}、理由：{reason}）。", "{actor} set until when confirmation without a synchronised clock is allowed ({until}; reason: {reason})."},
{"time.step", "n.seconds", NULL, false,
 "時計が {seconds} 秒ずれて修正されました。", "The clock was stepped by {seconds} seconds."},
{"user.add", "s.user s.display s.role d.sha256 s.cert_pem b.must_change ?s.hand", apply_user_add, false,
 "{actor}が利用者「{display}」を登録しました（{role}）。", "{actor} added the user “{display}” ({role})."},
{"user.disable", "s.user", apply_user_disable, false,
 "{actor}が利用者 {user} を無効にしました。", "{actor} disabled the user {user}."},
{"user.enable", "s.user", apply_user_enable, false,
 "{actor}が利用者 {user} の停止を解きました。", "{actor} enabled the user {user} again."},
{"user.password", "s.user d.sha256 b.must_change", apply_user_password, false,
 "{user}がパスワードを変更しました。", "{user} changed the password."},
{"user.reset", "s.user d.sha256 s.cert_pem s.asked_by b.must_change ?s.hand ?s.hand_until", apply_user_reset, false,
 "{actor}が{user}のパスワードを再設定しました（申請者：{asked_by}）。", "{actor} reset the password of {user} (asked for by {asked_by})."},
{"user.reset_asked", "s.user", apply_user_reset_asked, false,
 "{actor}が{user}のパスワードの再設定を申請しました。", "{actor} asked for a reset of the password of {user}."},
{"verify", "s.scope b.ok .faults", NULL, false,
 "{actor}が検証を行いました（{ok}）。", "{actor} ran a verification ({ok})."},
{"view", "?B.batch ?D.document ?i.page s.kind", NULL, false,
 "{actor}が{what}を閲覧しました（{kind}）。", "{actor} viewed {what} ({kind})."},
{NULL, NULL, NULL, false, NULL, NULL},
};
/* clang-format on */

#define N_TYPES (sizeof(event_types) / sizeof(event_types[0]) - 1)

static int
compare_type(const void *type, const void *row)
{
	return strcmp(type, ((const struct event_type *)row)->type);
}

const struct event_type *
event_type_find(const char *type)
{
	return bsearch(type, event_types, N_TYPES, sizeof(event_types[0]), compare_type);
}

static bool
is_digest(const json_t *value)
{
	const char *text = json_string_value(value);

	return text != NULL && json_string_length(value) == 64 &&
	       strspn(text, "0123456789abcdef") == 64;
}

static bool
is_object_ref(const json_t *value)
{
	return is_digest(json_object_get(value, "id")) &&
	       json_integer_value(json_object_get(value, "size")) > 0;
}

static bool
is_id(struct apply *a, char kind, const json_t *value)
{
	int64_t *number = kind == 'B' ? &a->batch : kind == 'D' ? &a->document : &a->page;

	*number = id_number(kind, json_string_value(value));
	return *number != 0;
}

static bool
is_of_kind(struct apply *a, char kind, const json_t *value)
{
	switch (kind) {
	case 's':
		return json_is_string(value);
	case 'i':
		return json_is_integer(value) && json_integer_value(value) >= 0;
	case 'n':
		return json_is_integer(value);
	case 'b':
		return json_is_boolean(value);
	case 'o':
		return json_is_object(value);
	case 'a':
		return json_is_array(value);
	case 'd':
		return is_digest(value);
	case 'r':
		return is_object_ref(value);
	case '.':
		return value != NULL;
	default:
		return is_id(a, kind, value);
	}
}

/* v 1, at, actor: what every event has. */
static int
check_common(const struct apply *a)
{
	uint64_t ms;

	if (apply_int(a, "v") != 1 || apply_text(a, "actor")[0] == '\0')
		return -EINVAL;
	return strlen(apply_text(a, "at")) == TIME_TEXT_SIZE - 1
		   ? time_parse(apply_text(a, "at"), &ms)
		   : -EINVAL;
}

int
event_check_members(struct apply *a)
{
	for (const char *p = a->type->members, *end; *p != '\0'; p = end + strspn(end, " ")) {
		const bool optional = *p == '?';
		const char kind = p[optional];
		const char *name = p + optional + (kind != '.') + 1;
		const json_t *value;

		end = p + strcspn(p, " ");
		value = json_object_getn(a->event, name, (size_t)(end - name));
		if (value == NULL && optional)
			continue;
		if (!is_of_kind(a, kind, value))
			return -EINVAL;
	}
	return check_common(a);
}
