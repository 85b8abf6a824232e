/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocr/pitch.h"

#define STEPS_MIN 4 /* that make a usual one */

int
pitch_middle(const struct glyph *g)
{
	return g->box.x + g->box.w / 2;
}

bool
pitch_is_tight(const struct glyph *before, const struct glyph *behind, double steps, int usual)
{
	return usual > 0 && pitch_middle(behind) - pitch_middle(before) < steps * usual;
}

bool
pitch_is_narrow(const struct glyph *g)
{
	return g->text[1] == '\0';
}

int
pitch_usual(const struct glyph *g, size_t n, bool narrow)
{
	int steps[PITCH_MAX];
	size_t found = 0;

	for (size_t i = 0; i + 1 < n && found < PITCH_MAX; i++)
		if (!narrow || (pitch_is_narrow(&g[i]) && pitch_is_narrow(&g[i + 1])))
			steps[found++] = pitch_middle(&g[i + 1]) - pitch_middle(&g[i]);
	if (found < STEPS_MIN)
		return 0;
	sort_ints(steps, found);
	return steps[found / 2];
}
