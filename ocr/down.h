/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines written downwards, read as level ones: where their letters are set evenly, they are laid
 * side by side. Both Japanese networks read level lines, and better than the one for vertical
 * writing does; and where each letter stands is known then, which that one does not tell.
 */
#ifndef FUMIKURA_OCR_DOWN_H
#define FUMIKURA_OCR_DOWN_H

#include "ocr/engine.h"

/*
 * w was read from pix (8-bit, 300 dpi) by ENGINE_VERTICAL, boxes in its pixels; each vertical line
 * becomes what it reads laid level, unless that is less sure, and lines that are not in w are
 * added. Order, blocks and cells are kept; once half of the time is gone, lines are left as they
 * are. others, when not NULL, takes what lost. Errors as engine_read; w is whole even then.
 */
int down_read(struct engine *e, struct Pix *pix, struct words *w, struct words *others);

#endif
