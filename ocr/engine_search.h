/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tesseract's search for the text that a line's network speaks for, spared of beginnings that are
 * hopeless: the linker finds the function of engine_search.c before Tesseract's. The text is the
 * same where there is anything to be read (MEASURED.md).
 */
#ifndef FUMIKURA_OCR_ENGINE_SEARCH_H
#define FUMIKURA_OCR_ENGINE_SEARCH_H

#include <stdbool.h>

/* Does nothing: a program that calls it has that function. */
void engine_search_hold(void);

/* false: this thread follows up every beginning, for comparing. At the start: true. */
void engine_search_spare(bool wanted);
/* Beginnings that this thread did not follow up, and all that it was asked to. */
unsigned long engine_search_spared(unsigned long *ret_of);

#endif
