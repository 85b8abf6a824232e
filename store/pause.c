/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pause.h"

double
pause_begin(struct pause *p, double now, uint64_t free)
{
	double rest = PAUSE_FIRST_S;

	p->free = free;
	if (p->fails > 0 && now < p->until)
		return p->until - now;
	for (unsigned i = 0; i < p->fails && rest < PAUSE_LONGEST_S; i++)
		rest *= 2;
	p->fails++;
	rest = rest < PAUSE_LONGEST_S ? rest : PAUSE_LONGEST_S;
	p->until = now + rest;
	return rest;
}

bool
pause_holds(const struct pause *p, double now, uint64_t free)
{
	return p->fails > 0 && now < p->until && free < p->free + PAUSE_ROOM;
}
