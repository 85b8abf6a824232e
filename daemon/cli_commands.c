/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every command, in the order of the help. Add a command by adding a row. */
#include <limits.h>

#include "cli.h"

#define ANY UINT_MAX

static const struct cli_view users = {
    "users", {{"user", "利用者", "user"}, {"display", "氏名", "name"}, {"role", "役割", "role"},
		 {"state", "状態", "state"}, {"last_login", "最終サインイン", "last sign-in"},
		 {"locked_until", "ロック", "locked until"},
		 {"reset_asked_by", "再設定の依頼", "reset asked by"}}};
static const struct cli_view devices = {"devices",
    {{"name", "名前", "name"}, {"vendor", "製造元", "vendor"}, {"model", "機種", "model"},
	{"type", "種類", "type"}, {"sources", "給紙", "sources"}}};
static const struct cli_view profiles_ja = {
    "profiles", {{"id", "設定", "profile"}, {"ja", "説明", "ja"}, {"en", "英語", "description"},
		    {"dpi", "dpi", "dpi"}, {"mode", "色", "mode"}, {"source", "給紙", "source"}}};
static const struct cli_view types = {
    "types", {{"id", "種別", "type"}, {"ja", "名称", "ja"}, {"en", "英語", "name"},
		 {"legal_retention", "保存期間", "retention"}, {"basis", "根拠", "basis"}}};
static const struct cli_view batches = {"batches",
    {{"id", "束", "batch"}, {"state", "状態", "state"}, {"opened", "開始", "opened"},
	{"by", "入力者", "by"}, {"pages", "ページ", "pages"}, {"documents", "記録", "documents"}}};
static const struct cli_view queue = {"documents",
    {{"id", "記録", "document"}, {"state", "状態", "state"}, {"fields.type", "種別", "type"},
	{"fields.client_name", "利用者", "client"}, {"pages", "ページ", "pages"},
	{"submitted", "提出", "submitted"}, {"by", "提出者", "by"}}};
static const struct cli_view log_ja = {
    "entries", {{"index", "番号", "index"}, {"at", "日時", "at"}, {"actor", "利用者", "actor"},
		   {"document", "記録", "document"}, {"summary_ja", "内容", "summary (ja)"},
		   {"summary_en", "英語", "summary"}}};

