/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network from pixels to chances (network.h), layer after layer. What lies between two layers is
 * one byte a feature; the pixels stand column by column, as the layer down the columns wants them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/network_layers.h"

#define NOISE_SEED_MAX 2147483647u

/* A line on its way. */
struct line_in {
	const struct network *n;
	const int8_t *pixels;
	unsigned width, height, steps;
	uint64_t seed;
	uint8_t *columns;       /* [width][height + 4] */
	uint8_t *top, *bottom;  /* windows at these edges: [width][NETWORK_WINDOW] */
	uint8_t *left, *right;  /* [height][NETWORK_WINDOW] */
	uint8_t *windows;       /* of the columns that become one: [3][height][NETWORK_WINDOW] */
	uint8_t *features;      /* [steps][height / 3][NETWORK_FEATURES] */
	uint8_t *below, *above; /* what a layer reads and writes: [steps][units] */
	void *scratch;
};

/* ---- the picture ---- */

/* From −127 to 127, as std::minstd_rand says next. */
static uint8_t
noise(struct line_in *l)
{
	double d;

	l->seed = l->seed * 48271 % NOISE_SEED_MAX;
	d = 127 * 2.0 * (double)l->seed / NOISE_SEED_MAX - 127;
	return (uint8_t)((d >= 0 ? (int)(d + 0.5) : -(int)(-d + 0.5)) + l->n->kernels->zero);
}

/* The window around a pixel at the edge, noise beyond it. */
static void
edge_window(struct line_in *l, unsigned x, unsigned y, uint8_t window[NETWORK_WINDOW])
{
	memset(window, l->n->kernels->zero, NETWORK_WINDOW);
	for (unsigned dx = 0; dx < 3; dx++)
		for (unsigned dy = 0; dy < 3; dy++) {
			const bool inside =
			    x + dx >= 1 && x + dx <= l->width && y + dy >= 1 && y + dy <= l->height;

			window[dx * 4 + dy] =
			    inside ? l->columns[(size_t)(x + dx - 1) * (l->height + 4) + y + dy - 1]
				   : noise(l);
		}
}

/* All windows at the edges, in the order in which the noise was drawn: row by row. */
static void
edge_windows(struct line_in *l)
{
	const unsigned last = l->height - 1;

	for (unsigned y = 0; y < l->height; y++) {
		if (y == 0 || y == last)
			for (unsigned x = 0; x < l->width; x++)
				edge_window(l, x, y,
				    (y == 0 ? l->top : l->bottom) + (size_t)x * NETWORK_WINDOW);
		else {
			edge_window(l, 0, y, l->left + (size_t)y * NETWORK_WINDOW);
			edge_window(l, l->width - 1, y, l->right + (size_t)y * NETWORK_WINDOW);
		}
	}
}

static void
turn_pixels(struct line_in *l)
{
	for (unsigned x = 0; x < l->width; x++) {
		uint8_t *column = l->columns + (size_t)x * (l->height + 4);

		for (unsigned y = 0; y < l->height; y++)
			column[y] =
			    (uint8_t)(l->pixels[(size_t)y * l->width + x] + l->n->kernels->zero);
	}
}

/* The windows around the pixels of column x. */
static void
column_windows(struct line_in *l, unsigned x, uint8_t *ret)
{
	const size_t row = l->height + 4;
	const unsigned last = l->height - 1;

	if (x == 0 || x == l->width - 1)
		memcpy(ret, x == 0 ? l->left : l->right, (size_t)l->height * NETWORK_WINDOW);
	else
		for (unsigned y = 1; y < last; y++) {
			const uint8_t *at = l->columns + (x - 1) * row + y - 1;

			memcpy(ret + y * NETWORK_WINDOW, at, 4);
			memcpy(ret + y * NETWORK_WINDOW + 4, at + row, 4);
			memcpy(ret + y * NETWORK_WINDOW + 8, at + 2 * row, 4);
		}
	memcpy(ret, l->top + (size_t)x * NETWORK_WINDOW, NETWORK_WINDOW);
	memcpy(ret + (size_t)last * NETWORK_WINDOW, l->bottom + (size_t)x * NETWORK_WINDOW,
	    NETWORK_WINDOW);
}

