/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters that were not read: networks lose what stands apart or at the end of a line, and signs
 * that they were not taught. Ink that belongs to no glyph and clearly is a letter becomes one.
 */
#ifndef FUMIKURA_OCR_LETTER_ADD_H
#define FUMIKURA_OCR_LETTER_ADD_H

#include "ocr/letter_view.h"

/* -ENOMEM. */
int letter_add(struct letter_view *v);

#endif
