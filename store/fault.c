/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of faults, and what is one. */
#include <errno.h>
#include <string.h>

#include "fault.h"

static const struct {
	const char *code, *ja, *en;
} texts[] = {
    {"object_missing", "保存されているはずのファイルがありません。",
	"A file that was stored is missing."},
    {"object_damaged", "保存ファイルの内容が、名前または鍵と一致しません。",
	"A stored file does not match its name or its key."},
    {"object_unreadable",
	"保存ファイルを読み取れません。ディスクの故障のほか、"
	"メモリ不足や権限の誤りも考えられます。",
	"A stored file cannot be read: the disk may be failing, or memory or permissions are "
	"lacking."},
    {"digest_mismatch", "復号した内容が、記録されたハッシュと一致しません。",
	"The decrypted content does not match the recorded digest."},
    {"stray_file", "記録にない名前のファイルがあります。", "There is a file that no record names."},
    {"init_unfinished", "作成が途中で止まった書庫です。fumikura init をもう一度実行してください。",
	"This archive was never finished; run fumikura init again."},
    {"key_missing", "鍵ファイルがありません。", "A key file is missing."},
    {"key_damaged", "鍵ファイルが、ログに記録されたものと一致しません。",
	"A key file is not the one that the log names."},
    {"key_unreadable",
	"鍵ファイルを読み取れません。ディスクの故障のほか、メモリ不足や権限の誤りも考えられます。",
	"A key file cannot be read: the disk may be failing, or memory or permissions are "
	"lacking."},
    {"keys_locked", "主鍵で鍵束を開けません。ほかは調べていません。",
	"The master key does not open the key directory; nothing else was looked at."},
    {"log_segment_damaged", "ログの区間が壊れているか、書き換えられています。",
	"A segment of the log is damaged or was altered."},
    {"log_segment_unreadable", "ログの区間を読み取れません。ディスクの故障が考えられます。",
	"A segment of the log cannot be read: the disk may be failing."},
    {"log_segment_missing", "ログの区間が失われています。", "A segment of the log is missing."},
    {"log_file_stray", "ログの中に、あるはずのないファイルがあります。",
	"There is a file in the log that does not belong there."},
    {"log_checkpoint_damaged", "署名済みチェックポイントを読めないか、署名が合いません。",
	"The kept checkpoint cannot be read or its signature fails."},
    {"log_checkpoint_missing",
	"署名済みチェックポイントがないか、記録されたものより古くなっています。",
	"The signed checkpoint is missing or older than the log says."},
    {"log_checkpoint_mismatch", "署名済みチェックポイントがログと一致しません。",
	"The signed checkpoint does not match the log."},
    {"log_key_damaged", "ログの署名鍵を開けません。", "The log's signing key cannot be opened."},
    {"log_damaged", "ログが壊れているか、書き換えられています。",
	"The log is damaged or was altered."},
    {"log_unreadable",
	"ログを今は読み取れません。壊れたとは限りません。"
	"メモリ・権限・ディスクを確かめて、もう一度調べてください。",
	"The log cannot be read now, which does not mean that it is damaged. Check memory, "
	"permissions and disk, and look again."},
    {"log_truncated", "ログの末尾が失われています。目録はもっと先まで知っています。",
	"The end of the log is missing: the catalogue knows more."},
    {"catalogue_missing", "目録がありません。fumikura rebuild で作り直せます。",
	"The catalogue is missing; fumikura rebuild makes it again."},
    {"catalogue_damaged", "目録が壊れています。fumikura rebuild で作り直せます。",
	"The catalogue is damaged; fumikura rebuild makes it again."},
    {"catalogue_unreadable",
	"目録を今は開けないか読めません。壊れたとは限りません。"
	"空き容量・メモリ・ディスクを確かめて、もう一度調べてください。",
	"The catalogue cannot be opened or read now, which does not mean that it is damaged. Check "
	"free space, memory and disk, and look again."},
    {"catalogue_events", "目録の出来事の並びに欠けがあります。",
	"Events are missing from the catalogue's sequence."},
    {"catalogue_numbers", "目録のページ番号や件数が合いません。",
	"Page numbers or counts in the catalogue do not add up."},
    {"catalogue_reference", "目録の中に、行き先のない参照があります。",
	"The catalogue refers to something that is not there."},
    {"catalogue_search", "検索索引が目録と一致しません。fumikura rebuild で作り直せます。",
	"The search index does not match the catalogue; fumikura rebuild makes it again."},
    {"catalogue_differs", "目録の内容がログと一致しません。fumikura rebuild で作り直せます。",
	"The catalogue does not say what the log says; fumikura rebuild makes it again."},
    {"catalogue_old",
	"目録が、最後に起動したときより前の状態か、更新前の版のものです。起動するか fumikura "
	"rebuild "
	"で新しくなります。",
	"The catalogue is older than the last start, or from before an update; starting the box or "
	"fumikura rebuild renews it."},
    {"event_invalid", "ログの出来事を目録に反映できません。",
	"An event of the log cannot be applied."},
    {"manifest_mismatch", "確定時の目録書（マニフェスト）が、記録と一致しません。",
	"The manifest does not match what was confirmed."},
    {"signature_invalid", "電子署名を検証できません。", "The signature does not verify."},
    {"timestamp_invalid", "時刻印を検証できません。", "The timestamp does not verify."},
};

bool
fault_is_damage(int r)
{
	return r == -EBADMSG || r == -EKEYREJECTED || r == -EPROTONOSUPPORT;
}

const char *
fault_of_object(int r)
{
	return r == -ENOENT         ? "object_missing"
	       : r == -ENOKEY       ? "key_missing"
	       : fault_is_damage(r) ? "object_damaged"
				    : "object_unreadable";
}

const char *
fault_of_key(int r)
{
	return r == -ENOENT ? "key_missing" : fault_is_damage(r) ? "key_damaged" : "key_unreadable";
}

void
faults_init(struct faults *faults)
{
	faults->list = json_array();
	faults->count = 0;
}

void
faults_add(void *ctx, const char *code, const char *where, const char *detail)
{
	struct faults *faults = ctx;
	const char *ja = "損傷が見つかりました。", *en = "Damage was found.";

	faults->count++;
	if (json_array_size(faults->list) >= FAULTS_MAX)
		return;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].code, code) == 0) {
			ja = texts[i].ja;
			en = texts[i].en;
		}
	json_array_append_new(faults->list,
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "code", code, "where", where != NULL ? where : "",
		"ja", ja, "en", en, "detail", detail != NULL ? detail : ""));
}
