/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fuzz target on damaged copies of good input: fixed seed, so the same every time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "ocr/network_kernels.h"
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

/* ---- a network as a model holds it, the smallest there can be ---- */

#define UNITS 16

static void
add_number(struct buf *b, uint32_t number)
{
	const uint8_t little[4] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
	    (uint8_t)(number >> 24)};

	buf_add(b, little, sizeof little);
}

/* What stands before a layer; its name is its type. */
static void
add_header(struct buf *b, const char *type, uint32_t inputs, uint32_t outputs)
{
	const uint32_t size = (uint32_t)strlen(type);

	buf_add(b, "", 1);
	add_number(b, size);
	buf_add(b, type, size);
	buf_add(b, "\0", 2);
	add_number(b, 0);
	add_number(b, inputs);
	add_number(b, outputs);
	add_number(b, 0);
	add_number(b, size);
	buf_add(b, type, size);
}

static void
add_matrix(struct buf *b, uint32_t rows, uint32_t columns)
{
	const uint8_t flags = 1 | 128;
	const double scale = 0.01;

	buf_add(b, &flags, 1);
	add_number(b, rows);
	add_number(b, columns);
	buf_add(b, "", 1);
	for (uint32_t i = 0; i < rows * columns; i++)
		buf_add(b, &(uint8_t){(uint8_t)(i * 37)}, 1);
	add_number(b, rows);
	for (uint32_t i = 0; i < rows; i++)
		buf_add(b, &scale, sizeof scale);
}

static void
add_recurrent(struct buf *b, const char *type)
{
	add_header(b, type, UNITS, UNITS);
	add_number(b, 2 * UNITS);
	for (int gate = 0; gate < 4; gate++)
		add_matrix(b, UNITS, 2 * UNITS + 1);
}

static void
add_pair(struct buf *b, const char *type, uint32_t number)
{
	add_header(b, type, 1, 9);
	add_number(b, number);
	add_number(b, number);
}

static void
networks(void **state)
{
	_cleanup_(buf_free) struct buf b = {0};
	_cleanup_(network_freep) struct network *n = NULL;

	add_number(&b, 6);
	add_header(&b, "Input", 12, 1);
	for (int i = 0; i < 5; i++)
		add_number(&b, i == 1 ? 12 : i == 2 ? 0 : 1); /* as wide as a line is */
	add_header(&b, "Series", 1, 16);
	add_number(&b, 2);
	add_pair(&b, "Convolve", 1);
	add_header(&b, "Tanh", 9, 16);
	add_matrix(&b, 16, 10);
	add_pair(&b, "Maxpool", 3);
	add_header(&b, "XYTranspose", UNITS, UNITS);
	add_number(&b, 1);
	add_recurrent(&b, "SummLSTM");
	add_header(&b, "RTLReversed", UNITS, UNITS);
	add_number(&b, 1);
	add_recurrent(&b, "LSTM");
	add_header(&b, "Softmax", UNITS, 5);
	add_matrix(&b, 5, UNITS + 1);
	assert_int_equal(b.error, 0);
	if (network_kernels_best() != NULL) /* as it is, it is understood */
		assert_int_equal(network_new((const uint8_t *)b.data, b.size, &n), 0);
	damage(5, b.data, b.size);
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
	    cmocka_unit_test(networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
