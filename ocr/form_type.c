/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Titles of forms; knows words and where they stand, not pictures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/form_type.h"
#include "text.h"

#define TITLE_REACH 0.35  /* share of the page's height within which a title begins */
#define TITLE_LARGER 1.2  /* a title is set at least this much wider than the page's usual text */
#define ALONE_REACH 0.15  /* a title of usual size must stand alone, and near the top … */
#define ALONE_LARGER 0.95 /* … and be no smaller than the rest */
#define ALONE_REST 6      /* characters besides it on its line: a bracket, a number */
#define RIVAL 0.85        /* another title this near in size leaves us unsure */
#define WORDS_MAX 3       /* words of a rule */
#define TITLE_MAX 40      /* characters of a title */
#define BETWEEN_MAX 8     /* characters between two words of a title */
#define HEAD_REACH 12     /* characters behind a title in which another head noun is looked for */
#define PITCHES_MAX 4096  /* samples for the usual text size: more add nothing */

/*
 * In order of preference: of rules that fit one line equally well the first wins. Type NULL: forms
 * whose titles resemble ours, but which the type table does not know.
 */
static const struct rule {
	const char *type;
	const char *words[WORDS_MAX]; /* in this order, not far apart */
	const char *table; /* the number of the form, printed with the title or near it */
} rules[] = {
    {NULL, {"訪問看護記録"}, NULL},
    {NULL, {"訪問介護報告書"}, NULL},
    {NULL, {"訪問入浴介護計画書"}, NULL},
    {NULL, {"通所介護計画書"}, NULL},
    {NULL, {"通所看護計画書"}, NULL},
    {NULL, {"担当者会議"}, NULL},
    {NULL, {"介護予防サービス", "計画"}, NULL},
    {NULL, {"サービス提供票"}, NULL},
    {NULL, {"被保険者番号"}, NULL}, /* labels in wide letters, on nearly every form */
    {NULL, {"被保険者氏名"}, NULL},
    {NULL, {"被保険者名"}, NULL},
    {"nursing_order", {"訪問看護指示書"}, NULL},
    {"nursing_order", {"訪問看護", "指示書"}, NULL},
    {"nursing_order", {"点滴注射指示書"}, NULL},
    {"nursing_plan", {"訪問看護計画書"}, NULL},
    {"nursing_plan", {"訪問看護", "計画書"}, NULL},
    {"nursing_report", {"訪問看護報告書"}, NULL},
    {"nursing_report", {"訪問看護", "報告書"}, NULL},
    {"care_plan_1", {"居宅サービス計画書"}, "1"},
    {"care_plan_2", {"居宅サービス計画書"}, "2"},
    {"care_plan_3", {"週間サービス計画"}, NULL},
    {"facility_plan", {"施設サービス計画"}, NULL},
    {"usage_slip", {"サービス利用票"}, NULL},
    {"home_care_plan", {"訪問介護計画書"}, NULL},
    {"home_care_plan", {"訪問介護", "計画書"}, NULL},
    {"accident_report", {"事故報告書"}, NULL},
    {"accident_report", {"事故", "報告"}, NULL},
    {"accident_report", {"ヒヤリハット", "報告"}, NULL},
    {"complaint", {"苦情", "受付"}, NULL},
    {"complaint", {"苦情", "対応"}, NULL},
    {"complaint", {"苦情", "処理"}, NULL},
    {"complaint", {"苦情", "記録"}, NULL},
    {"complaint", {"苦情", "報告"}, NULL},
    {"complaint", {"苦情相談"}, NULL},
    {"monitoring", {"モニタリング"}, NULL},
    {"assessment", {"アセスメント"}, NULL},
    {"assessment", {"課題分析", "表"}, NULL},
    {"service_record", {"サービス", "提供", "記録"}, NULL},
    {"service_record", {"サービス", "実施", "記録"}, NULL},
    {"service_record", {"サービス", "実績", "記録"}, NULL},
    {"service_record", {"サービス記録"}, NULL},
    {"service_record", {"訪問介護", "記録"}, NULL},
    {"contract", {"契約書"}, NULL},
    {"explanation", {"重要事項説明書"}, NULL},
    {"explanation", {"重要事項", "説明"}, NULL},
    {"consent", {"同意書"}, NULL},
    {"insurance_card", {"被保険者証"}, NULL},
    {"insurance_card", {"保険証", "写"}, NULL},
};

/* The last noun of a Japanese title says what it is: 被保険者証再交付申請書 is an application. */
static const char *const other_heads[] = {"申請", "申込", "届", "依頼", "通知", "請求", "一覧",
    "目次", "について", "お知らせ", "案内", "願", "手引", "記入例"};
/* What follows a title's noun only in a sentence. */
static const char *const particles[] = {
    "を", "に", "が", "は", "も", "へ", "で", "と", "の", "等", "及", "又", "、", "。"};

