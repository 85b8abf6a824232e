/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our run of Tesseract's networks: the bytes of models sound and damaged, and lines read with ours
 * as with the library's own.
 */
#include <errno.h>
#include <math.h>

#include "ocr_network.h"

#include "ocr/network.h"

#define FOLDER "/usr/share/tesseract-ocr/5/tessdata/"
#define COMPONENT 17 /* of a model's file: its network */
#define HEADER 39    /* bytes: what stands before the layers of "Series", by name and type */

/* ---- models ---- */

/* The network of a model, behind the header of its outermost series. Caller frees. */
static uint8_t *
model(const char *name, size_t *ret_size)
{
	char path[256];
	int64_t begin, end;
	uint8_t *ret;
	FILE *f;

	snprintf(path, sizeof(path), FOLDER "%s.traineddata", name);
	f = fopen(path, "re");
	assert_non_null(f);
	assert_int_equal(fseek(f, 4 + 8 * COMPONENT, SEEK_SET), 0);
	assert_int_equal(fread(&begin, 8, 1, f), 1);
	assert_int_equal(fread(&end, 8, 1, f), 1);
	begin += HEADER;
	*ret_size = (size_t)(end - begin);
	ret = malloc(*ret_size);
	assert_int_equal(fseek(f, begin, SEEK_SET), 0);
	assert_int_equal(fread(ret, 1, *ret_size, f), *ret_size);
	fclose(f);
	return ret;
}

static void
all_our_models_are_understood(void **state)
{
	static const char *const names[] = {"jpn", "Japanese", "eng", "jpn_vert"};

	need_loops();
	for (unsigned i = 0; i < 4; i++) {
		_cleanup_(network_freep) struct network *n = NULL;
		size_t size;
		uint8_t *data = model(names[i], &size);
		float total = 0, *ret;
		int8_t *pixels;

		assert_int_equal(network_new(data, size, &n), 0);
		assert_true(network_height(n) == 36 || network_height(n) == 48);
		pixels = calloc(network_height(n), 10);
		ret = calloc(3 * network_outputs(n), sizeof(*ret));
		assert_int_equal(network_run(n, pixels, 10, 1, ret), 0);
		for (unsigned k = 0; k < 3 * network_outputs(n); k++)
			total += ret[k];
		assert_true(fabsf(total - 3) < 1e-4F);
		assert_int_equal(network_run(n, pixels, 2, 1, ret), -EINVAL);
		assert_int_equal(network_run(n, pixels, NETWORK_WIDTH_MAX + 1, 1, ret), -EINVAL);
		free(pixels);
		free(ret);
		free(data);
	}
}

/* A line is as wide as it is: one width for all, to which lines are cut or filled, is not known. */
static void
a_width_for_all_lines_is_refused(void **state)
{
	enum { WIDTH = 4 + 37 + 8 }; /* behind the count of layers, the first's header, … */
	struct network *n = NULL;
	size_t size;
	uint8_t *data;

	need_loops();
	data = model("eng", &size);
	assert_int_equal(data[WIDTH], 0);
	data[WIDTH] = 100;
	assert_int_equal(network_new(data, size, &n), -EOPNOTSUPP);
	free(data);
}

static void
what_is_cut_short_is_refused(void **state)
{
	size_t size;
	uint8_t *data;
	struct network *n = NULL;

	need_loops();
	data = model("eng", &size);
	for (size_t cut = 0; cut + 2000 < size; cut += cut < 600 ? 1 : 997) {
		uint8_t *part = malloc(cut + 1); /* so that a byte too many is seen */

		memcpy(part, data, cut);
		assert_int_equal(network_new(part, cut, &n), -EBADMSG);
		free(part);
	}
	free(data);
}

