/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which way up a page is, whether it is written downwards, and whether it is Latin: found before it
 * is read, by reading small windows of it. One window is enough for an upright Japanese page; only
 * when that reads badly are other ways tried.
 */
#ifndef FUMIKURA_OCR_ORIENT_H
#define FUMIKURA_OCR_ORIENT_H

#include "ocr/engine.h"
#include "ocr/prepare.h"

enum script {
	SCRIPT_ACROSS, /* Japanese or mixed, lines across */
	SCRIPT_DOWN,   /* Japanese, lines downwards */
	SCRIPT_LATIN
};

struct orient {
	int rotation; /* degrees clockwise still needed */
	enum script script;
	bool even; /* SCRIPT_DOWN: its letters stand as far apart across as down */
};

/* Sure glyphs less doubtful ones: how much of the page a reading got hold of. */
int orient_score(const struct words *w);

/*
 * s: the page as it was fed; rules: its ruled lines at half size. ret says how it should be read;
 * rotation 0, across, when nothing is clearly better, or was in 5 s of the processor and the
 * reading of one window. Errors as engine_read.
 */
int orient_find(struct engine *e, const struct sheet *s, struct Pix *rules, struct orient *ret);

#endif
