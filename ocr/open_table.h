/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables with level rules only, as lists and invoices have them: their columns are what the print
 * leaves white in row after row. Drawn as upright lines, they close the cells.
 */
#ifndef FUMIKURA_OCR_OPEN_TABLE_H
#define FUMIKURA_OCR_OPEN_TABLE_H

struct Pix;

/*
 * ink: 1-bit at 150 dpi; rules: its ruled lines. Draws the upright lines of every open table into
 * lines, which has the rules already. At least three rows and three columns, or it is none: prose
 * on ruled paper stays as it is. -ENOMEM.
 */
int open_table_close(struct Pix *ink, struct Pix *rules, struct Pix *lines);

#endif
