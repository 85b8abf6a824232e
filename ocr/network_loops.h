/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loops of network_kernels.h over vectors of LANES numbers. Included by a file for each kind of
 * processor, which says before what its processor has a word for:
 *
 *   LANES                               numbers in a vector
 *   ASIDE                               steps or columns that one pass over weights serves: their
 *                                       sums stay in registers; at most NETWORK_ASIDE
 *   TARGET, INLINE                      what the compiler may use, and a function that uses it
 *   LOOPS, NAME, ZERO                   the kernels' name in C, in words, and their zero byte
 *   vi four(vi sum, vi four, vi w)      adds to each sum its four bytes of input times weights
 *   void pairs(table, vi i, vf *a, *b)  table[i] and table[i + 1]
 *
 * Nothing here may be contracted to a multiply-and-add: Tesseract rounds between (Makefile).
 */
#ifndef LANES
#error "included by network_avx2.c and network_avx512.c"
#endif

#include <string.h>

#include "ocr/network_kernels.h"

#define BLOCKS(w) ((w)->units / LANES)
#define LOOP static __attribute__((target(TARGET)))

typedef uint8_t vb __attribute__((vector_size(LANES)));

/* Four bytes of input, in all lanes. */
INLINE vi
spread(const uint8_t *bytes)
{
	int32_t four_bytes;

	memcpy(&four_bytes, bytes, sizeof(four_bytes));
	return four_bytes - (vi){0};
}

INLINE vi
load(const void *at)
{
	vi v;

	memcpy(&v, at, sizeof(v));
	return v;
}

INLINE vf
load_floats(const float *at)
{
	vf v;

	memcpy(&v, at, sizeof(v));
	return v;
}

/* In each lane yes where mask is all ones, no where it is 0. */
INLINE vi
choose(vi mask, vi yes, vi no)
{
	return (yes & mask) | (no & ~mask);
}

INLINE vf
choose_float(vi mask, vf yes, vf no)
{
	return (vf)choose(mask, (vi)yes, (vi)no);
}

INLINE vf
least(vf a, vf b)
{
	return choose_float(a < b, a, b);
}

INLINE vf
most(vf a, vf b)
{
	return choose_float(a > b, a, b);
}

/* ---- activations ---- */

#define SIGN (INT32_MIN - (vi){0})

/* The table's function at |x|, 1 past its end. */
INLINE vf
interpolate(const float *table, vf x)
{
	const vf last = (NETWORK_TABLE - 1) - (vf){0};
	vf at = (vf)((vi)x & ~SIGN) * 256.0F, a, b;
	vi i;

	i = __builtin_convertvector(least(at, last - 1.0F), vi);
	pairs(table, i, &a, &b);
	a = a + (b - a) * (at - __builtin_convertvector(i, vf));
	return choose_float(at >= last, 1.0F - (vf){0}, a);
}

INLINE vf
tanh_of(vf x)
{
	const vf y = interpolate(network_tanh, x);

	return choose_float(x < 0.0F, -y, y);
}

INLINE vf
logistic_of(vf x)
{
	const vf y = interpolate(network_logistic, x);

	return choose_float(x < 0.0F, 1.0F - y, y);
}

/* As bytes: 127 times as large, halves away from 0. */
INLINE void
store_bytes(vf x, uint8_t *ret)
{
	const vf large = (vf)((vi)x & ~SIGN) * 127.0F + 0.5F;
	vi q = __builtin_convertvector(least(large, 127.0F - (vf){0}), vi);
	vb bytes;

	q = choose((vi)x < 0, -q, q);
	bytes = __builtin_convertvector(q + ZERO, vb);
	memcpy(ret, &bytes, sizeof(bytes));
}

/* What the sums of gate g of block b mean. */
INLINE vf
scaled(const struct weights *w, unsigned b, unsigned g, vi sum)
{
	return __builtin_convertvector(sum, vf) *
	       load_floats(w->scale + (b * w->gates + g) * LANES);
}

/* ---- convolution ---- */

LOOP void
pool(const struct weights *w, const uint8_t *const windows[9], uint8_t *ret)
{
	for (unsigned b = 0; b < NETWORK_FEATURES / LANES; b++) {
		const int8_t *at = w->w + (size_t)b * NETWORK_WINDOW * LANES;
		const vi w0 = load(at), w1 = load(at + 4 * LANES), w2 = load(at + 8 * LANES),
			 bias = load(w->bias + b * LANES);
		vi largest = INT32_MIN - (vi){0};

		for (unsigned i = 0; i < 9; i++) {
			vi sum = four(bias, spread(windows[i]), w0);

			sum = four(sum, spread(windows[i] + 4), w1);
			sum = four(sum, spread(windows[i] + 8), w2);
			largest = choose(sum > largest, sum, largest);
		}
		/* larger sums are larger after tanh and as bytes */
		store_bytes(tanh_of(scaled(w, b, 0, largest)), ret + b * LANES);
	}
}

/* ---- recurrent layers ---- */

