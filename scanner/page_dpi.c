/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Guesses resolutions from sizes alone. */
#include "page_dpi.h"

#include <math.h>
#include <stddef.h>

#define A4_SHORT_IN (210 / 25.4)
#define A4_LONG_IN (297 / 25.4)
#define USUAL 300u

#define MIN_DPI 50.0
#define MAX_DPI 4800.0
#define MAX_RATIO 2.6 /* fax: 204 by 98 */

bool
page_dpi_believable(uint32_t width, uint32_t height, double dpi_x, double dpi_y)
{
	double inches;
	bool by_default;

	if (!(dpi_x >= MIN_DPI && dpi_x <= MAX_DPI && dpi_y >= MIN_DPI && dpi_y <= MAX_DPI))
		return false;
	if (dpi_x / dpi_y > MAX_RATIO || dpi_y / dpi_x > MAX_RATIO)
		return false;
	inches = fmax(width / dpi_x, height / dpi_y);
	by_default = fabs(dpi_x - 72) < 0.6 || fabs(dpi_x - 96) < 0.6;
	return !by_default || inches <= A4_LONG_IN * 1.05;
}

/* Scanners offer few resolutions: a guess that lands close to one of them means it. */
static unsigned
snap(double dpi)
{
	static const unsigned usual[] = {75, 100, 150, 200, 240, 300, 400, 600, 1200};

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (fabs(dpi / usual[i] - 1) < 0.015)
			return usual[i];
	return (unsigned)lround(dpi);
}

unsigned
page_dpi_guess(uint32_t width, uint32_t height)
{
	double small = width < height ? width : height, large = width < height ? height : width;
	double fit = fmax(small / A4_SHORT_IN, large / A4_LONG_IN); /* whole raster within A4 */
	double shape = large / small / (A4_LONG_IN / A4_SHORT_IN);

	if (fabs(fit / USUAL - 1) < 0.06)
		return USUAL;
	if (fabs(shape - 1) < 0.10 || fit > USUAL)
		return fit < MIN_DPI ? (unsigned)MIN_DPI : snap(fit);
	return USUAL;
}
