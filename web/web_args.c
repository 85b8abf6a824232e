/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments from path, query and JSON body, by the names and types of the contract. Knows no method
 * in particular. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "store/store_bus.h"
#include "text.h"
#include "web/web_args.h"
#include "web/web_text.h"

struct out {
	sd_bus_message *m;
	const struct web_input *in;
	char *why;
	size_t why_size;
};

struct value {
	const char *name;
	size_t length;    /* of name */
	const char *text; /* from path, fixed or query; or NULL */
	json_t *json;     /* from the body; or NULL */
	bool required;
};

static int
refuse(const struct out *o, const char *name, size_t length, const char *ja, const char *en)
{
	int n = length > 40 || !utf8_valid(name, length) ? 0 : (int)length;

	snprintf(o->why, o->why_size,
	    "項目「%.*s」%s。何も変わっていません。直してもう一度送ってください。\n"
	    "The argument \"%.*s\" %s. Nothing was changed. Correct it and send again.",
	    n, name, ja, n, name, en);
	return -EINVAL;
}

static int
missing(const struct out *o, const struct value *v)
{
	return refuse(o, v->name, v->length, "がありません", "is missing");
}

static int
mistyped(const struct out *o, const struct value *v)
{
	return refuse(
	    o, v->name, v->length, "の値が正しくありません", "has a value that is not acceptable");
}

static int
append_text(const struct out *o, const struct value *v, const char *text, size_t n)
{
	if (!utf8_valid(text, n))
		return mistyped(o, v);
	if (n > STORE_MAX_TEXT) {
		refuse(o, v->name, v->length, "の文字が長すぎます", "is too long");
		return -EMSGSIZE;
	}
	return sd_bus_message_append_basic(o->m, 's', text);
}

static int
append_string(const struct out *o, const struct value *v)
{
	const char *text = v->text;

	if (v->json != NULL) {
		if (!json_is_string(v->json))
			return mistyped(o, v);
		text = json_string_value(v->json);
		if (strlen(text) != json_string_length(v->json))
			return mistyped(o, v);
	}
	if (text == NULL) {
		if (v->required)
			return missing(o, v);
		text = "";
	}
	if (v->required && *text == '\0')
		return missing(o, v);
	return append_text(o, v, text, strlen(text));
}

static int
append_number(const struct out *o, const struct value *v, char type)
{
	int64_t low = type == 'i' ? INT32_MIN : 0, n = 0;
	int64_t high = type == 'i' ? INT32_MAX : type == 'u' ? UINT32_MAX : INT64_MAX;
	uint64_t digits;

	if (v->json != NULL) {
		if (!json_is_integer(v->json))
			return mistyped(o, v);
		n = json_integer_value(v->json);
	} else if (v->text != NULL) {
		bool minus = type == 'i' && *v->text == '-';

		if (web_number(v->text + minus, (uint64_t)high, &digits) < 0)
			return mistyped(o, v);
		n = minus ? -(int64_t)digits : (int64_t)digits;
	} else if (v->required) {
		return missing(o, v);
	}
	if (n < low || n > high)
		return mistyped(o, v);
	if (type == 'i')
		return sd_bus_message_append(o->m, "i", (int32_t)n);
	if (type == 'u')
		return sd_bus_message_append(o->m, "u", (uint32_t)n);
	return sd_bus_message_append(o->m, "t", (uint64_t)n);
}

/* One element of an array argument. */
static int
append_element(const struct out *o, const struct value *v, const char *text, size_t n)
{
	return strlen(text) != n ? mistyped(o, v) : append_text(o, v, text, n);
}

static int
append_list(const struct out *o, const struct value *v)
{
	int r = sd_bus_message_open_container(o->m, 'a', "s");
	json_t *each;
	size_t i;

	if (r < 0)
		return r;
	if (v->json == NULL && v->text == NULL && v->required)
		return missing(o, v);
	if (v->text != NULL && (r = append_text(o, v, v->text, strlen(v->text))) < 0)
		return r;
	if (v->json != NULL) {
		if (!json_is_array(v->json) || json_array_size(v->json) == 0)
			return mistyped(o, v);
		json_array_foreach(v->json, i, each)
		{
			if (!json_is_string(each))
				return mistyped(o, v);
			r = append_element(o, v, json_string_value(each), json_string_length(each));
			if (r < 0)
				return r;
		}
	}
	return sd_bus_message_close_container(o->m);
}

