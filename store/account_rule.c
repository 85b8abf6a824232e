/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which passwords are refused (G6-07): what an attacker who knows Japanese offices would try first.
 * A password is guessable when, after taking away listed words, the account name, runs, years and
 * repetitions, next to nothing is left. Pure; knows no accounts.
 */
#include "account.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "text.h"

#define MIN_CHARS 13u /* code points; preset 7.0 without a second factor */
#define MIN_OWN 4u    /* letters or digits that no rule explains */
#define MIN_RUN 3u    /* aaa, 123, qwe */
#define MAX_PERIOD 6u /* abcabcabcabca, kaigo1kaigo1kaigo1 */
#define MIN_NAME 3u   /* shorter account names are not looked for */
#define MIN_KINDS 5u  /* different characters in the whole */

static const char *const words[] = {
    /* everywhere */
    "password", "passw0rd", "passwd", "pass", "secret", "admin", "administrator", "root", "login",
    "welcome", "letmein", "changeme", "default", "master", "guest", "test", "user", "system",
    "server", "service", "sabisu", "saabisu", "computer", "office", "windows", "dragon", "monkey",
    "sunshine", "iloveyou", "princess", "football", "baseball", "hello", "qwerty", "asdf", "zxcv",
    "1qaz", "2wsx", "3edc", "4rfv", "1q2w", "3e4r", "5t6y", "q1w2", "e3r4", "abc",
    /* this product and its trade */
    "fumikura", "bunko", "archive", "scanner", "sukyana", "scan", "care", "carecenter",
    "dayservice", "deisabisu", "helper", "herupa", "kaigo", "houmon", "houmonkaigo", "kango",
    "houmonkango", "tsusho", "tsuusho", "shisetsu", "rojin", "roujin", "homu", "hoomu", "home",
    "fukushi", "iryo", "iryou", "byoin", "byouin", "kurinikku", "clinic", "riyousha", "riyosha",
    "keikaku", "kiroku", "jigyosho", "jigyousho", "jimusho", "jimu", "kanri", "kanrisha",
    "sekininsha", "tantou", "tanto",
    /* office habits */
    "pasuwado", "pasuwaado", "pasu", "himitsu", "aikotoba", "angou", "nippon", "nihon", "japan",
    "tokyo", "toukyou", "osaka", "oosaka", "nagoya", "kyoto", "yokohama", "sapporo", "fukuoka",
    "sakura", "himawari", "tanpopo", "ajisai", "momiji", "fujisan", "fuji", "hana", "nijiiro",
    "niji", "egao", "nozomi", "kibou", "kibo", "shiawase", "yasuragi", "nagomi", "kizuna", "yume",
    "hikari", "taiyou", "taiyo", "midori", "aozora", "hoshi", "tsuki", "umi", "yama", "neko", "inu",
    "kaisha", "shain", "buchou", "kachou", "shachou", "soumu", "keiri", "eigyou", "honsha",
    "ohayou", "konnichiwa", "arigatou", "arigato", "yoroshiku", "onegaishimasu", "otsukaresama",
    "ganbare", "ganbaru", "daisuki", "aishiteru", "doraemon", "pikachu", "totoro", "satou", "sato",
    "suzuki", "tanaka", "watanabe", "yamada", "takahashi", "itou", "nakamura", "kobayashi", "tarou",
    "taro", "hanako", "ichirou", "jirou", "nen", "gatsu", "reiwa", "heisei", "showa", "shouwa",
    "taisho", "meiji"};

static const char *const rows[] = {"abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba",
    "01234567890", "09876543210", "qwertyuiop", "poiuytrewq", "asdfghjkl", "lkjhgfdsa", "zxcvbnm",
    "mnbvcxz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0"};

struct fold {
	char text[ACCOUNT_PASSWORD_MAX + 1];  /* lower case, common substitutions undone */
	char plain[ACCOUNT_PASSWORD_MAX + 1]; /* lower case only */
	bool covered[ACCOUNT_PASSWORD_MAX + 1];
	size_t n;
};

static char
unleet(char c)
{
	static const char from[] = "0134578@$!+|", to[] = "oleastbasitl";
	const char *at = c != '\0' ? strchr(from, c) : NULL;

	return at != NULL ? to[at - from] : c;
}

