/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results for people: tables, records, faults. What a record holds never reaches the terminal as a
 * command: control characters are replaced. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

#define CELL_BYTES 512u
#define CELL_WIDTH 60u /* widest column */

void
cli_print_text(const char *text)
{
	size_t n = strlen(text);
	uint32_t code;

	for (size_t i = 0; i < n;) {
		int used = utf8_decode(text + i, n - i, &code);

		if (used < 0 || (code < 0x20 && code != '\n') || (code >= 0x7f && code < 0xa0) ||
		    (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) {
			fputs("�", stdout);
			i += used < 0 ? 1 : (size_t)used;
			continue;
		}
		fwrite(text + i, 1, (size_t)used, stdout);
		i += (size_t)used;
	}
}

/* Unicode's East Asian wide and fullwidth blocks, coarsely: enough for straight columns. */
static unsigned
code_width(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} wide[] = {{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3},
	    {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
	    {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (c >= wide[i].first && c <= wide[i].last)
			return 2;
	return 1;
}

unsigned
cli_width(const char *text)
{
	size_t n = strlen(text);
	unsigned width = 0;

	for (size_t i = 0; i < n;) {
		uint32_t code;
		int used = utf8_decode(text + i, n - i, &code);

		width += used < 0 ? 1 : code_width(code);
		i += used < 0 ? 1 : (size_t)used;
	}
	return width;
}

/* ---- cells ---- */

static void
append(char *out, const char *text)
{
	size_t at = strlen(out), n = strlen(text);

	if (n > CELL_BYTES - 1 - at) {
		n = CELL_BYTES - 1 - at;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out + at, text, n);
	out[at + n] = '\0';
}

/* One line for a value; lists are joined, objects show their ids. */
static void
cell_value(const json_t *value, char out[CELL_BYTES])
{
	char number[32];

	if (json_is_string(value)) {
		append(out, json_string_value(value));
	} else if (json_is_integer(value)) {
		snprintf(
		    number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		append(out, number);
	} else if (json_is_real(value)) {
		snprintf(number, sizeof(number), "%.6g", json_real_value(value));
		append(out, number);
	} else if (json_is_boolean(value)) {
		append(out, json_is_true(value) ? "yes" : "no");
	} else if (json_is_object(value)) {
		const json_t *id = json_object_get(value, "id");

		append(out, json_is_string(id) ? json_string_value(id) : "{}");
	}
}

static void
cell(const json_t *row, const char *key, char out[CELL_BYTES])
{
	const char *dot = strchr(key, '.');
	char first[32];
	const json_t *value;

	out[0] = '\0';
	if (dot != NULL) {
		snprintf(first, sizeof(first), "%.*s", (int)(dot - key), key);
		row = json_object_get(row, first);
		key = dot + 1;
	}
	value = json_object_get(row, key);
	if (!json_is_array(value)) {
		cell_value(value, out);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (i > 0)
			append(out, " ");
		cell_value(json_array_get(value, i), out);
	}
}

static void
pad(unsigned from, unsigned to)
{
	for (; from < to; from++)
		fputc(' ', stdout);
}

/* Headings in the chosen language; a column for the other language's text is left out. */
static bool
hidden(const struct cli *cli, const struct cli_column *c)
{
	size_t n = strlen(c->key);

	if (strcmp(c->key, "ja") == 0 || (n > 3 && strcmp(c->key + n - 3, "_ja") == 0))
		return !cli->ja;
	if (strcmp(c->key, "en") == 0 || (n > 3 && strcmp(c->key + n - 3, "_en") == 0))
		return cli->ja;
	return false;
}

static unsigned
column_width(const struct cli *cli, const struct cli_column *c, const json_t *rows)
{
	unsigned width = cli_width(cli_words(cli, c->ja, c->en));
	char text[CELL_BYTES];

	for (size_t i = 0; i < json_array_size(rows); i++) {
		unsigned w;

		cell(json_array_get(rows, i), c->key, text);
		w = cli_width(text);
		if (w > width)
			width = w;
	}
	return width < CELL_WIDTH ? width : CELL_WIDTH;
}

static void
print_row(
    const struct cli *cli, const struct cli_view *view, const unsigned *widths, const json_t *row)
{
	char text[CELL_BYTES];

	for (unsigned c = 0; view->columns[c].key != NULL; c++) {
		if (hidden(cli, &view->columns[c]))
			continue;
		if (row != NULL)
			cell(row, view->columns[c].key, text);
		else
			snprintf(text, sizeof(text), "%s",
			    cli_words(cli, view->columns[c].ja, view->columns[c].en));
		cli_print_text(text);
		pad(cli_width(text), widths[c]);
		fputs("  ", stdout);
	}
	fputc('\n', stdout);
}

void
cli_print_view(struct cli *cli, const struct cli_view *view, const json_t *result)
{
	const json_t *rows = json_object_get(result, view->list);
	unsigned widths[CLI_MAX_COLUMNS] = {0};

	for (unsigned c = 0; view->columns[c].key != NULL; c++)
		widths[c] = column_width(cli, &view->columns[c], rows);
	print_row(cli, view, widths, NULL);
	for (size_t i = 0; i < json_array_size(rows); i++)
		print_row(cli, view, widths, json_array_get(rows, i));
}

/* "key: value", objects and lists below, indented. Depth is bounded: what store sends is flat. */
void
cli_print_any(struct cli *cli, const json_t *value, unsigned depth)
{
	char text[CELL_BYTES] = "";
	const char *key;
	json_t *v;

	if (depth > 6)
		return;
	if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value); i++) {
			pad(0, depth * 2);
			fputs("-\n", stdout);
			cli_print_any(cli, json_array_get(value, i), depth + 1);
		}
	} else if (json_is_object(value)) {
		for (void *it = json_object_iter((json_t *)value); it != NULL;
		     it = json_object_iter_next((json_t *)value, it)) {
			key = json_object_iter_key(it);
			v = json_object_iter_value(it);
			pad(0, depth * 2);
			cli_print_text(key);
			fputs(": ", stdout);
			if (json_is_array(v) || json_is_object(v)) {
				fputc('\n', stdout);
				cli_print_any(cli, v, depth + 1);
			} else {
				text[0] = '\0';
				cell_value(v, text);
				cli_print_text(text);
				fputc('\n', stdout);
			}
		}
	} else {
		pad(0, depth * 2);
		cell_value(value, text);
		cli_print_text(text);
		fputc('\n', stdout);
	}
}

void
cli_output(struct cli *cli, const struct cli_command *command, const json_t *result)
{
	if (cli->json) {
		json_dumpf(result, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
		fputc('\n', stdout);
	} else if (command->print != NULL) {
		command->print(cli, result);
	} else if (command->view != NULL) {
		cli_print_view(cli, command->view, result);
	} else {
		cli_print_any(cli, result, 0);
	}
}
