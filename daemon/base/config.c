/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and writes the configuration syntax. Knows no key by name but those whose default depends
 * on another (config_derive). */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

struct config {
	size_t n;
	char **values; /* one per config_keys[] row; NULL: not set */
};

static const char bad_value[] = "the value is outside what this key permits";

static size_t
key_count(void)
{
	size_t n = 0;

	while (config_keys[n].section != NULL)
		n++;
	return n;
}

static bool
same(const char *name, const char *s, size_t n)
{
	return strlen(name) == n && memcmp(name, s, n) == 0;
}

int
config_find(const char *section, size_t section_size, const char *key, size_t key_size)
{
	for (int i = 0; config_keys[i].section != NULL; i++)
		if (same(config_keys[i].section, section, section_size) &&
		    same(config_keys[i].key, key, key_size))
			return i;
	return -ENOENT;
}

static bool
section_known(const char *s, size_t n)
{
	for (int i = 0; config_keys[i].section != NULL; i++)
		if (same(config_keys[i].section, s, n))
			return true;
	return false;
}

static int
parse_uint(const char *s, uint64_t *ret)
{
	uint64_t v = 0;

	if (*s == '\0')
		return -EINVAL;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(*s - '0'), &v))
			return -EINVAL;
	}
	*ret = v;
	return 0;
}

static int
parse_bool(const char *s)
{
	if (strcmp(s, "yes") == 0 || strcmp(s, "true") == 0 || strcmp(s, "1") == 0)
		return 1;
	if (strcmp(s, "no") == 0 || strcmp(s, "false") == 0 || strcmp(s, "0") == 0)
		return 0;
	return -EINVAL;
}

static bool
is_choice(const char *choices, const char *s)
{
	size_t n = strlen(s);

	for (const char *p = choices;; p++) {
		size_t word = strcspn(p, "|");

		if (word == n && memcmp(p, s, n) == 0)
			return true;
		p += word;
		if (*p == '\0')
			return false;
	}
}