/* Where and how well a rule fits. */
struct match {
	const struct rule *rule;
	size_t line, first, last; /* glyphs of its words */
	unsigned wrong;           /* characters that differ */
	double larger;            /* than the usual text */
};

struct page_text {
	const struct words *w;
	int height;
	double usual; /* pixels from character to character */
};

/* Full-width to half-width, and signs that no reader can tell apart to one of them. */
static uint32_t
fold(uint32_t code)
{
	static const uint32_t same[][2] = {{0x4e00, 0x30fc}, {0x2015, 0x30fc}, {'-', 0x30fc},
	    {0x53e3, 0x30ed}, {0x529b, 0x30ab}, {0x4e8c, 0x30cb}, {0x5de5, 0x30a8},
	    {0x535c, 0x30c8}, {0x516b, 0x30cf}, {0x5915, 0x30bf}, {0x4e03, 0x30d2}};

	if (code > 0xff00 && code < 0xff5f)
		code -= 0xfee0;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (same[i][0] == code)
			return same[i][1];
	return code;
}

/* How many characters of word differ from the glyphs from at on; end when they are too few. */
static unsigned
differ(const struct words *w, size_t at, size_t end, const char *word, size_t *ret_length)
{
	size_t left = strlen(word), n = 0;
	unsigned wrong = 0;
	uint32_t code;

	for (int used; left > 0 && (used = utf8_decode(word, left, &code)) > 0;
	     word += used, left -= (size_t)used, n++) {
		if (at + n >= end)
			return UINT8_MAX;
		wrong += fold(glyph_code(&w->glyphs[at + n])) != fold(code);
	}
	*ret_length = n;
	return wrong;
}

/* Short words must be read exactly: two of their characters say little. */
static unsigned
tolerance(size_t length)
{
	return length < 4 ? 0 : length < 8 ? 1 : 2;
}

/* The best place of word within [from, to]; false when there is none. */
static bool
find_word(const struct words *w, size_t from, size_t to, size_t end, const char *word,
    size_t *ret_at, size_t *ret_length, unsigned *ret_wrong)
{
	bool found = false;

	for (size_t at = from; at < end && at <= to; at++) {
		size_t length = 0;
		unsigned wrong = differ(w, at, end, word, &length);

		if (wrong == UINT8_MAX || wrong > tolerance(length) ||
		    (found && wrong >= *ret_wrong))
			continue;
		*ret_at = at;
		*ret_length = length;
		*ret_wrong = wrong;
		found = true;
	}
	return found;
}

static bool
contains(const struct words *w, size_t from, size_t end, const char *word)
{
	size_t at, length;
	unsigned wrong;

	return find_word(w, from, end, end, word, &at, &length, &wrong) && wrong == 0;
}

static int
compare_double(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) -
	       (*(const double *)a < *(const double *)b);
}

static double
step(const struct words *w, size_t i)
{
	return w->glyphs[i].box.x - w->glyphs[i - 1].box.x;
}

/* Median distance from character to character: some boxes are far too wide, but few begin at the
 * wrong place. */
static double
pitch(const struct words *w, size_t first, size_t last)
{
	double steps[TITLE_MAX];
	size_t n = 0;

	for (size_t i = first + 1; i <= last && n < TITLE_MAX; i++)
		steps[n++] = step(w, i);
	if (n > 0)
		qsort(steps, n, sizeof *steps, compare_double);
	return n > 0 ? steps[n / 2] : 0;
}

static bool
starts_with_any(
    const struct words *w, size_t from, size_t end, const char *const *list, size_t n, size_t reach)
{
	for (size_t i = 0; i < n; i++) {
		size_t at, length;
		unsigned wrong;

		if (find_word(w, from, from + reach, end, list[i], &at, &length, &wrong))
			return true;
	}
	return false;
}

static bool
opens_bracket(const struct glyph *g)
{
	uint32_t code = fold(glyph_code(g));

	return code == '(' || code == '[' || code == 0x3010 || code == 0x300c;
}

/* The run of characters around a title, without a wide gap: [from, to). */
static void
phrase(const struct page_text *p, const struct match *m, size_t *ret_from, size_t *ret_to)
{
	const struct line *l = &p->w->lines[m->line];
	size_t from = m->first, to = m->last + 1, end = l->first + l->count;
	double gap = 2.2 * pitch(p->w, m->first, m->last);

	while (from > l->first && step(p->w, from) < gap)
		from--;
	while (to < end && step(p->w, to) < gap)
		to++;
	*ret_from = from;
	*ret_to = to;
}