const struct cli_command cli_commands[] = {
    {"init", "", 0, 0, "data name key-file admin admin-password-file password-file", "Init", "",
	NULL, NULL, cli_init, "書庫を新しく作る（鍵、復旧シート、最初の管理者）",
	"make an archive: keys, recovery sheet, first administrator"},
    {"status", "", 0, 0, "", "Status", "console", NULL, cli_print_status, NULL, "装置の状態",
	"state of the box"},
    {"login", "USER", 1, 1, "password-file code", NULL, NULL, NULL, NULL, cli_login,
	"サインインする", "sign in"},
    {"logout", "", 0, 0, "", NULL, NULL, NULL, NULL, cli_logout, "サインアウトする", "sign out"},
    {"whoami", "", 0, 0, "", "Whoami", "token", NULL, NULL, NULL, "誰としてサインインしているか",
	"who is signed in"},
    {"passwd", "", 0, 0, "password-file new-password-file", NULL, NULL, NULL, NULL, cli_passwd,
	"自分のパスワードを変える", "change your own password"},
    {"user list", "", 0, 0, "", "UserList", "token", &users, NULL, NULL, "利用者の一覧",
	"list the accounts"},
    {"user add", "NAME", 1, 1, "role display password-file", "UserAdd", NULL, NULL, NULL,
	cli_user_add, "利用者を登録する", "add an account"},
    {"user disable", "NAME", 1, 1, "", "UserDisable", "token 0", NULL, NULL, NULL,
	"利用者を停止する", "disable an account"},
    {"user reset", "NAME", 1, 1, "password-file", "UserReset", NULL, NULL, NULL, cli_user_reset,
	"パスワードを再設定する（二人で行う。ただ一人のシステム管理者は console で）",
	"reset a password (by two persons; a lone administrator by the console)"},
    {"time override", "HOURS", 1, 1, "reason", "TimeOverride", "token 0 --reason", NULL, NULL, NULL,
	"時刻同期を確かめられないままの確定を一時的に認める（管理者。0 で終える）",
	"allow confirmation without a synchronised clock for a while (managers; 0 ends it)"},
    {"devices", "", 0, 0, "", "Devices", "token", &devices, NULL, NULL, "スキャナーの一覧",
	"list the scanners"},
    {"profiles", "", 0, 0, "", "Profiles", "token", &profiles_ja, NULL, NULL, "取込設定の一覧",
	"list the scan profiles"},
    {"types", "", 0, 0, "", "Types", "token", &types, NULL, NULL, "記録の種別の一覧",
	"list the record types"},
    {"scan", "", 0, 0, "device profile type batch sheets wait", "Scan",
	"token --device --profile --type --batch --sheets", NULL, cli_print_intake, cli_scan,
	"紙を取り込む", "scan paper"},
    {"import", "FILE|DIR ...", 1, ANY, "type wait", NULL, NULL, NULL, cli_print_intake, cli_import,
	"ファイルを取り込む（PDF、TIFF、JPEG、PNG）", "take in files (PDF, TIFF, JPEG, PNG)"},
    {"batch list", "", 0, 0, "state limit", "BatchList", "token --state --limit", &batches, NULL,
	NULL, "束の一覧", "list the batches"},
    {"batch show", "BATCH", 1, 1, "", "BatchShow", "token 0 =0", NULL, cli_print_batch, NULL,
	"束の内容", "show a batch"},
    {"batch submit", "BATCH", 1, 1, "", "BatchSubmit", "token 0", NULL, NULL, NULL, "束を提出する",
	"submit a batch for confirmation"},
    {"batch exclude", "BATCH PAGE", 2, 2, "include reason", "BatchExclude",
	"token 0 1 ?include:exclude --reason", NULL, NULL, NULL, "ページを除外する、または戻す",
	"exclude a page, or take it back"},
    {"batch rotate", "BATCH PAGE DEGREES", 3, 3, "", "BatchRotate", "token 0 1 2", NULL, NULL, NULL,
	"ページを時計回りに回す", "rotate a page clockwise"},
    {"batch cut", "BATCH PAGE", 2, 2, "", "BatchCut", "token 0 1", NULL, NULL, NULL,
	"このページから新しい記録にする", "begin a new document at this page"},
    {"batch cancel", "BATCH", 1, 1, "", "Cancel", "token 0", NULL, NULL, NULL,
	"進行中の取込をやめる（保存済みのページは残る）", "end a running scan, keeping its pages"},
    {"doc set", "DOC KEY=VALUE ...", 2, ANY, "", "DocSet", "token 0 fields", NULL, NULL, NULL,
	"項目を入れる: type client_id client_name date received title",
	"set fields: type client_id client_name date received title"},
    {"correct", "DOC N X Y W H [TEXT|-]", 6, 7, "text-file", "PageCorrect", "token 0 1 2 3 4 5 6",
	NULL, NULL, cli_correct,
	"読み取り文字の一行を直す（位置は画素。空の文字で取り消す。個人の情報は --text-file か - "
	"で渡す）",
	"correct one line of the text at a place (pixels; an empty text takes it back; what is "
	"personal "
	"comes by --text-file or -)"},
    {"queue", "", 0, 0, "state", "Queue", "token --state", &queue, NULL, NULL, "確定待ちの記録",
	"documents that wait for confirmation"},
    {"confirm", "DOC ...", 1, ANY, "", "Confirm", "token rest", NULL, cli_print_confirm,
	cli_confirm, "確定する（署名と時刻印）", "confirm: sign and timestamp"},
    {"search", "QUERY", 1, ANY, "limit offset", "Search", "token rest --limit --offset", NULL,
	cli_print_search, NULL, "記録を探す", "find records"},
    {"show", "DOC", 1, 1, "", "Show", "token 0", NULL, cli_print_show, NULL, "記録の内容と履歴",
	"a record and its history"},
    {"page", "DOC N", 2, 2, "o master preview thumb text alto lines", "Page", NULL, NULL, NULL, cli_page,
	"ページをファイルに取り出す", "write a page to a file"},
    {"export", "DOC ...", 1, ANY, "o pdf evidence redact", "Export", NULL, NULL, NULL, cli_export,
	"記録を取り出す（PDF、または証拠一式）", "export records: PDF, or all evidence"},
    {"redact preview", "DOC PLACE ...", 2, ANY, "", "RedactPreview", "token 0 others", NULL, NULL,
	NULL, "黒塗りする場所を確かめる（PAGE:x,y,w,h または項目の名前）",
	"see where a redacted PDF would be blacked out (PAGE:x,y,w,h or a field's name)"},
    {"log", "", 0, 0, "since doc user type limit", "Log",
	"token --since --doc --user --type --limit", &log_ja, NULL, NULL, "監査証跡",
	"the audit trail"},
    {"verify", "[DOC]", 0, 1, "all", "Verify", "token 0", NULL, cli_print_check, cli_check,
	"署名・時刻印・記録を検証する", "verify signatures, timestamps, records"},
    {"checkpoint", "", 0, 0, "print", "Checkpoint", "token", NULL, cli_print_note, NULL,
	"監査証跡の現在の証（署名付き）", "the signed head of the log"},
    {"doctor", "", 0, 0, "data key-file", "Doctor", "console", NULL, cli_print_check, cli_check,
	"すべてのファイルを読んで損傷を探す", "read every file and name any damage"},
    {"rebuild", "", 0, 0, "data key-file", "Rebuild", "console", NULL, NULL, cli_check,
	"索引を記録から作り直す", "make the catalogue anew from the log"},
    {0},
};
