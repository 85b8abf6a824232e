/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a page is a mirror image: a film or tracing paper read from behind. */
#ifndef FUMIKURA_OCR_MIRROR_H
#define FUMIKURA_OCR_MIRROR_H

#include <stdbool.h>

#include "ocr/engine.h"

/*
 * grey: the sheet; rules: its ruled lines at half size, may be NULL; shown: its reading. A page
 * that reads well costs nothing; else one window is read flipped, in up to four turns (a second or
 * so). -ENOMEM, -EIO.
 */
int mirror_find(
    struct engine *e, struct Pix *grey, struct Pix *rules, const struct words *shown, bool *ret);

#endif
