/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fuzz target on damaged copies of good input: fixed seed, so the same every time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "ocr_fuzz.c"

#define ROUNDS 1500
#define EXAMPLE_MAX 20000

static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void
damage(uint8_t kind, const void *good, size_t size)
{
	uint8_t copy[EXAMPLE_MAX + 1];
	uint32_t seed = 1;

	assert_true(size <= EXAMPLE_MAX);
	for (int i = 0; i < ROUNDS; i++) {
		size_t n = i % 5 == 0 ? next(&seed) % (size + 1) : size;

		copy[0] = kind;
		memcpy(copy + 1, good, n);
		for (uint32_t k = next(&seed) % 6; n > 0 && k > 0; k--)
			copy[1 + next(&seed) % n] = (uint8_t)next(&seed);
		LLVMFuzzerTestOneInput(copy, n + 1);
	}
}

static void
alto(void **state)
{
	static const char good[] =
	    "<?xml version=\"1.0\"?><alto><Description><processingStepSettings>rotation=90 "
	    "skew_mdeg=-5"
	    "</processingStepSettings></Description><Page WIDTH=\"10\" HEIGHT=\"20\"><TextLine "
	    "ID=\"l0\" "
	    "TAGREFS=\"vertical\"><String CONTENT=\"&lt;a\" WC=\"0.9\"><Glyph CONTENT=\"&lt;\" "
	    "HPOS=\"1\" "
	    "VPOS=\"2\" WIDTH=\"3\" HEIGHT=\"4\" GC=\"0.95\"/></String><SP HPOS=\"1\"/><String "
	    "CONTENT=\"あ\"><Glyph CONTENT=\"あ\" GC=\"1.00\"/></String></TextLine></Page></alto>";

	damage(0, good, sizeof good - 1);
}

static void
corrected(void **state)
{
	static const char good[] =
	    "<alto><Tags></Tags><Page WIDTH=\"40\" HEIGHT=\"90\"><PrintSpace><TextLine ID=\"l0\" "
	    "HPOS=\"1\" VPOS=\"2\" WIDTH=\"9\" HEIGHT=\"4\"><String CONTENT=\"a\"><Glyph "
	    "CONTENT=\"a\" GC=\"1.00\"/></String></TextLine>\n<TextLine ID=\"l1\" HPOS=\"30\" "
	    "VPOS=\"50\" WIDTH=\"9\" HEIGHT=\"4\"></TextLine>\n</PrintSpace></Page></alto>";

	damage(3, good, sizeof good - 1);
}

static void
masters(void **state)
{
	static const int formats[] = {IFF_TIFF_LZW, IFF_TIFF_ZIP, IFF_TIFF_G4, IFF_TIFF};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		PIX *pix = pixCreate(60, 40, formats[i] == IFF_TIFF_G4 ? 1 : i == 3 ? 32 : 8);
		l_uint8 *data;
		size_t size;

		assert_int_equal(pixWriteMemTiff(&data, &size, pix, formats[i]), 0);
		damage(1, data, size);
		free(data);
		pixDestroy(&pix);
	}
}

static void
values(void **state)
{
	damage(2, "令和８年11月5日(木) 03-1234-5678 ¥1,000円",
	    strlen("令和８年11月5日(木) 03-1234-5678 ¥1,000円"));
}

static void
texts(void **state)
{
	static const char good[] =
	    "第１表 居宅サービス計画書（１）\n利用者氏名 髙橋 花子 様\n微保険者番号0000123456\n"
	    "作成年月日：令和8年11月5日ー令和９年\n〒999-0001 A1l2\n";

	damage(4, good, sizeof good - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(alto),
	    cmocka_unit_test(corrected),
	    cmocka_unit_test(masters),
	    cmocka_unit_test(values),
	    cmocka_unit_test(texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