/* What the units of block b become, of which sum are the gates; state is theirs. */
INLINE void
unit(const struct weights *w, unsigned b, const vi sum[NETWORK_GATES], float *state, uint8_t *ret)
{
	const vf limit = 100.0F - (vf){0};
	vf s = load_floats(state);

	s = s * logistic_of(scaled(w, b, 2, sum[2]));
	s = s + tanh_of(scaled(w, b, 0, sum[0])) * logistic_of(scaled(w, b, 1, sum[1]));
	s = most(least(s, limit), -limit);
	memcpy(state, &s, sizeof(s));
	store_bytes(tanh_of(s) * logistic_of(scaled(w, b, 3, sum[3])), ret);
}

typedef vi gate_sums[NETWORK_GATES];

INLINE void
begin_sums(const int32_t *begin, gate_sums ret)
{
	for (unsigned g = 0; g < NETWORK_GATES; g++)
		ret[g] = load(begin + g * LANES);
}

/* Adds to the sums of block b, of n ≤ ASIDE layers side by side, some of their inputs:
 * from one up to another; in: these, row bytes apart. */
INLINE void
add_inputs(const struct weights *w, unsigned b, unsigned n, unsigned from, unsigned to,
    const uint8_t *in, unsigned row, gate_sums *sum)
{
	const int8_t *at = w->w + ((size_t)b * w->inputs + from) * NETWORK_GATES * LANES;
	gate_sums s[ASIDE]; /* of constant indices only: these stay in registers */

#pragma GCC unroll 16
	for (unsigned k = 0; k < n; k++)
		for (unsigned g = 0; g < NETWORK_GATES; g++)
			s[k][g] = sum[k][g];
	for (unsigned i = from; i < to; i += 4, at += 4 * NETWORK_GATES * LANES) {
		const vi w0 = load(at), w1 = load(at + 4 * LANES), w2 = load(at + 8 * LANES),
			 w3 = load(at + 12 * LANES);

#pragma GCC unroll 16
		for (unsigned k = 0; k < n; k++) {
			const vi bytes = spread(in + k * row + i - from);

			s[k][0] = four(s[k][0], bytes, w0);
			s[k][1] = four(s[k][1], bytes, w1);
			s[k][2] = four(s[k][2], bytes, w2);
			s[k][3] = four(s[k][3], bytes, w3);
		}
	}
#pragma GCC unroll 16
	for (unsigned k = 0; k < n; k++)
		for (unsigned g = 0; g < NETWORK_GATES; g++)
			sum[k][g] = s[k][g];
}

/* Begins the sums of ASIDE steps with what the layer below says, x bytes each, at one
 * pass over its weights; ret: the sums of all blocks of each step. */
LOOP void
sums_below(const struct weights *w, unsigned x, const uint8_t *in, int32_t *ret)
{
	for (unsigned b = 0; b < BLOCKS(w); b++) {
		const size_t block = (size_t)b * NETWORK_GATES * LANES;
		gate_sums sum[ASIDE];

		for (unsigned k = 0; k < ASIDE; k++)
			begin_sums(w->bias + block, sum[k]);
		add_inputs(w, b, ASIDE, 0, x, in, x, sum);
		for (unsigned k = 0; k < ASIDE; k++)
			for (unsigned g = 0; g < NETWORK_GATES; g++)
				memcpy(
				    ret + k * (size_t)w->units * NETWORK_GATES + block + g * LANES,
				    &sum[k][g], sizeof(vi));
	}
}

LOOP void
along(const struct weights *w, unsigned x, const uint8_t *in, unsigned steps, bool reversed,
    uint8_t *ret, void *scratch)
{
	const size_t sums = (size_t)w->units * NETWORK_GATES;
	int32_t *begun = scratch; /* of ASIDE steps */
	float *state = (float *)(begun + ASIDE * sums);
	uint8_t *nothing = (uint8_t *)(state + w->units), *below = nothing + w->units;
	const uint8_t *before = nothing; /* what the units said at the step before */

	memset(state, 0, w->units * sizeof(*state));
	memset(nothing, ZERO, w->units);
	memset(below, ZERO, (size_t)ASIDE * x);
	for (unsigned i = 0; i < steps; i++) {
		const unsigned k = i % ASIDE;
		uint8_t *out = ret + (size_t)(reversed ? steps - 1 - i : i) * w->units;

		for (unsigned j = 0; k == 0 && j < ASIDE && i + j < steps; j++)
			memcpy(below + j * x,
			    in + (size_t)(reversed ? steps - 1 - i - j : i + j) * x, x);
		if (k == 0)
			sums_below(w, x, below, begun);
		for (unsigned b = 0; b < BLOCKS(w); b++) {
			gate_sums sum[1];

			begin_sums(begun + k * sums + (size_t)b * NETWORK_GATES * LANES, sum[0]);
			add_inputs(w, b, 1, x, w->inputs, before, 0, sum);
			unit(w, b, sum[0], state + b * LANES, out + b * LANES);
		}
		before = out;
	}
}

