/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Tesseract does besides reading of which nothing that we ask for comes. Only
 * engine_tesseract.c knows it. */
#ifndef FUMIKURA_OCR_ENGINE_VAIN_H
#define FUMIKURA_OCR_ENGINE_VAIN_H

#include <stdbool.h>

/* Whether what this thread reads next is to be laid out by the engine: columns and blocks found. */
void engine_vain_layout(bool wanted);

#endif
