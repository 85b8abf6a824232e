/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels and their values; knows forms, not pictures. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/fields.h"

static const struct label {
	const char *text, *key;
	enum field_kind kind;
} labels[] = {
    {"利用者氏名", "client_name", FIELD_NAME},
    {"利用者名", "client_name", FIELD_NAME},
    {"被保険者氏名", "client_name", FIELD_NAME},
    {"患者氏名", "client_name", FIELD_NAME},
    {"対象者氏名", "client_name", FIELD_NAME},
    {"氏名", "client_name", FIELD_NAME},
    {"被保険者番号", "client_id", FIELD_NUMBER},
    {"番号", "client_id", FIELD_NUMBER},
    {"作成年月日", "date", FIELD_DATE},
    {"作成日", "date", FIELD_DATE},
    {"記入日", "date", FIELD_DATE},
    {"提供日", "date", FIELD_DATE},
    {"提供年月日", "date", FIELD_DATE},
    {"実施日", "date", FIELD_DATE},
    {"実施日時", "date", FIELD_DATE},
    {"訪問日", "date", FIELD_DATE},
    {"訪問日時", "date", FIELD_DATE},
    {"提供日時", "date", FIELD_DATE},
    {"発生日", "date", FIELD_DATE},
    {"発生日時", "date", FIELD_DATE},
    {"受付日時", "date", FIELD_DATE},
    {"受付日", "date", FIELD_DATE},
    {"契約日", "date", FIELD_DATE},
    {"同意日", "date", FIELD_DATE},
    {"提出日", "date", FIELD_DATE},
    {"確認日", "date", FIELD_DATE},
    {"報告日", "date", FIELD_DATE},
    {"申請年月日", "date", FIELD_DATE},
    {"交付年月日", "issue_date", FIELD_DATE},
    {"認定年月日", "certified_date", FIELD_DATE},
    {"生年月日", "birth_date", FIELD_DATE},
    {"フリガナ", "client_kana", FIELD_TEXTUAL},
    {"ふりがな", "client_kana", FIELD_TEXTUAL},
    {"性別", "sex", FIELD_TEXTUAL},
    {"住所", "address", FIELD_TEXTUAL},
    {"現住所", "address", FIELD_TEXTUAL},
    {"電話番号", "phone", FIELD_PHONE},
    {"電話", "phone", FIELD_PHONE},
    {"携帯電話番号", "phone", FIELD_PHONE},
    {"FAX", "fax", FIELD_PHONE},
    {"要介護度", "care_level", FIELD_TEXTUAL},
    {"要介護状態区分", "care_level", FIELD_TEXTUAL},
    {"要介護状態", "care_level", FIELD_TEXTUAL},
    {"保険者番号", "insurer_id", FIELD_TEXTUAL},
    {"保険者名", "insurer", FIELD_TEXTUAL},
    {"事業所名", "office", FIELD_TEXTUAL},
    {"事業所番号", "office_id", FIELD_NUMBER},
    {"担当者", "staff", FIELD_TEXTUAL},
    {"訪問介護員", "staff", FIELD_TEXTUAL},
    {"主治医", "doctor", FIELD_TEXTUAL},
    {"医療機関名", "clinic", FIELD_TEXTUAL},
    {"合計金額", "amount", FIELD_MONEY},
    {"合計", "amount", FIELD_MONEY},
    {"請求金額", "amount", FIELD_MONEY},
    /* No key, but labels: they are nobody's value. */
    {"続柄", "", FIELD_TEXTUAL},
    {"職業", "", FIELD_TEXTUAL},
    {"年齢", "", FIELD_TEXTUAL},
    {"備考", "", FIELD_TEXTUAL},
    {"特記事項", "", FIELD_TEXTUAL},
    {"記入者", "", FIELD_TEXTUAL},
    {"作成者", "", FIELD_TEXTUAL},
    {"確認者", "", FIELD_TEXTUAL},
    {"受付者", "", FIELD_TEXTUAL},
    {"説明者", "", FIELD_TEXTUAL},
    {"報告者", "", FIELD_TEXTUAL},
    {"代理人氏名", "", FIELD_TEXTUAL},
    {"家族氏名", "", FIELD_TEXTUAL},
    {"緊急連絡先", "", FIELD_TEXTUAL},
    {"連絡先", "", FIELD_TEXTUAL},
    {"郵便番号", "", FIELD_TEXTUAL},
    {"認定期間", "", FIELD_TEXTUAL},
    {"認定の有効期間", "", FIELD_TEXTUAL},
    {"有効期間", "", FIELD_TEXTUAL},
    {"法人名", "", FIELD_TEXTUAL},
    {"所在地", "", FIELD_TEXTUAL},
    {"事業者名", "", FIELD_TEXTUAL},
    {"管理者", "", FIELD_TEXTUAL},
    {"区分", "", FIELD_TEXTUAL},
    {"種別", "", FIELD_TEXTUAL},
    {"天候", "", FIELD_TEXTUAL},
    {"提供時間", "", FIELD_TEXTUAL},
    {"サービス区分", "", FIELD_TEXTUAL},
    {"サービス内容", "", FIELD_TEXTUAL},
    {"本人の希望", "", FIELD_TEXTUAL},
    {"家族の希望", "", FIELD_TEXTUAL},
    {"長期目標", "", FIELD_TEXTUAL},
    {"短期目標", "", FIELD_TEXTUAL},
    {"留意事項", "", FIELD_TEXTUAL},
};