/* Block b of the layers of ASIDE columns at one step. */
INLINE void
columns_block(const struct weights *w, unsigned b, const uint8_t *source, unsigned row,
    float *state, uint8_t *said)
{
	gate_sums sum[ASIDE];

	for (unsigned k = 0; k < ASIDE; k++)
		begin_sums(w->bias + (size_t)b * NETWORK_GATES * LANES, sum[k]);
	add_inputs(w, b, ASIDE, 0, w->inputs, source, row, sum);
	for (unsigned k = 0; k < ASIDE; k++)
		unit(w, b, sum[k], state + (size_t)k * w->units + b * LANES,
		    said + (size_t)k * w->units + b * LANES);
}

LOOP void
columns(const struct weights *w, unsigned x, const uint8_t *in, unsigned n, unsigned steps,
    uint8_t *ret, void *scratch)
{
	const unsigned row = x + w->units;
	float *state = scratch;
	uint8_t *said = (uint8_t *)(state + (size_t)ASIDE * w->units),
		*source = said + (size_t)ASIDE * w->units;

	for (unsigned c = 0; c < n; c += ASIDE) {
		const unsigned some = n - c < ASIDE ? n - c : ASIDE;

		memset(state, 0, ASIDE * w->units * sizeof(*state));
		memset(said, ZERO, (size_t)ASIDE * w->units);
		memset(source, ZERO, (size_t)ASIDE * row);
		for (unsigned t = 0; t < steps; t++) {
			for (unsigned k = 0; k < some; k++) {
				memcpy(source + k * row, in + ((size_t)(c + k) * steps + t) * x, x);
				memcpy(source + k * row + x, said + k * w->units, w->units);
			}
			for (unsigned b = 0; b < BLOCKS(w); b++)
				columns_block(w, b, source, row, state, said);
		}
		memcpy(ret + (size_t)c * w->units, said, (size_t)some * w->units);
	}
}

/* ---- chances ---- */

/* exp(x) of −86 to 0, to the last bit or two. */
INLINE vf
exp_of(vf x)
{
	/* x = n ln 2 + r, |r| ≤ ln 2 / 2; ln 2 in two parts, the first exact when times n */
	const vf turn = x * 1.44269504F - 0.5F;
	const vi n = __builtin_convertvector(turn, vi);
	const vf whole = __builtin_convertvector(n, vf);
	const vf r = (x - whole * 0.693359375F) + whole * 2.12194440e-4F;
	vf sum = r * (1.0F / 5040) + 1.0F / 720;

	sum = sum * r + 1.0F / 120;
	sum = sum * r + 1.0F / 24;
	sum = sum * r + 1.0F / 6;
	sum = sum * r + 0.5F;
	sum = sum * r * r + r + 1.0F;
	return (vf)((vi)sum + n * (1 << 23));
}

/* Makes chances of what the units of one step say. */
LOOP void
softmax(float *units, unsigned padded, unsigned outputs, float *ret)
{
	float largest = units[0], total = 0;

	for (unsigned i = 1; i < outputs; i++)
		largest = units[i] > largest ? units[i] : largest;
	for (unsigned i = 0; i < padded; i += LANES) {
		const vf x = load_floats(units + i) - largest;
		const vf e = exp_of(least(most(x, -86.0F - (vf){0}), (vf){0}));

		memcpy(units + i, &e, sizeof(e));
	}
	for (unsigned i = 0; i < outputs; i++)
		total += units[i];
	for (unsigned i = 0; i < outputs; i++)
		ret[i] = units[i] / total;
}

LOOP void
chances(const struct weights *w, const uint8_t *in, unsigned steps, unsigned outputs, float *ret,
    void *scratch)
{
	float *units = scratch;

	for (unsigned t = 0; t < steps; t += ASIDE) {
		const unsigned some = steps - t < ASIDE ? steps - t : ASIDE;

		for (unsigned b = 0; b < BLOCKS(w); b++) {
			const int8_t *at = w->w + (size_t)b * w->inputs * LANES;
			vi sum[ASIDE];

			for (unsigned k = 0; k < ASIDE; k++)
				sum[k] = load(w->bias + b * LANES);
			for (unsigned i = 0; i < w->inputs; i += 4, at += 4 * LANES)
				for (unsigned k = 0; k < ASIDE; k++)
					sum[k] = four(sum[k],
					    spread(in +
						   (size_t)(t + (k < some ? k : 0)) * w->inputs +
						   i),
					    load(at));
			for (unsigned k = 0; k < ASIDE; k++) {
				const vf f = scaled(w, b, 0, sum[k]);

				memcpy(units + k * w->units + b * LANES, &f, sizeof(f));
			}
		}
		for (unsigned k = 0; k < some; k++)
			softmax(units + k * w->units, w->units, outputs,
			    ret + (size_t)(t + k) * outputs);
	}
}

const struct network_kernels LOOPS = {NAME, LANES, ZERO, pool, columns, along, chances};
