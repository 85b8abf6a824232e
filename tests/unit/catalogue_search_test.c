/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search through the catalogue: what is found, what is shown, what hostile queries do. */
#include "catalogue_fixture.h"

static void
set_field(struct fixture *f, const char *document, const char *key, const char *value)
{
	fix_event(f, "hanako", "doc.set",
	    json_pack("{s:s,s:{s:s}}", "document", document, "fields", key, value));
}

static void
test_lengths(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 3);
	fix_read(f, "P00000001", "訪問介護計画書\n利用者 髙橋花子\n被保険者番号 0012345678", NULL);
	fix_read(f, "P00000002", "サービス提供記録\n血圧 128/76 体温 36.5", NULL);
	fix_read(f, "P00000003", "Care Plan No. 7\n備考なし", NULL);
	fix_expect(f, "訪", "D000001/1");
	fix_expect(f, "訪問", "D000001/1");
	fix_expect(f, "訪問介護計画書", "D000001/1");
	fix_expect(f, "録", "D000001/2");
	fix_expect(f, "0012345678", "D000001/1");
	fix_expect(f, "2345", "D000001/1");
	fix_expect(f, "arepl", "D000001/3");
	fix_expect(f, "pl are", "D000001/3");
	fix_expect(f, "care", "D000001/3");
	fix_expect(f, "CAREPLAN", "D000001/3");
	fix_expect(f, "36.5", "D000001/2");
	fix_expect(f, "ない", "");
	fix_expect(f, "計画書利用者", "D000001/1");
	fix_expect(f, "書", "D000001/1");
	fix_expect(f, "提供 血圧", "D000001/2");
	fix_expect(f, "提供　備考", "");
}

static void
test_variants(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 3);
	fix_read(f, "P00000001", "髙橋 山﨑 渡邊", NULL);
	fix_read(f, "P00000002", "高橋 山崎 渡邉", NULL);
	fix_read(f, "P00000003", "ﾃﾞｲｻｰﾋﾞｽ ＡＢＣ-１２３ サービス 2026−11−22", NULL);
	fix_expect(f, "高橋", "D000001/2 D000001/1");
	fix_expect(f, "髙橋", "D000001/2 D000001/1");
	fix_expect(f, "山崎", "D000001/2 D000001/1");
	fix_expect(f, "渡辺", "D000001/2 D000001/1");
	fix_expect(f, "デイサービス", "D000001/3");
	fix_expect(f, "ﾃﾞｲ", "D000001/3");
	fix_expect(f, "テ", "");
	fix_expect(f, "abc-123", "D000001/3");
	fix_expect(f, "サ−ビス", "D000001/3");
	fix_expect(f, "2026-11-22", "D000001/3");
	fix_expect(f, "さーびす", "");
}

static void
test_other_reading_and_fields(void **state)
{
	struct fixture *f = *state;
	json_t *result, *hit;

	fix_office(f, 2);
	fix_read(f, "P00000001", "褥蒼の処置\nあり", "褥瘡の処置\nあり");
	fix_read(f, "P00000002", "予定なし", NULL);
	fix_expect(f, "褥瘡", "D000001/1");
	assert_int_equal(catalogue_search(f->cat, "褥瘡", 20, 0, &result), 0);
	hit = json_array_get(json_object_get(result, "hits"), 0);
	assert_string_equal(json_string_value(json_object_get(hit, "reading")), "jpn-dark");
	assert_string_equal(json_string_value(json_object_get(hit, "snippet")), "褥瘡の処置 あり");
	json_decref(result);
	assert_int_equal(catalogue_search(f->cat, "処置", 20, 0, &result), 0);
	hit = json_array_get(json_object_get(result, "hits"), 0);
	assert_string_equal(json_string_value(json_object_get(hit, "reading")), "");
	json_decref(result);

	fix_expect(f, "高橋", "");
	set_field(f, "D000001", "client_name", "髙橋 花子");
	set_field(f, "D000001", "client_id", "0012345678");
	set_field(f, "D000001", "date", "2026-11-22");
	fix_expect(f, "高橋", "D000001/1");
	fix_expect(f, "高橋 予定", "D000001/2");
	fix_expect(f, "令和8年11月22日", "D000001/1");
	fix_expect(f, "2026年11月", "D000001/1");
	fix_expect(f, "花子2026", ""); /* nothing matches across two fields */
	fix_expect(f, "0012345678", "D000001/1");
	set_field(f, "D000001", "client_name", "鈴木 一郎");
	fix_expect(f, "高橋", "");
	fix_expect(f, "鈴木一郎", "D000001/1");
	set_field(f, "D000001", "client_name", "");
	fix_expect(f, "鈴木", "");
	assert_int_equal(catalogue_search(f->cat, "0012345678 予定", 20, 0, &result), 0);
	hit = json_array_get(json_object_get(result, "hits"), 0);
	assert_string_equal(json_string_value(json_object_get(hit, "reading")), "fields");
	assert_string_equal(json_string_value(json_object_get(hit, "snippet")), "予定なし");
	json_decref(result);
}

