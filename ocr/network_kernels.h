/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The loops of a network (network.h), once for each kind of processor. Sums are of whole numbers
 * and activations are interpolated in Tesseract's own tables, in its order of float operations: all
 * kinds give the same bytes, but for the last bits of the chances.
 *
 * Bytes between layers are numbers from −127 to 127, plus zero: the byte that stands for 0.
 */
#ifndef FUMIKURA_OCR_NETWORK_KERNELS_H
#define FUMIKURA_OCR_NETWORK_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

#define NETWORK_FEATURES 16 /* of the convolution */
#define NETWORK_WINDOW 12   /* bytes: three columns of three pixels and one that does not count */
#define NETWORK_GATES 4     /* of a recurrent layer: input, input gate, forget gate, output gate */
#define NETWORK_UNITS 16    /* the units of a layer are a multiple of this */
#define NETWORK_TABLE 4096  /* entries of the tables, 256 to the unit */

/*
 * Weights for sums of inputs, four at a time: [units / lanes][inputs / 4][gates][lanes][4], where a
 * layer that is not recurrent has one gate. bias and scale: [units / lanes][gates][lanes].
 * bias is what the sums begin with.
 */
struct weights {
	unsigned inputs, units, gates;
	int8_t *w;
	int32_t *bias;
	float *scale;
};

struct network_kernels {
	const char *name;
	unsigned lanes;
	uint8_t zero;
	/* The largest of nine windows' features; ret: NETWORK_FEATURES bytes. */
	void (*pool)(const struct weights *w, const uint8_t *const windows[9], uint8_t *ret);
	/*
	 * A recurrent layer over n sequences of steps steps of x bytes, each begun anew; ret: what
	 * its units say at the end of each. scratch: network_scratch() bytes.
	 */
	void (*columns)(const struct weights *w, unsigned x, const uint8_t *in, unsigned n,
	    unsigned steps, uint8_t *ret, void *scratch);
	/* A recurrent layer along one sequence, from its end if reversed; ret: steps × units. */
	void (*along)(const struct weights *w, unsigned x, const uint8_t *in, unsigned steps,
	    bool reversed, uint8_t *ret, void *scratch);
	/* Chances of each of outputs (of the units, the first), for each step: ret: steps ×
	 * outputs. */
	void (*chances)(const struct weights *w, const uint8_t *in, unsigned steps,
	    unsigned outputs, float *ret, void *scratch);
};

/* The best that this processor can, NULL: none. */
const struct network_kernels *network_kernels_best(void);

extern const struct network_kernels network_avx2, network_avx512;

#define NETWORK_ASIDE 4 /* columns or steps that one pass over the weights serves, at most */

/* Bytes of scratch space that a layer of units units and x inputs beside them needs. */
static inline size_t
network_scratch(unsigned x, unsigned units)
{
	return NETWORK_ASIDE *
	       ((size_t)x + units * (2 + sizeof(float) + NETWORK_GATES * sizeof(int32_t)));
}

/* Tesseract's tables of tanh and of the logistic function from 0 on. */
extern const float network_tanh[NETWORK_TABLE] __asm__("_ZN9tesseract9TanhTableE");
extern const float network_logistic[NETWORK_TABLE] __asm__("_ZN9tesseract13LogisticTableE");

#endif
