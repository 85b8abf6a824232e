/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts our networks in the place of Tesseract 5's (engine_network.h). Three of its functions are
 * answered here, all called through the linker's table: the loading of a series of layers, whose
 * bytes also make ours; the making of a network's input from a picture; and a series' run.
 *
 * Of Tesseract's objects only the head of its file in memory is looked into; pixels are asked for
 * and chances handed over by its own functions. That those are as declared here holds for 5.3.0 and
 * is not checked when we run: tests/unit/ocr_vain_test.c fails with another libtesseract, and with
 * one that lacks what we call no program starts. Where only its sums differ, a network of ours
 * gives other chances for its first lines, and the library goes on alone.
 */
#include <dlfcn.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/engine_network.h"
#include "ocr/network.h"

#define NETWORKS_MAX 32      /* more stay with the library; a worker has five */
#define TRUST_STEPS 64       /* of lines that both read alike: some eight glyphs */
#define DIFFERENCE_MAX 1e-4F /* of chances, that float sums in another order may make */

/* The head of Tesseract's TFile: what it reads from. */
struct file {
	struct {
		const uint8_t *begin, *end;
	} * data;
	unsigned offset;
};

/* A series of layers and what we know of it. */
struct known {
	const void *series;
	struct network *ours; /* NULL: it stays with the library */
	unsigned agreed;      /* steps that both saw alike, until ours is trusted */
};

/* One thread of a worker reads; hooks have no context to hang on. */
static struct {
	struct known known[NETWORKS_MAX];
	unsigned nknown, depth; /* depth: of series being loaded */
	bool off;
	/* the last input made from a picture */
	const void *input;
	unsigned width, height;
	uint64_t seed;
	struct chances *seen; /* of the last line that ours read */
	unsigned lines;       /* since engine_network_forget(), whoever read them */
	struct engine_network_count count;
} state;

/* As the compiler of C++ calls them; no header has them. */
#define SERIES_LOAD "_ZN9tesseract8Plumbing11DeSerializeEPNS_5TFileE"
#define INPUT_FROM_PIX "_ZN9tesseract9NetworkIO7FromPixERKNS_11StaticShapeENS_5ImageEPNS_5TRandE"
#define SERIES_FORWARD                                                                             \
	"_ZN9tesseract6Series7ForwardEbRKNS_9NetworkIOEPKNS_15TransposedArrayEPNS_"                \
	"14NetworkScratchEPS1_"

typedef bool load_fn(void *series, struct file *f);
typedef void from_pix_fn(void *input, const void *shape, PIX *pix, const uint64_t *seed);
typedef void forward_fn(void *series, bool debug, const void *input, const void *transposed,
    void *scratch, void *output);

load_fn series_load __asm__(SERIES_LOAD);
from_pix_fn input_from_pix __asm__(INPUT_FROM_PIX);
forward_fn series_forward __asm__(SERIES_FORWARD);
void io_resize(void *io, bool whole, int steps, int features) __asm__(
    "_ZN9tesseract9NetworkIO8Resize2dEbii");
void io_read(const void *io, int step, float *ret) __asm__(
    "_ZNK9tesseract9NetworkIO12ReadTimeStepEiPf");
void io_write(void *io, int step, const float *features) __asm__(
    "_ZN9tesseract9NetworkIO13WriteTimeStepEiPKf");

/* The library's function that the one of this name here stands before. */
#define THEIRS(fn, name) (*(fn **)&(void *){dlsym(RTLD_NEXT, name)})

static struct known *
find(const void *series)
{
	for (unsigned i = 0; i < state.nknown; i++)
		if (state.known[i].series == series)
			return &state.known[i];
	return NULL;
}

/* A series is made anew at this address: the one that was known there is gone. */
static void
forget(const void *series)
{
	struct known *k = find(series);

	if (k == NULL)
		return;
	network_free(k->ours);
	*k = state.known[--state.nknown];
}

/* Remembers the outermost series of a model. */
static void
remember(const void *series, const uint8_t *data, size_t size)
{
	struct known *k;

	if (state.nknown == NETWORKS_MAX)
		return;
	k = &state.known[state.nknown++];
	*k = (struct known){.series = series};
	if (!state.off && network_new(data, size, &k->ours) < 0)
		state.count.refused++;
}

bool
series_load(void *series, struct file *f)
{
	load_fn *theirs = THEIRS(load_fn, SERIES_LOAD);
	const unsigned begin = f->offset;
	bool ok;

	forget(series);
	state.depth++;
	ok = theirs(series, f);
	state.depth--;
	if (ok && state.depth == 0 && begin < f->offset &&
	    f->offset <= (size_t)(f->data->end - f->data->begin))
		remember(series, f->data->begin + begin, f->offset - begin);
	return ok;
}

