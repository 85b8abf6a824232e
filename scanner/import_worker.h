/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The thread that decodes, so that the main thread stays answerable while a hostile file is chewed.
 * Pages wait for durability: at most INTAKE_WINDOW are out unanswered.
 */
#ifndef FUMIKURA_IMPORT_WORKER_H
#define FUMIKURA_IMPORT_WORKER_H

#include "import_sink.h"
#include "memfd.h"

struct import_worker;

/* Starts decoding. Takes file (unmapped at the end) and copies name. */
int import_worker_new(struct memview file, const char *name, uint32_t max_pages,
    uint64_t max_pixels, struct import_worker **ret);
/* Readable when there is something to take. */
int import_worker_fd(struct import_worker *worker);
/* 1 and a page (caller frees), 0 for nothing now, 2 for the end: ret_result is what import_decode()
 * returned. */
int import_worker_next(struct import_worker *worker, struct import_out **ret, int *ret_result);
/* One page was answered; refused: no more are wanted. */
void import_worker_answered(struct import_worker *worker, bool refused);

#endif
