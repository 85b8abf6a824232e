/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences of the import room, all in one place. */
#include "import_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import_sink.h"

struct sentence {
	int r;
	const char *code, *ja, *en;
};

/* clang-format off */
static const struct sentence sentences[] = {
	/* the first row stands for every error that is not listed */
	{IMPORT_CORRUPT, "corrupt",
	 "ファイルが壊れているか、途中で切れています。完全でない画像は取り込みません。元のファイルを入手し直すか、紙から読み取ってください。",
	 "The file is damaged or cut short, and incomplete pages are not taken in. Get the file again, or scan the paper."},
	{0, "ok", "取り込みが終わりました。", "The import is complete."},
	{IMPORT_UNSUPPORTED, "not_supported",
	 "この形式のファイルは取り込めません。PDF、TIFF、JPEG、PNG のいずれかで保存し直してください。",
	 "This kind of file cannot be taken in. Save it as PDF, TIFF, JPEG or PNG and try again."},
	{IMPORT_ENCRYPTED, "encrypted",
	 "ファイルにパスワードがかかっているため読めません。パスワードを外して保存し直してください。",
	 "The file is protected by a password and cannot be read. Save it without one and try again."},
	{IMPORT_TOO_LARGE, "too_large",
	 "ページの画像が大きすぎるため取り込めません。解像度を下げて保存し直してください。",
	 "A page of the file is too large. Save it at a lower resolution and try again."},
	{-ENOMEM, "too_large",
	 "ページの画像が大きすぎるため取り込めません。解像度を下げて保存し直してください。",
	 "A page of the file is too large. Save it at a lower resolution and try again."},
	{IMPORT_TOO_MANY, "too_many_pages",
	 "ファイルのページ数が上限を超えています。ファイルを分けて取り込んでください。",
	 "The file has more pages than are taken at once. Split it and import the parts."},
	{IMPORT_EMPTY, "empty_file",
	 "ファイルが空（0バイト）です。元のファイルを確かめてください。",
	 "The file is empty (0 bytes). Check the original."},
	{IMPORT_STOPPED, "cancelled",
	 "保管庫がページを受け取れなかったため、取り込みを中止しました。空き容量と機器の状態を確かめて、もう一度取り込んでください。",
	 "The archive could not take a page, and the import was stopped. Check free space and the state of the box, then import again."},
};
/* clang-format on */

void
import_text(
    int r, uint32_t pages, uint32_t max_pages, uint64_t max_pixels_m, struct import_text *ret)
{
	const struct sentence *s = sentences;
	char ja[96] = "", en[96] = "";

	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		if (sentences[i].r == r)
			s = &sentences[i];
	if (strcmp(s->code, "too_large") == 0) {
		snprintf(ja, sizeof ja, "（上限 %llu 百万画素）", (unsigned long long)max_pixels_m);
		snprintf(en, sizeof en, " (Limit: %llu million pixels.)",
		    (unsigned long long)max_pixels_m);
	} else if (r == IMPORT_TOO_MANY) {
		snprintf(ja, sizeof ja, "（上限 %u ページ）", max_pages);
		snprintf(en, sizeof en, " (Limit: %u pages.)", max_pages);
	} else if (pages > 0) {
		snprintf(ja, sizeof ja, "%uページは保存されています。", pages);
		snprintf(
		    en, sizeof en, " %u %s stored.", pages, pages == 1 ? "page is" : "pages are");
	}
	ret->code = s->code;
	snprintf(ret->ja, sizeof ret->ja, "%s%s", s->ja, ja);
	snprintf(ret->en, sizeof ret->en, "%s%s", s->en, en);
}
