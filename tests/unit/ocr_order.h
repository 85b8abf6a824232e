/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes and cells in the order in which they must be read, and words to stand in them. */
#ifndef FUMIKURA_TESTS_OCR_ORDER_H
#define FUMIKURA_TESTS_OCR_ORDER_H

#include "ocr/order.h"
#include "ocr_draw.h"

#define LETTER 40
#define MOST 64

/* Boxes are drawn up in the order in which they must be read, and given the other way round. */
static inline void
expect_order(const struct box *boxes, size_t n)
{
	struct box turned[MOST];
	size_t order[MOST];

	for (size_t i = 0; i < n; i++)
		turned[i] = boxes[n - 1 - i];
	assert_int_equal(order_boxes(turned, n, LETTER, order), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(order[i], n - 1 - i);
}

/* Cells of one table, drawn up likewise. */
static inline void
expect_cells(const struct cell *cells, size_t n)
{
	size_t order[MOST];

	assert_int_equal(order_cells(cells, n, order), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(order[i], i);
}

/* Letters of a word, drawn as blots. */
static inline void
word(PIX *pix, int x, int y, int letters)
{
	for (int i = 0; i < letters; i++)
		bar(pix, x + 42 * i, y, 30, 36);
}

#endif
