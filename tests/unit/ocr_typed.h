/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A typeface and the engine, for tests that draw whole pages and read them. */
#ifndef FUMIKURA_TESTS_OCR_TYPED_H
#define FUMIKURA_TESTS_OCR_TYPED_H

#include "ocr_engine.h"
#include "ocr_typeface.h"

static inline int
open_typed(void **state)
{
	return open_typeface(state) < 0 ? -1 : open_engine(state);
}

static inline int
close_typed(void **state)
{
	close_typeface(state);
	return close_engine(state);
}

#endif
