/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corrections by people: a layer over readings that outlives them; both are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "catalogue_fixture.h"

/* A reading of three lines: box i of line l is [100 * i, 200 * l + shift, 90, 100]. */
static json_t *
reading_of(const char *const lines[3], int shift)
{
	json_t *boxes = json_array();
	char text[256] = "";
	size_t n = 0;

	for (int l = 0; l < 3; l++) {
		const int count = (int)utf8_length(lines[l]);

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s\n", lines[l]);
		for (int i = 0; i <= count; i++) {
			const int box[4] = {100 * i, 200 * l + shift, 90, 100};

			for (int k = 0; k < 4; k++)
				json_array_append_new(boxes, json_integer(i < count ? box[k] : 0));
		}
	}
	return json_pack("{s:[{s:s,s:b,s:i,s:s,s:o}],s:[]}", "readings", "id", "shown", "shown", 1,
	    "confidence", 80, "text", text, "boxes", boxes, "fields");
}

static void
read_page(struct fixture *f, const char *const lines[3], int shift)
{
	assert_int_equal(fix_read_result(f, "P00000001", reading_of(lines, shift)), 0);
}

static int
correct(struct fixture *f, int x, int y, int w, int h, const char *text)
{
	return fix_try(f, "hanako", "page.correct",
	    json_pack(
		"{s:s,s:[i,i,i,i],s:s}", "page", "P00000001", "box", x, y, w, h, "text", text));
}

static void
expect_text(struct fixture *f, const char *text)
{
	char *shown;

	assert_int_equal(catalogue_page_text(f->cat, "P00000001", &shown), 0);
	assert_string_equal(shown, text);
	free(shown);
}

/* Finds the page; where: which reading had the word. */
static void
expect_found(struct fixture *f, const char *word, const char *where)
{
	json_t *answer;

	assert_int_equal(catalogue_search(f->cat, word, 10, 0, &answer), 0);
	if (where == NULL) {
		assert_int_equal(json_array_size(json_object_get(answer, "hits")), 0);
	} else {
		const json_t *hit = json_array_get(json_object_get(answer, "hits"), 0);

		assert_string_equal(json_string_value(json_object_get(hit, "reading")), where);
		assert_true(json_array_size(json_object_get(hit, "marks")) > 0);
	}
	json_decref(answer);
}

static void
no_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	fail_msg("%s: %s %s", code, where, detail);
}

static const char *const first[3] = {"利用者氏名", "高槍花子様", "要介護二"};
static const char *const better[3] = {"利用者氏名", "高橘花子様", "要介護2"};

static void
a_line_is_exchanged_and_both_are_found(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	read_page(f, first, 0);
	assert_int_equal(correct(f, 0, 200, 490, 100, "髙橋花子様"), 0);
	expect_text(f, "利用者氏名\n髙橋花子様\n要介護二\n");
	expect_found(f, "髙橋花子", "");
	expect_found(f, "高槍花子", "machine");
	expect_found(f, "利用者氏名", "");
	assert_int_equal(catalogue_check(f->cat, no_fault, NULL), 0);
}

/* The new reading stands a little elsewhere; the layer lies over it all the same. */
static void
the_layer_outlives_a_new_reading(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	read_page(f, first, 0);
	assert_int_equal(correct(f, 0, 200, 490, 100, "髙橋花子様"), 0);
	read_page(f, better, 12);
	expect_text(f, "利用者氏名\n髙橋花子様\n要介護2\n");
	expect_found(f, "髙橋花子", "");
	expect_found(f, "高橘花子", "machine");
	expect_found(f, "高槍花子", NULL);
}

/* Further readings are found beside what is shown, which stays as people have seen it, corrected or
 * not; where the machine reads the shown text anew and otherwise, that is found as well. */
static void
further_readings_only_add(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 2);
	read_page(f, first, 0);
	fix_read(f, "P00000002", "利用者氏名", "利用者民名");
	assert_int_equal(correct(f, 0, 200, 490, 100, "髙橋花子様"), 0);
	fix_further(f, "P00000001", "利用者氏名\n高槍花子様\n要介護二\n", "要介護ニ");
	fix_further(f, "P00000002", "利用者代名", "利用老氏名");
	expect_text(f, "利用者氏名\n髙橋花子様\n要介護二\n");
	expect_found(f, "髙橋花子", "");
	expect_found(f, "高槍花子", "machine");
	expect_found(f, "要介護ニ", "sparse");
	expect_found(f, "利用者代名", "jpn");
	expect_found(f, "利用老氏名", "sparse");
	expect_found(f, "利用者民名", "jpn-dark"); /* as before */
	assert_int_equal(correct(f, 0, 200, 490, 100, ""), 0);
	expect_text(f, "利用者氏名\n高槍花子様\n要介護二\n");
	expect_found(f, "要介護ニ", "sparse");
	assert_int_equal(catalogue_check(f->cat, no_fault, NULL), 0);
}