static void
fold(const char *password, struct fold *f)
{
	f->n = strlen(password);
	for (size_t i = 0; i <= f->n; i++) {
		f->plain[i] = (char)tolower((unsigned char)password[i]);
		f->text[i] = unleet(f->plain[i]);
		f->covered[i] = false;
	}
}

static void
cover(struct fold *f, size_t from, size_t n)
{
	memset(f->covered + from, true, n);
}

/* Marks every place where word stands, also in its substituted spelling. */
static void
cover_word(struct fold *f, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; n <= f->n && i <= f->n - n; i++)
		if (memcmp(f->text + i, word, n) == 0 || memcmp(f->plain + i, word, n) == 0)
			cover(f, i, n);
}

static void
cover_name(struct fold *f, const char *user)
{
	char reversed[ACCOUNT_NAME_MAX + 1];
	size_t n = strlen(user);

	if (n < MIN_NAME || n > ACCOUNT_NAME_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		reversed[i] = user[n - 1 - i];
	reversed[n] = '\0';
	cover_word(f, user);
	cover_word(f, reversed);
}

/* Length of the longest piece of a row, or of one repeated character, that starts at i. */
static size_t
run_at(const struct fold *f, size_t i)
{
	size_t best = 1;

	while (i + best < f->n && f->plain[i + best] == f->plain[i])
		best++;
	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		const char *at = strchr(rows[k], f->plain[i]);
		size_t n = 0;
		while (at != NULL && at[n] != '\0' && i + n < f->n && at[n] == f->plain[i + n])
			n++;
		if (n > best)
			best = n;
	}
	return best;
}

static void
cover_runs(struct fold *f)
{
	for (size_t i = 0; i < f->n; i++) {
		size_t n = run_at(f, i);
		if (n >= MIN_RUN)
			cover(f, i, n);
	}
}

/* 19xx and 20xx, with or without a month and day behind; and what is so often appended: up to four
 * digits at the end. */
static void
cover_years(struct fold *f)
{
	for (size_t i = 0; i + 4 <= f->n; i++) {
		const char *p = f->plain + i;
		size_t n = strspn(p, "0123456789");
		if (n >= 4 && ((p[0] == '1' && p[1] == '9') || (p[0] == '2' && p[1] == '0')))
			cover(f, i, n < 8 ? n : 8);
	}
	for (size_t i = f->n; i > 0 && f->n - i < 4 && isdigit((unsigned char)f->plain[i - 1]); i--)
		cover(f, i - 1, 1);
}

static bool
periodic(const struct fold *f)
{
	for (size_t p = 1; p <= MAX_PERIOD && p < f->n; p++)
		if (memcmp(f->plain, f->plain + p, f->n - p) == 0)
			return true;
	return false;
}

static unsigned
kinds(const struct fold *f)
{
	bool seen[256] = {false};
	unsigned count = 0;

	for (size_t i = 0; i < f->n; i++) {
		count += !seen[(unsigned char)f->plain[i]];
		seen[(unsigned char)f->plain[i]] = true;
	}
	return count;
}

static bool
guessable(const char *user, struct fold *f)
{
	unsigned own = 0;

	if (periodic(f) || kinds(f) < MIN_KINDS)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		cover_word(f, words[i]);
	cover_name(f, user);
	cover_runs(f);
	cover_years(f);
	for (size_t i = 0; i < f->n; i++)
		if (!f->covered[i] &&
		    (isalnum((unsigned char)f->plain[i]) || (unsigned char)f->plain[i] >= 0x80))
			own++;
	return own < MIN_OWN;
}

int
account_password_check(const char *user, const char *password, const char **ret_why)
{
	size_t n = strlen(password);
	struct fold f;
	bool bad;

	*ret_why = "too_long";
	if (n > ACCOUNT_PASSWORD_MAX)
		return -EINVAL;
	*ret_why = "not_text";
	if (!utf8_valid(password, n))
		return -EINVAL;
	*ret_why = "too_short";
	if (utf8_length(password) < MIN_CHARS)
		return -EINVAL;
	fold(password, &f);
	bad = guessable(user, &f);
	explicit_bzero(&f, sizeof(f));
	*ret_why = "guessable";
	return bad ? -EINVAL : 0;
}
