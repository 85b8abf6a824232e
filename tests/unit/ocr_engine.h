/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One engine for a whole suite: its tests' *state is a struct engine. */
#ifndef FUMIKURA_TESTS_OCR_ENGINE_H
#define FUMIKURA_TESTS_OCR_ENGINE_H

#include <stdlib.h>

#include "ocr/engine.h"

static inline int
open_engine(void **state)
{
	setenv("OMP_THREAD_LIMIT", "1", 1);
	return engine_new(NULL, (struct engine **)state);
}

static inline int
close_engine(void **state)
{
	engine_free(*state);
	return 0;
}

#endif
