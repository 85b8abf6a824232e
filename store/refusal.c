/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of refusals: every code word that store itself can give, with its sentences. Knows
 * nothing of who asked or how the answer travels. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "refusal.h"

static const struct {
	const char *code, *ja, *en;
} texts[] = {
    {"not_signed_in", "サインインしていません。サインインしてから、もう一度操作してください。",
	"You are not signed in. Sign in and try again."},
    {"session_expired",
	"一定時間操作がなかったため、サインアウトしました。入力済みの内容は保存されています。もう一"
	"度サインインしてください。",
	"Your session has ended. What was entered is kept. Sign in again."},
    {"wrong_password", "利用者名またはパスワードが違います。もう一度確かめて入力してください。",
	"The user name or password is wrong. Check and enter them again."},
    {"second_factor_needed",
	"この装置は二要素認証を必須としていますが、二つ目の要素がまだ登録されていません。システム管"
	"理者に連絡してください（G6-03）。",
	"This box demands a second factor, and none is enrolled. Ask the administrator (G6-03)."},
    {"account_locked",
	"パスワードの間違いが続いたため、この利用者は一時的に使えません。時間をおくか、管理者に連絡"
	"してください。",
	"This account is locked for a while after repeated wrong passwords. Wait, or ask the "
	"manager."},
    {"account_disabled", "この利用者は使用を停止されています。管理者に連絡してください。",
	"This account is disabled. Ask the manager."},
    {"password_must_change",
	"最初にご自分のパスワードへ変更してください。変更するまで他の操作はできません。",
	"Change to a password of your own first; nothing else is possible until then."},
    {"weak_password",
	"このパスワードは使えません。13文字以上で、名前や単純な並び・よくある言葉を避けてください"
	"。",
	"This password cannot be used. Use at least 13 characters and avoid names, simple "
	"sequences and common words."},
    {"same_password", "今までと同じパスワードは使えません。別のパスワードにしてください。",
	"The new password must differ from the old one."},
    {"denied",
	"この操作をする権限がありません。必要なときは管理者に相談してください。この記録は監査証跡に"
	"残りました。",
	"Your role may not do this. Ask the manager if you need to. This was recorded in the log."},
    {"bad_name",
	"利用者名に使えるのは半角の英小文字で始まる英数字と . _ - だけです（32文字まで）。",
	"An account name starts with a lower-case letter and holds letters, digits, . _ - only (at "
	"most 32)."},
    {"bad_role", "役割は clerk checker manager inspector admin のいずれかです。",
	"The role is one of clerk, checker, manager, inspector, admin."},
    {"user_exists", "この利用者名はすでに使われています。別の名前にしてください。",
	"This account name is taken. Choose another."},
    {"no_such_user", "その利用者はいません。名前を確かめてください。",
	"There is no such account. Check the name."},
    {"last_holder",
	"最後の情報作成管理者またはシステム管理者は停止できません。先に後任を登録してください。",
	"The last active checker or administrator cannot be disabled. Add a successor first."},
    {"second_person_needed",
	"パスワードの再設定には、依頼した人とは別の、もう一人の確認が必要です。自分の再設定、自分が"
	"登"
	"録・再設定した利用者との組み合わせ、同じ人が登録・再設定した二人では行えません。ほかの情報"
	"作"
	"成管理者・管理者・システム管理者に同じ操作を頼んでください。",
	"A reset needs a second person. It cannot be done for oneself, nor by two accounts of "
	"which one "
	"set the password of the other, nor by two whose passwords the same hand set. Ask another "
	"checker, manager or administrator to do the same."},
    {"changed_meanwhile",
	"この利用者のパスワードは、たった今、本人かほかの人が変えました。今の状態を確かめて、まだ必"
	"要なら"
	"もう一度再設定してください。",
	"This account's password was changed just now, by its owner or by another reset. See how "
	"it stands and, if that is still needed, reset it again."},
    {"not_by_console",
	"装置（console）から再設定できるのは、ほかにサインインできるシステム管理者がいないときの、"
	"シス"
	"テム管理者だけです。ほかの利用者は、二人で再設定してください。",
	"The console resets an administrator only, and only while no other administrator can sign "
	"in. "
	"Anybody else is reset by two persons."},
    {"busy", "スキャナーは別の取込で使用中です。終わってから、もう一度始めてください。",
	"The scanner is in use. Start again when it has finished."},
    {"no_device", "スキャナーが見つかりません。電源とケーブルを確かめて、もう一度お試しください。",
	"No scanner was found. Check its power and cable and try again."},
    {"scanner_away",
	"スキャナーの制御部が一時的に止まっています。数秒後にもう一度お試しください。保存済みのペー"
	"ジは無事です。",
	"The scanner service is restarting. Try again in a few seconds. Stored pages are safe."},
    {"scanner_restarted",
	"スキャナーの制御部が途中で止まり、再起動しました。保存済みのページは無事です。最後に保存さ"
	"れ"
	"たページを確かめ、その次の紙から取込を続けてください。",
	"The scanner service stopped and was restarted. Stored pages are safe. Look at the last "
	"stored page and go on with the sheet after it."},
    {"cancel_restarted",
	"取り消しましたが、スキャナーの制御部が応じないため、再起動しました。保存済みのページは無事"
	"です"
	"。続けるときは、最後に保存されたページの次の紙から取り込んでください。",
	"The scan was cancelled, but the scanner service did not end it and was restarted. Stored "
	"pages are safe. To continue, go on with the sheet after the last stored page."},
    {"interrupted",
	"取込の途中で装置が再起動しました。保存済みのページは無事です。最後のページを確かめ、続きか"
	"ら取り込んでください。",
	"The box restarted during the scan. Stored pages are safe. Check the last page and go on "
	"from there."},
    {"ocr_away", "文字認識部が一時的に止まっています。数秒後にもう一度お試しください。",
	"The recognition service is restarting. Try again in a few seconds."},
    {"bad_profile", "その取込設定はありません。一覧から選んでください。",
	"There is no such scan profile. Choose one from the list."},
    {"bad_parameter", "指定が正しくありません。内容を確かめて、もう一度お試しください。",
	"A parameter is not valid. Check it and try again."},
    {"bad_date",
	"日付として読めません。2026-11-22、令和8年11月22日、R8.11.22 のように入力してください。",
	"This is no date. Write it as 2026-11-22, 令和8年11月22日 or R8.11.22."},
    {"bad_field",
	"この項目はありません。type client_id client_name date received title が使えます。",
	"There is no such field. Use type, client_id, client_name, date, received, title."},
    {"too_long", "入力が長すぎます。短くして、もう一度お試しください。",
	"The text is too long. Shorten it and try again."},
    {"not_found", "見つかりません。番号を確かめてください。",
	"It was not found. Check the number."},
    {"batch_running", "取込中です。終わってから操作してください。",
	"The scan is still running. Wait until it has ended."},
    {"batch_submitted", "この束は提出済みのため、変更できません。",
	"This batch was submitted and can no longer be changed."},
    {"batch_empty", "提出できるページがありません。取り込むか、除外を取り消してください。",
	"There is no page to submit. Scan, or take back an exclusion."},
    {"already_submitted", "この記録は提出済みのため、情報作成管理者だけが直せます。",
	"This record was submitted; only a checker may correct it now."},
    {"already_confirmed", "この記録はすでに確定しています。内容を直すには訂正版を作ります。",
	"This record is confirmed already. A correction makes a new version."},
    {"confirmed_text",
	"確定した記録の読み取り文字を直せるのは、情報作成管理者だけです。情報作成管理者に頼んでくだ"
	"さい。"
	"画像・項目・署名は変わりません。",
	"Once a record is confirmed, only a checker may correct the text that was read from it. "
	"Ask a "
	"checker. Image, fields and signature stay as they are."},
    {"not_submitted", "この記録はまだ提出されていないため、確定できません。先に提出してください。",
	"This record has not been submitted, so it cannot be confirmed. Submit it first."},
    {"fields_missing", "必要な項目が入っていないため、提出できません。",
	"A required field is missing, so the batch cannot be submitted."},
    {"time_unsynchronised",
	"時計が標準時と合っていることを確かめられないため、確定できません。時刻同期を確かめてくださ"
	"い。急ぐときは、管理者が理由を添えて一時的に認めることができます（G6-32）。",
	"The clock is not known to be synchronised, so nothing can be confirmed. Check time "
	"synchronisation; if it cannot wait, a manager can allow it for a while, with a reason "
	"(G6-32)."},
    {"no_signing_key", "署名鍵を開けません。一度サインアウトし、もう一度サインインしてください。",
	"Your signing key is not open. Sign out and in again."},
    {"empty_query", "検索する言葉を入力してください。", "Enter what to search for."},
    {"query_too_long", "検索する言葉が長すぎます。256文字までにしてください。",
	"The query is too long. Use at most 256 characters."},
    {"not_read_yet", "このページはまだ文字認識が終わっていません。少し待ってからお試しください。",
	"This page has not been recognised yet. Wait a moment and try again."},
    {"not_confirmed", "この記録はまだ確定していないため、証拠ファイルはありません。",
	"This record is not confirmed yet, so it has no evidence."},
    {"nothing_to_redact",
	"黒塗りする場所が見つかりません。手書きなど読み取れない文字は、ページと位置で指定してくださ"
	"い"
	"。",
	"No place to black out was found. Give page and place for what could not be read, such as "
	"handwriting."},
    {"too_many_places",
	"黒塗りする場所が多すぎるため、すべてを隠せません。場所をページと位置で指定してください。",
	"There are too many places to black out, so not all could be hidden. Give page and place."},
    {"too_many_corrections",
	"一ページで直せるのは1,"
	"000か所までです。要らない直しを取り消してから、もう一度試してください。",
	"A page takes 1,000 corrections. Take back what is not needed and try again."},
    {"too_many_pages", "ページ数が多すぎます。分けて操作してください。",
	"There are too many pages. Do it in parts."},
    {"disk_full",
	"保存先の空きが足りないため、新しいページを保存できません。保存済みのものは無事です。空きを"
	"作るか管理者に連絡し、同じ用紙からもう一度始めてください。",
	"There is too little free space to store new pages. What is stored is safe. Make room or "
	"ask the administrator, then go on from the same sheet."},
    {"timed_out",
	"時間内に処理できませんでした。ファイルが大きすぎるか壊れている可能性があります。",
	"It did not finish in time; the file may be too large or damaged."},
    {"corrupt", "ファイルが壊れているか、途中で切れています。元のファイルを確かめてください。",
	"The file is damaged or cut short. Check the original file."},
    {"damaged",
	"保存データに損傷が見つかりました。fumikura doctor を実行し、管理者に連絡してください。",
	"Stored data is damaged. Run fumikura doctor and tell the administrator."},
    {"exists", "そこにはすでに書庫またはファイルがあります。空の場所を指定してください。",
	"There is an archive or file already. Name an empty place."},
    {"in_use",
	"この書庫は別のプログラムが使用中です。fumikurad を止めてから、もう一度お試しください。",
	"The archive is open in another program. Stop fumikurad and try again."},
    {"no_archive", "書庫がまだありません。fumikura init で作成してください。",
	"There is no archive yet. Make one with fumikura init."},
    {"cancelled", "中止しました。保存済みのページは残っています。",
	"It was cancelled. Pages already stored are kept."},
    {"overloaded", "処理が混み合っています。少し待ってからお試しください。",
	"The box is busy. Wait a moment and try again."},
    {"internal",
	"内部エラーのため処理できませんでした。保存済みのものは無事です。続くときは管理者に連絡して"
	"ください。",
	"An internal error stopped this. What is stored is safe. Tell the administrator if it "
	"happens again."},
};

