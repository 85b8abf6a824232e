/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the box makes of pictures of letters, so that its judge is taught by its own code. Reads
 * from standard input, in this machine's byte order, blocks of uint32 pictures; for each: uint16
 * width, height; float em_top, em; a byte of grey for each pixel and writes for each block, one
 * picture after the other, features   LETTER_FEATURES floats; all 0: no ink judge      the GUESSES
 * nearest letters, nearest first: uint32 code, float distance; all 0: no ink
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/letter_model.h"
#include "ocr/letter_shape.h"

#define GUESSES 5
#define PICTURES_MAX 65536 /* of a block: 135 MB of features */
#define SIDE_MAX 1024      /* pixels of a picture */

struct picture {
	uint16_t w, h;
	float em_top, em;
	uint8_t grey[SIDE_MAX * SIDE_MAX];
};

struct clock {
	double shapes, judgements; /* seconds */
	unsigned long n;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool
take(void *to, size_t size)
{
	return fread(to, 1, size, stdin) == size;
}

static bool
take_picture(struct picture *p)
{
	return take(&p->w, sizeof p->w) && take(&p->h, sizeof p->h) &&
	       take(&p->em_top, sizeof p->em_top) && take(&p->em, sizeof p->em) && p->w > 0 &&
	       p->h > 0 && p->w <= SIDE_MAX && p->h <= SIDE_MAX &&
	       take(p->grey, (size_t)p->w * p->h);
}

static PIX *
pix_of(const struct picture *p)
{
	PIX *pix = pixCreate(p->w, p->h, 8);

	for (int y = 0; pix != NULL && y < p->h; y++) {
		l_uint32 *line = pixGetData(pix) + (size_t)pixGetWpl(pix) * (size_t)y;

		for (int x = 0; x < p->w; x++)
			SET_DATA_BYTE(line, x, p->grey[y * p->w + x]);
	}
	return pix;
}

/* ret is zeroed. */
static void
look(const struct picture *p, bool judge, struct clock *clock, void *ret)
{
	PIX *pix = pix_of(p);
	const struct box all = {0, 0, p->w, p->h};
	struct letter_shape shape;
	struct letter_point point;
	const double start = now();
	double shaped;
	int r;

	r = letter_shape(pix, all, (double)p->em_top, (double)p->em, &shape);
	shaped = now();
	clock->shapes += shaped - start;
	clock->n++;
	pixDestroy(&pix);
	if (r < 0)
		return;
	if (!judge) {
		memcpy(ret, shape.f, sizeof shape.f);
		return;
	}
	letter_project(&shape, &point);
	letter_judge(&point, ret, GUESSES);
	clock->judgements += now() - shaped;
}

int
main(int argc, char **argv)
{
	const bool judge = argc == 2 && strcmp(argv[1], "judge") == 0;
	const size_t one =
	    judge ? GUESSES * sizeof(struct letter_guess) : LETTER_FEATURES * sizeof(float);
	_cleanup_(freep) struct picture *p = malloc(sizeof *p);
	struct clock clock = {0};
	uint32_t n;

	if (p == NULL || argc != 2 || (!judge && strcmp(argv[1], "features") != 0)) {
		fprintf(stderr, "usage: %s features|judge <pictures >answers\n", argv[0]);
		return 2;
	}
	while (take(&n, sizeof n)) {
		_cleanup_(freep) char *out = n > 0 && n <= PICTURES_MAX ? calloc(n, one) : NULL;

		for (size_t i = 0; i < n; i++) {
			if (out == NULL || !take_picture(p))
				return 1;
			look(p, judge, &clock, out + i * one);
		}
		if (fwrite(out, one, n, stdout) != n || fflush(stdout) != 0)
			return 1;
	}
	if (clock.n > 0)
		fprintf(stderr, "%lu letters, µs each: shape %.1f, judge %.1f\n", clock.n,
		    1e6 * clock.shapes / (double)clock.n, 1e6 * clock.judgements / (double)clock.n);
	return 0;
}
