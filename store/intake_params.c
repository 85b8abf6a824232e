/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What scanner and import may say about a page, and in which form. */
#include <errno.h>
#include <string.h>

#include "intake_params.h"
#include "text.h"

#define PARAM_MAX 16384 /* bytes of one value; options of a large device are some 6 kB */

enum form { FORM_TEXT, FORM_NUMBER, FORM_DIGEST };

static const struct {
	const char *key;
	enum form form;
} known[] = {
    {"raw_sha256", FORM_DIGEST},
    {"width", FORM_NUMBER},
    {"height", FORM_NUMBER},
    {"depth", FORM_NUMBER},
    {"samples", FORM_NUMBER},
    {"dpi_x", FORM_NUMBER},
    {"dpi_y", FORM_NUMBER},
    {"mode", FORM_TEXT},
    {"source", FORM_TEXT},
    {"sheet", FORM_NUMBER},
    {"side", FORM_TEXT},
    {"device", FORM_TEXT},
    {"vendor", FORM_TEXT},
    {"model", FORM_TEXT},
    {"options", FORM_TEXT},
    {"flags", FORM_TEXT},
    {"file", FORM_TEXT},
    {"file_sha256", FORM_DIGEST},
    {"file_page", FORM_NUMBER},
    {"file_pages", FORM_NUMBER},
    {"format", FORM_TEXT},
};

static json_t *
number(const char *text)
{
	long long n = 0;

	if (*text == '\0' || strlen(text) > 9)
		return NULL;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return NULL;
		n = n * 10 + (*text - '0');
	}
	return json_integer(n);
}

static json_t *
value_json(enum form form, const char *value)
{
	uint8_t digest[32];

	if (form == FORM_NUMBER)
		return number(value);
	if (form == FORM_DIGEST && (strlen(value) != 64 || hex_decode(value, digest, 32) < 0))
		return NULL;
	return json_string(value);
}

static int
add_param(json_t *params, const char *key, const char *value)
{
	if (strlen(value) > PARAM_MAX)
		return -E2BIG;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		json_t *json;

		if (strcmp(known[i].key, key) != 0)
			continue;
		json = value_json(known[i].form, value);
		return json != NULL && json_object_set_new(params, key, json) == 0 ? 0 : -EINVAL;
	}
	return -EINVAL;
}

int
params_read(sd_bus_message *message, json_t **ret)
{
	json_t *params = json_object();
	const char *key, *value;
	int r;

	if (params == NULL)
		return -ENOMEM;
	r = sd_bus_message_enter_container(message, 'a', "{ss}");
	while (r >= 0) {
		r = sd_bus_message_read(message, "{ss}", &key, &value);
		if (r <= 0)
			break;
		r = add_param(params, key, value);
	}
	if (r >= 0)
		r = sd_bus_message_exit_container(message);
	if (r >= 0 && (json_object_get(params, "raw_sha256") == NULL ||
			  json_object_get(params, "width") == NULL ||
			  json_object_get(params, "height") == NULL))
		r = -EINVAL;
	if (r < 0)
		json_decref(params);
	else
		*ret = params;
	return r < 0 ? r : 0;
}
