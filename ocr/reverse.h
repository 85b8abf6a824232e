/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Light print on dark fields, as headings of tables have it, turned into dark print on white. */
#ifndef FUMIKURA_OCR_REVERSE_H
#define FUMIKURA_OCR_REVERSE_H

struct Pix;

/* Turns such fields of an 8-bit grey picture of some 300 dpi in place. Count of fields, or -ENOMEM.
 */
int reverse_turn(struct Pix *grey);

#endif
