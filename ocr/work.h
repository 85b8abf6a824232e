/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request to this room, from descriptors in to descriptors out; blocks. Knows no bus:
 * ocr_main.c does. */
#ifndef FUMIKURA_OCR_WORK_H
#define FUMIKURA_OCR_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "ocr/alto.h"
#include "ocr/engine.h"

#define WORK_MAX_OUT 4

enum work_kind {
	WORK_READ,    /* out: result, alto, preview, thumb */
	WORK_COMPOSE, /* out: pdf */
	WORK_CORRECT, /* out: alto */
	WORK_TURN     /* out: preview, thumb */
};

struct work_page {
	int tiff, alto; /* descriptors, owned */
	int turn;
};

struct work_redaction {
	unsigned page; /* index */
	struct box box;
};

struct work {
	enum work_kind kind;
	struct work_page *pages; /* Read and Turn: one */
	unsigned npages;
	struct work_redaction *redactions; /* Compose only */
	unsigned nredactions;
	struct alto_correction *corrections; /* Correct only; texts are owned */
	unsigned ncorrections;
	int hint_dpi;
	bool all;
	unsigned limit_ms;
	long long begun_ms; /* by this thread's processor clock */
	char *title, *author, *subject, *created;
	bool master;
	int out[WORK_MAX_OUT]; /* sealed; -1 when not made */
	unsigned nout;
	int error; /* 0 or negative errno */
};

struct work *work_new(enum work_kind kind);
/* Adds a page; takes both descriptors (alto may be -1), also on failure. */
int work_add_page(struct work *w, int tiff, int alto, int turn);
/* A box to black out on a page added before. -EINVAL: no such page or box; -E2BIG; -ENOMEM. */
int work_add_redaction(struct work *w, unsigned page, const uint32_t box[4]);
/* A line for Correct; the text is copied. -EINVAL, -E2BIG, -ENOMEM. */
int work_add_correction(struct work *w, const uint32_t box[4], const char *text);
/* Does it; the outcome is in error and out. */
void work_run(struct work *w, struct engine *e);
/* Code word and sentences for an error, for link_error(). */
void work_explain(int error, const char **ret_code, const char **ret_ja, const char **ret_en);
void work_free(struct work *w);
DEFINE_CLEANUP(struct work *, work_free)

#endif
