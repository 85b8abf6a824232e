/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences for people out of events: the templates of catalogue_types.c filled with names and
 * words. */
#ifndef FUMIKURA_STORE_CATALOGUE_WORDS_H
#define FUMIKURA_STORE_CATALOGUE_WORDS_H

#include <jansson.h>

struct catalogue;

/* Adds summary_ja and summary_en of event to entry. -ENOMEM. */
int words_summary(struct catalogue *cat, const json_t *event, json_t *entry);
/* 作成中, 確定待ち, 確定済み, 確定（時刻印待ち). stamped is looked at for confirmed ones. */
const char *words_document_state(const char *state, int stamped);

#endif