/* Features of what three by three pixels around show, the largest of three by three of these. */
static void
find_features(struct line_in *l)
{
	const unsigned rows = l->height / NETWORK_SHRINK;
	uint8_t *ret = l->features;

	for (unsigned t = 0; t < l->steps; t++) {
		for (unsigned dx = 0; dx < NETWORK_SHRINK; dx++)
			column_windows(l, t * NETWORK_SHRINK + dx,
			    l->windows + (size_t)dx * l->height * NETWORK_WINDOW);
		for (unsigned y = 0; y < rows; y++, ret += NETWORK_FEATURES) {
			const uint8_t *of[9];

			for (unsigned i = 0; i < 9; i++)
				of[i] = l->windows +
					((size_t)(i / 3) * l->height + y * NETWORK_SHRINK + i % 3) *
					    NETWORK_WINDOW;
			l->n->kernels->pool(&l->n->features, of, ret);
		}
	}
}

/* ---- the layers ---- */

static void
run_layers(struct line_in *l, float *ret)
{
	const struct network *n = l->n;
	const struct recurrent *down = &n->columns;
	uint8_t *swap;

	n->kernels->columns(&down->w, down->x, l->features, l->steps, l->height / NETWORK_SHRINK,
	    l->below, l->scratch);
	for (unsigned i = 0; i < n->nlayers; i++) {
		const struct recurrent *layer = &n->along[i];

		n->kernels->along(
		    &layer->w, layer->x, l->below, l->steps, layer->reversed, l->above, l->scratch);
		swap = l->below;
		l->below = l->above;
		l->above = swap;
	}
	n->kernels->chances(&n->chances, l->below, l->steps, n->outputs, ret, l->scratch);
}

/* Bytes for the widest of the layers. */
static size_t
widest(const struct network *n)
{
	size_t most = n->columns.w.units > n->chances.units ? n->columns.w.units : n->chances.units;

	for (unsigned i = 0; i < n->nlayers; i++)
		if (n->along[i].w.inputs > most)
			most = n->along[i].w.inputs;
	return most;
}

/* Cuts size bytes off the block. */
static uint8_t *
cut(uint8_t **block, size_t size)
{
	uint8_t *at = *block;

	*block += (size + 63) & ~(size_t)63;
	return at;
}

/* Shares block out to l, or with a block of NULL only counts: bytes. */
static size_t
lay_out(struct line_in *l, uint8_t *block)
{
	const size_t units = widest(l->n);
	uint8_t *at = block;

	l->columns = cut(&at, (size_t)l->width * (l->height + 4));
	l->top = cut(&at, (size_t)l->width * NETWORK_WINDOW);
	l->bottom = cut(&at, (size_t)l->width * NETWORK_WINDOW);
	l->left = cut(&at, (size_t)l->height * NETWORK_WINDOW);
	l->right = cut(&at, (size_t)l->height * NETWORK_WINDOW);
	l->windows = cut(&at, 3 * (size_t)l->height * NETWORK_WINDOW);
	l->features = cut(&at, (size_t)l->steps * l->height * NETWORK_FEATURES / NETWORK_SHRINK);
	l->below = cut(&at, l->steps * units);
	l->above = cut(&at, l->steps * units);
	l->scratch = cut(&at, network_scratch((unsigned)units, (unsigned)units));
	return (size_t)(at - block);
}

int
network_run(
    const struct network *n, const int8_t *pixels, unsigned width, uint64_t seed, float *ret)
{
	struct line_in l = {.n = n,
	    .pixels = pixels,
	    .width = width,
	    .height = n->height,
	    .steps = width / NETWORK_SHRINK,
	    .seed = seed};
	_cleanup_(freep) void *block = NULL;

	if (l.steps == 0 || width > NETWORK_WIDTH_MAX)
		return -EINVAL;
	block = aligned_alloc(64, lay_out(&l, NULL));
	if (block == NULL)
		return -ENOMEM;
	lay_out(&l, block);
	turn_pixels(&l);
	edge_windows(&l);
	find_features(&l);
	run_layers(&l, ret);
	return 0;
}
