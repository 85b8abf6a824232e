/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a picture may hold a code at all, at a sixth of what reading codes costs: bars are many,
 * close, and the same in the next rows; a QR code has eyes, whose runs of dark and light are as
 * 1 : 1 : 3 : 1 : 1 across and down. Writing has hardly ever either.
 */
#ifndef FUMIKURA_OCR_CODES_HINT_H
#define FUMIKURA_OCR_CODES_HINT_H

#include <stdbool.h>
#include <stdint.h>

/* rows: w × h greys. Codes may lie any way, also aslant. True also when memory is short. */
bool codes_hint(const uint8_t *rows, int w, int h);

#endif
