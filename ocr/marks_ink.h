/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ink of which rings may be made that lie along ruled lines: a flat one is level for so long
 * that its back is taken for such a line, and one that touches a line is cut by what is taken away.
 */
#ifndef FUMIKURA_OCR_MARKS_INK_H
#define FUMIKURA_OCR_MARKS_INK_H

struct Pix;

/*
 * half: 1-bit at 150 dpi; rules: its ruled lines. *ret_ink: those pieces of ink that include
 * what rings and lines may share, joined by it; owned by the caller. -ENOMEM.
 */
int marks_ink_by_rules(struct Pix *half, struct Pix *rules, struct Pix **ret_ink);

#endif
