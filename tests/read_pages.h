/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file's pages as page masters, made by one shipped `import` process as the box makes them, one
 * after another: the next is made only when the last was let go, so a long file costs no memory.
 */
#ifndef READ_PAGES_H
#define READ_PAGES_H

#include <stdbool.h>

#include "read_room.h"

#define READ_PAGES_WINDOW 8 /* more than import may have unanswered */

struct read_pages {
	struct read_room room;
	const char *path;
	sd_bus_message *held[READ_PAGES_WINDOW]; /* pages that were not let go yet, oldest first */
	unsigned n_held;
	bool stir, taken, finished;
	int error;
};

/* Prints on stderr why a file cannot be opened. p must be closed, also after a failure. path is
 * borrowed. */
int read_pages_open(struct read_pages *p, sd_event *event, const char *import, const char *path);

/* 1: *ret_tiff is the next page (sealed memfd, borrowed until the next call). 0: that was all.
 * Negative, and said on stderr: the file cannot be read further. */
int read_pages_next(struct read_pages *p, int *ret_tiff);

/* A file as a sealed memfd, the caller's; its size is judged before a byte is read. -errno. */
int read_pages_take_file(const char *path);

void read_pages_close(struct read_pages *p);

#endif
