/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Line pictures of what a test drew, and what was read of them. */
#ifndef FUMIKURA_TESTS_OCR_STRIP_H
#define FUMIKURA_TESTS_OCR_STRIP_H

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/strip.h"

/* The strip that is all of pix. */
static inline void
strip_of(struct strip *s, PIX *pix)
{
	strip_add(s, (struct box){0, 0, pixGetWidth(pix), pixGetHeight(pix)}, 0);
	assert_int_equal(strip_draw(s, pix), 0);
}

/* All of w, tidied: lines, each ended by \n. */
static inline void
expect_read(struct words *w, const char *want)
{
	_cleanup_(buf_free) struct buf text = {0};

	words_tidy(w);
	words_text(w, &text);
	buf_add(&text, "", 1);
	assert_int_equal(buf_error(&text), 0);
	assert_string_equal(text.data, want);
}

#endif
