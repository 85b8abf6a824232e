/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What recognition said of a page, filed for search. */
#ifndef FUMIKURA_STORE_CATALOGUE_READING_H
#define FUMIKURA_STORE_CATALOGUE_READING_H

#include <stddef.h>
#include <stdint.h>

struct catalogue;

#define READING_SLOTS                                                                              \
	64 /* ids of one page: the shown reading 63, others downwards                              \
	    */
#define READING_SHOWN 63
#define READING_MACHINE 0 /* what was read, of a page whose shown reading people corrected */
#define READING_MAX 32    /* readings of one page */
#define READING_MAX_TEXT ((size_t)1 << 20) /* bytes of one reading */

/*
 * data: the result of `ocr` (ocr/ocr_bus.h). Replaces what was filed for the page: readings, boxes,
 * proposals. -EINVAL when it is not of that shape: the page must then be recorded as unreadable.
 */
int reading_file(struct catalogue *cat, int64_t page, const void *data, size_t size);
/*
 * data as above, of a page that was read before: readings that it does not have yet are filed for
 * search. What is shown stays as people have seen it, with its boxes and proposals, and whatever
 * was found before is found.
 */
int reading_add(struct catalogue *cat, int64_t page, const void *data, size_t size);
/* Lays people's corrections over what was read; without any, what was read is shown again. The page
 * must not be in the full-text index meanwhile. */
int reading_layer(struct catalogue *cat, int64_t page);

#endif