/* Copies at most size-1 bytes without cutting a UTF-8 character. */
static void
copy_text(char *out, size_t size, const char *text)
{
	size_t n = strlen(text);

	if (n >= size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
			n--;
	}
	memcpy(out, text, n);
	out[n] = '\0';
}

/* A code word ends as part of a D-Bus error name, where not every text may stand. */
static bool
is_code(const char *code)
{
	const size_t n = strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n > 0 && code[n] == '\0' && n < sizeof(((struct refusal *)NULL)->code) &&
	       (code[0] < '0' || code[0] > '9');
}

int
refuse_text(struct refusal *refusal, const char *code, const char *ja, const char *en)
{
	copy_text(refusal->code, sizeof(refusal->code), is_code(code) ? code : "internal");
	copy_text(refusal->ja, sizeof(refusal->ja), ja);
	copy_text(refusal->en, sizeof(refusal->en), en);
	return -ECANCELED;
}

int
refuse(struct refusal *refusal, const char *code)
{
	size_t n = sizeof(texts) / sizeof(texts[0]);

	for (size_t i = 0; i < n; i++)
		if (strcmp(texts[i].code, code) == 0)
			return refuse_text(refusal, code, texts[i].ja, texts[i].en);
	return refuse_text(refusal, "internal", texts[n - 1].ja, texts[n - 1].en);
}