static int
append_map(const struct out *o, const struct value *v)
{
	int r = sd_bus_message_open_container(o->m, 'a', "{ss}");
	const char *key;
	json_t *each;

	if (r < 0)
		return r;
	if (v->json == NULL)
		return missing(o, v);
	if (!json_is_object(v->json))
		return mistyped(o, v);
	json_object_foreach(v->json, key, each)
	{
		if (!json_is_string(each))
			return refuse(
			    o, key, strlen(key), "の値が文字ではありません", "is not text");
		r = sd_bus_message_open_container(o->m, 'e', "ss");
		if (r >= 0)
			r = append_element(o, v, key, strlen(key));
		if (r >= 0)
			r = append_element(o, v, json_string_value(each), json_string_length(each));
		if (r >= 0)
			r = sd_bus_message_close_container(o->m);
		if (r < 0)
			return r;
	}
	return sd_bus_message_close_container(o->m);
}

static bool
is_ours(const char *name, size_t n)
{
	return (n == 5 && memcmp(name, "token", 5) == 0) ||
	       (n == 8 && memcmp(name, "terminal", 8) == 0);
}

/* Looks the value up: path and fixed first, then body or query. */
static void
find_value(const struct web_input *in, struct value *v, char *fixed)
{
	char name[32];

	v->text = web_match_value(in->match, v->name, v->length, fixed);
	v->required = web_list_has(in->match->route->required, v->name, v->length);
	if (v->text != NULL || v->length >= sizeof name)
		return;
	memcpy(name, v->name, v->length);
	name[v->length] = '\0';
	if (in->body != NULL)
		v->json = json_object_get(in->body, name);
	if (v->json == NULL && in->query != NULL)
		v->text = json_string_value(json_object_get(in->query, name));
}

static int
append_one(const struct out *o, const char *type, const char *name, size_t length)
{
	struct value v = {.name = name, .length = length};
	char fixed[65];

	if (is_ours(name, length))
		return sd_bus_message_append_basic(
		    o->m, 's', *name == 't' && length == 5 ? o->in->token : o->in->terminal);
	if (*type == 'h')
		return sd_bus_message_append(o->m, "h", o->in->file);
	find_value(o->in, &v, fixed);
	/* "document" of the path also serves members that take a list of documents */
	if (v.text == NULL && strncmp(type, "as", 2) == 0 && length == 9 &&
	    memcmp(name, "documents", 9) == 0)
		v.text = web_match_value(o->in->match, "document", 8, fixed);
	if (strncmp(type, "a{", 2) == 0)
		return append_map(o, &v);
	if (*type == 'a')
		return append_list(o, &v);
	return *type == 's' ? append_string(o, &v) : append_number(o, &v, *type);
}

/* Names that the contract does not know, or that the path already gives. */
static int
check_names(const struct out *o, const struct web_method *method, json_t *given)
{
	const char *key;
	char fixed[65];
	json_t *each;

	json_object_foreach(given, key, each)
	{
		size_t n = strlen(key);

		if (is_ours(key, n) || !web_list_has(method->names, key, n) ||
		    web_match_value(o->in->match, key, n, fixed) != NULL)
			return refuse(o, key, n, "はここでは使えません", "is not known here");
	}
	return 0;
}

int
web_args_append(sd_bus_message *m, const struct web_method *method, const struct web_input *in,
    char *why, size_t why_size)
{
	struct out o = {.m = m, .in = in, .why = why, .why_size = why_size};
	const char *type = method->in, *name = method->names;
	int r = check_names(&o, method, in->body);

	if (r >= 0)
		r = check_names(&o, method, in->query);
	while (r >= 0 && *type != '\0') {
		size_t length = strcspn(name, " ");

		r = append_one(&o, type, name, length);
		name += length;
		name += strspn(name, " ");
		type += *type != 'a' ? 1 : type[1] == '{' ? 5 : 2;
	}
	return r < 0 ? r : 0;
}