/* Text of all lines of one cell, without spaces, and what they weigh. */
struct cell_text {
	char text[FIELD_TEXT];
	unsigned confidence;
	struct box box;
};

static void
add_text(char *to, const char *more)
{
	size_t n = strlen(to), m = strlen(more);

	if (n + m + 1 <= FIELD_TEXT)
		memcpy(to + n, more, m + 1);
}

static void
collect(const struct words *w, struct cell_text *cells, size_t n)
{
	for (size_t i = 0; i < w->nlines; i++) {
		const struct line *l = &w->lines[i];
		struct cell_text *c;

		if (l->cell < 0 || (size_t)l->cell >= n)
			continue;
		c = &cells[l->cell];
		for (size_t k = l->first; k < l->first + l->count; k++) {
			if (w->glyphs[k].space)
				add_text(c->text, " ");
			add_text(c->text, w->glyphs[k].text);
		}
		c->confidence =
		    c->box.w == 0 || l->confidence < c->confidence ? l->confidence : c->confidence;
		c->box = box_union(c->box, l->box);
	}
}

static const struct label *
find_label(const char *text)
{
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (strcmp(labels[i].text, text) == 0)
			return &labels[i];
	return NULL;
}

static int
add_field(struct fields *f, const char *label, const struct label *known, const char *value,
    unsigned confidence, struct box box)
{
	struct field *field;

	if (f->n >= FIELDS_MAX || value[0] == '\0')
		return 0;
	if (f->n % 16 == 0) {
		field = realloc(f->field, (f->n + 16) * sizeof *field);
		if (field == NULL)
			return -ENOMEM;
		f->field = field;
	}
	field = &f->field[f->n++];
	*field = (struct field){.key = known != NULL ? known->key : "",
	    .kind = known != NULL ? known->kind : FIELD_TEXTUAL,
	    .confidence = confidence,
	    .box = box};
	add_text(field->label, label);
	add_text(field->value, value);
	field_normal(field->kind, field->value, field->normal);
	return 0;
}

/* Whether cell o begins where cell c ends, to its right or below, and lies within its span. */
static bool
adjoins(const struct cell *c, const struct cell *o, bool below)
{
	if (o->table != c->table)
		return false;
	return below ? o->row == c->row + c->row_span && o->column >= c->column &&
			   o->column < c->column + c->column_span
		     : o->column == c->column + c->column_span && o->row >= c->row &&
			   o->row < c->row + c->row_span;
}

/* Whether row holds the cells of the row of cell c once more, column by column, and no label. */
static bool
is_row_of_values(const struct grid *g, const struct cell_text *cells, const struct cell *c, int row)
{
	size_t above = 0, here = 0, same = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct cell *o = &g->cells[i];

		if (o->table != c->table)
			continue;
		above += o->row == c->row;
		if (o->row != row)
			continue;
		if (o->row_span > 1 || find_label(cells[i].text) != NULL)
			return false;
		here++;
		for (size_t k = 0; k < g->n; k++)
			same += g->cells[k].table == c->table && g->cells[k].row == c->row &&
				g->cells[k].column == o->column &&
				g->cells[k].column_span == o->column_span;
	}
	return here > 0 && here == above && same == above;
}

