/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said about a page when it is handed over: the params of Intake1.PutPage (scanner_bus.h
 * lists the keys), in the order in which they were added.
 */
#ifndef FUMIKURA_PAGE_PARAMS_H
#define FUMIKURA_PAGE_PARAMS_H

#include <stddef.h>
#include <systemd/sd-bus.h>

#define PAGE_PARAMS_MAX 24 /* more than the contract has keys */

struct page_params {
	struct page_param {
		const char *key; /* constant */
		char *value;
	} list[PAGE_PARAMS_MAX];
	size_t count;
};

/* -ENOBUFS over PAGE_PARAMS_MAX, -ENOMEM. */
int page_params_add(struct page_params *params, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* As a{ss}. */
int page_params_append(const struct page_params *params, sd_bus_message *message);
/* Frees the values; harmless when repeated. */
void page_params_clear(struct page_params *params);

#endif