static bool
value_ok(const struct config_key *key, const char *value)
{
	uint64_t v;

	for (const char *p = value; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	if (!utf8_valid(value, strlen(value)))
		return false;
	switch (key->kind) {
	case CONFIG_UINT:
		return parse_uint(value, &v) == 0 && v >= key->min && v <= key->max;
	case CONFIG_BOOL:
		return parse_bool(value) >= 0;
	case CONFIG_CHOICE:
		return is_choice(key->choices, value);
	default:
		return true;
	}
}

static void
trim(const char **s, size_t *n)
{
	while (*n > 0 && (**s == ' ' || **s == '\t'))
		(*s)++, (*n)--;
	while (*n > 0 && strchr(" \t\r", (*s)[*n - 1]) != NULL)
		(*n)--;
}

/* Stores one value; why is set on -EINVAL. */
static int
store_value(struct config *config, const char *section, size_t section_size, const char *key,
    size_t key_size, const char *value, size_t size, bool replace, const char **ret_why)
{
	_cleanup_(freep) char *copy = NULL;
	int i;

	i = config_find(section, section_size, key, key_size);
	if (i < 0) {
		*ret_why = section_known(section, section_size) ? "no such key in this section"
								: "no such section";
		return -EINVAL;
	}
	if (config->values[i] != NULL && !replace) {
		*ret_why = "this key already has a value";
		return -EINVAL;
	}
	if (memchr(value, '\0', size) != NULL) {
		*ret_why = bad_value;
		return -EINVAL;
	}
	copy = strndup(value, size);
	if (copy == NULL)
		return -ENOMEM;
	if (!value_ok(&config_keys[i], copy)) {
		*ret_why = bad_value;
		return -EINVAL;
	}
	free(config->values[i]);
	config->values[i] = TAKE_PTR(copy);
	return 0;
}

struct cursor {
	const char *section; /* of the lines that follow; borrowed from the text */
	size_t section_size;
};

static int
parse_line(
    struct config *config, struct cursor *at, const char *line, size_t n, const char **ret_why)
{
	const char *key = line, *value, *equals;
	size_t key_size, size;

	trim(&line, &n);
	if (n == 0 || line[0] == '#')
		return 0;
	if (line[0] == '[') {
		if (line[n - 1] != ']' || !section_known(line + 1, n - 2)) {
			*ret_why = "no such section";
			return -EINVAL;
		}
		at->section = line + 1;
		at->section_size = n - 2;
		return 0;
	}
	equals = memchr(line, '=', n);
	if (equals == NULL || at->section == NULL) {
		*ret_why = equals == NULL ? "expected [section] or key = value"
					  : "a key before the first [section]";
		return -EINVAL;
	}
	key = line;
	key_size = (size_t)(equals - line);
	value = equals + 1;
	size = n - key_size - 1;
	trim(&key, &key_size);
	trim(&value, &size);
	return store_value(
	    config, at->section, at->section_size, key, key_size, value, size, false, ret_why);
}

int
config_parse(
    const char *text, size_t size, struct config **ret, unsigned *ret_line, const char **ret_why)
{
	_cleanup_(config_freep) struct config *config = NULL;
	struct cursor at = {0};
	unsigned number = 0;
	const char *why = "out of memory";
	int r = 0;

	*ret_line = 0;
	*ret_why = size > CONFIG_MAX_BYTES ? "the file is too large" : why;
	if (size > CONFIG_MAX_BYTES)
		return -EFBIG;
	config = calloc(1, sizeof(*config));
	if (config == NULL)
		return -ENOMEM;
	config->n = key_count();
	config->values = calloc(config->n, sizeof(*config->values));
	if (config->values == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < size && r == 0;) {
		const char *end = memchr(text + i, '\n', size - i);
		size_t n = end == NULL ? size - i : (size_t)(end - (text + i));

		number++;
		r = parse_line(config, &at, text + i, n, &why);
		i += n + 1;
	}
	if (r < 0) {
		*ret_line = number;
		*ret_why = why;
		return r;
	}
	*ret = TAKE_PTR(config);
	return 0;
}

int
config_set(struct config *config, const char *assignment)
{
	const char *equals = strchr(assignment, '='), *dot, *why;

	dot = equals == NULL ? NULL : memchr(assignment, '.', (size_t)(equals - assignment));
	if (dot == NULL)
		return -EINVAL;
	return store_value(config, assignment, (size_t)(dot - assignment), dot + 1,
	    (size_t)(equals - dot - 1), equals + 1, strlen(equals + 1), true, &why);
}

static int
derive(struct config *config, const char *section, const char *key, const char *data, size_t n,
    const char *suffix)
{
	char text[4096];
	int length;

	if (config_get(config, section, key)[0] != '\0')
		return 0;
	length = snprintf(text, sizeof(text), "%s.%s=%.*s%s", section, key, (int)n, data, suffix);
	if (length < 0 || (size_t)length >= sizeof(text))
		return -ENAMETOOLONG;
	return config_set(config, text);
}

int
config_derive(struct config *config)
{
	const char *data = config_get(config, "archive", "data");
	size_t n;
	int r;

	if (data == NULL || data[0] != '/')
		return -EINVAL;
	n = strlen(data);
	while (n > 1 && data[n - 1] == '/')
		n--;
	if (n == 1 || n > 3000)
		return -EINVAL;
	r = derive(config, "store", "master_key_file", data, n, ".key");
	if (r < 0)
		return r;
	return derive(config, "local", "socket", data, n, ".sock");
}

static bool
shared_with(const char *room, const char *section)
{
	if (strcmp(section, "archive") == 0 || strcmp(section, room) == 0)
		return true;
	for (const struct config_share *s = config_shares; s->room != NULL; s++)
		if (strcmp(s->room, room) == 0 && strcmp(s->section, section) == 0)
			return true;
	return false;
}

int
config_section_text(const struct config *config, const char *section, char **ret_text)
{
	const char *open = "";
	char *text = NULL;
	size_t size = 0;
	FILE *f;

	f = open_memstream(&text, &size);
	if (f == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < config->n; i++) {
		const struct config_key *k = &config_keys[i];

		if (config->values[i] == NULL || !shared_with(section, k->section))
			continue;
		if (strcmp(open, k->section) != 0)
			fprintf(f, "[%s]\n", k->section);
		open = k->section;
		fprintf(f, "%s = %s\n", k->key, config->values[i]);
	}
	if (fclose(f) != 0) {
		free(text);
		return -ENOMEM;
	}
	*ret_text = text;
	return 0;
}

const char *
config_get(const struct config *config, const char *section, const char *key)
{
	int i = config_find(section, strlen(section), key, strlen(key));

	if (i < 0) {
		fprintf(stderr, "config: %s.%s is not declared\n", section, key);
		abort();
	}
	return config->values[i] != NULL ? config->values[i] : config_keys[i].fallback;
}

uint64_t
config_uint(
    const struct config *config, const char *section, const char *key, uint64_t min, uint64_t max)
{
	const char *value = config_get(config, section, key);
	uint64_t v;

	if (value == NULL || parse_uint(value, &v) < 0)
		return min;
	return v < min ? min : v > max ? max : v;
}

bool
config_bool(const struct config *config, const char *section, const char *key)
{
	const char *value = config_get(config, section, key);

	return value != NULL && parse_bool(value) == 1;
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; config->values != NULL && i < config->n; i++)
		free(config->values[i]);
	free(config->values);
	free(config);
}
