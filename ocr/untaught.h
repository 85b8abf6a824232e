/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters that the Japanese networks were never taught: 653 of the 2,965 ideographs of JIS X 0208's
 * first level, and nearly all of the second. 褥瘡 reads 裾疹, 昏迷 皆迷, 臥床 慌床. A network for
 * traditional Chinese knows two thirds of them, and is asked where the Japanese ones doubt; all
 * else that it reads, kana above all, is worth nothing.
 */
#ifndef FUMIKURA_OCR_UNTAUGHT_H
#define FUMIKURA_OCR_UNTAUGHT_H

#include "ocr/engine.h"
#include "ocr/strip.h"

#define UNTAUGHT_RULE "untaught"

/*
 * s is drawn and was read as the only line of w. Where an ideograph of it is doubted, writes one of
 * untaught_letters.h for it that the Chinese network is sure of. With others (NULL: none), appends
 * to them the line with any ideographs it is rather sure of. Errors as engine_read.
 */
int untaught_mend(struct engine *e, const struct strip *s, struct words *w, struct words *others);

#endif
