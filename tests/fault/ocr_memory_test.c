/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page read with all readings while memory ends at one place after the other: that is said, or
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
#include "tests/unit/ocr_draw.h"
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
	unsigned end, left; /* this place gets none, after so many calls */
	bool armed, counts, ended;
} code;

static struct {
	unsigned n, end; /* the n-th gets none; 0: all do */
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

/* ---- the page ---- */

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
static struct page
draw(void)
{
	PIX *pix = blank(720, 400);
	struct page p;

	frame(pix, 40, 40, 640, 90, 3);
	bar(pix, 260, 40, 3, 90);
	paste(pix, PLAN, "利用者氏名", 45, 62);
	paste_blurred(pix, "髙橋 花子 様", 280, 57, 390);
	paste_blurred(pix, "服薬の確認、声かけ", 40, 180, 400);
	paste(pix, PLAN, "10:00～11:00", 60, 270);
	paste_reversed(pix, "電話番号", 480, 180, 200);
	patch(pix, 480, 260, 200, 60, 225);
	p = load(pix);
	pixDestroy(&pix);
	return p;
}

static int
read_page(struct engine *e, struct recognition *ret)
{
	static const struct recognise_options all = {.all = true};
	_cleanup_(page_free) struct page p = draw();
	int r;

	*ret = (struct recognition){0};
	code.armed = pictures.armed = true;
	code.ended = pictures.ended = false;
	pictures.n = 0;
	r = recognise(e, &p, &all, ret);
	code.armed = pictures.armed = false;
	return r;
}

/* What is shown, as it is when there is memory for all, and how many pictures it took. */
static struct recognition right;
static unsigned all_pictures;

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
	for (unsigned i = 0; i < code.n; i++)
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

	for (unsigned i = 0; i < PICTURES; i++) {
		_cleanup_(recognition_free) struct recognition found = {0};
		int r;

		pictures.end = 1 + i * (all_pictures - 1) / (PICTURES - 1);
		r = read_page(*state, &found);
		assert_true(r == 0 || r == -ENOMEM);
		assert_true(pictures.ended);
	}
	pictures.end = 0;
	setMsgSeverity(severity);
}

/* Twice: at first the networks of ours are not trusted yet. */
static int
set_up(void **state)
{
	int r;

	setPixMemoryManager(picture, free);
	code.end = PLACES_MAX;
	if (open_engine(state) < 0 || read_page(*state, &right) < 0)
		return -1;
	recognition_free(&right);
	code.counts = true;
	r = read_page(*state, &right);
	code.counts = false;
	all_pictures = pictures.n;
	print_message("# %u calls of ours, %u pictures\n", code.n, all_pictures);
	return r < 0 || code.n <= 20 || all_pictures <= PICTURES ? -1 : 0;
}

static int
tear_down(void **state)
{
	recognition_free(&right);
	return close_engine(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whichever_of_our_calls_gets_none),
	    cmocka_unit_test(whichever_picture_gets_none),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
