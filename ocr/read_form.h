/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a Japanese page block by block in reading order: cells row by row, what lies outside them
 * line by line. */
#ifndef FUMIKURA_OCR_READ_FORM_H
#define FUMIKURA_OCR_READ_FORM_H

#include "ocr/engine.h"
#include "ocr/grid.h"

/*
 * Lines of ret have their cell index set (-1 outside); boxes are sheet pixels. others (NULL: not
 * wanted) takes the readings of cells that were less sure, for search. Errors as engine_read.
 */
int read_form(struct engine *e, const struct sheet *s, const struct grid *g, struct words *ret,
    struct words *others);

#endif
