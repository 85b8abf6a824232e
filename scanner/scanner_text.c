/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences of this room, all in one place. */
#include "scanner_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct sentence {
	const char *code;
	const char *what_ja, *do_ja, *what_en, *do_en;
	bool go_on; /* do_… ends with where to go on */
};

/* clang-format off */
static const struct sentence finishes[] = {
	/* the first row stands for every code that is not listed */
	{"device_error",
	 "スキャナーがエラーを返したため、読み取りを中止しました。",
	 "スキャナーの表示と電源・ケーブルを確かめ、",
	 "The scanner reported an error and the run was stopped.",
	 "Check the scanner's display, power and cable, then ", true},
	{"ok",
	 "読み取りが終わりました。", "",
	 "The run is complete.", ""},
	{"feeder_empty",
	 "給紙装置に紙がありません。",
	 "紙をセットして、もう一度読み取りを始めてください。",
	 "There is no paper in the feeder.",
	 "Put the paper in and start again."},
	{"feeder_jammed",
	 "紙が詰まりました。詰まった紙の画像は保存していません。",
	 "カバーを開けて詰まった紙を取り除き、その紙から読み取り直してください。",
	 "The paper jammed. The jammed sheet was not stored.",
	 "Open the cover, take the sheet out, and go on with that sheet."},
	{"double_feed",
	 "紙が2枚以上重なって送られました。重なった紙の画像は保存していません。",
	 "重なった紙をさばいて1枚ずつに分け、その紙から読み取り直してください。",
	 "Two or more sheets were drawn in together. They were not stored.",
	 "Fan the sheets apart and go on with the first of them."},
	{"cover_open",
	 "スキャナーのカバーが開いています。",
	 "カバーを閉め、",
	 "The scanner's cover is open.",
	 "Close it and ", true},
	{"cancelled",
	 "読み取りを取り消しました。途中の紙の画像は保存していません。",
	 "続けるときは、",
	 "The run was cancelled. A sheet that was under way was not stored.",
	 "To continue, ", true},
	{"device_gone",
	 "スキャナーとの接続が切れました。途中の紙の画像は保存していません。",
	 "電源とケーブルを確かめ、スキャナーが一覧に戻ってから、",
	 "The scanner is no longer connected. A sheet that was under way was not stored.",
	 "Check power and cable; when the scanner is listed again, ", true},
	{"device_hung",
	 "スキャナーから応答がないため、読み取りを打ち切りました。途中の紙の画像は保存していません。",
	 "スキャナーの電源を入れ直し、",
	 "The scanner stopped answering and the run was given up. A sheet that was under way was not stored.",
	 "Switch the scanner off and on, then ", true},
	{"page_too_large",
	 "1ページの画像が大きすぎるため、読み取りを中止しました。",
	 "解像度を下げるか、紙のサイズを確かめて、その紙から読み取り直してください。",
	 "The image of one page is too large, and the run was stopped.",
	 "Lower the resolution or check the paper size, then go on with that sheet."},
	{"store_refused",
	 "保管庫がページを受け取れなかったため、読み取りを中止しました。",
	 "空き容量と機器の状態を確かめ、",
	 "The archive could not take a page, and the run was stopped.",
	 "Check free space and the state of the box, then ", true},
};

static const struct sentence refusals[] = {
	/* the first row stands for every code that is not listed */
	{"no_device",
	 "そのスキャナーは見つからないか、使えません。読み取りは始まっていません。",
	 "電源とケーブルを確かめ、スキャナーの一覧を更新して選び直してください。",
	 "That scanner is not there or cannot be opened. Nothing was scanned.",
	 "Check power and cable, refresh the list of scanners and choose again."},
	{"busy",
	 "スキャナーは使用中です。読み取りは始まっていません。",
	 "いまの読み取りが終わってから、もう一度始めてください。",
	 "The scanner is in use. Nothing was scanned.",
	 "Start again when the present run has ended."},
	{"bad_parameter",
	 "このスキャナーはその設定では読み取れません。読み取りは始まっていません。",
	 "解像度・カラーモード・給紙方法を変えて、もう一度始めてください。",
	 "This scanner cannot scan with these settings. Nothing was scanned.",
	 "Choose another resolution, mode or source and start again."},
	{"device_hung",
	 "スキャナーから応答がありません。読み取りは始まっていません。",
	 "スキャナーの電源を入れ直してから、もう一度始めてください。",
	 "The scanner does not answer. Nothing was scanned.",
	 "Switch the scanner off and on, then start again."},
	{"no_memory",
	 "この装置の空きメモリーが足りません。読み取りは始まっていません。",
	 "ほかの処理が終わるのを待って、もう一度始めてください。続くときは管理者に連絡してください。",
	 "The box has too little memory free. Nothing was scanned.",
	 "Wait for other work to end and start again; tell the administrator if it happens again."},
};
/* clang-format on */

static const struct sentence *
find(const struct sentence *rows, size_t n, const char *code)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].code, code) == 0)
			return &rows[i];
	return rows;
}

void
text_finish(const char *code, uint32_t pages, struct scan_text *ret)
{
	const struct sentence *s = find(finishes, sizeof finishes / sizeof *finishes, code);
	const char *from_ja = "最後に保存されたページの次の紙から読み取り直してください。";
	const char *from_en = "go on with the sheet after the last stored page.";
	char kept_ja[160], kept_en[160];

	if (pages == 0) {
		snprintf(kept_ja, sizeof kept_ja, "保存されたページはありません。");
		snprintf(kept_en, sizeof kept_en, "No page was stored.");
		from_ja = "今回の最初の紙から読み取り直してください。";
		from_en = "start again with the first sheet of this stack.";
	} else {
		snprintf(kept_ja, sizeof kept_ja, "%uページは安全に保存されています。", pages);
		snprintf(kept_en, sizeof kept_en, "%u %s safely stored.", pages,
		    pages == 1 ? "page is" : "pages are");
	}
	snprintf(ret->ja, sizeof ret->ja, "%s%s%s%s", s->what_ja, kept_ja, s->do_ja,
	    s->go_on ? from_ja : "");
	snprintf(ret->en, sizeof ret->en, "%s %s%s%s%s", s->what_en, kept_en, *s->do_en ? " " : "",
	    s->do_en, s->go_on ? from_en : "");
}

void
text_refuse(const char *code, const char *detail, struct scan_text *ret)
{
	const struct sentence *s = find(refusals, sizeof refusals / sizeof *refusals, code);

	if (detail == NULL) {
		snprintf(ret->ja, sizeof ret->ja, "%s%s", s->what_ja, s->do_ja);
		snprintf(ret->en, sizeof ret->en, "%s %s", s->what_en, s->do_en);
	} else {
		snprintf(ret->ja, sizeof ret->ja, "%s（%s）%s", s->what_ja, detail, s->do_ja);
		snprintf(ret->en, sizeof ret->en, "%s (%s) %s", s->what_en, detail, s->do_en);
	}
}
