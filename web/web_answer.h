/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to one HTTP request before it becomes a response: a JSON text, a file, or a refusal.
 */
#ifndef FUMIKURA_WEB_ANSWER_H
#define FUMIKURA_WEB_ANSWER_H

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "link.h"
#include "memfd.h"
#include "web/web_routes.h"

struct web_answer {
	unsigned status;     /* HTTP; 0 while there is none */
	char code[48];       /* "" when store did what was asked */
	char *json;          /* the body, when there is no file */
	char *token;         /* of a login; wiped */
	struct memview view; /* a file from store, seals checked … */
	uint8_t *heap;       /* … or composed here */
	size_t heap_size;
	char *type, *name; /* of the file */
};

/* Makes answer a refusal. message: "Japanese\nEnglish" or NULL for the fixed sentence of code
 * (web_errors.h). */
void web_answer_refuse(struct web_answer *answer, const char *code, const char *message);
/* Fills a zeroed answer from store's reply to method. login: the reply's token is taken out of the
 * JSON. A reply of a wrong shape becomes "internal". */
void web_answer_from_reply(
    struct web_answer *answer, const struct web_method *method, bool login, sd_bus_message *m);
/* Frees, wipes and zeroes; harmless on a zeroed one. */
void web_answer_clear(struct web_answer *answer);

#endif
