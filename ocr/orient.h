/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which way up a page is, and whether it is written downwards. Costs nothing for pages that were
 * read well: only a bad first reading makes it look, and then at
 * windows of the page, until one way to read them is clearly the best.
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
};

/* Share 0…1 of glyphs the engine was unsure of; 1 when there are none. Upright Japanese has hardly
 * any, wrong ways have many. */
double orient_doubt(const struct words *w);
/* Sure glyphs less doubtful ones: how much of the page a reading got hold of. */
int orient_score(const struct words *w);
/* Share 0…1 of letters A–Z, a–z and digits. */
double orient_latin(const struct words *w);

/*
 * w: a reading of s in its present orientation. ret says how the page should be read instead;
 * unchanged (rotation 0, across) when nothing is better. Errors as engine_read.
 */
int orient_find(struct engine *e, const struct sheet *s, const struct words *w, struct orient *ret);

#endif
