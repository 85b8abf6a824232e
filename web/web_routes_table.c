/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of routes, and nothing else. Every member of the contract but Init (console only) has
 * at least one row: tests/unit/web_routes_test.c. */
#include <stddef.h>

#include "store/store_bus.h"
#include "web/web_routes.h"

#define LONGER(seconds) ((seconds) + 10) /* than store waits itself: its answer says more than our own */

/* clang-format off */
const struct web_route web_routes[] = {
	/* sessions and people */
	{"POST",   "/session",                           "Login",       "user password",   NULL, WEB_LOGIN, 0,  "サインイン", "Sign in"},
	{"GET",    "/session",                           "Whoami",      "",                NULL, 0, 0,          "サインイン中の利用者", "Who is signed in, and what they may do"},
	{"DELETE", "/session",                           "Logout",      "",                NULL, WEB_LOGOUT, 0, "サインアウト", "Sign out"},
	{"PUT",    "/session/password",                  "Passwd",      "old new",         NULL, 0, 0,          "自分のパスワードを変える", "Change one's own password"},
	{"GET",    "/users",                             "UserList",    "",                NULL, 0, 0,          "利用者の一覧", "Accounts"},
	{"POST",   "/users",                             "UserAdd",     "user display role password", NULL, 0, 0, "利用者を加える", "Add an account"},
	{"POST",   "/users/{user}/disable",              "UserDisable", "",                NULL, 0, 0,          "利用者を停止する", "Disable an account"},
	{"POST",   "/users/{user}/reset",                "UserReset",   "password",        NULL, 0, 0,          "パスワードの再設定（二人で行う）", "Reset a password (takes two people)"},
	/* the box */
	{"GET",    "/status",                            "Status",      "",                NULL, 0, 0,          "箱の状態", "State of the box"},
	{"POST",   "/time/override",                     "TimeOverride", "hours",          NULL, 0, 0,          "時刻同期なしの確定を一時的に認める", "Allow confirmation without a synchronised clock for a while"},
	{"GET",    "/devices",                           "Devices",     "",                NULL, 0, LONGER(STORE_DEVICES_S),        "スキャナーの一覧", "Scanners"},
	{"GET",    "/profiles",                          "Profiles",    "",                NULL, 0, 0,          "読取設定の一覧", "Scan profiles"},
	{"GET",    "/types",                             "Types",       "",                NULL, 0, 0,          "書類の種類の一覧", "Types of record"},
	/* intake */
	{"POST",   "/scans",                             "Scan",        "",                NULL, 0, LONGER(STORE_SCAN_S),        "読み取りを始める", "Start a scan; batch names the one to go on with"},
	{"POST",   "/imports",                           "ImportOpen",  "",                NULL, 0, 0,          "ファイル取込を始める", "Open a batch for files"},
	{"POST",   "/imports/{batch}/files",             "ImportFile",  "name",            NULL, WEB_UPLOAD, 300, "ファイルを一つ取り込む", "Import one file; the body is its bytes"},
	{"POST",   "/imports/{batch}/close",             "ImportClose", "",                NULL, 0, 60,         "ファイル取込を終える", "Close a batch of files"},
	{"GET",    "/batches",                           "BatchList",   "",                NULL, 0, 0,          "バッチの一覧", "Batches"},
	{"GET",    "/batches/{batch}",                   "BatchShow",   "",                NULL, 0, 40,         "バッチの内容（seen を渡すと変化を待つ）", "One batch; with seen it waits for a change"},
	{"POST",   "/batches/{batch}/cancel",            "Cancel",      "",                NULL, WEB_URGENT, 0, "読み取りを止める", "Stop a running scan; its pages stay"},
	{"POST",   "/batches/{batch}/submit",            "BatchSubmit", "",                NULL, 0, 0,          "確認へ回す", "Submit the documents of a batch"},
	{"POST",   "/batches/{batch}/pages/{page}/exclude", "BatchExclude", "on",          NULL, 0, 0,          "ページを除外・復帰する", "Exclude a page, or include it again"},
	{"POST",   "/batches/{batch}/pages/{page}/rotate",  "BatchRotate",  "degrees",     NULL, 0, 0,          "ページを回す", "Rotate a page clockwise"},
	{"POST",   "/batches/{batch}/pages/{page}/cut",     "BatchCut",     "",            NULL, 0, 0,          "このページから別の書類にする", "Begin a new document at a page"},
	{"GET",    "/batches/{batch}/pages/{seq}/{kind}",   "BatchPage",    "",            NULL, 0, LONGER(STORE_ALTO_S),          "バッチのページの画像", "Image of a page in a batch: preview or thumb"},
	/* records */
	{"PUT",    "/documents/{document}/fields",       "DocSet",      "fields",          NULL, 0, 0,          "項目を書く", "Set fields of a document"},
	{"POST",   "/confirmations",                     "Confirm",     "documents",       NULL, 0, 120,        "確定", "Confirm documents: sign and timestamp"},
	{"GET",    "/queue",                             "Queue",       "",                NULL, 0, 0,          "確認待ちの一覧", "Documents that wait"},
	{"POST",   "/search",                            "Search",      "query",           NULL, 0, 0,          "検索（語を URL に残さない）", "Search; the query stays out of addresses"},
	{"GET",    "/search",                            "Search",      "query",           NULL, 0, 0,          "検索", "Search"},
	{"GET",    "/documents/{document}",              "Show",        "",                NULL, 0, 0,          "書類", "One record"},
	{"GET",    "/documents/{document}/pages/{n}/{kind}", "Page",    "",                NULL, 0, LONGER(STORE_ALTO_S),        "ページの画像・文字", "A page: master, preview, thumb, text, alto or lines"},
	{"PUT",    "/documents/{document}/pages/{n}/correction", "PageCorrect", "x y w h", NULL, 0, 0, "読み取り文字を直す", "Correct a line of the text at a place on the page"},
	{"POST",   "/exports",                           "Export",      "documents kind",  NULL, WEB_DOWNLOAD, LONGER(STORE_PDF_S), "書き出し", "Export documents: pdf or evidence"},
	{"GET",    "/documents/{document}/pdf",          "Export",      "",                "kind=pdf", WEB_DOWNLOAD, LONGER(STORE_PDF_S), "検索できる PDF", "Searchable PDF of a record"},
	{"POST",   "/documents/{document}/redacted",     "ExportRedacted", "redact",       NULL, WEB_DOWNLOAD, LONGER(STORE_PDF_S), "黒塗りした PDF", "PDF with places blacked out and their text left out"},
	{"POST",   "/documents/{document}/redacted/preview", "RedactPreview", "redact", NULL, 0, 0, "黒塗りする場所を確かめる", "Where a redacted PDF would be blacked out"},
	{"GET",    "/documents/{document}/evidence",     "Export",      "",                "kind=evidence", WEB_DOWNLOAD, 600, "証拠ファイル一式", "Evidence files of a record"},
	/* proof */
	{"GET",    "/log",                               "Log",         "",                NULL, 0, 60,         "監査証跡", "The audit trail"},
	{"POST",   "/verify",                            "Verify",      "",                NULL, 0, 3600,       "検証", "Verify one document, or all"},
	{"GET",    "/checkpoint",                        "Checkpoint",  "",                NULL, 0, 0,          "監査証跡の現在の署名", "Signed head of the audit trail"},
	{"POST",   "/doctor",                            "Doctor",      "",                NULL, 0, 3600,       "診断", "Check everything stored"},
	{"POST",   "/rebuild",                           "Rebuild",     "",                NULL, 0, 3600,       "目録の再作成", "Make the catalogue again from the log"},
	/* web itself */
	{"GET",    "/openapi.json",                      NULL,          "",                NULL, WEB_OPENAPI, 0, "この API の説明", "This description"},
	{"GET",    "/health",                            NULL,          "",                NULL, WEB_HEALTH, 0, "動いているか", "Whether the box answers"},
	{NULL},
};
/* clang-format on */
