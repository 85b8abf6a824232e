/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Field proposals follow what people corrected; inside of the catalogue. */
#ifndef FUMIKURA_STORE_CATALOGUE_FOLLOW_H
#define FUMIKURA_STORE_CATALOGUE_FOLLOW_H

#include <jansson.h>

struct catalogue;

/*
 * proposals: as recognition gave them, each with the "page" it was read on. One whose value stood
 * in a line that was corrected gets that part of the corrected line as its value (which may be
 * empty), its "normal" form, and the machine's value as "raw".
 */
int proposals_follow(struct catalogue *cat, json_t *proposals);

#endif
