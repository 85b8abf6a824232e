/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our run of Tesseract's networks: each kind of loop against sums written down plainly, the bytes
 * of models sound and damaged, and lines read with ours as with the library's own.
 */
#include <errno.h>
#include <math.h>

#include "ocr_network.h"

#include "ocr/network.h"

#define FOLDER "/usr/share/tesseract-ocr/5/tessdata/"
#define COMPONENT 17 /* of a model's file: its network */
#define HEADER 39    /* bytes: what stands before the layers of "Series", by name and type */

static uint32_t seed;

static uint32_t
next(void)
{
	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

/* ---- the loops ---- */

#define X 16
#define UNITS 32
#define STEPS 7
#define SEQUENCES 6 /* no multiple of NETWORK_ASIDE */

/* A layer's matrix, and what it says of one step, as plainly as it can be written. */
struct plain {
	unsigned inputs, units, gates;
	int8_t w[NETWORK_GATES][UNITS][X + UNITS + 1];
	float scale[NETWORK_GATES][UNITS];
};

static void
make_plain(struct plain *p, unsigned inputs, unsigned gates)
{
	*p = (struct plain){.inputs = inputs, .units = UNITS, .gates = gates};
	for (unsigned g = 0; g < gates; g++)
		for (unsigned u = 0; u < UNITS; u++) {
			for (unsigned i = 0; i <= inputs; i++)
				p->w[g][u][i] = (int8_t)((int)(next() % 255) - 127);
			p->scale[g][u] = (float)(next() % 1000) / 2e6F;
		}
}

/* The same, laid out for the kernels. */
static struct weights
lay_out(const struct plain *p, const struct network_kernels *k)
{
	const size_t sums = (size_t)p->units * p->gates;
	struct weights w = {.inputs = p->inputs,
	    .units = p->units,
	    .gates = p->gates,
	    .w = calloc(sums, p->inputs),
	    .bias = calloc(sums, 4),
	    .scale = calloc(sums, 4)};
	int8_t *at = w.w;

	for (unsigned b = 0; b < p->units; b += k->lanes) {
		for (unsigned i = 0; i < p->inputs; i += 4)
			for (unsigned g = 0; g < p->gates; g++)
				for (unsigned u = b; u < b + k->lanes; u++, at += 4)
					memcpy(at, &p->w[g][u][i], 4);
		for (unsigned g = 0; g < p->gates; g++)
			for (unsigned u = 0; u < k->lanes; u++) {
				const int8_t *row = p->w[g][b + u];
				int sum = row[p->inputs] * 127;

				for (unsigned i = 0; i < p->inputs; i++)
					sum -= row[i] * k->zero;
				w.bias[b * p->gates + g * k->lanes + u] = sum;
				w.scale[b * p->gates + g * k->lanes + u] = p->scale[g][b + u];
			}
	}
	return w;
}

static void
free_weights(struct weights *w)
{
	free(w->w);
	free(w->bias);
	free(w->scale);
}

static float
plain_sum(const struct plain *p, unsigned g, unsigned u, const int8_t *in)
{
	int sum = p->w[g][u][p->inputs] * 127;

	for (unsigned i = 0; i < p->inputs; i++)
		sum += p->w[g][u][i] * in[i];
	return (float)sum * p->scale[g][u];
}

static float
table(const float *of, float x)
{
	const float at = x * 256;
	const unsigned i = (unsigned)at;

	return i >= NETWORK_TABLE - 1 ? 1 : of[i] + (of[i + 1] - of[i]) * (at - (float)i);
}

static float
plain_tanh(float x)
{
	return x < 0 ? -table(network_tanh, -x) : table(network_tanh, x);
}

static float
plain_logistic(float x)
{
	return x < 0 ? 1 - table(network_logistic, -x) : table(network_logistic, x);
}

static int8_t
plain_byte(float x)
{
	return (int8_t)(x < 0 ? -(int)(-x * 127 + 0.5F) : (int)(x * 127 + 0.5F));
}

/* in: X bytes below, UNITS bytes of the step before, which become this step's. */
static void
plain_step(const struct plain *p, int8_t in[X + UNITS], float state[UNITS])
{
	int8_t said[UNITS];

	for (unsigned u = 0; u < UNITS; u++) {
		float s = state[u] * plain_logistic(plain_sum(p, 2, u, in));

		s += plain_tanh(plain_sum(p, 0, u, in)) * plain_logistic(plain_sum(p, 1, u, in));
		state[u] = s > 100 ? 100 : s < -100 ? -100 : s;
		said[u] = plain_byte(plain_tanh(state[u]) * plain_logistic(plain_sum(p, 3, u, in)));
	}
	memcpy(in + X, said, UNITS);
}

/* The i-th kind of loop that this processor can run, NULL past the last. */
static const struct network_kernels *
kind(unsigned i)
{
#ifdef __x86_64__
	const struct network_kernels *const best = network_kernels_best();

	if (i == 0)
		return best;
	if (i == 1 && best == &network_avx512)
		return &network_avx2;
#endif
	return NULL;
}

/* The test of each kind of loop this processor can run. */
static void
each_kind(void (*test)(const struct network_kernels *))
{
	need_loops();
	for (unsigned i = 0; kind(i) != NULL; i++) {
		seed = 7;
		test(kind(i));
	}
}

static uint8_t *
bytes(const struct network_kernels *k, const int8_t *in, size_t n)
{
	uint8_t *ret = malloc(n);

	for (size_t i = 0; i < n; i++)
		ret[i] = (uint8_t)(in[i] + k->zero);
	return ret;
}

static void
check_along(const struct network_kernels *k)
{
	static struct plain p;
	int8_t in[STEPS * X];
	uint8_t ret[STEPS * UNITS], scratch[8192];
	struct weights w;

	make_plain(&p, X + UNITS, NETWORK_GATES);
	w = lay_out(&p, k);
	for (unsigned i = 0; i < sizeof(in); i++)
		in[i] = (int8_t)((int)(next() % 255) - 127);
	for (unsigned reversed = 0; reversed < 2; reversed++) {
		uint8_t *below = bytes(k, in, sizeof(in));
		int8_t source[X + UNITS] = {0};
		float state[UNITS] = {0};

		k->along(&w, X, below, STEPS, reversed, ret, scratch);
		for (unsigned i = 0; i < STEPS; i++) {
			const unsigned t = reversed ? STEPS - 1 - i : i;

			memcpy(source, in + t * X, X);
			plain_step(&p, source, state);
			for (unsigned u = 0; u < UNITS; u++)
				assert_int_equal(
				    (int8_t)(ret[t * UNITS + u] - k->zero), source[X + u]);
		}
		free(below);
	}
	free_weights(&w);
}

static void
check_columns(const struct network_kernels *k)
{
	static struct plain p;
	int8_t in[SEQUENCES * STEPS * X];
	uint8_t ret[SEQUENCES * UNITS], scratch[8192], *below;
	struct weights w;

	make_plain(&p, X + UNITS, NETWORK_GATES);
	w = lay_out(&p, k);
	for (unsigned i = 0; i < sizeof(in); i++)
		in[i] = (int8_t)((int)(next() % 255) - 127);
	below = bytes(k, in, sizeof(in));
	k->columns(&w, X, below, SEQUENCES, STEPS, ret, scratch);
	for (unsigned c = 0; c < SEQUENCES; c++) {
		int8_t source[X + UNITS] = {0};
		float state[UNITS] = {0};

		for (unsigned t = 0; t < STEPS; t++) {
			memcpy(source, in + (c * STEPS + t) * X, X);
			plain_step(&p, source, state);
		}
		for (unsigned u = 0; u < UNITS; u++)
			assert_int_equal((int8_t)(ret[c * UNITS + u] - k->zero), source[X + u]);
	}
	free(below);
	free_weights(&w);
}

static void
check_pool(const struct network_kernels *k)
{
	static struct plain p;
	int8_t in[9][NETWORK_WINDOW];
	uint8_t ret[NETWORK_FEATURES], *of[9];
	struct weights w;

	make_plain(&p, NETWORK_WINDOW, 1);
	p.units = NETWORK_FEATURES;
	w = lay_out(&p, k);
	for (unsigned i = 0; i < 9; i++) {
		for (unsigned j = 0; j < NETWORK_WINDOW; j++)
			in[i][j] = (int8_t)((int)(next() % 255) - 127);
		of[i] = bytes(k, in[i], NETWORK_WINDOW);
	}
	k->pool(&w, (const uint8_t *const *)of, ret);
	for (unsigned u = 0; u < NETWORK_FEATURES; u++) {
		int8_t largest = -127;

		for (unsigned i = 0; i < 9; i++) {
			const int8_t f = plain_byte(plain_tanh(plain_sum(&p, 0, u, in[i])));

			largest = f > largest ? f : largest;
		}
		assert_int_equal((int8_t)(ret[u] - k->zero), largest);
	}
	for (unsigned i = 0; i < 9; i++)
		free(of[i]);
	free_weights(&w);
}

static void
check_chances(const struct network_kernels *k)
{
	enum { OUTPUTS = UNITS - 3 };
	static struct plain p;
	int8_t in[STEPS * X];
	float ret[STEPS * OUTPUTS];
	uint8_t scratch[8192], *below;
	struct weights w;

	make_plain(&p, X, 1);
	w = lay_out(&p, k);
	for (unsigned i = 0; i < sizeof(in); i++)
		in[i] = (int8_t)((int)(next() % 255) - 127);
	below = bytes(k, in, sizeof(in));
	k->chances(&w, below, STEPS, OUTPUTS, ret, scratch);
	for (unsigned t = 0; t < STEPS; t++) {
		double total = 0;

		for (unsigned u = 0; u < OUTPUTS; u++)
			total += exp(plain_sum(&p, 0, u, in + t * X));
		for (unsigned u = 0; u < OUTPUTS; u++)
			assert_true(fabs(exp(plain_sum(&p, 0, u, in + t * X)) / total -
					 ret[t * OUTPUTS + u]) < 1e-6);
	}
	free(below);
	free_weights(&w);
}

static void
a_layer_along_the_line(void **state)
{
	each_kind(check_along);
}

static void
a_layer_down_the_columns(void **state)
{
	each_kind(check_columns);
}

static void
the_largest_of_the_convolution(void **state)
{
	each_kind(check_pool);
}

static void
chances_sum_to_one(void **state)
{
	each_kind(check_chances);
}

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
	seed = 11;
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
	    cmocka_unit_test(a_layer_along_the_line),
	    cmocka_unit_test(a_layer_down_the_columns),
	    cmocka_unit_test(the_largest_of_the_convolution),
	    cmocka_unit_test(chances_sum_to_one),
	    cmocka_unit_test(all_our_models_are_understood),
	    cmocka_unit_test(a_width_for_all_lines_is_refused),
	    cmocka_unit_test(what_is_cut_short_is_refused),
	    cmocka_unit_test(damage_is_survived),
	    cmocka_unit_test(lines_read_the_same),
	    cmocka_unit_test(what_was_seen_of_a_line_too_long_to_weigh_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
