/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Light print on fields too pale to be turned for good (reverse.h), as bright or faded headings
 * have it: what they would say, for search alone. */
#ifndef FUMIKURA_OCR_PALE_H
#define FUMIKURA_OCR_PALE_H

struct Pix;

/* *ret is a picture as large as grey (8-bit, some 300 dpi, even paper): such fields turned into
 * dark print on white; NULL when there is none. Count of fields, or -ENOMEM. */
int pale_fields(struct Pix *grey, struct Pix **ret);

#endif
