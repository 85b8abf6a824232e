/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recovery sheet that `fumikura init` shows once: the answer of store's Init on paper. */
#ifndef FUMIKURA_CLI_SHEET_H
#define FUMIKURA_CLI_SHEET_H

#include <jansson.h>

/* Adds recovery_qr to the answer: the QR code of its "recovery" as lines of text, black ink on
 * white. -ENOMEM: it is not there, and the sheet is good without it. */
int cli_sheet_draw(json_t *result);
/* To standard output; a code that is not there is left out. */
void cli_sheet_print(const json_t *result);

#endif
