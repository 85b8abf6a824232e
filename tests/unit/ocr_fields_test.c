/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Label → value pairs on grids laid out here, and the forms of values, with the cases that go
 * wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/fields.h"
#include "text.h"

struct value {
	const char *text, *normal; /* "": it has not the form */
};

static void
expect_values(enum field_kind kind, const struct value *v)
{
	char out[FIELD_NORMAL];

	for (; v->text != NULL; v++) {
		if (field_normal(kind, v->text, out) != (v->normal[0] != '\0') ||
		    strcmp(out, v->normal) != 0)
			fail_msg("%s: %s, not %s", v->text, out, v->normal);
	}
}

static void
dates(void **state)
{
	static const struct value table[] = {
	    {"令和元年5月1日", "2019-05-01"},
	    {"令和 8 年 11 月 5 日", "2026-11-05"},
	    {"令和８年１１月５日（木）", "2026-11-05"},
	    {"Ｒ５．４．１", "2023-04-01"},
	    {"R8/11/22", "2026-11-22"},
	    {"昭和31年12月31日", "1956-12-31"},
	    {"昭和12年3月14日(89歳)", "1937-03-14"},
	    {"S64.1.7", "1989-01-07"},
	    {"平成31年4月30日", "2019-04-30"},
	    {"大正15年12月24日", "1926-12-24"},
	    {"２０２６年２月２８日", "2026-02-28"},
	    {"令和6年2月29日", "2024-02-29"},
	    {"令和8年11月5日 9時40分", "2026-11-05"},
	    /* Days that never were. */
	    {"令和元年4月30日", ""},
	    {"昭和64年1月8日", ""},
	    {"平成元年1月7日", ""},
	    {"平成40年1月1日", ""},
	    {"令和8年2月30日", ""},
	    {"2026.2.30", ""},
	    {"令和7年2月29日", ""},
	    {"令和8年13月1日", ""},
	    {"令和8年11月31", ""},
	    {"R5.4.100", ""},
	    /* Not a whole date. */
	    {"令和8年11月", ""},
	    {"11月5日", ""},
	    {"信和8年11月5日", ""},
	    {"令和 年 月 日", ""},
	    {"", ""},
	    {NULL, NULL},
	};

	expect_values(FIELD_DATE, table);
}

static void
numbers(void **state)
{
	static const struct value table[] = {
	    {"0000123456", "0000123456"},
	    {"００００１２３４５６", "0000123456"},
	    {"0 0 0 0 1 2 3 4 5 6", "0000123456"},
	    {"000012345", ""},
	    {"00001234567", ""},
	    {"O000123456", ""},
	    {"000012345①", ""},
	    {NULL, NULL},
	};

	expect_values(FIELD_NUMBER, table);
}

static void
phones(void **state)
{
	static const struct value table[] = {
	    {"099-000-1234", "099-000-1234"},
	    {"０９９－０００－１２３４", "099-000-1234"},
	    {"(099)000-1234", "099-000-1234"},
	    {"03(1234)5678", "03-1234-5678"},
	    {"090‐0000‐1234", "090-0000-1234"},
	    {"0990001234", "0990001234"},
	    {"0120-000-123", "0120-000-123"},
	    {"090-000-1234", ""},
	    {"099-0000-12345", ""},
	    {"12-34", ""},
	    {"0-9-9-0001234", ""},
	    {"099-000-1234-", ""},
	    {"099-000-1234(内線5)", ""},
	    {"199-000-1234", ""},
	    {NULL, NULL},
	};

	expect_values(FIELD_PHONE, table);
}

static void
sums(void **state)
{
	static const struct value table[] = {
	    {"34,830円", "34830"},
	    {"￥１，０００－", "1000"},
	    {"金 1,234,567 円也", "1234567"},
	    {"1.500円", "1500"},
	    {"980", "980"},
	    /* A point that is no comma makes a sum ten times too large. */
	    {"12.5円", ""},
	    {"1,00円", ""},
	    {"1234,567", ""},
	    {"円", ""},
	    {"-500円", ""},
	    {"△500円", ""},
	    {"12345678901234", ""},
	    {"1,000円引き", ""},
	    {NULL, NULL},
	};

	expect_values(FIELD_MONEY, table);
}

static void
names(void **state)
{
	static const struct value table[] = {
	    {"髙橋 花子 様", "髙橋 花子"},
	    {"髙橋花子殿", "髙橋花子"},
	    {"渡邊トメさん", "渡邊トメ"},
	    {"髙橋花子", "髙橋花子"},
	    {"様", "様"},
	    {"", ""},
	    {NULL, NULL},
	};

	expect_values(FIELD_NAME, table);
}

/* ---- labels and their values ---- */

struct form {
	struct cell cells[16];
	struct grid grid;
	struct words words;
	struct fields fields;
};

static void
put_cell(struct form *f, int row, int column, int row_span, int column_span, const char *text)
{
	struct line l = {.cell = (int)f->grid.n};
	size_t left = strlen(text);
	uint32_t code;
	int x = 300 * column;

	f->cells[f->grid.n++] = (struct cell){
	    .row = row, .column = column, .row_span = row_span, .column_span = column_span};
	if (left == 0)
		return;
	assert_int_equal(words_line(&f->words, &l), 0);
	for (int used; left > 0 && (used = utf8_decode(text, left, &code)) > 0;
	     text += used, left -= (size_t)used, x += 40) {
		struct glyph g = {.box = {x, 100 * row, 36, 40}, .confidence = 95};

		memcpy(g.text, text, (size_t)used);
		assert_int_equal(words_glyph(&f->words, &g), 0);
	}
	words_line_done(&f->words);
}

