/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vertical writing of several columns in a cell, as a label that heads many rows has it: letters
 * below each other with white between the columns, and none from line to line. Geometry only.
 */
#ifndef FUMIKURA_OCR_UPRIGHT_H
#define FUMIKURA_OCR_UPRIGHT_H

#include "ocr/words.h"

/* Whether the n pieces of ink in a cell are such columns. letter: usual height of a row, in the
 * same pixels. No memory: false. */
bool upright_columns(const struct box *piece, size_t n, double letter);

#endif
