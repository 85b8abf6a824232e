/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines for tests of the networks, read by ours and by Tesseract's own. */
#ifndef FUMIKURA_TESTS_OCR_NETWORK_H
#define FUMIKURA_TESTS_OCR_NETWORK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "ocr/engine.h"
#include "ocr/engine_network.h"
#include "ocr/network_kernels.h"

/* Of a generator that begins with random_seed: the same each time. */
static uint32_t random_seed;

static inline uint32_t
next(void)
{
	random_seed = random_seed * 1664525u + 1013904223u;
	return random_seed >> 8;
}

/* Ends a test of what only a processor with one of the loops does. */
static inline void
need_loops(void)
{
	if (network_kernels_best() != NULL)
		return;
	print_message("# skip: this processor has none of the loops\n");
	skip();
}

/* A page of print, upright, dark on light. */
static inline PIX *
print_lines(void)
{
	L_BMF *font = bmfCreate(NULL, 20);
	PIX *page = pixCreate(1200, 400, 8);

	assert_non_null(font);
	pixSetAll(page);
	for (int i = 0; i < 4; i++)
		pixSetTextline(page, font,
		    i % 2 == 0 ? "Insurance number 1234567890, born 1938-04-17"
			       : "(paid) the care office in March: 52,300 yen",
		    0, 40, 80 + 90 * i, NULL, NULL);
	bmfDestroy(&font);
	return page;
}

/* Reads the page with each model, networks as engine_network_use() said at engine_new(). */
static inline void
read_lines(struct engine *e, struct words ret[ENGINE_MODELS])
{
	PIX *page = print_lines();

	for (enum engine_model m = 0; m < ENGINE_MODELS; m++) {
		ret[m] = (struct words){0};
		assert_int_equal(
		    engine_read(e, page, NULL, m,
			m == ENGINE_VERTICAL ? ENGINE_RAW_LINE : ENGINE_BLOCK, &ret[m]),
		    0);
		assert_true(ret[m].nglyphs > 0);
	}
	pixDestroy(&page);
}

static inline void
expect_same(struct words a[ENGINE_MODELS], struct words b[ENGINE_MODELS])
{
	for (enum engine_model m = 0; m < ENGINE_MODELS; m++) {
		assert_int_equal(a[m].nglyphs, b[m].nglyphs);
		for (size_t i = 0; i < a[m].nglyphs; i++) {
			const struct glyph *x = &a[m].glyphs[i], *y = &b[m].glyphs[i];

			assert_string_equal(x->text, y->text);
			assert_int_equal(x->confidence, y->confidence);
			assert_memory_equal(&x->box, &y->box, sizeof(x->box));
		}
		words_free(&a[m]);
		words_free(&b[m]);
	}
}

#endif
