/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows nothing of letters and of other networks: codes, steps and sums. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "ocr/mass.h"

#define LIKELY 5e-4F   /* chance: less likely codes are not tried … */
#define NEAR 1e-2      /* … and only where so much of a beginning's likelihood is */
#define REST 1e-12     /* of it: what is left out */
#define FLOOR 1e-4     /* added to every chance: nobody is certain of what is not there */
#define NOTHING 1e-300 /* instead of 0, where a logarithm is taken */

static double
chance(const struct side *s, unsigned step, unsigned code)
{
	const struct spelling *a = s->a;
	const float *p = s->saw->p + (size_t)step * s->saw->codes;
	const int own = s->network == 0 ? (int)code : a->as_second[code];
	float sum = own < 0 ? 0 : p[own];

	if (s->network == 1 && (int)code == a->dash && a->long_dash >= 0)
		sum += p[a->long_dash];
	/* Flattened: neighbouring steps are no independent witnesses. */
	return (double)sqrtf(sum) + FLOOR;
}

/* That it has been seen by this step, and code may come next: twice the same only after a blank. */
static double
before(const struct mass *m, int last, unsigned step, unsigned code)
{
	return m->by_blank[step] + ((int)code == last ? 0 : m->by_code[step]);
}

/* Spaces stand where nothing else does, and words_tidy() would take most of them away: they are
 * blanks. */
static void
look(struct side *s)
{
	const struct spelling *a = s->a;
	const struct alphabet *own_alphabet = a->of[s->network];
	const unsigned steps = s->saw->steps, n = s->saw->codes;
	unsigned found = 0;

	for (unsigned t = 0; t < steps; t++) {
		const float *p = s->saw->p + (size_t)t * n;

		s->blank[t] =
		    (double)sqrtf(p[own_alphabet->blank] + p[own_alphabet->space]) + FLOOR;
		for (unsigned own = 0; own < n; own++) {
			const int code = s->network == 0 ? (int)own : a->as_first[own];

			if (p[own] >= LIKELY && code >= 0 && own != own_alphabet->blank &&
			    own != own_alphabet->space)
				s->likely[found++] = (uint16_t)code;
		}
		s->first[t + 1] = found;
	}
}

int
side_open(struct side *s, const struct spelling *a, const struct opinion *o, double weight)
{
	const unsigned steps = o->saw->steps, n = o->saw->codes;

	*s = (struct side){.a = a, .saw = o->saw, .network = o->network, .weight = weight};
	s->blank = calloc(steps + 1, sizeof *s->blank);
	s->likely = malloc((size_t)(steps + 1) * n * sizeof *s->likely);
	s->first = calloc(steps + 1, sizeof *s->first);
	if (s->blank == NULL || s->likely == NULL || s->first == NULL)
		return -ENOMEM;
	look(s);
	return 0;
}

void
side_free(struct side *s)
{
	free(s->blank);
	free(s->likely);
	free(s->first);
}

void
mass_start(const struct side *s, struct mass *m)
{
	const unsigned steps = s->saw->steps;

	m->from = 0;
	m->log = 0;
	m->by_code[0] = 0;
	m->by_blank[0] = 1;
	for (m->to = 1; m->to <= steps; m->to++) {
		m->by_code[m->to] = 0;
		m->by_blank[m->to] = m->by_blank[m->to - 1] * s->blank[m->to - 1];
	}
}

static bool
is_rest(const struct mass *m, unsigned step, double most)
{
	return m->by_code[step] + m->by_blank[step] < REST * most;
}

/* Takes off what is as good as nothing at both ends, and makes the largest 1. */
static void
trim(struct mass *m, double most)
{
	while (m->from + 1 < m->to && is_rest(m, m->from, most))
		m->from++;
	while (m->from + 1 < m->to && is_rest(m, m->to - 1, most))
		m->to--;
	for (unsigned t = m->from; t < m->to && most > 0; t++) {
		m->by_code[t] /= most;
		m->by_blank[t] /= most;
	}
	m->log += log(most + NOTHING);
}

void
mass_extend(const struct side *s, const struct mass *old, int last, unsigned code, struct mass *m)
{
	const unsigned steps = s->saw->steps;
	double most = 0;
	unsigned t;

	m->from = old->from;
	m->log = old->log;
	m->by_code[m->from] = m->by_blank[m->from] = 0;
	for (t = m->from; t < steps; t++) {
		const double come = t < old->to ? before(old, last, t, code) : 0;

		m->by_code[t + 1] = (m->by_code[t] + come) * chance(s, t, code);
		m->by_blank[t + 1] = (m->by_blank[t] + m->by_code[t]) * s->blank[t];
		if (m->by_code[t + 1] + m->by_blank[t + 1] > most)
			most = m->by_code[t + 1] + m->by_blank[t + 1];
		else if (t + 1 >= old->to && is_rest(m, t + 1, most))
			break;
	}
	m->to = t < steps ? t + 2 : steps + 1;
	trim(m, most);
}

double
mass_foresee(const struct side *s, const struct mass *m, int last, unsigned code)
{
	double sum = 0;

	for (unsigned t = m->from; t < m->to && t < s->saw->steps; t++)
		sum += before(m, last, t, code) * chance(s, t, code);
	return s->weight * (m->log + log(sum + NOTHING));
}

bool
mass_end(const struct side *s, const struct mass *m, double *ret)
{
	const unsigned steps = s->saw->steps;
	const double whole = m->to <= steps ? 0 : m->by_code[steps] + m->by_blank[steps];

	if (whole < NOTHING)
		return false;
	*ret = s->weight * (m->log + log(whole));
	return true;
}

bool
mass_ends_near(const struct mass *m, unsigned step)
{
	return m->by_code[step] + m->by_blank[step] >= NEAR;
}
