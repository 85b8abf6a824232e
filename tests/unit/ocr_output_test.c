/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ALTO out and in, the PDF, JSON, and one real reading through the engine door. */
#include <errno.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/alto.h"
#include "ocr/json.h"
#include "ocr/pdf.h"
#include "ocr/result.h"
#include "ocr_engine.h"

static void
add_line(struct words *w, const char *const *texts, bool vertical)
{
	struct line l = {.cell = -1, .vertical = vertical};

	assert_int_equal(words_line(w, &l), 0);
	for (int i = 0; texts[i] != NULL; i++) {
		struct glyph g = {
		    .box = {100 + 40 * i, 200, 30, 40}, .confidence = 90, .space = i == 2};

		strcpy(g.text, texts[i]);
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

static struct recognition
sample(void)
{
	static const char *const one[] = {"髙", "橋", "A", "<", "𠮷", NULL};
	static const char *const two[] = {"縦", "書", NULL};
	struct recognition r = {
	    .nreadings = 1, .width = 1000, .height = 800, .rotation = 270, .skew_mdeg = -1500};

	r.readings[0].id = "shown";
	add_line(&r.readings[0].words, one, false);
	add_line(&r.readings[0].words, two, true);
	return r;
}

static void
alto_comes_back(void **state)
{
	_cleanup_(recognition_free) struct recognition r = sample();
	_cleanup_(buf_free) struct buf out = {0}, a = {0}, b = {0};
	_cleanup_(alto_page_free) struct alto_page p = {0};

	alto_write(&r, *state, &out);
	assert_int_equal(buf_error(&out), 0);
	assert_int_equal(alto_read(out.data, out.size, &p), 0);
	assert_int_equal(p.rotation, 270);
	assert_int_equal(p.skew_mdeg, -1500);
	assert_int_equal(p.width, 1000);
	assert_int_equal(p.words.nlines, 2);
	assert_true(p.words.lines[1].vertical);
	words_text(&r.readings[0].words, &a);
	words_text(&p.words, &b);
	assert_int_equal(a.size, b.size);
	assert_memory_equal(a.data, b.data, a.size);
	assert_int_equal(p.words.glyphs[1].box.x, 140);
	assert_int_equal(p.words.glyphs[1].confidence, 90);
}

/* People's lines take the place of those that stand there; the rest of the page stays; what nothing
 * stood for is added. */
static void
corrected_alto_comes_back(void **state)
{
	static const struct alto_correction list[] = {
	    {{90, 195, 210, 50}, "髙橋 <&\"𠮷"}, {{100, 600, 400, 30}, "次の行"}};
	_cleanup_(recognition_free) struct recognition r = sample();
	_cleanup_(buf_free) struct buf xml = {0}, out = {0}, text = {0};
	_cleanup_(alto_page_free) struct alto_page p = {0};

	/* the second line of the sample stands elsewhere */
	for (size_t i = 5; i < 7; i++)
		r.readings[0].words.glyphs[i].box.y += 400 + (int)i * 40;
	r.readings[0].words.lines[1].box.y = 600 + 40 * 5;
	alto_write(&r, *state, &xml);
	assert_int_equal(alto_correct(xml.data, xml.size, list, 2, &out), 0);
	assert_int_equal(alto_read(out.data, out.size, &p), 0);
	words_text(&p.words, &text);
	buf_add(&text, "", 1);
	assert_string_equal(text.data, "髙橋 <&\"𠮷\n縦書\n次の行\n");
	assert_true(p.words.lines[1].vertical);
	assert_true(p.words.lines[0].corrected);
	assert_false(p.words.lines[1].corrected);
	assert_true(p.words.lines[2].corrected);
	assert_int_equal(p.words.glyphs[0].box.x, 90);
	assert_int_equal(p.words.glyphs[0].box.w, 30);
	assert_int_equal(p.words.glyphs[0].confidence, 100);
	assert_int_equal(p.words.glyphs[2].box.x, 180); /* after the gap */
	assert_int_equal(p.words.lines[0].box.w, 210);
	assert_non_null(memmem(out.data, out.size, "TAGREFS=\"corrected\"", 19));
	assert_non_null(memmem(out.data, out.size, "ID=\"corrected\"", 14));
}

/* Spaces that a person typed before or behind the words take no share of the place: what is hidden of
 * such a line must reach from its beginning to its end. */
static void
spaces_at_the_ends_take_no_place(void **state)
{
	static const struct alto_correction list[] = {{{90, 195, 200, 50}, "　 髙橋 様　"},
	    {{500, 100, 30, 400}, "  縦書　"}, {{100, 700, 50, 30}, "　 "}};
	_cleanup_(recognition_free) struct recognition r = sample();
	_cleanup_(buf_free) struct buf xml = {0}, out = {0};
	_cleanup_(alto_page_free) struct alto_page p = {0};

	alto_write(&r, *state, &xml);
	assert_int_equal(alto_correct(xml.data, xml.size, list, 3, &out), 0);
	assert_int_equal(alto_read(out.data, out.size, &p), 0);
	assert_int_equal(p.words.nlines, 2); /* both of the sample stood at the first place */
	assert_int_equal(p.words.lines[0].box.x, 90);
	assert_int_equal(p.words.lines[0].box.w, 200);
	assert_int_equal(p.words.lines[0].count, 3);
	assert_int_equal(p.words.glyphs[2].box.x, 240); /* the gap between has a share */
	assert_true(p.words.glyphs[2].space);
	assert_int_equal(p.words.lines[1].box.y, 100);
	assert_int_equal(p.words.lines[1].box.h, 400);
}

static void
only_an_alto_is_corrected(void **state)
{
	static const char *const bad[] = {"", "<alto>", "<TextLine ID=\"l1\">",
	    "<TextLine ID=\"l1\" HPOS=\"1\"></TextLine>\n", "</PrintSpace"};
	static const struct alto_correction one = {{1, 1, 9, 9}, "字"};
	static const struct alto_correction odd = {{1, 1, 9, 9}, "\xff"};
	_cleanup_(recognition_free) struct recognition r = sample();
	_cleanup_(buf_free) struct buf xml = {0};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		_cleanup_(buf_free) struct buf out = {0};

		assert_int_equal(alto_correct(bad[i], strlen(bad[i]), &one, 1, &out), -EBADMSG);
	}
	alto_write(&r, *state, &xml);
	for (int i = 0; i < 2; i++) {
		_cleanup_(buf_free) struct buf out = {0};

		assert_int_equal(alto_correct(xml.data, xml.size, &odd,
				     i == 0 ? 1 : ALTO_CORRECTIONS_MAX + 1, &out),
		    i == 0 ? -EINVAL : -E2BIG);
	}
}

/* A turn that no page of ours has would make a redacted place larger than numbers go. */
static void
impossible_turns_are_none(void **state)
{
	static const char xml[] = "<processingStepSettings>rotation=45 skew_mdeg=90000"
				  "</processingStepSettings><Page WIDTH=\"9\" HEIGHT=\"9\"/>";
	_cleanup_(alto_page_free) struct alto_page p = {0};

	assert_int_equal(alto_read(xml, sizeof xml - 1, &p), 0);
	assert_int_equal(p.width, 9);
	assert_int_equal(p.rotation, 0);
	assert_int_equal(p.skew_mdeg, 0);
}

static void
broken_alto_is_refused(void **state)
{
	static const char *const bad[] = {"<alto", "<Glyph CONTENT=\"a\"/>",
	    "<TextLine><Glyph CONTENT=\"&x;\"/></TextLine>", "<TextLine ID=l></TextLine>",
	    "<TextLine><Glyph CONTENT=\"\xff\"/></TextLine>"};
	struct alto_page p = {0};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(alto_read(bad[i], strlen(bad[i]), &p), -EBADMSG);
	assert_int_equal(alto_read("", 0, &p), 0);
	alto_page_free(&p);
}

static void
pdf_has_pages_font_and_text(void **state)
{
	_cleanup_(recognition_free) struct recognition r = sample();
	_cleanup_(buf_free) struct buf xml = {0}, out = {0};
	_cleanup_(alto_page_free) struct alto_page text = {0};
	struct pdf_properties properties = {.title = "見本", .created = "2026-11-22T10:00:00Z"};
	_cleanup_(pdf_freep) struct pdf *pdf = pdf_new(&properties);
	static const int depths[] = {1, 8, 32};

	alto_write(&r, *state, &xml);
	assert_int_equal(alto_read(xml.data, xml.size, &text), 0);
	for (size_t i = 0; i < 3; i++) {
		struct page p = {.pix = pixCreate(800, 1000, depths[i]),
		    .width = 800,
		    .height = 1000,
		    .reduce = 1,
		    .dpi = 300};

		assert_int_equal(pdf_add(pdf, &p, &text, 90 * (int)i), 0);
		page_free(&p);
	}
	assert_int_equal(pdf_finish(pdf, &out), 0);
	assert_memory_equal(out.data, "%PDF-1.7", 8);
	assert_non_null(memmem(out.data, out.size, "/Count 3 /Kids", 14));
	assert_non_null(memmem(out.data, out.size, "/CCITTFaxDecode", 15));
	assert_non_null(memmem(out.data, out.size, "/DCTDecode", 10));
	assert_memory_equal(out.data + out.size - 6, "%%EOF\n", 6);
}

static void
json_is_quoted(void **state)
{
	_cleanup_(buf_free) struct buf b = {0};
	struct json j = {.out = &b};

	json_object(&j, NULL);
	json_string(&j, "a", "\"\\\n\x01あ");
	json_array(&j, "b");
	json_int(&j, NULL, -1);
	json_bool(&j, NULL, true);
	json_end(&j, ']');
	json_end(&j, '}');
	buf_add(&b, "", 1);
	assert_string_equal(b.data, "{\"a\":\"\\\"\\\\\\n\\u0001あ\",\"b\":[-1,true]}");
}

static void
blank_and_black_pages_are_read(void **state)
{
	struct recognise_options o = {.all = true, .limit_ms = 60000};

	for (int black = 0; black < 2; black++) {
		struct page p = {.pix = pixCreate(1240, 1754, 8),
		    .width = 1240,
		    .height = 1754,
		    .reduce = 1,
		    .dpi = 150};
		_cleanup_(recognition_free) struct recognition r = {0};
		_cleanup_(buf_free) struct buf b = {0};

		pixSetAllArbitrary(p.pix, black ? 0 : 255);
		assert_int_equal(recognise(*state, &p, &o, &r), 0);
		result_write(&r, &p, *state, &o, 0, &b);
		assert_int_equal(buf_error(&b), 0);
		assert_int_equal(r.readings[0].words.nglyphs, 0);
		assert_true(r.nfindings > 0);
		page_free(&p);
	}
}

/* What was read stays on record, also of readings that only search looks into. */
static void
corrections_of_all_readings_are_told(void **state)
{
	static const char *const text[] = {"日", "座", NULL};
	struct page p = {.width = 1000, .height = 800, .dpi = 300};
	struct recognise_options o = {.all = true};
	_cleanup_(recognition_free) struct recognition r = sample();
	_cleanup_(buf_free) struct buf b = {0};
	struct words *page = &r.readings[r.nreadings].words;

	r.readings[r.nreadings++].id = "page";
	add_line(page, text, false);
	assert_int_equal(words_correct(page, &page->lines[0], 0, "口", "lexicon"), 0);
	result_write(&r, &p, *state, &o, 0, &b);
	buf_add(&b, "", 1);
	assert_int_equal(buf_error(&b), 0);
	assert_non_null(strstr(b.data, "\"text\":\"口座\\n\""));
	assert_non_null(strstr(b.data, "\"corrections\":[{\"reading\":\"page\",\"line\":0,"
				       "\"raw\":\"日座\",\"rule\":\"lexicon\"}]"));
}

static void
time_is_limited(void **state)
{
	struct words w = {0};
	PIX *pix = pixCreate(300, 300, 8);

	engine_deadline(*state, 1);
	while (engine_read(*state, pix, NULL, ENGINE_JAPANESE, ENGINE_PAGE, &w) == 0)
		;
	assert_int_equal(engine_read(*state, pix, NULL, ENGINE_JAPANESE, ENGINE_PAGE, &w), -ETIME);
	engine_deadline(*state, 500);
	usleep(600000); /* the machine does other things: that is no time of this page */
	assert_int_equal(engine_read(*state, pix, NULL, ENGINE_JAPANESE, ENGINE_PAGE, &w), 0);
	engine_deadline(*state, 0);
	assert_int_equal(engine_read(*state, pix, NULL, ENGINE_JAPANESE, ENGINE_PAGE, &w), 0);
	pixDestroy(&pix);
	words_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(alto_comes_back),
	    cmocka_unit_test(corrected_alto_comes_back),
	    cmocka_unit_test(spaces_at_the_ends_take_no_place),
	    cmocka_unit_test(only_an_alto_is_corrected),
	    cmocka_unit_test(impossible_turns_are_none),
	    cmocka_unit_test(broken_alto_is_refused),
	    cmocka_unit_test(pdf_has_pages_font_and_text),
	    cmocka_unit_test(json_is_quoted),
	    cmocka_unit_test(blank_and_black_pages_are_read),
	    cmocka_unit_test(corrections_of_all_readings_are_told),
	    cmocka_unit_test(time_is_limited),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
