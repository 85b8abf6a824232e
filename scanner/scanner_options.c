/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a device's readable options as canonical JSON. Knows JSON and options, not what they mean.
 */
#include "scanner_options.h"

#include <string.h>

#include "sha256.h"
#include "text.h"

void
json_put_string(FILE *out, const char *text)
{
	size_t left = strlen(text);

	fputc('"', out);
	while (left > 0) {
		uint32_t code;
		int n = utf8_decode(text, left, &code);

		if (n < 0) {
			fputs("\xef\xbf\xbd", out);
			n = 1;
		} else if (code == '"' || code == '\\') {
			fprintf(out, "\\%c", (char)code);
		} else if (code < 0x20) {
			static const char short_form[] = "\b\t\n\f\r", letter[] = "btnfr";
			const char *s = strchr(short_form, (int)code);

			if (s != NULL)
				fprintf(out, "\\%c", letter[s - short_form]);
			else
				fprintf(out, "\\u%04x", (unsigned)code);
		} else {
			fwrite(text, 1, (size_t)n, out);
		}
		text += n;
		left -= (size_t)n;
	}
	fputc('"', out);
}

void
json_put_number(FILE *out, double value)
{
	char text[64];

	if (value == 0) {
		fputc('0', out); /* -0 too */
		return;
	}
	/* The fewest decimals that read back as the same number. */
	for (int decimals = 0; decimals <= 24; decimals++) {
		snprintf(text, sizeof text, "%.*f", decimals, value);
		if (strtod(text, NULL) == value)
			break;
	}
	fputs(text, out);
}

static void
put_array(FILE *out, const struct option *o, const int32_t *words)
{
	if (o->words > OPTIONS_MAX_ARRAY) {
		char hex[SHA256_HEX_SIZE];

		sha256_hex(words, o->words * sizeof *words, hex);
		fprintf(out, "{\"length\":%zu,\"sha256\":\"%s\"}", o->words, hex);
		return;
	}
	for (size_t i = 0; i < o->words; i++) {
		fputc(i == 0 ? '[' : ',', out);
		json_put_number(out, option_number(o, words[i]));
	}
	fputc(']', out);
}

/* Value of one option as JSON text; NULL when it cannot be read. Caller frees. */
static char *
value_json(struct device *device, const struct option *o)
{
	_cleanup_(freep) int32_t *words = NULL;
	_cleanup_(freep) char *text = NULL;
	char *json = NULL;
	size_t size = 0;
	FILE *out;
	int r;

	r = o->type == OPTION_STRING ? device_get_text(device, o, &text)
				     : device_get_words(device, o, &words);
	if (r < 0)
		return NULL;
	out = open_memstream(&json, &size);
	if (out == NULL)
		return NULL;
	if (text != NULL)
		json_put_string(out, text);
	else if (o->words > 1)
		put_array(out, o, words);
	else if (o->type == OPTION_BOOL)
		fputs(words[0] ? "true" : "false", out);
	else
		json_put_number(out, option_number(o, words[0]));
	if (fclose(out) != 0) {
		free(json);
		return NULL;
	}
	return json;
}

struct member {
	char *name, *value;
};

struct members {
	struct member items[DEVICE_MAX_OPTIONS];
	size_t count;
};

static void
members_free(struct members *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free(m->items[i].name);
		free(m->items[i].value);
	}
	free(m);
}
DEFINE_CLEANUP(struct members *, members_free)

/* Byte order, which is UTF-16 order for the ASCII names that SANE prescribes. */
static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct member *)a)->name, ((const struct member *)b)->name);
}

static int
collect(struct device *device, struct members *m)
{
	int count = device_option_count(device);

	for (int i = 1; i < count && m->count < DEVICE_MAX_OPTIONS; i++) {
		struct member *item = &m->items[m->count];
		struct option o;

		if (device_option_at(device, i, &o) < 0 || !o.readable)
			continue;
		item->name = strdup(o.name);
		if (item->name == NULL)
			return -ENOMEM;
		item->value = value_json(device, &o);
		if (item->value == NULL) {
			free(item->name);
			continue;
		}
		m->count++;
	}
	qsort(m->items, m->count, sizeof *m->items, by_name);
	return 0;
}

int
options_json(struct device *device, char **ret)
{
	_cleanup_(members_freep) struct members *m = calloc(1, sizeof *m);
	_cleanup_(freep) char *json = NULL;
	size_t size = 0;
	FILE *out;
	int r;

	if (m == NULL)
		return -ENOMEM;
	r = collect(device, m);
	if (r < 0)
		return r;
	out = open_memstream(&json, &size);
	if (out == NULL)
		return -ENOMEM;
	fputc('{', out);
	for (size_t i = 0; i < m->count; i++) {
		if (i > 0 && strcmp(m->items[i].name, m->items[i - 1].name) == 0)
			continue; /* an object has each name once */
		if (i > 0)
			fputc(',', out);
		json_put_string(out, m->items[i].name);
		fputc(':', out);
		fputs(m->items[i].value, out);
	}
	fputc('}', out);
	if (fclose(out) != 0)
		return -ENOMEM;
	if (size > OPTIONS_MAX_JSON)
		return -EFBIG;
	*ret = TAKE_PTR(json);
	return 0;
}
