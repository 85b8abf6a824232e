/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which printed letter a shape (letter_shape.h) is most like, of some 6,800 of Japanese print. It
 * is a judge of shapes only: what the text can have meant, others know. Taught by ocr/teach, whose
 * README says how often it is right.
 *
 * Its numbers are a file that is part of the program, letter_model.bin, little-endian:
 *   char magic[8]; uint32 version, features, dimensions, letters; 40 bytes 0;
 *   float origin[dimensions], step[dimensions] (of the projection), unit[dimensions] (of means);
 *   int16 projection[features][dimensions];
 *   uint32 codes[letters], ascending; float squares[letters]; int8 means[letters][dimensions].
 * A shape f lies at z = step * (f projected) - origin, a letter at m = unit * (its mean), where
 * letters of one kind scatter by about 1 in each dimension (size and place, the last three, count
 * for more); squares are the sums of m².
 */
#ifndef FUMIKURA_OCR_LETTER_MODEL_H
#define FUMIKURA_OCR_LETTER_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "ocr/letter_shape.h"
#include "sha256.h"

#define LETTER_DIMENSIONS 128
#define LETTER_CODES_MAX 20000 /* JIS X 0213 has 11,233 */

/* Where a shape lies among the letters, to be asked about as often as need be. */
struct letter_point {
	int16_t at[LETTER_DIMENSIONS]; /* what means are multiplied by, in units of `unit` */
	float unit, square;            /* square: its distance from the origin, squared */
};

struct letter_guess {
	uint32_t code;
	float distance; /* squared, from the letter's mean */
};

/* Takes some 5 µs. */
void letter_project(const struct letter_shape *s, struct letter_point *ret);
/* The n nearest letters, nearest first, of all the judge knows. How many there are. Some 30 µs
 * with AVX2. */
unsigned letter_judge(const struct letter_point *p, struct letter_guess *ret, unsigned n);
/* From one letter, squared; INFINITY: the judge does not know it. */
float letter_distance(const struct letter_point *p, uint32_t code);

/* SHA-256 of the judge's own file, hex, for the record. */
void letter_model_sha256(char ret[SHA256_HEX_SIZE]);
/* Whether the judge's own file is whole: to be asked once, at start-up. -EBADMSG. */
int letter_model_check(void);
/* The same of any bytes, which lie where a float may. */
int letter_model_check_bytes(const void *bytes, size_t size);

#endif
