/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes and sentences for the end of an import. */
#ifndef FUMIKURA_IMPORT_TEXT_H
#define FUMIKURA_IMPORT_TEXT_H

#include <stdint.h>

struct import_text {
	const char *code; /* constant; Intake1.Finish */
	char ja[1024], en[1024];
};

/* r as import_decode() returned it; pages as store has answered them; the limits are told where
 * they were passed. */
void import_text(
    int r, uint32_t pages, uint32_t max_pages, uint64_t max_pixels_m, struct import_text *ret);

#endif
