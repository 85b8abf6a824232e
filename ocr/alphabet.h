/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a model can write: its letters, each with the codes its network spells it by. Read from the
 * model's file, components "lstm-unicharset" and "lstm-recoder" of Tesseract 4 and 5.
 */
#ifndef FUMIKURA_OCR_ALPHABET_H
#define FUMIKURA_OCR_ALPHABET_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "ocr/words.h"

#define ALPHABET_SPELLING 9      /* codes of a letter at most */
#define ALPHABET_LETTERS 20000   /* Japanese has 2,700, Chinese 7,000 */
#define ALPHABET_MAX (64u << 20) /* bytes of a model */

struct letter {
	char text[GLYPH_TEXT];
	uint16_t code[ALPHABET_SPELLING];
	uint8_t ncodes;
};

struct alphabet {
	struct letter *letters;        /* by their codes, ascending; the space is none of them */
	const struct letter **by_text; /* the same, by their texts */
	unsigned nletters;
	unsigned ncodes; /* that the network may say */
	unsigned space, blank;
};

/* data: a whole model. -EBADMSG when it is damaged or has other components, -ENOMEM. */
int alphabet_new(const uint8_t *data, size_t size, struct alphabet **ret);
/* The same of a file. Also an open's errors, -EFBIG. */
int alphabet_load(const char *path, struct alphabet **ret);
/* NULL when there is none; of two with the same text, either. */
const struct letter *alphabet_find(const struct alphabet *a, const char *text);

void alphabet_free(struct alphabet *a);
DEFINE_CLEANUP(struct alphabet *, alphabet_free)

#endif
