/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bar codes and QR codes on a page (zbar). */
#ifndef FUMIKURA_OCR_CODES_H
#define FUMIKURA_OCR_CODES_H

#include "ocr/words.h"

struct Pix;

#define CODES_MAX 32
#define CODE_DATA 3000 /* bytes; the largest QR code holds 2,953 */

struct code {
	const char *type; /* constant, zbar's name: "QR-Code", "CODE-128" … */
	char *data;       /* valid UTF-8, owned */
	struct box box;   /* pixels of the picture */
};

struct codes {
	struct code code[CODES_MAX];
	size_t n;
};

/* grey: 8-bit. Codes that are no UTF-8 text are passed over. -ENOMEM. */
int codes_find(struct Pix *grey, struct codes *ret);
void codes_free(struct codes *c); /* usable as cleanup */

#endif
