/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brackets beside gaps that people write in: engines drop them there, or read them as strokes.
 */
#ifndef FUMIKURA_OCR_GAP_BRACKETS_H
#define FUMIKURA_OCR_GAP_BRACKETS_H

#include "ocr/strip.h"

/* The last line of w was read from the strip, with boxes on the sheet: a bracket whose ink opens
 * or closes a gap takes the place of what was read there, or its own. -ENOMEM. */
int gap_brackets_mend(const struct strip *s, struct words *w);

#endif
