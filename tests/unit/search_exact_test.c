/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search against a search by brute force: generated pages, queries of 1, 2, 3, 4 and 8 characters
 * taken from them and from nowhere, alone and in pairs. The brute force folds whole texts at once
 * and looks for bytes; it shares nothing with the index but the table of variants.
 */
#include "catalogue_fixture.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "store/search.h"

#define PAGES 300
#define DOCUMENT_PAGES 5
#define TEXT_MAX 2400 /* bytes of a page */
#define UNITS (TEXT_MAX * 4)

static uint64_t seed = 88172645463325252u;

static unsigned
dice(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % n;
}

static const char *const words[] = {"訪問介護", "計画書", "利用者", "髙橋", "高橋", "渡邊", "渡辺",
    "山﨑", "様", "は", "が", "を", "に", "の", "です", "ました", "血圧", "１２８", "128", "/",
    "体温", "36.5", "℃", "サービス", "ｻｰﾋﾞｽ", "デイ", "食事", "入浴", "排泄", "褥瘡", "Care",
    "ＰＬＡＮ", "care plan", "\n", "\n", " ", "　", "令和", "８年", "11月", "22日", "被保険者",
    "番号", "0012345678", "ー", "−", "①", "㈱", "が\xe3\x82\x99", "か\xe3\x82\x99", "ﾊﾟ", "。",
    "、", "・", "「", "」", "\"", "'", "*", "転倒", "リスク", "あり", "なし", "要介護", "３", "Ⅲ",
    "㎏", "ｶﾞ", "葛\xf3\xa0\x84\x80", "𠮷", "é", "e\xcc\x81", "ﬁ", "ß", "İ", "ς"};

static void
make_page(char *out)
{
	size_t n = 0;

	for (unsigned count = 60 + dice(200); count > 0; count--) {
		const char *word = words[dice(sizeof(words) / sizeof(words[0]))];
		const size_t size = strlen(word);

		if (n + size >= TEXT_MAX)
			break;
		memcpy(out + n, word, size);
		n += size;
	}
	out[n] = '\0';
}

/* The whole text folded at once, as UTF-8. */
static void
brute_fold(const char *text, char *out)
{
	static UChar in[UNITS], folded[UNITS * 4];
	UErrorCode status = U_ZERO_ERROR;
	int32_t n, m, i = 0;
	UChar32 code;

	u_strFromUTF8(in, UNITS, &n, text, -1, &status);
	m = unorm2_normalize(
	    unorm2_getNFKCCasefoldInstance(&status), in, n, folded, UNITS * 4, &status);
	assert_true(U_SUCCESS(status));
	while (i < m) {
		U16_NEXT(folded, i, m, code);
		code = (UChar32)search_variant((uint32_t)code);
		if (!u_isUWhiteSpace(code) && !u_iscntrl(code))
			out += utf8_encode((uint32_t)code, out);
	}
	*out = '\0';
}

struct pages {
	struct fixture *f;
	char text[PAGES][TEXT_MAX], folded[PAGES][TEXT_MAX * 3];
};

static struct pages *pages;

static int
setup(void **state)
{
	char page[ID_TEXT], batch[ID_TEXT], document[ID_TEXT];
	struct fixture *f = fix_new();

	pages = calloc(1, sizeof(*pages));
	pages->f = f;
	fix_archive(f);
	assert_int_equal(catalogue_begin(f->cat), 0);
	for (unsigned i = 0; i < PAGES; i += DOCUMENT_PAGES) {
		json_t *list = json_array();

		snprintf(batch, sizeof(batch), "B%06u", i / DOCUMENT_PAGES + 1);
		snprintf(document, sizeof(document), "D%06u", i / DOCUMENT_PAGES + 1);
		fix_batch(f, batch, "scan");
		for (unsigned k = i; k < i + DOCUMENT_PAGES; k++) {
			make_page(pages->text[k]);
			brute_fold(pages->text[k], pages->folded[k]);
			snprintf(page, sizeof(page), "P%08u", k + 1);
			fix_page(f, batch, page, k - i + 1);
			json_array_append_new(list, json_string(page));
		}
		fix_end(f, batch,
		    json_pack("[{s:s,s:o,s:b}]", "document", document, "pages", list, "new", 1));
	}
	for (unsigned i = 0; i < PAGES; i++) {
		snprintf(page, sizeof(page), "P%08u", i + 1);
		fix_read(f, page, pages->text[i], NULL);
	}
	assert_int_equal(catalogue_commit(f->cat), 0);
	return 0;
}

static int
teardown(void **state)
{
	fix_free(pages->f);
	free(pages);
	return 0;
}

