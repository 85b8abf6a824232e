/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes page masters of rows in threads of its own, so that the device need not wait while a side
 * is compressed: compressing a colour side takes longer than hashing and copying it. One thread
 * per side, PRESS_THREADS sides at once; they are handed over in the order in which they began.
 * Held at most: PRESS_ROOM of rows, and PRESS_THREADS compressed sides beside those that are out
 * unanswered (INTAKE_WINDOW). Whoever brings more waits.
 *
 * One thread brings the sides: press_ready, press_begin, press_rows …, press_end or press_drop.
 */
#ifndef FUMIKURA_SCANNER_PRESS_H
#define FUMIKURA_SCANNER_PRESS_H

#include "page_tiff.h"

#define PRESS_THREADS 2               /* with two, reading is what takes longest */
#define PRESS_ROOM ((size_t)32 << 20) /* bytes of rows: a colour A4 side at 300 dpi is 26 MB */

struct press;
struct scan_event; /* what is said about a side; never looked into */

/*
 * Takes a side: on a thread of the press, one at a time, in order. fd: its sealed TIFF, or the
 * negative errno that kept it from being made. Takes both. May block. After a negative return no
 * later side is made.
 */
typedef int (*press_put)(void *userdata, struct scan_event *about, int fd);

int press_new(press_put put, void *userdata, struct press **ret);
/*
 * These four return the negative errno with which a side failed or was not taken (page_tiff.h
 * has them), of whichever side; what is brought after that is thrown away.
 */
/* Waits until one more side may begin: ask before paper is drawn in. */
int press_ready(struct press *press);
int press_begin(struct press *press, const struct page_format *format);
/* Copies the rows; waits for room. */
int press_rows(struct press *press, const void *rows, size_t count);
/* Waits until every whole side is handed over. */
int press_wait(struct press *press);
/* The side is whole. Takes about: put() gets it in any case. Does not wait. */
void press_end(struct press *press, struct scan_event *about);
/* The side under way, if there is one, will not be whole: it is not handed over. */
void press_drop(struct press *press);

/* Ends the threads; put() is called for whole sides first. */
void press_free(struct press *press);
DEFINE_CLEANUP(struct press *, press_free)

#endif
