/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much wider than its boxes the ink of a word may stand; inside of the catalogue. The engine's
 * boxes may slip by one glyph: a glyph has the box of the one beside it. What must be hidden gets a
 * margin of one glyph along its line, before it and behind it. What stands there is hidden too.
 */
#ifndef FUMIKURA_STORE_CATALOGUE_MARGIN_H
#define FUMIKURA_STORE_CATALOGUE_MARGIN_H

#include "catalogue_layer.h"

/*
 * Boxes of a reading of n code points, each with its margin: as wide as the glyphs of its line
 * usually are, or as it is itself, wide or high. width × height: of the page, 0: not known; nothing leaves it.
 * lines: people's, as catalogue_corrections() gives them, or NULL; in these boxes stay as they are.
 * Boxes without a place have none. Caller frees ret. -ENOMEM, -EBADMSG.
 */
int margin_glyphs(const char *text, const struct box *boxes, size_t n, const json_t *lines,
    unsigned width, unsigned height, struct box **ret);
/* The same for a box that n glyphs share, of which no more is known. */
struct box margin_around(struct box b, size_t n, unsigned width, unsigned height);

#endif
