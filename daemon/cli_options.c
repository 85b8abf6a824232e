/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every option, in the order of the help, and what was given of them. */
#include "cli.h"

#include <errno.h>
#include <string.h>

const struct cli_option cli_options[] = {
    {"socket", "PATH", NULL, "装置のソケット（既定は FUMIKURA_SOCKET）",
	"socket of the box (default: FUMIKURA_SOCKET)"},
    {"json", NULL, NULL, "結果を JSON で一つだけ出す", "print exactly one JSON value"},
    {"as", "USER", NULL, "この利用者として行う（console: 装置そのもの）",
	"act as this signed-in user (console: the box itself)"},
    {"lang", "ja|en", NULL, "表示の言語", "language of the output"},
    {"help", NULL, NULL, "この説明", "this help"},
    {"data", "DIR", NULL, "書庫の場所（装置が止まっているとき）",
	"the archive itself, while no box runs"},
    {"name", "NAME", "Fumikura", "書庫の名前", "name of the archive"},
    {"key-file", "FILE", NULL, "主鍵のファイル（既定は DIR.key）",
	"file of the master key (default: DIR.key)"},
    {"admin", "USER", "admin", "最初のシステム管理者", "the first administrator"},
    {"admin-password-file", "FILE", NULL, "その最初のパスワード（なければ作る）",
	"that account's first password (made when not given)"},
    {"password-file", "FILE", NULL, "パスワードが一行目にあるファイル",
	"file whose first line is the password"},
    {"new-password-file", "FILE", NULL, "新しいパスワードのファイル", "file of the new password"},
    {"code", "NNNNNN", "", "二つ目の要素のコード", "code of the second factor"},
    {"role", "ROLE", NULL, "clerk checker manager inspector admin",
	"clerk checker manager inspector admin"},
    {"display", "NAME", NULL, "氏名", "the person's name"},
    {"device", "NAME", "", "スキャナー", "the scanner"},
    {"profile", "ID", "", "取込設定", "the scan profile"},
    {"type", "TYPE", "", "種別", "type of record or event"},
    {"batch", "BATCH", "", "この束に続ける", "go on in this batch"},
    {"sheets", "N", "0", "枚数（既定は紙がなくなるまで）",
	"number of sheets (default: until the feeder is empty)"},
    {"wait", "[read|stored]", NULL, "保存と文字認識（stored: 保存だけ）が終わるまで待つ",
	"wait until stored and recognised (stored: only stored)"},
    {"state", "STATE", "", "この状態のものだけ", "only those in this state"},
    {"limit", "N", "20", "件数", "how many"},
    {"offset", "N", "0", "何件目から", "how many to pass over"},
    {"include", NULL, NULL, "除外を取り消す", "take the exclusion back"},
    {"reason", "TEXT", "", "理由", "why"},
    {"o", "PATH", NULL, "書き出す先", "where to write"},
    {"master", NULL, NULL, "原本画像（TIFF、既定）", "the master image (TIFF; default)"},
    {"preview", NULL, NULL, "見やすい画像", "the preview image"},
    {"thumb", NULL, NULL, "縮小画像", "the thumbnail"},
    {"text", NULL, NULL, "認識した文字", "the recognised text"},
    {"alto", NULL, NULL, "文字と位置（ALTO XML）", "text with positions (ALTO XML)"},
    {"lines", NULL, NULL, "文字と位置を行ごとに（JSON、correct に渡す位置）",
	"text by lines with the places that correct takes (JSON)"},
    {"pdf", NULL, NULL, "検索できる PDF", "searchable PDF"},
    {"redact", "'PLACE ...'", NULL, "黒塗りする場所（PAGE:x,y,w,h または項目の名前。文字も抜く）",
	"places to black out: PAGE:x,y,w,h or a field's name (their text goes too)"},
    {"text-file", "FILE", NULL,
	"直した文字のファイル（- は標準入力。引数の TEXT は ps などで他の利用者に見える）",
	"file of the corrected text (- is standard input; a TEXT on the command line is seen by "
	"others, as by ps)"},
    {"evidence", NULL, NULL, "署名・時刻印・証明書一式",
	"manifest, signature, timestamp, certificates"},
    {"since", "TIME", "", "この日時から（2026-11-22 など）", "from this time (2026-11-22)"},
    {"doc", "DOC", "", "この記録だけ", "only this document"},
    {"user", "USER", "", "この利用者だけ", "only this user"},
    {"all", NULL, NULL, "すべて（既定）", "everything (default)"},
    {"print", NULL, NULL, "そのまま出す", "print it as it is"},
    {"version", NULL, NULL, "版", "version"},
    {0},
};

const struct cli_option *
cli_option(const char *name, size_t n)
{
	for (const struct cli_option *o = cli_options; o->name != NULL; o++)
		if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	return NULL;
}

bool
cli_listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = list; at != NULL && *at != '\0';
	     at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == n && memcmp(at, name, n) == 0)
			return true;
	return false;
}

bool
cli_given(const struct cli_args *args, const char *name)
{
	for (unsigned i = 0; i < args->n_given; i++)
		if (strcmp(args->given[i].option->name, name) == 0)
			return true;
	return false;
}

const char *
cli_value(const struct cli_args *args, const char *name)
{
	const struct cli_option *option = cli_option(name, strlen(name));

	for (unsigned i = args->n_given; i-- > 0;)
		if (args->given[i].option == option)
			return args->given[i].value;
	return option != NULL ? option->fallback : NULL;
}

int
cli_number(const char *text, int64_t min, int64_t max, int64_t *ret)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (text[0] == '\0' || *end != '\0' || strchr(" \t\n+", text[0]) != NULL)
		return -EINVAL;
	if (errno != 0 || n < min || n > max)
		return -ERANGE;
	*ret = n;
	return 0;
}