static void
what_no_machine_read_is_added(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	read_page(f, first, 0);
	assert_int_equal(correct(f, 0, 2000, 800, 90, "本人の希望により入浴"), 0);
	expect_text(f, "利用者氏名\n高槍花子様\n要介護二\n本人の希望により入浴\n");
	expect_found(f, "入浴", "");
}

static void
taken_back_the_machine_reading_is_shown_again(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	read_page(f, first, 0);
	assert_int_equal(correct(f, 0, 200, 490, 100, "髙橋花子様"), 0);
	assert_int_equal(correct(f, 0, 200, 490, 100, "髙橋華子様"), 0);
	expect_text(f, "利用者氏名\n髙橋華子様\n要介護二\n");
	assert_int_equal(correct(f, 0, 200, 490, 100, ""), 0);
	expect_text(f, "利用者氏名\n高槍花子様\n要介護二\n");
	expect_found(f, "華子", NULL);
	expect_found(f, "高槍", "");
	/* What is not there cannot be taken back. */
	assert_int_equal(correct(f, 0, 200, 490, 100, ""), -EINVAL);
	assert_int_equal(catalogue_check(f->cat, no_fault, NULL), 0);
}

/* A correction may come before the first reading, as in a replay beside a lost result. */
static void
the_first_reading_gets_the_layer_too(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	assert_int_equal(correct(f, 0, 200, 490, 100, "髙橋花子様"), 0);
	expect_text(f, "");
	read_page(f, first, 0);
	expect_text(f, "利用者氏名\n髙橋花子様\n要介護二\n");
}

static void
odd_corrections_are_refused(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	read_page(f, first, 0);
	assert_int_equal(correct(f, -1, 200, 490, 100, "髙"), -EINVAL);
	assert_int_equal(correct(f, 0, 200, 0, 100, "髙"), -EINVAL);
	assert_int_equal(correct(f, 0, 200, 2000000, 100, "髙"), -EINVAL);
	assert_int_equal(correct(f, 0, 200, 490, 100, "二\n行"), -EINVAL);
	expect_text(f, "利用者氏名\n高槍花子様\n要介護二\n");
}

/* What people see of a page, line by line, with what the machine read where it was corrected. */
static void
lines_tell_what_was_corrected(void **state)
{
	struct fixture *f = *state;
	char page[ID_TEXT] = "P00000001";
	json_t *answer;
	char *text;

	fix_office(f, 1);
	read_page(f, first, 0);
	assert_int_equal(correct(f, 0, 200, 490, 100, "髙橋花子様"), 0);
	assert_int_equal(correct(f, 0, 2000, 800, 90, "入浴"), 0);
	fix_event(f, "hanako", "page.rotate",
	    json_pack("{s:s,s:s,s:i}", "batch", "B000001", "page", page, "degrees", 90));
	assert_int_equal(catalogue_lines_json(f->cat, page, &answer), 0);
	text = json_dumps(answer, JSON_COMPACT | JSON_SORT_KEYS);
	/* 3508 pixels high before it was turned */
	assert_non_null(strstr(text, "{\"box\":[3408,0,100,490],\"text\":\"利用者氏名\"}"));
	assert_non_null(strstr(text, "\"box\":[3208,0,100,490],\"corrected\":{\"at\":\"2026-"));
	assert_non_null(
	    strstr(text, "\"by\":\"hanako\",\"raw\":\"高槍花子様\\n\"},\"text\":\"髙橋花子様\""));
	assert_non_null(strstr(text, "\"raw\":\"\"},\"text\":\"入浴\"}]"));
	free(text);
	json_decref(answer);
}

static json_t *
proposal_of(const char *key, const char *value, int x, int y, int w)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:i,s:[i,i,i,i]}", "key", key, "label", "氏名", "value",
	    value, "normal", value, "confidence", 50, "box", x, y, w, 100);
}

static void
expect_proposal(struct fixture *f, const char *key, const char *value, const char *is_normal)
{
	char page[ID_TEXT] = "P00000001";
	json_t *list;

	assert_int_equal(catalogue_proposed(f->cat, page, key, &list), 0);
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(list, 0), "value")), value);
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(list, 0), "normal")), is_normal);
	json_decref(list);
}

