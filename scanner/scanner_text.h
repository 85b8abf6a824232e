/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people read when a run ends or cannot begin: what happened, what it means, what to do;
 * Japanese and English. */
#ifndef FUMIKURA_SCANNER_TEXT_H
#define FUMIKURA_SCANNER_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define TEXT_SIZE 1024 /* bytes of one sentence group, NUL included */

struct scan_text {
	char ja[TEXT_SIZE], en[TEXT_SIZE];
};

/* For Intake1.Finish: code as in scanner_bus.h, pages as store has answered them. An unknown code
 * reads as device_error. */
void text_finish(const char *code, uint32_t pages, struct scan_text *ret);
/* For an error answer to Scan: no_device busy bad_parameter device_hung; detail is the refused
 * option's name, or NULL. */
void text_refuse(const char *code, const char *detail, struct scan_text *ret);

#endif
