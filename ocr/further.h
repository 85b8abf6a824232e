/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Further readings of a line, for search alone: what a network makes of a line hangs on how large
 * and how sharp it is shown, and where print is bad it is now this picture, now that one which
 * reads right. What is shown is decided before (read_line.h, settle.h) and stays.
 */
#ifndef FUMIKURA_OCR_FURTHER_H
#define FUMIKURA_OCR_FURTHER_H

#include "ocr/engine.h"
#include "ocr/strip.h"

/*
 * While the lines of shown from `first` on, which s (drawn) was read as, are not sure, reads s in
 * further ways. Appends to others what none of its lines from `since` on and not shown say yet,
 * boxes in sheet pixels. Ends early when nothing new comes. Where half of the page's time is gone,
 * nothing is read: the shown reading may need the rest. Errors as engine_read.
 */
int further_read(struct engine *e, const struct strip *s, const struct words *shown, size_t first,
    struct words *others, size_t since);

#define FURTHER_WAYS 5
#define FURTHER_SOFT 0 /* of them: by the second network, soft and close */
/* One of the ways, whatever was read before. ret is empty. */
int further_read_that_way(
    struct engine *e, const struct strip *s, unsigned way, struct words *ret);

#endif
