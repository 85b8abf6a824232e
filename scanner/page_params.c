/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and values on their way to store. Knows what none of them means. */
#include "page_params.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int
page_params_add(struct page_params *params, const char *key, const char *format, ...)
{
	char *value = NULL;
	va_list args;
	int n;

	if (params->count == PAGE_PARAMS_MAX)
		return -ENOBUFS;
	va_start(args, format);
	n = vasprintf(&value, format, args);
	va_end(args);
	if (n < 0)
		return -ENOMEM;
	params->list[params->count++] = (struct page_param){.key = key, .value = value};
	return 0;
}

int
page_params_append(const struct page_params *params, sd_bus_message *message)
{
	int r = sd_bus_message_open_container(message, 'a', "{ss}");

	for (size_t i = 0; r >= 0 && i < params->count; i++)
		r = sd_bus_message_append(
		    message, "{ss}", params->list[i].key, params->list[i].value);
	return r < 0 ? r : sd_bus_message_close_container(message);
}

void
page_params_clear(struct page_params *params)
{
	for (size_t i = 0; i < params->count; i++)
		free(params->list[i].value);
	params->count = 0;
}
