/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the clerk should know about a page before trusting it: blank, skewed, badly legible,
 * damaged. Nothing is ever dropped for a finding (architecture §4 rule 4); a person decides.
 */
#ifndef FUMIKURA_OCR_FINDINGS_H
#define FUMIKURA_OCR_FINDINGS_H

#include <stdbool.h>

#include "ocr/prepare.h"
#include "ocr/recognise.h"

/* No ink but speckle and edge shadow. Faint text is not blank. */
bool findings_blank(const struct sheet *s);
/* Grain all over, as of static or a halftone: no text, and the engine's layout would take minutes
 * over it. */
bool findings_noise(const struct sheet *s);
/* Fills r->findings from what is known of the page and its shown reading; blank, noise: what the
 * two above said. */
void findings_collect(
    const struct page *p, const struct sheet *s, bool blank, bool noise, struct recognition *r);

#endif
