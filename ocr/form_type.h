/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which type of the archive's type table a form is, by its title: words set larger than the rest,
 * in the upper part of the page. Titles differ from office to office, so a rule asks for the words
 * that make the kind (事故 … 報告), not for one printed form. A proposal only: store shows it, a
 * person takes it.
 */
#ifndef FUMIKURA_OCR_FORM_TYPE_H
#define FUMIKURA_OCR_FORM_TYPE_H

#include "ocr/words.h"

/* w: the shown reading; height: of its page, in the same pixels. A constant: a type id, or "" when
 * no title is found, or when two titles or two explanations of one are equally good. */
const char *form_type_find(const struct words *w, int height);

#endif
