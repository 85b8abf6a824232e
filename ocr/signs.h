/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs that the engine's model was never taught, → ← ⇒ ⇐ △ ▲ ★ ☆ ◆ ◇ ●, or takes for letters, ～
 * and ／: mostly for the same few; where a line begins, bullets for any that is not sure. What was
 * read says where to look, the ink there says what it is.
 */
#ifndef FUMIKURA_OCR_SIGNS_H
#define FUMIKURA_OCR_SIGNS_H

#include "ocr/words.h"

#define SIGNS_RULE "sign"

struct Pix;

/*
 * Writes a sign over the letters that stand for it where the ink is that sign's; what was read
 * twice of one sign goes. grey: 8-bit, dark on light, what w's boxes are pixels of; rules: 1-bit,
 * half size, the ruled lines in it, or NULL. Lines that run downwards stay. -ENOMEM.
 */
int signs_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
