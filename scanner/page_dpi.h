/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How large a raster is on paper, when its file does not say or says what cannot be. */
#ifndef FUMIKURA_PAGE_DPI_H
#define FUMIKURA_PAGE_DPI_H

#include <stdbool.h>
#include <stdint.h>

/*
 * False for no resolution, an absurd one, and the 72 or 96 that programs write without knowing,
 * where the raster would then be larger than a sheet of A4.
 */
bool page_dpi_believable(uint32_t width, uint32_t height, double dpi_x, double dpi_y);

/* 300, or what makes the raster A4 when it has A4's shape or would be larger than A4 at 300. */
unsigned page_dpi_guess(uint32_t width, uint32_t height);

#endif
