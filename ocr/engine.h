/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine door: regions in, words out. Everything this room knows of a recogniser is in this
 * header; preparation, forms and output do not change when another engine stands behind it. An
 * engine is one file that implements these functions.
 *
 * An engine reads upright, dark-on-light, 8-bit grey pictures of 300 dpi. It keeps no state between
 * calls but its models and what it saw of the last line.
 */
#ifndef FUMIKURA_OCR_ENGINE_H
#define FUMIKURA_OCR_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "cleanup.h"
#include "ocr/words.h"

struct Pix;     /* Leptonica picture */
struct chances; /* agree.h */
struct opinion; /* likewise */
struct agree_wish;

enum engine_model {
	ENGINE_JAPANESE,
	ENGINE_JAPANESE_2, /* the same letters, by a network taught apart: it errs elsewhere */
	ENGINE_LATIN,
	ENGINE_VERTICAL, /* Japanese written downwards */
	ENGINE_CHINESE,  /* traditional; for letters that the Japanese ones never learned */
	ENGINE_MODELS
};

enum engine_mode {
	ENGINE_PAGE,     /* find columns and blocks */
	ENGINE_COLUMN,   /* one column of text of various sizes */
	ENGINE_BLOCK,    /* one block of even text */
	ENGINE_LINE,     /* one line */
	ENGINE_RAW_LINE, /* one line, no analysis at all */
	ENGINE_SPARSE,   /* as much text as can be found, in no order */
	ENGINE_DOWN,     /* one block of vertical text */
	ENGINE_MODES
};

struct engine;

/* One file that a model came from, for the record. */
struct engine_file {
	const char *name; /* "jpn" */
	char sha256[65];  /* hex */
};

/*
 * Loads all models from folder (NULL: the engine's own default). Done once, before the room locks
 * itself in; afterwards no file is opened. -ENOENT when a model is missing. Caller owns ret.
 */
int engine_new(const char *folder, struct engine **ret);

/*
 * Time: every engine_read of this thread after this call fails with -ETIME once the thread has used
 * ms milliseconds of processor time since it, however busy the machine is. 0: no limit.
 */
void engine_deadline(struct engine *e, unsigned ms);
/* Whether half of that time is gone: what can be done without had better be. */
bool engine_is_late(const struct engine *e);

/*
 * Reads box of image (NULL: all of it). Appends lines to ret in reading order, boxes in pixels of
 * image, spaces as the engine saw them, cell -1. An empty region gives no line and is no error.
 * -ETIME past the deadline, -ENOMEM, -EIO when the engine failed.
 */
int engine_read(struct engine *e, struct Pix *image, const struct box *box, enum engine_model model,
    enum engine_mode mode, struct words *ret);

/* What the network saw in the last engine_read(), once: NULL when it was not one line, or one
 * too long to be weighed, failed, or is not known. Caller frees. */
struct chances *engine_take_chances(struct engine *e);
/* Appends the texts, lines without places, that n opinions on a line speak for together, and
 * how likely each is (agree.h): network 0 is ENGINE_JAPANESE, 1 ENGINE_JAPANESE_2. -ENODATA when
 * there is none, -ENOMEM. */
int engine_agree(struct engine *e, const struct opinion *opinions, unsigned n,
    const struct agree_wish *wish, struct words *ret, double *ret_likely);

/* Whether a model can write a letter. Not known, and false, of ENGINE_LATIN and ENGINE_VERTICAL. */
bool engine_knows(const struct engine *e, enum engine_model model, const char *letter);

const char *engine_name(const struct engine *e);
const char *engine_version(const struct engine *e);
/* Files of the models, count in ret_n; borrowed. */
const struct engine_file *engine_files(const struct engine *e, unsigned *ret_n);

void engine_free(struct engine *e);
DEFINE_CLEANUP(struct engine *, engine_free)

#endif