void
input_from_pix(void *input, const void *shape, PIX *pix, const uint64_t *seed)
{
	from_pix_fn *theirs = THEIRS(from_pix_fn, INPUT_FROM_PIX);

	theirs(input, shape, pix, seed);
	state.input = input;
	state.width = (unsigned)pixGetWidth(pix);
	state.height = (unsigned)pixGetHeight(pix);
	state.seed = *seed;
}

/* Chances by ours for the input, NULL when it cannot. */
static struct chances *
run(const struct network *n, const void *input)
{
	const size_t size = (size_t)state.width * state.height;
	const unsigned steps = state.width / NETWORK_SHRINK;
	int8_t *pixels = malloc(size);
	struct chances *ret =
	    calloc(1, sizeof(*ret) + (size_t)(steps + 1) * network_outputs(n) * sizeof(*ret->p));
	float pixel;

	for (size_t i = 0; i < size && pixels != NULL && ret != NULL; i++) {
		io_read(input, (int)i, &pixel);
		pixels[i] = (int8_t)lrintf(pixel * 127);
	}
	if (pixels == NULL || ret == NULL ||
	    network_run(n, pixels, state.width, state.seed, ret->p) < 0) {
		free(ret);
		ret = NULL;
	} else {
		ret->steps = steps;
		ret->codes = network_outputs(n);
	}
	free(pixels);
	return ret;
}

/* The largest difference between ours and what the library wrote to output. */
static float
compare(const struct network *n, const float *ours, const void *output, unsigned steps)
{
	const unsigned outputs = network_outputs(n);
	float *theirs = calloc(outputs, sizeof(*theirs)), largest = theirs == NULL ? INFINITY : 0;

	for (unsigned t = 0; t < steps && theirs != NULL; t++) {
		io_read(output, (int)t, theirs);
		for (unsigned i = 0; i < outputs; i++) {
			const float d = fabsf(ours[(size_t)t * outputs + i] - theirs[i]);

			if (!(d <= largest)) /* so that what is no number counts */
				largest = isnan(d) ? INFINITY : d;
		}
	}
	free(theirs);
	return largest;
}

/* Takes seen. What is too long for anybody to weigh would only be megabytes. */
static void
keep(struct chances *seen)
{
	free(state.seen);
	state.seen = seen;
	if (seen == NULL || seen->steps <= AGREE_STEPS)
		return;
	free(seen);
	state.seen = NULL;
}

static void
hand_over(const struct chances *ours, void *output)
{
	io_resize(output, false, (int)ours->steps, (int)ours->codes);
	for (unsigned t = 0; t < ours->steps; t++)
		io_write(output, (int)t, ours->p + (size_t)t * ours->codes);
}

static bool
is_trusted(const struct known *k)
{
	return k->agreed >= TRUST_STEPS;
}

/* Takes ours, of a line that k read before it is trusted: did the library write as much? */
static void
judge(struct known *k, struct chances *ours, const void *output)
{
	const float difference = compare(k->ours, ours->p, output, ours->steps);

	if (difference > state.count.difference)
		state.count.difference = difference;
	if (difference <= DIFFERENCE_MAX) {
		k->agreed += ours->steps;
		keep(ours);
		return;
	}
	free(ours);
	state.count.refused++;
	network_free(k->ours);
	k->ours = NULL;
}

void
series_forward(void *series, bool debug, const void *input, const void *transposed, void *scratch,
    void *output)
{
	forward_fn *theirs = THEIRS(forward_fn, SERIES_FORWARD);
	struct known *k = find(series);
	struct chances *ours = NULL;

	if (k != NULL && k->ours != NULL && input == state.input &&
	    state.height == network_height(k->ours))
		ours = run(k->ours, input);
	if (k != NULL)
		state.lines++;
	if (ours != NULL && is_trusted(k)) {
		hand_over(ours, output);
		state.count.ours++;
		keep(ours);
		return;
	}
	theirs(series, debug, input, transposed, scratch, output);
	if (k != NULL)
		state.count.theirs++;
	if (ours != NULL)
		judge(k, ours, output);
}

void
engine_network_hold(void)
{
}

void
engine_network_forget(void)
{
	keep(NULL);
	state.lines = 0;
}

struct chances *
engine_network_take(void)
{
	return state.lines == 1 ? TAKE_PTR(state.seen) : NULL;
}

void
engine_network_use(bool ours)
{
	state.off = !ours;
}

struct engine_network_count
engine_network_count(void)
{
	return state.count;
}
