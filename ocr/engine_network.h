/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tesseract's networks, run by ours (network.h) several times as fast: the linker finds the
 * functions of engine_network.c before Tesseract's. What is read stays the same: ours is trusted
 * with a network only after it said what Tesseract's own says of its first lines, as many as make
 * some eight glyphs: a shorter one says little.
 */
#ifndef FUMIKURA_OCR_ENGINE_NETWORK_H
#define FUMIKURA_OCR_ENGINE_NETWORK_H

#include <stdbool.h>

#include "ocr/agree.h"

/* Does nothing: a program that calls it has those functions. */
void engine_network_hold(void);

/* false: networks loaded from now on stay with Tesseract, for comparing. At the start: true. */
void engine_network_use(bool ours);

/* What was seen until now is forgotten: a reading begins. */
void engine_network_forget(void);
/* What ours saw of the line read since: NULL when it was not one, has more than AGREE_STEPS, or the
 * library ran another network. Caller frees. */
struct chances *engine_network_take(void);

struct engine_network_count {
	unsigned ours, theirs; /* lines, by who read them */
	unsigned refused;      /* networks that ours did not understand, or gave another answer */
	float difference;      /* the largest of the chances of the lines both read */
};

/* Since the start of the process. */
struct engine_network_count engine_network_count(void);

#endif