/*
 * The head of a list: two labels side by side in it, rows of values below. What stands right of a
 * label there is the next column's name, be it one we know or not.
 */
static bool
is_in_head(const struct grid *g, const struct cell_text *cells, size_t i)
{
	const struct cell *c = &g->cells[i];
	bool pair = false;

	for (size_t a = 0; !pair && a < g->n; a++) {
		if (g->cells[a].table != c->table || g->cells[a].row != c->row ||
		    find_label(cells[a].text) == NULL)
			continue;
		for (size_t b = 0; !pair && b < g->n; b++)
			pair = g->cells[b].row == c->row &&
			       adjoins(&g->cells[a], &g->cells[b], false) &&
			       find_label(cells[b].text) != NULL;
	}
	return pair && is_row_of_values(g, cells, c, c->row + 1) &&
	       is_row_of_values(g, cells, c, c->row + 2);
}

/* The values of label cell i on one side; ret_any: there is a cell there that is no label. */
static int
from_side(const struct grid *g, const struct cell_text *cells, size_t i, bool below,
    struct fields *ret, bool *ret_any)
{
	const struct label *known = find_label(cells[i].text);
	int r = 0;

	for (size_t k = 0; r >= 0 && k < g->n; k++) {
		if (!adjoins(&g->cells[i], &g->cells[k], below) ||
		    find_label(cells[k].text) != NULL)
			continue;
		*ret_any = true;
		r = add_field(
		    ret, known->text, known, cells[k].text, cells[k].confidence, cells[k].box);
	}
	return r;
}

static int
from_cells(const struct grid *g, const struct cell_text *cells, struct fields *ret)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < g->n; i++) {
		bool any = false;

		if (find_label(cells[i].text) == NULL)
			continue;
		if (!is_in_head(g, cells, i))
			r = from_side(g, cells, i, false, ret, &any);
		if (r >= 0 && !any)
			r = from_side(g, cells, i, true, ret, &any);
	}
	return r;
}

/* A label that a line begins with, its value behind it: "利用者名 髙橋 花子 殿",
 * "作成日：令和8年…". */
static int
from_line(const struct words *w, const struct line *l, struct fields *ret)
{
	char text[FIELD_TEXT] = "", value[FIELD_TEXT] = "";
	const struct label *best = NULL;
	size_t longest = 0, at = 0;
	struct box box = {0};

	for (size_t i = l->first; i < l->first + l->count; i++)
		add_text(text, w->glyphs[i].text);
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		size_t n = strlen(labels[i].text);

		if (n > longest && n >= strlen("氏名") && strncmp(text, labels[i].text, n) == 0) {
			best = &labels[i];
			longest = n;
		}
	}
	if (best == NULL || text[longest] == '\0')
		return 0;
	for (size_t i = l->first; i < l->first + l->count; i++) {
		const struct glyph *g = &w->glyphs[i];

		at += strlen(g->text);
		if (at <= longest ||
		    (value[0] == '\0' && (strcmp(g->text, "：") == 0 || strcmp(g->text, ":") == 0)))
			continue;
		add_text(value, g->text);
		box = box_union(box, g->box);
	}
	return add_field(ret, best->text, best, value, l->confidence, box);
}

int
fields_find(const struct grid *g, const struct words *w, struct fields *ret)
{
	_cleanup_(freep) struct cell_text *cells = calloc(g->n + 1, sizeof *cells);
	int r = cells == NULL ? -ENOMEM : 0;

	if (r >= 0) {
		collect(w, cells, g->n);
		r = from_cells(g, cells, ret);
	}
	for (size_t i = 0; r >= 0 && i < w->nlines; i++)
		r = from_line(w, &w->lines[i], ret);
	return r;
}

void
fields_free(struct fields *f)
{
	free(f->field);
	*f = (struct fields){0};
}
