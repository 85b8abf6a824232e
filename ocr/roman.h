/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ⅰ, Ⅱ and Ⅲ, which the engine's model was never taught: it reads 1, T, 中, 川 and others. They
 * name the grades of what is charged and of dependence (加算(Ⅰ), 支援費Ⅱ, 自立度Ⅲa) and begin
 * headings (Ⅰ経常収益): what was read before and behind says where to look, the number of upright
 * strokes there says which it is.
 */
#ifndef FUMIKURA_OCR_ROMAN_H
#define FUMIKURA_OCR_ROMAN_H

#include "ocr/words.h"

#define ROMAN_RULE "roman"

struct Pix;

/* Writes the numeral over what was read where its ink is clear; a digit with a flag stays a digit.
 * grey: 8-bit, dark on light, what w's boxes are pixels of; rules: 1-bit, half size, the ruled
 * lines in it, or NULL. Lines that run downwards stay. -ENOMEM. */
int roman_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
