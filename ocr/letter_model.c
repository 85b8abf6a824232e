/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distances from all letters are one product of small whole numbers. Knows nothing of pictures. */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "ocr/letter_model.h"
#include "ocr/wide.h"

#define MAGIC "FKLETTER"
#define VERSION 1
#define AT_MOST 32000.0f /* of a point's numbers; 128 of them times 127 stay below 2^31 */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the model's numbers lie otherwise");

struct head {
	char magic[8];
	uint32_t version, features, dimensions, letters;
	uint8_t zero[40];
};

/* What lies before what grows with the letters. */
struct fixed {
	struct head head;
	float origin[LETTER_DIMENSIONS], step[LETTER_DIMENSIONS], unit[LETTER_DIMENSIONS];
	int16_t projection[LETTER_FEATURES][LETTER_DIMENSIONS];
};

_Static_assert(sizeof(struct head) == 64, "as in letter_model.h");
_Static_assert(sizeof(struct fixed) == 64 + LETTER_DIMENSIONS * (12 + 2 * LETTER_FEATURES),
    "as in letter_model.h");

typedef int8_t mean[LETTER_DIMENSIONS];

struct letters {
	uint32_t n;
	const uint32_t *codes;
	const float *squares;
	const mean *means;
};

__asm__(".section .rodata\n"
	".balign 64\n"
	".global fumikura_letter_model\n"
	".global fumikura_letter_model_end\n"
	"fumikura_letter_model:\n"
	".incbin \"ocr/letter_model.bin\"\n"
	"fumikura_letter_model_end:\n"
	".previous\n");
extern const uint8_t fumikura_letter_model[] __attribute__((visibility("hidden"), aligned(64)));
extern const uint8_t fumikura_letter_model_end[] __attribute__((visibility("hidden")));

static const struct fixed *
own(void)
{
	return (const struct fixed *)(const void *)fumikura_letter_model;
}

static struct letters
letters_of(const struct fixed *f)
{
	const uint32_t n = f->head.letters;
	const uint32_t *codes = (const uint32_t *)(const void *)(f + 1);
	const float *squares = (const float *)(const void *)(codes + n);

	return (struct letters){
	    .n = n, .codes = codes, .squares = squares, .means = (const mean *)(squares + n)};
}

static bool
is_ascending(struct letters l)
{
	for (uint32_t i = 1; i < l.n; i++)
		if (l.codes[i] <= l.codes[i - 1])
			return false;
	return true;
}

static bool
are_numbers(const float *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(f[i]))
			return false;
	return true;
}

int
letter_model_check_bytes(const void *bytes, size_t size)
{
	const struct fixed *f = bytes;
	const size_t one = sizeof(uint32_t) + sizeof(float) + sizeof(mean);

	if (size < sizeof *f || memcmp(f->head.magic, MAGIC, sizeof f->head.magic) != 0 ||
	    f->head.version != VERSION || f->head.features != LETTER_FEATURES ||
	    f->head.dimensions != LETTER_DIMENSIONS || f->head.letters == 0 ||
	    f->head.letters > LETTER_CODES_MAX || size != sizeof *f + one * f->head.letters)
		return -EBADMSG;
	if (!are_numbers(f->origin, 3 * LETTER_DIMENSIONS) ||
	    !are_numbers(letters_of(f).squares, f->head.letters) || !is_ascending(letters_of(f)))
		return -EBADMSG;
	return 0;
}

static size_t
own_size(void)
{
	return (size_t)(fumikura_letter_model_end - fumikura_letter_model);
}

int
letter_model_check(void)
{
	return letter_model_check_bytes(fumikura_letter_model, own_size());
}

void
letter_model_sha256(char ret[SHA256_HEX_SIZE])
{
	sha256_hex(fumikura_letter_model, own_size(), ret);
}

WIDE static void
project(const struct fixed *model, const float *f, float z[LETTER_DIMENSIONS])
{
	memset(z, 0, LETTER_DIMENSIONS * sizeof *z);
	for (int i = 0; i < LETTER_FEATURES; i++)
		for (int d = 0; d < LETTER_DIMENSIONS; d++)
			z[d] += f[i] * (float)model->projection[i][d];
	for (int d = 0; d < LETTER_DIMENSIONS; d++)
		z[d] = z[d] * model->step[d] - model->origin[d];
}

void
letter_project(const struct letter_shape *s, struct letter_point *ret)
{
	const struct fixed *model = own();
	float z[LETTER_DIMENSIONS], most = 0;

	project(model, s->f, z);
	ret->square = 0;
	for (int d = 0; d < LETTER_DIMENSIONS; d++) {
		ret->square += z[d] * z[d];
		z[d] *= model->unit[d];
		most = fabsf(z[d]) > most ? fabsf(z[d]) : most;
	}
	ret->unit = most > 0 ? most / AT_MOST : 1;
	for (int d = 0; d < LETTER_DIMENSIONS; d++)
		ret->at[d] = (int16_t)lrintf(z[d] / ret->unit);
}

static inline int32_t
product(const int16_t *a, const int8_t *b)
{
	int32_t sum = 0;

	for (int d = 0; d < LETTER_DIMENSIONS; d++)
		sum += a[d] * b[d];
	return sum;
}

static inline float
distance(const struct letter_point *p, struct letters l, uint32_t i)
{
	const float d = p->square + l.squares[i] - 2 * p->unit * (float)product(p->at, l.means[i]);

	return d > 0 ? d : 0;
}

/* Into the n nearest so far, of which the last goes. */
static unsigned
insert(struct letter_guess *list, unsigned n, unsigned most, struct letter_guess g)
{
	unsigned i = n < most ? n : most - 1;

	for (; i > 0 && list[i - 1].distance > g.distance; i--)
		list[i] = list[i - 1];
	list[i] = g;
	return n < most ? n + 1 : n;
}

WIDE unsigned
letter_judge(const struct letter_point *p, struct letter_guess *ret, unsigned n)
{
	const struct letters l = letters_of(own());
	unsigned found = 0;

	for (uint32_t i = 0; i < l.n && n > 0; i++) {
		const float d = distance(p, l, i);

		if (found < n || d < ret[found - 1].distance)
			found = insert(ret, found, n, (struct letter_guess){l.codes[i], d});
	}
	return found;
}

float
letter_distance(const struct letter_point *p, uint32_t code)
{
	const struct letters l = letters_of(own());
	uint32_t from = 0, to = l.n;

	while (from < to) {
		const uint32_t middle = from + (to - from) / 2;

		if (l.codes[middle] == code)
			return distance(p, l, middle);
		if (l.codes[middle] < code)
			from = middle + 1;
		else
			to = middle;
	}
	return INFINITY;
}
