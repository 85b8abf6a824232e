/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a network from the bytes of a model (network.h) and lays its weights out as the loops want
 * them. Nothing in the bytes is believed. Knows nothing of Tesseract's objects: what binds this to
 * them is engine_network.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "little.h"
#include "ocr/network_layers.h"

#define DEPTH_MAX 4      /* of series within series */
#define SIZE_MAX_OF 4096 /* inputs or units of a layer; the largest known have 608 */
#define WHOLE_NUMBERS 1  /* flags of a matrix of weights */
#define DOUBLES 128
#define OWN_RATES 64 /* flag of a series: how fast each layer learned is noted */

/* What has been read so far: the next layer may be one of the next stage. */
enum stage { NOTHING, INPUT, CONVOLVE, FEATURES, LARGEST, COLUMNS, ALONG, CHANCES };

/* ---- the bytes ---- */

struct reader {
	const uint8_t *at, *end;
	struct network *n;
	enum stage stage;
	bool reversed, down;
	int error;
};

static const uint8_t *
take(struct reader *r, size_t size)
{
	const uint8_t *at = r->at;

	if (r->error == 0 && size > (size_t)(r->end - r->at))
		r->error = -EBADMSG;
	if (r->error < 0)
		return NULL;
	r->at += size;
	return at;
}

static uint32_t
take_number(struct reader *r)
{
	const uint8_t *at = take(r, 4);

	return at != NULL ? get_u32(at) : 0;
}

/* A number from 1 to SIZE_MAX_OF. */
static unsigned
take_size(struct reader *r)
{
	const uint32_t size = take_number(r);

	if (r->error == 0 && (size == 0 || size > SIZE_MAX_OF))
		r->error = -EBADMSG;
	return r->error < 0 ? 0 : size;
}

static void
expect(struct reader *r, bool so)
{
	if (r->error == 0 && !so)
		r->error = -EOPNOTSUPP;
}

/* ---- weights ---- */

/* A matrix as the model has it. */
struct matrix {
	unsigned rows, columns; /* the last column is the bias */
	const int8_t *w;
	const uint8_t *scales; /* a double for each row */
};

static struct matrix
take_matrix(struct reader *r)
{
	struct matrix m = {0};
	const uint8_t *flags = take(r, 1);

	expect(
	    r, flags != NULL && (*flags & (WHOLE_NUMBERS | DOUBLES)) == (WHOLE_NUMBERS | DOUBLES));
	m.rows = take_size(r);
	m.columns = take_size(r);
	take(r, 1); /* what empty places would hold */
	m.w = (const int8_t *)take(r, (size_t)m.rows * m.columns);
	if (take_number(r) != m.rows && r->error == 0)
		r->error = -EBADMSG;
	m.scales = take(r, (size_t)m.rows * sizeof(double));
	return m;
}

static int
new_weights(struct weights *w, unsigned inputs, unsigned units, unsigned gates)
{
	const size_t sums = (size_t)units * gates;

	*w = (struct weights){.inputs = inputs, .units = units, .gates = gates};
	w->w = calloc(sums, inputs);
	w->bias = calloc(sums, sizeof(*w->bias));
	w->scale = calloc(sums, sizeof(*w->scale));
	return w->w == NULL || w->bias == NULL || w->scale == NULL ? -ENOMEM : 0;
}

static void
free_weights(struct weights *w)
{
	free(w->w);
	free(w->bias);
	free(w->scale);
}

/* Places the matrix as a gate's weights. place: which input stands at each of w->inputs, −1: none.
 */