/* Whether what stands around the title makes it part of a sentence, or of another title. */
static bool
goes_on(const struct page_text *p, const struct match *m)
{
	size_t from, to, behind = m->last + 1, length = m->last + 1 - m->first;

	phrase(p, m, &from, &to);
	if (to - from > TITLE_MAX || (m->wrong > 0 && to - from > 2 * length + 4))
		return true;
	while (behind < to && !opens_bracket(&p->w->glyphs[behind]))
		behind++;
	return starts_with_any(
		   p->w, m->last + 1, behind, particles, sizeof particles / sizeof *particles, 0) ||
	       starts_with_any(p->w, m->last + 1, behind, other_heads,
		   sizeof other_heads / sizeof *other_heads, HEAD_REACH);
}

static bool
rule_fits(const struct page_text *p, const struct rule *rule, size_t line, struct match *ret)
{
	const struct line *l = &p->w->lines[line];
	size_t end = l->first + l->count, from = l->first, to = end;
	struct match m = {.rule = rule, .line = line};

	for (size_t i = 0; i < WORDS_MAX && rule->words[i] != NULL; i++) {
		size_t at, length;
		unsigned wrong;

		if (!find_word(p->w, from, to, end, rule->words[i], &at, &length, &wrong))
			return false;
		if (i == 0)
			m.first = at;
		m.wrong += wrong;
		from = at + length;
		to = from + BETWEEN_MAX;
		m.last = from - 1;
	}
	m.larger = pitch(p->w, m.first, m.last) / p->usual;
	*ret = m;
	return true;
}

/* The number of a care plan's table: behind the title, 居宅サービス計画書（１）, or by itself,
 * 第１表. */
static bool
has_table(const struct page_text *p, const struct match *m)
{
	const struct words *w = p->w;
	const struct line *l = &w->lines[m->line];
	char alone[16];
	size_t end = l->first + l->count;

	if (m->rule->table == NULL)
		return true;
	end = end < m->last + 5 ? end : m->last + 5;
	if (contains(w, m->last + 1, end, m->rule->table))
		return true;
	snprintf(alone, sizeof alone, "第%s表", m->rule->table);
	for (size_t i = 0; i < w->nlines; i++) {
		l = &w->lines[i];
		if (l->box.y < p->height * TITLE_REACH &&
		    contains(w, l->first, l->first + l->count, alone))
			return true;
	}
	return false;
}

/* Text as large as a title, or a line of its own at the very top. */
static bool
is_title(const struct page_text *p, const struct match *m)
{
	const struct line *l = &p->w->lines[m->line];

	if (m->larger >= TITLE_LARGER)
		return true;
	return m->larger >= ALONE_LARGER && l->box.y < p->height * ALONE_REACH &&
	       l->count <= m->last - m->first + 1 + ALONE_REST;
}

/* The rule that explains a line best. */
static bool
read_title(const struct page_text *p, size_t line, struct match *ret)
{
	bool found = false, unsure = false;

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct match m = {0};

		if (!rule_fits(p, &rules[i], line, &m) || !is_title(p, &m) || goes_on(p, &m) ||
		    !has_table(p, &m))
			continue;
		if (found && m.wrong > 0 && m.wrong == ret->wrong &&
		    m.rule->type != ret->rule->type)
			unsure = true;
		if (found && m.wrong >= ret->wrong)
			continue;
		unsure = false;
		found = true;
		*ret = m;
	}
	return found && !unsure;
}

/* Median distance from character to character; 0 when there is too little text. */
static double
usual_pitch(const struct words *w)
{
	double *all = malloc(PITCHES_MAX * sizeof *all), usual;
	size_t n = 0;

	for (size_t i = 0; all != NULL && i < w->nlines; i++) {
		const struct line *l = &w->lines[i];

		for (size_t k = l->first + 1; k < l->first + l->count && n < PITCHES_MAX; k++) {
			double d = step(w, k);

			if (!l->vertical && d > 0 && !glyph_is_latin(&w->glyphs[k]) &&
			    !glyph_is_latin(&w->glyphs[k - 1]))
				all[n++] = d;
		}
	}
	if (n > 0)
		qsort(all, n, sizeof *all, compare_double);
	usual = n > 0 ? all[n / 2] : 0;
	free(all);
	return usual;
}

const char *
form_type_find(const struct words *w, int height)
{
	const struct page_text p = {w, height, usual_pitch(w)};
	struct match best = {0}, rival = {0};

	for (size_t i = 0; p.usual > 0 && i < w->nlines; i++) {
		const struct line *l = &w->lines[i];
		struct match m = {0};

		if (l->vertical || l->box.y > height * TITLE_REACH || !read_title(&p, i, &m))
			continue;
		if (best.rule == NULL || m.larger > best.larger) {
			if (best.rule != NULL && best.rule->type != m.rule->type)
				rival = best;
			best = m;
		} else if (m.rule->type != best.rule->type && m.larger > rival.larger)
			rival = m;
	}
	if (best.rule == NULL || best.rule->type == NULL || rival.larger >= best.larger * RIVAL)
		return "";
	return best.rule->type;
}