/* Takes n characters out of a random page, or mixes them from two. */
static void
make_term(unsigned n, char *out)
{
	const char *p = pages->text[dice(PAGES)];
	unsigned skip = dice(100);

	while (n > 0) {
		uint32_t code;
		const int size = utf8_decode(p, strlen(p), &code);

		if (*p == '\0' || (n > 1 && dice(40) == 0)) {
			p = pages->text[dice(PAGES)];
			continue;
		}
		if (skip > 0) {
			skip--;
		} else if (code > 0x20 && code != 0x3000) {
			memcpy(out, p, (size_t)size);
			out += size;
			n--;
		}
		p += size;
	}
	*out = '\0';
}

static bool
brute_match(unsigned page, const char *a, const char *b)
{
	return strstr(pages->folded[page], a) != NULL && strstr(pages->folded[page], b) != NULL;
}

/* Compares all hits of a query of one or two terms, in order. */
static void
compare(const char *one, const char *two)
{
	char query[512], a[512], b[512];
	json_t *result, *hits;
	size_t at = 0, total = 0;
	int r;

	brute_fold(one, a);
	brute_fold(two, b);
	snprintf(query, sizeof(query), "%s %s", one, two);
	r = catalogue_search(pages->f->cat, query, 200, 0, &result);
	if (a[0] == '\0' && b[0] == '\0') {
		assert_int_equal(r, -EINVAL);
		return;
	}
	assert_int_equal(r, 0);
	hits = json_object_get(result, "hits");
	for (int page = PAGES - 1; page >= 0; page--) {
		char id[ID_TEXT];

		if (!brute_match((unsigned)page, a, b))
			continue;
		if (total++ >= 200)
			continue;
		snprintf(id, sizeof(id), "P%08d", page + 1);
		if (at >= json_array_size(hits) ||
		    strcmp(json_string_value(json_object_get(json_array_get(hits, at), "page_id")),
			id) != 0)
			fail_msg("'%s': %s is missing or out of order", query, id);
		at++;
	}
	if (at != json_array_size(hits) ||
	    total != (size_t)json_integer_value(json_object_get(result, "total")))
		fail_msg(
		    "'%s': %zu hits, brute force has %zu", query, json_array_size(hits), total);
	assert_true(json_is_true(json_object_get(result, "total_exact")));
	json_decref(result);
}

static void
test_terms(void **state)
{
	static const unsigned lengths[] = {1, 2, 3, 4, 8};
	char term[64];

	for (unsigned l = 0; l < 5; l++)
		for (unsigned i = 0; i < 80; i++) {
			make_term(lengths[l], term);
			compare(term, "");
		}
}

static void
test_pairs(void **state)
{
	char one[64], two[64];

	for (unsigned i = 0; i < 200; i++) {
		make_term(1 + dice(4), one);
		make_term(1 + dice(3), two);
		compare(one, two);
	}
}

/* Every hit shows what was looked for: the highlighted places of the snippet fold to terms. */
static void
test_highlights(void **state)
{
	char term[64], wanted[256], shown[1024], *text;
	json_t *result, *hit;
	size_t i;

	for (unsigned k = 0; k < 40; k++) {
		make_term(2, term);
		brute_fold(term, wanted);
		if (wanted[0] == '\0' || catalogue_search(pages->f->cat, term, 20, 0, &result) < 0)
			continue;
		json_array_foreach(json_object_get(result, "hits"), i, hit)
		{
			const json_t *range = json_array_get(json_object_get(hit, "highlight"), 0);
			const char *p = json_string_value(json_object_get(hit, "snippet")), *end;

			assert_non_null(range);
			assert_in_range(utf8_length(p), 1, 64);
			for (json_int_t n = json_integer_value(json_array_get(range, 0)); n > 0;
			     n--)
				p += utf8_decode(p, strlen(p), &(uint32_t){0});
			end = p;
			for (json_int_t n = json_integer_value(json_array_get(range, 1)); n > 0;
			     n--)
				end += utf8_decode(end, strlen(end), &(uint32_t){0});
			text = strndup(p, (size_t)(end - p));
			brute_fold(text, shown);
			free(text);
			if (strstr(shown, wanted) == NULL)
				fail_msg("'%s' shown as '%s'", wanted, shown);
			assert_true(json_array_size(json_object_get(hit, "marks")) > 0);
		}
		json_decref(result);
	}
}

/* Windows of the list put together are the list. */
static void
test_offsets(void **state)
{
	json_t *all, *part;

	assert_int_equal(catalogue_search(pages->f->cat, "の", 100, 0, &all), 0);
	for (unsigned at = 0; at < 100; at += 30) {
		assert_int_equal(catalogue_search(pages->f->cat, "の", 30, at, &part), 0);
		for (unsigned i = 0; i < 30 && at + i < 100; i++)
			assert_true(json_equal(json_array_get(json_object_get(all, "hits"), at + i),
			    json_array_get(json_object_get(part, "hits"), i)));
		json_decref(part);
	}
	json_decref(all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_terms),
	    cmocka_unit_test(test_pairs),
	    cmocka_unit_test(test_highlights),
	    cmocka_unit_test(test_offsets),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