/* A proposal is that part of the corrected line which stands where its value was read. */
static void
proposals_follow_corrections(void **state)
{
	static const char *const lines[3] = {"氏名高槍花子様作成日R8.1l.5", "0000123465", "別の行"};
	struct fixture *f = *state;
	json_t *result, *batch, *list;

	fix_office(f, 1);
	result = reading_of(lines, 0);
	json_object_set_new(result, "fields",
	    json_pack("[o,o,o,o]", proposal_of("client_name", "高槍花子 様", 200, 0, 490),
		proposal_of("date", "R8.1l.5", 1000, 0, 690),
		proposal_of("client_id", "0000123465", 0, 200, 990),
		proposal_of("title", "別の行", 0, 400, 290)));
	assert_int_equal(fix_read_result(f, "P00000001", result), 0);
	assert_int_equal(correct(f, 0, 0, 1690, 100, "利用者氏名 髙橋花子様　作成日 R8.11.5"), 0);
	assert_int_equal(correct(f, 0, 200, 990, 100, "0000123456"), 0);
	expect_proposal(f, "client_name", "髙橋花子様", "髙橋花子");
	expect_proposal(f, "date", "R8.11.5", "2026-11-05");
	expect_proposal(f, "client_id", "0000123456", "0000123456");
	expect_proposal(f, "title", "別の行", "別の行");
	assert_int_equal(catalogue_batch_json(f->cat, "B000001", &batch), 0);
	list = json_object_get(json_array_get(json_object_get(batch, "documents"), 0), "proposals");
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(list, 0), "value")), "髙橋花子様");
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(list, 0), "raw")), "高槍花子 様");
	json_decref(batch);
	assert_int_equal(correct(f, 0, 200, 990, 100, ""), 0);
	expect_proposal(f, "client_id", "0000123465", "0000123465");
}

/* More characters than pixels: each has a place all the same, or it could not be blacked out. */
static void
a_narrow_line_has_a_place(void **state)
{
	struct fixture *f = *state;
	char page[ID_TEXT] = "P00000001";
	json_t *places = json_array();

	fix_office(f, 1);
	read_page(f, first, 0);
	assert_int_equal(correct(f, 0, 2000, 3, 2, "本人の希望により入浴"), 0);
	assert_int_equal(catalogue_places(f->cat, page, "本人", places), 0);
	assert_int_equal(json_array_size(places), 1);
	json_decref(places);
}

/* Where in a person's line the letters stand is not known: a name in it is hidden with all of it,
 * the lines beside it are not. A word that was read has a margin of one glyph. */
static void
a_place_in_a_persons_line_is_all_of_it(void **state)
{
	struct fixture *f = *state;
	char page[ID_TEXT] = "P00000001";
	json_t *places = json_array();
	char *text;

	fix_office(f, 1);
	read_page(f, first, 0);
	assert_int_equal(correct(f, 0, 200, 490, 100, "TEL 03-1234-5678 髙橋"), 0);
	assert_int_equal(catalogue_places(f->cat, page, "髙橋", places), 0);
	assert_int_equal(catalogue_places(f->cat, page, "介護", places), 0);
	text = json_dumps(places, JSON_COMPACT);
	assert_string_equal(text, "[[0,200,490,100],[0,400,390,100],[0,400,390,100]]");
	free(text);
	json_decref(places);
}

static void
corrections_have_a_maximum(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(correct(f, 0, 10 * i, 90, 8, "字"), 0);
	assert_int_equal(correct(f, 100, 0, 90, 8, "字"), -E2BIG);
	assert_int_equal(correct(f, 0, 0, 90, 8, "文"), 0);
	assert_int_equal(correct(f, 0, 0, 90, 8, ""), 0);
	assert_int_equal(correct(f, 100, 0, 90, 8, "字"), 0);
}

static int
setup(void **state)
{
	*state = fix_new();
	return 0;
}

static int
teardown(void **state)
{
	fix_free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_line_is_exchanged_and_both_are_found, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_layer_outlives_a_new_reading, setup, teardown),
	    cmocka_unit_test_setup_teardown(further_readings_only_add, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_no_machine_read_is_added, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		taken_back_the_machine_reading_is_shown_again, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_first_reading_gets_the_layer_too, setup, teardown),
	    cmocka_unit_test_setup_teardown(odd_corrections_are_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(lines_tell_what_was_corrected, setup, teardown),
	    cmocka_unit_test_setup_teardown(proposals_follow_corrections, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_narrow_line_has_a_place, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		a_place_in_a_persons_line_is_all_of_it, setup, teardown),
	    cmocka_unit_test_setup_teardown(corrections_have_a_maximum, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
