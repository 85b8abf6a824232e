/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "ocr/spelling.h"

static int
code_of(const struct alphabet *a, const char *text)
{
	const struct letter *l = alphabet_find(a, text);

	return l == NULL || l->ncodes != 1 ? -1 : l->code[0];
}

static void
match_letter(struct spelling *s, const struct letter *l)
{
	const struct letter *same = alphabet_find(s->of[1], l->text);

	for (unsigned k = 0; same != NULL && k < l->ncodes && k < same->ncodes; k++) {
		s->as_second[l->code[k]] = same->code[k];
		s->as_first[same->code[k]] = l->code[k];
	}
}

static void
match(struct spelling *s)
{
	for (unsigned i = 0; i < s->of[0]->ncodes; i++)
		s->as_second[i] = -1;
	for (unsigned i = 0; i < s->of[1]->ncodes; i++)
		s->as_first[i] = -1;
	for (unsigned i = 0; i < s->of[0]->nletters; i++)
		match_letter(s, &s->of[0]->letters[i]);
	s->dash = code_of(s->of[0], "-");
	s->long_dash = code_of(s->of[0], "—") < 0 ? code_of(s->of[1], "—") : -1;
	if (s->dash >= 0 && s->long_dash >= 0)
		s->as_first[s->long_dash] = s->dash;
}

int
spelling_new(const struct alphabet *first, const struct alphabet *second, struct spelling **ret)
{
	_cleanup_(spelling_freep) struct spelling *s = calloc(1, sizeof *s);

	if (s == NULL)
		return -ENOMEM;
	s->of[0] = first;
	s->of[1] = second;
	s->as_second = calloc(first->ncodes, sizeof *s->as_second);
	s->as_first = calloc(second->ncodes, sizeof *s->as_first);
	if (s->as_second == NULL || s->as_first == NULL)
		return -ENOMEM;
	match(s);
	*ret = TAKE_PTR(s);
	return 0;
}

void
spelling_free(struct spelling *s)
{
	if (s == NULL)
		return;
	free(s->as_second);
	free(s->as_first);
	free(s);
}
