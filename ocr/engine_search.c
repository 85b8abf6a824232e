/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tesseract 5 keeps some hundred beginnings of a line's text at each step along it, whole and in
 * the middle of a letter's codes, and tries all codes behind each of them. Most are so much less
 * likely than the best one that they come to nothing, whatever follows.
 *
 * Of Tesseract's objects only a beginning's score is looked at; that it stands where it is declared
 * here holds for 5.3.0 (tests/unit/ocr_engine_search_test.c, ocr_vain_test.c).
 */
#include <dlfcn.h>
#include <stddef.h>

#include "ocr/engine_search.h"

#define HOPELESS 20.0F /* natural logarithm, times 2.25 outside of the dictionary */

/* RecodeNode: a beginning; its last step. */
struct beginning {
	int code, letter, permuter;
	bool dictionary_starts, word_starts, word_ends, same_again;
	float certainty, score; /* of the last step, of all of them: logarithms */
	const struct beginning *before;
};

/* RecodeBeamSearch::ContinueContext, called for each beginning and step. */
#define FOLLOW_UP                                                                                  \
	"_ZN9tesseract16RecodeBeamSearch15ContinueContextEPKNS_10RecodeNodeEiPKf"                  \
	"NS_9TopNStateEPKNS_10UNICHARSETEdddPNS0_10RecodeBeamE"

typedef void follow_up_fn(void *self, const struct beginning *b, int beam, const float *chances,
    int rank, const void *letters, double ratio, double offset, double worst, void *next);

follow_up_fn follow_up __asm__(FOLLOW_UP);

static _Thread_local struct {
	follow_up_fn *theirs;
	bool all;
	const float *chances; /* of the step that goes on … */
	int rank;             /* … with codes of this rank */
	float best;           /* score so far among its beginnings, which come best beam first */
	unsigned long spared, asked;
} state;

static bool
is_hopeless(const struct beginning *b, const float *chances, int rank)
{
	if (b == NULL) { /* nothing was read yet */
		state.chances = NULL;
		return false;
	}
	if (chances != state.chances || rank != state.rank || b->score > state.best)
		state.best = b->score;
	state.chances = chances;
	state.rank = rank;
	return b->score < state.best - HOPELESS && !state.all;
}

void
follow_up(void *self, const struct beginning *b, int beam, const float *chances, int rank,
    const void *letters, double ratio, double offset, double worst, void *next)
{
	if (state.theirs == NULL)
		*(void **)&state.theirs = dlsym(RTLD_NEXT, FOLLOW_UP);
	state.asked++;
	if (is_hopeless(b, chances, rank))
		state.spared++;
	else
		state.theirs(self, b, beam, chances, rank, letters, ratio, offset, worst, next);
}

void
engine_search_hold(void)
{
}

void
engine_search_spare(bool wanted)
{
	state.all = !wanted;
}

unsigned long
engine_search_spared(unsigned long *ret_of)
{
	*ret_of = state.asked;
	return state.spared;
}