static void
test_excluded_and_read_again(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 2);
	fix_read(f, "P00000001", "一枚目の紙", NULL);
	fix_read(f, "P00000002", "二枚目の紙", NULL);
	fix_expect(f, "の紙", "D000001/2 D000001/1");
	fix_event(f, "hanako", "page.exclude",
	    json_pack("{s:s,s:s,s:b,s:s}", "batch", "B000001", "page", "P00000001", "on", 1,
		"reason", "白紙"));
	fix_expect(f, "の紙", "D000001/1"); /* the second page is now number 1 */
	fix_expect(f, "一枚", "");
	fix_event(f, "hanako", "page.exclude",
	    json_pack("{s:s,s:s,s:b,s:s}", "batch", "B000001", "page", "P00000001", "on", 0,
		"reason", ""));
	fix_expect(f, "一枚", "D000001/1");
	fix_read(f, "P00000001", "読み直した紙", NULL);
	fix_expect(f, "一枚", "");
	fix_expect(f, "読み直し", "D000001/1");
}

/* Pages that are in no document yet cannot be shown, so they are not found; the end of the run
 * brings them in. */
static void
test_before_the_run_ends(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	fix_page(f, "B000001", "P00000002", 2);
	fix_read(f, "P00000002", "走査中の紙", NULL);
	fix_expect(f, "走査中", "");
	fix_end(f, "B000001",
	    json_pack("[{s:s,s:[s],s:b}]", "document", "D000001", "pages", "P00000002", "new", 0));
	fix_expect(f, "走査中", "D000001/2");
}

static void
test_marks(void **state)
{
	struct fixture *f = *state;
	json_t *result, *hit;
	char *marks;

	fix_office(f, 1);
	fix_read(f, "P00000001", "あいうえお\nかきくけこ", NULL);
	assert_int_equal(catalogue_search(f->cat, "えおかき", 20, 0, &result), 0);
	hit = json_array_get(json_object_get(result, "hits"), 0);
	marks = json_dumps(json_object_get(hit, "marks"), JSON_COMPACT);
	assert_string_equal(marks, "[[220,200,80,50],[100,260,80,50]]");
	free(marks);
	marks = json_dumps(json_object_get(hit, "highlight"), JSON_COMPACT);
	assert_string_equal(marks, "[[3,5]]");
	free(marks);
	json_decref(result);
	fix_event(f, "hanako", "page.rotate",
	    json_pack("{s:s,s:s,s:i}", "batch", "B000001", "page", "P00000001", "degrees", 90));
	assert_int_equal(catalogue_search(f->cat, "あ", 20, 0, &result), 0);
	hit = json_array_get(json_object_get(result, "hits"), 0);
	assert_int_equal(json_integer_value(json_object_get(hit, "width")), 3508);
	marks = json_dumps(json_object_get(hit, "marks"), JSON_COMPACT);
	assert_string_equal(marks, "[[3258,100,50,40]]");
	free(marks);
	json_decref(result);
}

static void
expect_error(struct fixture *f, const char *query, int error)
{
	json_t *result = NULL;

	assert_int_equal(catalogue_search(f->cat, query, 20, 0, &result), error);
	assert_null(result);
}

static void
test_hostile(void **state)
{
	static const char *const odd[] = {"\"", "\"\"", "*", "a*", "NEAR(", "AND", "a AND b", "OR",
	    "NOT x", "text:x", "^x", "-x", "x + y", "(", ")", "{text}:x", "';--", "\\", "%", "_",
	    "a\"b", "\x1f", "あ\x1fい", "search", "rowid:1", "x\x01y", "𠮷", "👵🏻",
	    "\xef\xbb\xbf"
	    "x"};
	struct fixture *f = *state;
	char *huge = malloc(300001);
	json_t *result;

	fix_office(f, 2);
	fix_read(f, "P00000001", "he said \"AND\" * NEAR( 100% _ \\ 'x' a\"b text:x rowid:1", NULL);
	fix_read(f, "P00000002", "普通の紙 𠮷田", NULL);
	fix_expect(f, "\"AND\"", "D000001/1");
	fix_expect(f, "*", "D000001/1");
	fix_expect(f, "a\"b", "D000001/1");
	fix_expect(f, "NEAR(", "D000001/1");
	fix_expect(f, "text:x", "D000001/1");
	fix_expect(f, "吉田", "D000001/2");
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		result = NULL;
		assert_in_range(catalogue_search(f->cat, odd[i], 20, 0, &result) + 100, 0, 100);
		json_decref(result);
	}
	expect_error(f, "", -EINVAL);
	expect_error(f, " \t\n　", -EINVAL);
	expect_error(f, "\xe2\x80\x8b", -EINVAL); /* a zero-width space is nothing to look for */
	expect_error(f, "\xff\xfe", -EILSEQ);
	expect_error(f, "a b c d e f g h i j k l m n o p q", -E2BIG);
	memset(huge, 'x', 100000);
	huge[100000] = '\0';
	expect_error(f, huge, -E2BIG);
	for (int i = 0; i < 100000; i++)
		memcpy(huge + i * 3, "漢", 3);
	huge[300000] = '\0';
	expect_error(f, huge, -E2BIG);
	huge[256 * 3] = '\0';
	fix_expect(f, huge, "");
	free(huge);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIX_TEST(test_lengths),
	    FIX_TEST(test_variants),
	    FIX_TEST(test_other_reading_and_fields),
	    FIX_TEST(test_excluded_and_read_again),
	    FIX_TEST(test_before_the_run_ends),
	    FIX_TEST(test_marks),
	    FIX_TEST(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
