/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages read with all readings while memory ends at one place after the other: that is said, or
 * what is shown is right; and all is given back (make check-asan). The linker puts what is here
 * before our own code's calls (fault.mk); the engine has all the memory it wants, which is not
 * ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "cleanup.h"
#include "ocr/engine_network.h"
#include "ocr/recognise.h"
#include "tests/unit/ocr_down.h"
#include "tests/unit/ocr_engine.h"

#define PLAN "01-houmon-kaigo-keikaku"
#define PLACES_MAX 1024 /* calls in our code that ask for memory */
#define MANY 8          /* calls of one place */
#define PICTURES 8      /* of the hundreds that a page makes, this many end it */

/* ---- in the place of the C library's ---- */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *text);
int __real_engine_read(struct engine *e, struct Pix *image, const struct box *box,
    enum engine_model model, enum engine_mode mode, struct words *ret);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *text);
int __wrap_engine_read(struct engine *e, struct Pix *image, const struct box *box,
    enum engine_model model, enum engine_mode mode, struct words *ret);

/* Where memory is asked for, in the order in which that is first done. */
static struct {
	struct {
		const void *at;
		unsigned calls; /* in one reading */
	} place[PLACES_MAX];
	unsigned n;
	unsigned first;     /* of those that a page has and the one before it had not */
	unsigned end, left; /* this place gets none, after so many calls */
	bool armed, counts, ended;
} code;

static struct {
	unsigned n, end; /* the n-th gets none; 0: all do */
	unsigned before; /* so many come before a vertical page is read as one */
	bool armed, ended;
	unsigned in_engine; /* its pictures are its own */
} pictures;

static bool
ends_at(const void *place)
{
	unsigned i = 0;

	if (!code.armed)
		return false;
	while (i < code.n && code.place[i].at != place)
		i++;
	if (code.counts && i < PLACES_MAX) {
		code.n += i == code.n;
		code.place[i].at = place;
		code.place[i].calls++;
	}
	if (code.counts || code.ended || i != code.end || code.left-- > 0)
		return false;
	return code.ended = true;
}

void *
__wrap_malloc(size_t n)
{
	return ends_at(__builtin_return_address(0)) ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return ends_at(__builtin_return_address(0)) ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t n)
{
	return ends_at(__builtin_return_address(0)) ? NULL : __real_realloc(p, n);
}

char *
__wrap_strdup(const char *text)
{
	return ends_at(__builtin_return_address(0)) ? NULL : __real_strdup(text);
}

int
__wrap_engine_read(struct engine *e, struct Pix *image, const struct box *box,
    enum engine_model model, enum engine_mode mode, struct words *ret)
{
	int r;

	if (model == ENGINE_VERTICAL && mode == ENGINE_PAGE)
		pictures.before = pictures.n;
	pictures.in_engine++;
	r = __real_engine_read(e, image, box, model, mode, ret);
	pictures.in_engine--;
	return r;
}

static void *
picture(size_t n)
{
	if (pictures.armed && pictures.in_engine == 0 && ++pictures.n == pictures.end) {
		pictures.ended = true;
		return NULL;
	}
	return __real_malloc(n);
}

/* ---- the pages ---- */

/* A line that is hard to read. */
static void
paste_blurred(PIX *page, const char *text, int x, int y, int w)
{
	PIX *line = blank(w, 60), *blurred;

	paste(line, PLAN, text, 8, 8);
	blurred = pixBlockconv(line, 3, 3);
	pixRasterop(page, x, y, w, 60, PIX_SRC, blurred, 0, 0);
	pixDestroy(&line);
	pixDestroy(&blurred);
}

/* Light on dark. */
static void
paste_reversed(PIX *page, const char *text, int x, int y, int w)
{
	PIX *line = blank(w, 60);

	paste(line, PLAN, text, 8, 8);
	pixInvert(line, line);
	pixRasterop(page, x, y, w, 60, PIX_SRC, line, 0, 0);
	pixDestroy(&line);
}

/* A table, lines outside it, some of them hard to read. */
static PIX *
draw_form(void)
{
	PIX *pix = blank(720, 400);

	frame(pix, 40, 40, 640, 90, 3);
	bar(pix, 260, 40, 3, 90);
	paste(pix, PLAN, "利用者氏名", 45, 62);
	paste_blurred(pix, "髙橋 花子 様", 280, 57, 390);
	paste_blurred(pix, "服薬の確認、声かけ", 40, 180, 400);
	paste(pix, PLAN, "10:00～11:00", 60, 270);
	paste_reversed(pix, "電話番号", 480, 180, 200);
	patch(pix, 480, 260, 200, 60, 225);
	return pix;
}