static void
fill_gate(const struct network *n, struct weights *w, unsigned gate, const struct matrix *m,
    const int *place)
{
	const unsigned lanes = n->kernels->lanes;

	for (unsigned u = 0; u < m->rows; u++) {
		const size_t block = (size_t)(u / lanes) * w->gates, lane = u % lanes;
		const int8_t *row = m->w + (size_t)u * m->columns;
		const size_t sum = (block + gate) * lanes + lane;
		double scale;

		w->bias[sum] = row[m->columns - 1] * 127;
		for (unsigned i = 0; i < w->inputs; i++) {
			const int input = place != NULL ? place[i] : (int)i;

			if (input < 0)
				continue;
			w->w[(block * w->inputs / 4 + (size_t)(i / 4) * w->gates + gate) * lanes *
				 4 +
			     lane * 4 + i % 4] = row[input];
			w->bias[sum] -= row[input] * n->kernels->zero;
		}
		memcpy(&scale, m->scales + u * sizeof(scale), sizeof(scale));
		w->scale[sum] = (float)(scale / 127);
	}
}

static void
take_features(struct reader *r)
{
	static const int place[NETWORK_WINDOW] = {0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1};
	const struct matrix m = take_matrix(r);

	expect(r, r->stage == CONVOLVE && m.rows == NETWORK_FEATURES && m.columns == 10);
	if (r->error == 0)
		r->error = new_weights(&r->n->features, NETWORK_WINDOW, NETWORK_FEATURES, 1);
	if (r->error == 0)
		fill_gate(r->n, &r->n->features, 0, &m, place);
	r->stage = FEATURES;
}

static void
take_chances(struct reader *r, unsigned outputs)
{
	const struct recurrent *below = &r->n->along[r->n->nlayers > 0 ? r->n->nlayers - 1 : 0];
	const struct matrix m = take_matrix(r);

	expect(r, r->stage == ALONG && m.rows == outputs && m.columns == below->w.units + 1);
	r->n->outputs = outputs;
	if (r->error == 0)
		r->error = new_weights(&r->n->chances, below->w.units,
		    (outputs + NETWORK_UNITS - 1) / NETWORK_UNITS * NETWORK_UNITS, 1);
	if (r->error == 0)
		fill_gate(r->n, &r->n->chances, 0, &m, NULL);
	r->stage = CHANCES;
}

static void
take_recurrent(struct reader *r, bool down, unsigned x, unsigned units)
{
	struct network *n = r->n;
	struct recurrent *layer = down ? &n->columns : &n->along[n->nlayers % NETWORK_LAYERS];
	const unsigned below = down              ? NETWORK_FEATURES
			       : n->nlayers == 0 ? n->columns.w.units
						 : n->along[n->nlayers - 1].w.units;

	expect(r, down == r->down && !(down && r->reversed) && n->nlayers < NETWORK_LAYERS &&
		      (down ? r->stage == LARGEST : r->stage == COLUMNS || r->stage == ALONG));
	expect(r, x == below && units % NETWORK_UNITS == 0);
	if (take_number(r) != x + units && r->error == 0)
		r->error = -EOPNOTSUPP;
	if (r->error == 0)
		r->error = new_weights(&layer->w, x + units, units, NETWORK_GATES);
	layer->x = x;
	layer->reversed = r->reversed;
	for (unsigned g = 0; g < NETWORK_GATES && r->error == 0; g++) {
		const struct matrix m = take_matrix(r);

		expect(r, m.rows == units && m.columns == x + units + 1);
		if (r->error == 0)
			fill_gate(n, &layer->w, g, &m, NULL);
	}
	n->nlayers += !down;
	r->stage = down ? COLUMNS : ALONG;
}

/* ---- layers ---- */

struct header {
	char type[16];
	uint32_t flags;
	unsigned inputs, outputs;
};

static struct header
take_header(struct reader *r)
{
	struct header h = {0};
	const uint8_t *at = take(r, 1);
	uint32_t size;

	expect(r, at != NULL && *at == 0); /* a name follows, not a number */
	size = take_number(r);
	expect(r, size < sizeof(h.type));
	at = take(r, size);
	if (at != NULL)
		memcpy(h.type, at, size); /* length checked above */
	take(r, 2);                       /* of its training */
	h.flags = take_number(r);
	h.inputs = take_size(r);
	h.outputs = take_size(r);
	take_number(r);
	take(r, take_number(r)); /* its name */
	return h;
}

