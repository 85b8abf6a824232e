/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The result JSON of Ocr1.Read, exactly as ocr_bus.h describes it. */
#ifndef FUMIKURA_OCR_RESULT_H
#define FUMIKURA_OCR_RESULT_H

#include "ocr/recognise.h"

/* cpu_ms: processor time this page took. Errors stick in out. */
void result_write(const struct recognition *r, const struct page *p, const struct engine *e,
    const struct recognise_options *o, long long cpu_ms, struct buf *out);

#endif