/* Bytes that say something else are refused, or make a network that runs within its bounds. */
static void
damage_is_survived(void **state)
{
	size_t size;
	uint8_t *data;
	unsigned refused = 0;

	need_loops();
	data = model("eng", &size);
	random_seed = 11;
	for (unsigned i = 0; i < 400; i++) {
		_cleanup_(network_freep) struct network *n = NULL;
		const size_t at = next() % (i % 2 == 0 ? 700 : size);
		const uint8_t before = data[at];
		int8_t *pixels;
		float *ret;

		data[at] = (uint8_t)next();
		if (network_new(data, size, &n) < 0)
			refused++;
		else {
			pixels = calloc(network_height(n), 12);
			ret = calloc(4 * network_outputs(n), sizeof(*ret));
			assert_int_equal(network_run(n, pixels, 12, 1, ret), 0);
			free(pixels);
			free(ret);
		}
		data[at] = before;
	}
	assert_true(refused > 50);
	free(data);
}

/* ---- behind the engine's door ---- */

static void
lines_read_the_same(void **state)
{
	struct words theirs[ENGINE_MODELS], ours[ENGINE_MODELS];
	struct engine_network_count count;
	struct engine *e;

	need_loops();
	engine_network_use(false);
	assert_int_equal(engine_new(NULL, &e), 0);
	read_lines(e, theirs);
	engine_free(e);
	assert_int_equal(engine_network_count().ours, 0);

	engine_network_use(true);
	assert_int_equal(engine_new(NULL, &e), 0);
	read_lines(e, ours);
	engine_free(e);
	expect_same(theirs, ours);
	count = engine_network_count();
	assert_true(count.ours >= 3 * 3);
	assert_int_equal(count.refused, 0);
	assert_true(count.difference < 1e-5F);
}

static PIX *
print_of(const char *text)
{
	L_BMF *font = bmfCreate(NULL, 20);
	PIX *page = pixCreate(40 + 30 * (int)strlen(text), 60, 8);

	assert_non_null(font);
	pixSetAll(page);
	pixSetTextline(page, font, text, 0, 20, 42, NULL, NULL);
	bmfDestroy(&font);
	return page;
}

/* Lines that ours alone read, when this line was read so often. */
static unsigned
read_often(struct engine *e, const char *text, unsigned times)
{
	const unsigned before = engine_network_count().ours;
	PIX *page = print_of(text);

	for (unsigned i = 0; i < times; i++) {
		struct words w = {0};

		assert_int_equal(
		    engine_read(e, page, NULL, ENGINE_JAPANESE, ENGINE_RAW_LINE, &w), 0);
		words_free(&w);
	}
	pixDestroy(&page);
	return engine_network_count().ours - before;
}

/* Two glyphs that both read alike are little to go by. */
static void
a_short_line_makes_no_trust(void **state)
{
	struct engine *e;

	need_loops();
	assert_int_equal(engine_new(NULL, &e), 0);
	assert_int_equal(read_often(e, "17", 2), 0);
	assert_int_equal(read_often(e, "Insurance number", 3), 2);
	assert_int_equal(read_often(e, "17", 2), 2);
	engine_free(e);
}

/* A rule of dashes across the page, which becomes tens of megabytes. */
static void
what_was_seen_of_a_line_too_long_to_weigh_is_not_kept(void **state)
{
	PIX *rule;
	struct words w = {0};
	struct engine *e;

	need_loops();
	rule = pixCreate(2400, 8, 8);
	pixSetAll(rule);
	for (int x = 8; x < 2392; x += 20)
		pixRasterop(rule, x, 3, 12, 3, PIX_CLR, NULL, 0, 0);
	assert_int_equal(engine_new(NULL, &e), 0);
	assert_int_equal(engine_read(e, rule, NULL, ENGINE_JAPANESE, ENGINE_RAW_LINE, &w), 0);
	assert_null(engine_take_chances(e));
	words_free(&w);
	engine_free(e);
	pixDestroy(&rule);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_our_models_are_understood),
	    cmocka_unit_test(a_width_for_all_lines_is_refused),
	    cmocka_unit_test(what_is_cut_short_is_refused),
	    cmocka_unit_test(damage_is_survived),
	    cmocka_unit_test(lines_read_the_same),
	    cmocka_unit_test(a_short_line_makes_no_trust),
	    cmocka_unit_test(what_was_seen_of_a_line_too_long_to_weigh_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