int
refuse_detail(struct refusal *refusal, const char *code, const char *detail)
{
	char ja[600], en[600];

	refuse(refusal, code);
	snprintf(ja, sizeof(ja), "%s（%.64s）", refusal->ja, detail);
	snprintf(en, sizeof(en), "%s (%.64s)", refusal->en, detail);
	return refuse_text(refusal, refusal->code, ja, en);
}

int
refuse_absent(struct refusal *refusal, int r, const char *code, const char *detail)
{
	if (r != -ENOENT)
		return r < 0 ? r : 0;
	return detail != NULL ? refuse_detail(refusal, code, detail) : refuse(refusal, code);
}

void
refuse_errno(struct refusal *refusal, int r)
{
	if (refusal->code[0] != '\0')
		return;
	switch (-r) {
	case ENOSPC:
	case EDQUOT:
		refuse(refusal, "disk_full");
		break;
	case ENOENT:
		refuse(refusal, "not_found");
		break;
	case ENODATA: /* an init that did not finish */
		refuse(refusal, "no_archive");
		break;
	case EBADMSG:
	case EKEYREJECTED:
		refuse(refusal, "damaged");
		break;
	case EBUSY:
		refuse(refusal, "in_use");
		break;
	case ENOTCONN:
	case ETIMEDOUT:
		refuse(refusal, "timed_out");
		break;
	case E2BIG:
	case EFBIG:
		refuse(refusal, "too_long");
		break;
	case EINVAL:
	case EPERM: /* a file that is not sealed */
		refuse(refusal, "bad_parameter");
		break;
	default:
		refuse(refusal, "internal");
	}
}