static void
find(struct form *f)
{
	f->grid.cells = f->cells;
	f->grid.tables = 1;
	assert_int_equal(fields_find(&f->grid, &f->words, &f->fields), 0);
}

static void
form_free(struct form *f)
{
	words_free(&f->words);
	fields_free(&f->fields);
}

static void
expect_field(const struct form *f, size_t i, const char *key, const char *value)
{
	assert_true(i < f->fields.n);
	assert_string_equal(f->fields.field[i].key, key);
	assert_string_equal(f->fields.field[i].value, value);
}

static void
a_label_left_of_its_value(void **state)
{
	_cleanup_(form_free) struct form f = {0};

	put_cell(&f, 0, 0, 1, 1, "氏名");
	put_cell(&f, 0, 1, 1, 1, "髙橋花子");
	put_cell(&f, 1, 0, 1, 1, "生年月日");
	put_cell(&f, 1, 1, 1, 1, "昭和12年3月14日");
	find(&f);
	assert_int_equal(f.fields.n, 2);
	expect_field(&f, 0, "client_name", "髙橋花子");
	expect_field(&f, 1, "birth_date", "昭和12年3月14日");
	assert_string_equal(f.fields.field[1].normal, "1937-03-14");
	assert_int_equal(f.fields.field[0].box.x, 300);
	assert_int_equal(f.fields.field[0].box.w, 156);
}

static void
labels_above_their_values(void **state)
{
	_cleanup_(form_free) struct form f = {0};

	put_cell(&f, 0, 0, 1, 1, "氏名");
	put_cell(&f, 0, 1, 1, 1, "続柄");
	put_cell(&f, 0, 2, 1, 1, "電話番号");
	put_cell(&f, 1, 0, 1, 1, "髙橋太郎");
	put_cell(&f, 1, 1, 1, 1, "長男");
	put_cell(&f, 1, 2, 1, 1, "099-000-1234");
	find(&f);
	assert_int_equal(f.fields.n, 3);
	expect_field(&f, 0, "client_name", "髙橋太郎");
	expect_field(&f, 1, "", "長男");
	expect_field(&f, 2, "phone", "099-000-1234");
}

/* A list whose head names a column that is no label of ours. */
static void
the_head_of_a_list(void **state)
{
	static const char *const text[3][4] = {
	    {"氏名", "生年月日", "参加", "電話番号"},
	    {"髙橋太郎", "昭和12年3月14日", "済", "099-000-1234"},
	    {"山﨑節子", "昭和16年7月2日", "未", "099-000-5678"},
	};
	_cleanup_(form_free) struct form f = {0};

	for (int row = 0; row < 3; row++)
		for (int column = 0; column < 4; column++)
			put_cell(&f, row, column, 1, 1, text[row][column]);
	find(&f);
	assert_int_equal(f.fields.n, 3);
	expect_field(&f, 0, "client_name", "髙橋太郎");
	expect_field(&f, 1, "birth_date", "昭和12年3月14日");
	expect_field(&f, 2, "phone", "099-000-1234");
}

/* Two labels side by side, the second one's value behind it: no head. */
static void
a_label_of_labels(void **state)
{
	static const char *const text[3][3] = {
	    {"緊急連絡先", "氏名", "髙橋太郎"},
	    {"かかりつけ", "電話番号", "099-000-1234"},
	    {"そのほか", "住所", "見本県架空市"},
	};
	_cleanup_(form_free) struct form f = {0};

	for (int row = 0; row < 3; row++)
		for (int column = 0; column < 3; column++)
			put_cell(&f, row, column, 1, 1, text[row][column]);
	find(&f);
	assert_int_equal(f.fields.n, 4);
	expect_field(&f, 1, "client_name", "髙橋太郎");
	expect_field(&f, 2, "phone", "099-000-1234");
	expect_field(&f, 3, "address", "見本県架空市");
}

static void
several_values_of_one_label(void **state)
{
	_cleanup_(form_free) struct form f = {0};

	put_cell(&f, 0, 0, 2, 1, "電話番号");
	put_cell(&f, 0, 1, 1, 1, "099-000-1234");
	put_cell(&f, 1, 1, 1, 1, "090-0000-1234");
	put_cell(&f, 2, 0, 1, 1, "住所");
	put_cell(&f, 2, 1, 1, 1, "見本県架空市");
	find(&f);
	assert_int_equal(f.fields.n, 3);
	expect_field(&f, 0, "phone", "099-000-1234");
	expect_field(&f, 1, "phone", "090-0000-1234");
	expect_field(&f, 2, "address", "見本県架空市");
}

/* Its neighbours' words are not its own. */
static void
a_label_without_a_value(void **state)
{
	_cleanup_(form_free) struct form f = {0};

	put_cell(&f, 0, 0, 1, 1, "氏名");
	put_cell(&f, 0, 1, 1, 1, "");
	put_cell(&f, 1, 0, 1, 1, "ご希望の曜日");
	put_cell(&f, 1, 1, 1, 1, "月・水");
	put_cell(&f, 2, 0, 1, 1, "性別");
	find(&f);
	assert_int_equal(f.fields.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dates),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(phones),
	    cmocka_unit_test(sums),
	    cmocka_unit_test(names),
	    cmocka_unit_test(a_label_left_of_its_value),
	    cmocka_unit_test(labels_above_their_values),
	    cmocka_unit_test(the_head_of_a_list),
	    cmocka_unit_test(a_label_of_labels),
	    cmocka_unit_test(several_values_of_one_label),
	    cmocka_unit_test(a_label_without_a_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
