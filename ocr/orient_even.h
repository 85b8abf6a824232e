/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters set about evenly both ways, as on manuscript paper: no gap says how the lines run, and
 * each letter reads well by itself whichever way they are taken. What they say then tells.
 */
#ifndef FUMIKURA_OCR_ORIENT_EVEN_H
#define FUMIKURA_OCR_ORIENT_EVEN_H

#include <stdbool.h>

#include "ocr/engine.h"
#include "ocr/orient_windows.h"

/* Whether letters stand apart both ways, by the shares of rows and columns that are empty. */
bool orient_even_is(double rows, double columns);

/* How many different pairs of hiragana that all Japanese text is full of stand in w's lines. */
unsigned orient_even_pairs(const struct words *w);

/* 1: windows, turned by rotation degrees, make sense when they are read downwards and little
 * across; 0: they do not. Errors as engine_read. */
int orient_even_down(struct engine *e, const struct orient_windows *windows, int rotation);

#endif
