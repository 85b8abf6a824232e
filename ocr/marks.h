/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tick boxes and circled choices. The engine has no character for them and reads them as something
 * else (口, 回, 〇), so they are found by their shape, lifted off the picture before it is read,
 * and put back into the text as □ ☑, circles as states.
 */
#ifndef FUMIKURA_OCR_MARKS_H
#define FUMIKURA_OCR_MARKS_H

#include "ocr/prepare.h"

#define MARKS_MAX 1000 /* per page: those of a month in thirty rows */

enum mark_kind {
	MARK_BOX, /* □, ☑ or ■ */
	MARK_RING /* a circle drawn around something printed */
};

struct mark {
	enum mark_kind kind;
	bool set;       /* ticked; a ring always is */
	struct box box; /* sheet pixels */
};

struct marks {
	struct mark *mark;
	size_t n;
};

/*
 * Finds marks among the ink of s that is no ruled line (rules: 1-bit, half size) and lifts them off
 * s->grey and s->half. -ENOMEM.
 */
int marks_lift(struct sheet *s, struct Pix *rules, struct marks *ret);
/* Puts tick boxes into the lines they stand in; a box without a line becomes one. Boxes are sheet
 * pixels. */
int marks_insert(const struct marks *m, struct words *w);
/* Text of w inside a ring, at most size bytes with NUL; empty when there is none. */
void marks_inside(const struct mark *m, const struct words *w, char *out, size_t size);
void marks_free(struct marks *m); /* usable as cleanup */

#endif
