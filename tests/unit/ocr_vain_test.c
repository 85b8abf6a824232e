/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * engine_vain.c answers in the place of functions of libtesseract. A later one in which they are
 * called otherwise would go on as if nothing were there: slower, or, where only the name stayed the
 * same, wrongly.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <tesseract/capi.h>

#include "ocr/engine_vain.h"
#include "ocr_draw.h"
#include "ocr_engine.h"

static const char *const spared[] = {
    "_ZN9tesseract13UnicharAmbigs13LoadUniversalERKNS_10UNICHARSETEPS1_",
    "_ZN9tesseract8TO_BLOCK18ComputeEdgeOffsetsENS_5ImageES1_",
    "_ZN9tesseract16ImageThresholder20GetPixRectThresholdsEv",
    "_ZN9tesseract11TessBaseAPI16DetectParagraphsEb",
    "_ZN9tesseract15AddAdaptedClassEPNS_22ADAPT_TEMPLATES_STRUCTEPNS_18ADAPT_CLASS_STRUCTEi",
    "_ZN9tesseract18SetBlobStrokeWidthENS_5ImageEPNS_8BLOBNBOXE",
    "_ZN9tesseract5TWERD13PolygonalCopyEbPNS_4WERDE",
    "_ZN9tesseract9Tesseract20SetBlackAndWhitelistEv",
};

static void
what_is_spared_is_still_asked_for(void **state)
{
	for (size_t i = 0; i < sizeof(spared) / sizeof(spared[0]); i++) {
		void *ours = dlsym(RTLD_DEFAULT, spared[i]), *theirs = dlsym(RTLD_NEXT, spared[i]);
		Dl_info where, self;

		if (ours == NULL || theirs == NULL || ours == theirs)
			fail_msg("%s: ours %p, theirs %p", spared[i], ours, theirs);
		assert_int_not_equal(dladdr(ours, &where), 0);
		assert_int_not_equal(dladdr((void *)(uintptr_t)engine_vain_layout, &self), 0);
		assert_ptr_equal(where.dli_fbase, self.dli_fbase);
	}
}

/* The meaning of what is spared was looked up in this one. */
static void
the_library_is_the_one_it_was_measured_with(void **state)
{
	assert_string_equal(TessVersion(), "5.3.0");
}

/* Where layout is wanted, it tells text by its strokes as ever. */
static void
pages_with_layout_are_read_after_lines(void **state)
{
	static const enum engine_mode modes[] = {ENGINE_LINE, ENGINE_PAGE, ENGINE_SPARSE};
	PIX *page = blank(1200, 600);

	paste(page, "04-juuyou-jikou", "ことができるよう、訪問介護を提供します。", 100, 200);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		_cleanup_(words_free) struct words w = {0};
		_cleanup_(buf_free) struct buf text = {0};

		assert_int_equal(engine_read(*state, page, NULL, ENGINE_JAPANESE, modes[i], &w), 0);
		words_tidy(&w);
		words_text(&w, &text);
		buf_add(&text, "", 1);
		assert_non_null(strstr(text.data, "訪問介護"));
	}
	pixDestroy(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_spared_is_still_asked_for),
	    cmocka_unit_test(the_library_is_the_one_it_was_measured_with),
	    cmocka_unit_test(pages_with_layout_are_read_after_lines),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
