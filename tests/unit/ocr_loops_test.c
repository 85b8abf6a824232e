/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops of networks, each kind that this processor can run, against sums written down plainly.
 */
#include <math.h>

#include "ocr_network.h"

#include "ocr/network_kernels.h"

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
		random_seed = 7;
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_layer_along_the_line),
	    cmocka_unit_test(a_layer_down_the_columns),
	    cmocka_unit_test(the_largest_of_the_convolution),
	    cmocka_unit_test(chances_sum_to_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
