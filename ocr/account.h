/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts, as balance sheets and budgets have them: a high cell of labels, and to its right
 * columns of figures, in which rules above and below sums part nothing but figures. What stands at
 * the height of a label is its row; these rules go, as they part no rows of labels, and white
 * between the labels, drawn as level lines, closes a cell to each row and column.
 */
#ifndef FUMIKURA_OCR_ACCOUNT_H
#define FUMIKURA_OCR_ACCOUNT_H

#include <stdbool.h>

#include "ocr/grid.h"

struct Boxa;

/*
 * print: 1-bit, half size, without ruled lines and dust; g: its cells so far. Draws into g->lines
 * what parts their rows, and takes from there what does not. The areas of accounts, half size, are
 * added to ret; where there are any, cells have to be found anew. -ENOMEM.
 */
int accounts_close(struct Pix *print, const struct grid *g, struct Boxa *ret);
/* Whether the middle of a box lies in one of these areas. */
bool account_has(struct Boxa *areas, struct box half);

#endif
