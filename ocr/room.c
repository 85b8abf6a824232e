/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocr/room.h"

#define STEPS_MIN 4 /* that make a usual one */

int
room_middle(const struct glyph *g)
{
	return g->box.x + g->box.w / 2;
}

bool
room_is_narrow(const struct glyph *g)
{
	return g->text[1] == '\0';
}

int
room_step(const struct glyph *g, size_t n, bool narrow)
{
	int steps[ROOM_MAX];
	size_t found = 0;

	for (size_t i = 0; i + 1 < n && found < ROOM_MAX; i++)
		if (!narrow || (room_is_narrow(&g[i]) && room_is_narrow(&g[i + 1])))
			steps[found++] = room_middle(&g[i + 1]) - room_middle(&g[i]);
	if (found < STEPS_MIN)
		return 0;
	sort_ints(steps, found);
	return steps[found / 2];
}