/* Lines that run down, with what is turned and moved in them, and one that is hard to read. */
static PIX *
draw_vertical(void)
{
	static const uint32_t *const lines[] = {U"介護サービスの計画を、",
	    U"「デイケア」の利用者は", U"ちょっと待ってください", U"聞いたことを記録する。"};
	PIX *pix = blank(600, 700), *line;

	for (int i = 0; i < 4; i++)
		draw_line(pix, lines[i], 42, 44, 440 - 80 * i, 100, NULL);
	line = pixBlockconv(pix, 2, 2);
	pixRasterop(pix, 260, 0, 80, 700, PIX_SRC, line, 260, 0);
	pixDestroy(&line);
	return pix;
}

/* The page that is read, and what is shown of it when there is memory for all. */
static PIX *drawn;
static struct recognition right;
static unsigned all_pictures; /* that it took */

static int
read_page(struct engine *e, struct recognition *ret)
{
	static const struct recognise_options all = {.all = true};
	_cleanup_(page_free) struct page p = load(drawn);
	int r;

	*ret = (struct recognition){0};
	code.armed = pictures.armed = true;
	code.ended = pictures.ended = false;
	pictures.n = 0;
	r = recognise(e, &p, &all, ret);
	code.armed = pictures.armed = false;
	return r;
}

static void
expect_no_memory_or_right(struct engine *e)
{
	_cleanup_(recognition_free) struct recognition found = {0};
	const int r = read_page(e, &found);
	const struct words *shown = &found.readings[0].words, *should = &right.readings[0].words;

	if (r == -ENOMEM)
		return;
	assert_int_equal(r, 0);
	assert_int_equal(shown->nglyphs, should->nglyphs);
	for (size_t i = 0; i < shown->nglyphs; i++)
		assert_string_equal(shown->glyphs[i].text, should->glyphs[i].text);
}

/* Each of them when it is first made, and in the midst of many. */
static void
whichever_of_our_calls_gets_none(void **state)
{
	for (unsigned i = code.first; i < code.n; i++)
		for (unsigned part = 0; part < 2; part++) {
			if (part > 0 && code.place[i].calls < MANY)
				break;
			code.end = i;
			code.left = part * code.place[i].calls / 2;
			expect_no_memory_or_right(*state);
			assert_true(code.ended);
		}
	code.end = PLACES_MAX;
}

/* Leptonica itself goes on with less here and there, without a word: then nothing is said of what
 * is shown. */
static void
whichever_picture_gets_none(void **state)
{
	const l_int32 severity = setMsgSeverity(L_SEVERITY_NONE);
	const unsigned first = pictures.before + 1; /* those before are as on any page */

	for (unsigned i = 0; i < PICTURES; i++) {
		_cleanup_(recognition_free) struct recognition found = {0};
		int r;

		pictures.end = first + i * (all_pictures - first) / (PICTURES - 1);
		r = read_page(*state, &found);
		assert_true(r == 0 || r == -ENOMEM);
		assert_true(pictures.ended);
	}
	pictures.end = 0;
	setMsgSeverity(severity);
}

/* least: places that are new. Twice: at first the networks of ours are not trusted yet. */
static int
set_up(void **state, PIX *page, unsigned least)
{
	int r;

	drawn = page;
	code.end = PLACES_MAX;
	code.first = code.n;
	if (open_engine(state) < 0 || read_page(*state, &right) < 0)
		return -1;
	recognition_free(&right);
	code.counts = true;
	r = read_page(*state, &right);
	code.counts = false;
	all_pictures = pictures.n;
	print_message("# %u calls of ours, %u pictures\n", code.n - code.first, all_pictures);
	return r < 0 || code.n - code.first < least || all_pictures <= pictures.before + PICTURES
		   ? -1
		   : 0;
}

static int
set_up_form(void **state)
{
	setPixMemoryManager(picture, free);
	return set_up(state, draw_form(), 20);
}

static int
set_up_vertical(void **state)
{
	const struct words *shown = &right.readings[0].words;

	if (open_typeface(state) < 0 || set_up(state, draw_vertical(), 10) < 0)
		return -1;
	return shown->nlines > 0 && shown->lines[0].vertical ? 0 : -1;
}

static int
tear_down(void **state)
{
	recognition_free(&right);
	pixDestroy(&drawn);
	return close_engine(state);
}

static int
tear_down_vertical(void **state)
{
	close_typeface(state);
	return tear_down(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whichever_of_our_calls_gets_none),
	    cmocka_unit_test(whichever_picture_gets_none),
	};
	const int form = cmocka_run_group_tests(tests, set_up_form, tear_down);

	return form + cmocka_run_group_tests(tests, set_up_vertical, tear_down_vertical);
}
