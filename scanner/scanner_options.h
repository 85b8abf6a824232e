/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The device's whole state as evidence: every option that can be read, with its value, as one
 * canonical JSON object (RFC 8785: sorted keys, no white space, shortest numbers), so that a record
 * shows under which settings it was made (G91-02, G91-09).
 */
#ifndef FUMIKURA_SCANNER_OPTIONS_H
#define FUMIKURA_SCANNER_OPTIONS_H

#include <stdio.h>

#include "scanner_device.h"

#define OPTIONS_MAX_ARRAY                                                                          \
	256u /* numbers of an array kept in full; longer ones keep their length and SHA-256 */
#define OPTIONS_MAX_JSON (96u << 10) /* bytes; far below a message's limit */

/* Caller frees. -EFBIG over OPTIONS_MAX_JSON. Options that cannot be read now are left out. */
int options_json(struct device *device, char **ret);

/* A JSON string, quotes included; bytes that are no UTF-8 become U+FFFD. Writes to a stdio stream.
 */
void json_put_string(FILE *out, const char *text);
/* The number as ECMAScript writes it, for magnitudes from 1e-6 below 1e21 and 0. */
void json_put_number(FILE *out, double value);

#endif
