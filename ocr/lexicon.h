/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Care terms and form labels, and the look-alikes this engine confuses. A reading that is one
 * character off a term is corrected when the engine was unsure of that character or the pair is a
 * known confusion, and when no other term fits as well. Short words are corrected where what was
 * read is no Japanese, and where the engine's model does not know the letter that must stand there.
 * The line keeps what was read (raw) and the rule's name: nothing is corrected silently.
 */
#ifndef FUMIKURA_OCR_LEXICON_H
#define FUMIKURA_OCR_LEXICON_H

#include "ocr/words.h"

#define LEXICON_RULE "lexicon"

/* Corrects all lines of w in place. -ENOMEM. */
int lexicon_correct(struct words *w);

#endif
