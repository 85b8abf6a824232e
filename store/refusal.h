/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a request was not carried out: a stable code word and a sentence in Japanese and English that
 * says what happened, what it means and what to do. The texts of store's own refusals stand in one
 * table (refusal.c).
 */
#ifndef FUMIKURA_STORE_REFUSAL_H
#define FUMIKURA_STORE_REFUSAL_H

struct refusal {
	char code[32]; /* "" while nothing was refused */
	char ja[512], en[512];
};

/* Fills refusal from the table ("internal" for an unknown code) and returns -ECANCELED, so that a
 * handler can `return refuse(…)`. */
int refuse(struct refusal *refusal, const char *code);
/* As refuse(), with a detail (an id, a number, a field name) in parentheses after both sentences.
 */
int refuse_detail(struct refusal *refusal, const char *code, const char *detail);
/* What a look-up returned: 0 when it found something; nothing there (-ENOENT) refuses with code,
 * detail may be NULL. Any other failure is returned: it does not say that nothing is there. */
int refuse_absent(struct refusal *refusal, int r, const char *code, const char *detail);
/* With code and texts of another room: a code that is no word of [a-z0-9_] becomes "internal",
 * over-long texts are cut at a character boundary. */
int refuse_text(struct refusal *refusal, const char *code, const char *ja, const char *en);
/* Maps a negative errno that no handler gave a better name (disk_full, not_found, damaged,
 * internal) unless a code is set already. */
void refuse_errno(struct refusal *refusal, int r);

#endif