static void take_layers(struct reader *r, uint32_t flags, unsigned depth);

static void
take_input(struct reader *r)
{
	const uint8_t *at = take(r, 20); /* batch, height, width, depth, kind of loss */

	expect(r, r->stage == NOTHING && at != NULL && get_u32(at + 12) == 1);
	expect(r, at != NULL && get_u32(at + 8) == 0); /* as wide as the line is */
	if (r->error < 0)
		return;
	r->n->height = get_u32(at + 4);
	expect(r, r->n->height >= NETWORK_SHRINK && r->n->height <= 128);
	r->stage = INPUT;
}

/* Two numbers, both of this size. */
static void
take_square(struct reader *r, enum stage before, unsigned size, enum stage then)
{
	const unsigned x = take_number(r), y = take_number(r);

	expect(r, r->stage == before && x == size && y == size);
	r->stage = then;
}

static void
take_layer(struct reader *r, unsigned depth)
{
	const struct header h = take_header(r);
	const bool reversed = r->reversed, down = r->down;

	if (r->error < 0)
		return;
	if (strcmp(h.type, "Input") == 0)
		take_input(r);
	else if (strcmp(h.type, "Convolve") == 0)
		take_square(r, INPUT, 1, CONVOLVE);
	else if (strcmp(h.type, "Tanh") == 0)
		take_features(r);
	else if (strcmp(h.type, "Maxpool") == 0)
		take_square(r, FEATURES, NETWORK_SHRINK, LARGEST);
	else if (strcmp(h.type, "SummLSTM") == 0)
		take_recurrent(r, true, h.inputs, h.outputs);
	else if (strcmp(h.type, "LSTM") == 0)
		take_recurrent(r, false, h.inputs, h.outputs);
	else if (strcmp(h.type, "Softmax") == 0)
		take_chances(r, h.outputs);
	else if (strcmp(h.type, "Series") == 0)
		take_layers(r, h.flags, depth + 1);
	else if (strcmp(h.type, "RTLReversed") == 0) {
		r->reversed = !reversed;
		take_layers(r, h.flags, depth + 1);
	} else if (strcmp(h.type, "XYTranspose") == 0) {
		r->down = !down;
		take_layers(r, h.flags, depth + 1);
	} else
		expect(r, false);
	r->reversed = reversed;
	r->down = down;
}

static void
take_layers(struct reader *r, uint32_t flags, unsigned depth)
{
	const unsigned n = take_size(r);

	expect(r, depth < DEPTH_MAX);
	for (unsigned i = 0; i < n && r->error == 0; i++)
		take_layer(r, depth);
	if (flags & OWN_RATES)
		take(r, (size_t)take_number(r) * 4);
}

int
network_new(const uint8_t *data, size_t size, struct network **ret)
{
	_cleanup_(network_freep) struct network *n = calloc(1, sizeof(*n));
	struct reader r = {.at = data, .end = data + size, .n = n};

	if (n == NULL)
		return -ENOMEM;
	n->kernels = network_kernels_best();
	if (n->kernels == NULL)
		return -EOPNOTSUPP;
	take_layers(&r, 0, 0);
	expect(&r, r.stage == CHANCES);
	if (r.error < 0)
		return r.error;
	*ret = TAKE_PTR(n);
	return 0;
}

unsigned
network_height(const struct network *n)
{
	return n->height;
}

unsigned
network_outputs(const struct network *n)
{
	return n->outputs;
}

void
network_free(struct network *n)
{
	if (n == NULL)
		return;
	free_weights(&n->features);
	free_weights(&n->chances);
	free_weights(&n->columns.w);
	for (unsigned i = 0; i < NETWORK_LAYERS; i++)
		free_weights(&n->along[i].w);
	free(n);
}
