/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One HTTP request as arguments of one bus call. Every name is checked against the contract:
 * unknown, missing and mistyped ones are refused by name, so that a typing mistake never becomes a
 * default.
 */
#ifndef FUMIKURA_WEB_ARGS_H
#define FUMIKURA_WEB_ARGS_H

#include <jansson.h>
#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "web/web_routes.h"

struct web_input {
	const struct web_match *match;
	const char *token;    /* "" when there is none */
	const char *terminal; /* address of the client */
	json_t *body;         /* object, or NULL */
	json_t *query;        /* object of strings, or NULL */
	int file;             /* descriptor for an argument of type h, or -1; borrowed */
};

/*
 * Appends all arguments of method, in its order. 0; -EINVAL when something given is not acceptable:
 * then why holds "Japanese\nEnglish" that names it. -EMSGSIZE for a text over STORE_MAX_TEXT (why
 * as well). Other errnos come from sd-bus.
 */
int web_args_append(sd_bus_message *m, const struct web_method *method, const struct web_input *in,
    char *why, size_t why_size);

#endif
