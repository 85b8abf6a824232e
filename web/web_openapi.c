/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One operation for each route. json_t values are handed over at once (the _new functions), so a
 * failed allocation anywhere makes the whole NULL. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "web/web_openapi.h"
#include "web/web_routes.h"
#include "web/web_text.h"

static json_t *
type_schema(const char *type)
{
	if (strncmp(type, "a{", 2) == 0)
		return json_pack(
		    "{s:s,s:{s:s}}", "type", "object", "additionalProperties", "type", "string");
	if (*type == 'a')
		return json_pack(
		    "{s:s,s:i,s:{s:s}}", "type", "array", "minItems", 1, "items", "type", "string");
	if (*type == 's')
		return json_pack("{s:s,s:i}", "type", "string", "maxLength", 4096);
	if (*type == 'i')
		return json_pack("{s:s,s:s}", "type", "integer", "format", "int32");
	return json_pack("{s:s,s:i}", "type", "integer", "minimum", 0);
}

static bool
path_has(const char *path, const char *name, size_t n)
{
	for (const char *s = strchr(path, '{'); s != NULL; s = strchr(s + 1, '{')) {
		if (strncmp(s + 1, name, n) == 0 && s[1 + n] == '}')
			return true;
	}
	return false;
}

struct operation {
	json_t *parameters, *properties, *required;
	bool body;
};

/* Puts one argument where the request carries it: path, query or body. */
static void
add_argument(const struct web_route *route, const char *type, const char *name, size_t n,
    struct operation *op)
{
	bool required = web_list_has(route->required, name, n);
	bool in_path = path_has(route->path, name, n);
	json_t *schema;

	if (*type == 'h' || web_list_has("token terminal", name, n))
		return;
	if (route->fixed != NULL && strncmp(route->fixed, name, n) == 0 && route->fixed[n] == '=')
		return;
	if (n == 9 && memcmp(name, "documents", n) == 0 && path_has(route->path, "document", 8)) {
		n = 8; /* a list of one, from the path */
		in_path = true;
		type = "s";
	}
	schema = type_schema(type);
	if (in_path || !op->body) {
		json_array_append_new(
		    op->parameters, json_pack("{s:s%,s:s,s:b,s:o}", "name", name, n, "in",
					in_path ? "path" : "query", "required", in_path || required,
					"schema", schema));
		return;
	}
	json_object_setn_new(op->properties, name, n, schema);
	if (required)
		json_array_append_new(op->required, json_stringn(name, n));
}

static json_t *
request_body(const struct web_route *route, struct operation *op)
{
	json_t *schema;

	if (route->flags & WEB_UPLOAD)
		return json_pack(
		    "{s:b,s:{s:{}}}", "required", 1, "content", "application/octet-stream");
	schema = json_pack("{s:s,s:b,s:O,s:O}", "type", "object", "additionalProperties", 0,
	    "properties", op->properties, "required", op->required);
	return json_pack("{s:b,s:{s:{s:o}}}", "required", json_array_size(op->required) > 0,
	    "content", "application/json", "schema", schema);
}

static json_t *
responses(const struct web_route *route, const struct web_method *method)
{
	const char *out = method == NULL ? "s" : method->out;
	const char *type = "application/json";
	json_t *good;

	if (strcmp(out, "s") != 0)
		type = "application/octet-stream";
	if (strcmp(type, "application/json") == 0)
		good = json_pack("{s:s,s:{s:{s:{s:s}}}}", "description",
		    method == NULL ? route->summary_en : method->doc, "content", type, "schema",
		    "type", "object");
	else
		good = json_pack("{s:s,s:{s:{}}}", "description", method->doc, "content", type);
	return json_pack(
	    "{s:o,s:{s:s}}", "200", good, "default", "$ref", "#/components/responses/Error");
}

static json_t *
operation_json(const struct web_route *route)
{
	const struct web_method *method = web_method_find(route->member);
	struct operation op = {json_array(), json_object(), json_array(),
	    strcmp(route->method, "GET") != 0 && !(route->flags & WEB_UPLOAD)};
	const char *type = method == NULL ? "" : method->in,
		   *name = method == NULL ? "" : method->names;
	char id[64];
	json_t *o;

	while (*type != '\0') {
		size_t n = strcspn(name, " ");

		add_argument(route, type, name, n, &op);
		name += n;
		name += strspn(name, " ");
		type += *type != 'a' ? 1 : type[1] == '{' ? 5 : 2;
	}
	snprintf(id, sizeof id, "%s%s",
	    method == NULL ? strrchr(route->path, '/') + 1 : method->member,
	    strcmp(route->method, "GET") == 0 && strcmp(route->path, "/search") == 0 ? "ByAddress"
	    : route->fixed != NULL ? strchr(route->fixed, '=') + 1
				   : "");
	o = json_pack("{s:s,s:s,s:s,s:O,s:o}", "operationId", id, "summary", route->summary_en,
	    "description", route->summary_ja, "parameters", op.parameters, "responses",
	    responses(route, method));
	if (json_object_size(op.properties) > 0 || (route->flags & WEB_UPLOAD))
		json_object_set_new(o, "requestBody", request_body(route, &op));
	if (method == NULL || (route->flags & WEB_LOGIN))
		json_object_set_new(o, "security", json_array());
	json_decref(op.parameters);
	json_decref(op.properties);
	json_decref(op.required);
	return o;
}

static json_t *
components(void)
{
	json_t *text = json_pack("{s:s}", "type", "string");
	json_t *error = json_pack("{s:s,s:[s],s:{s:{s:s,s:[s,s,s],s:{s:O,s:O,s:O}}}}", "type",
	    "object", "required", "error", "properties", "error", "type", "object", "required",
	    "code", "message_ja", "message_en", "properties", "code", text, "message_ja", text,
	    "message_en", text);

	json_decref(text);
	return json_pack("{s:{s:{s:s,s:s,s:s}},s:{s:{s:s,s:{s:{s:{s:s}}}}},s:{s:o}}",
	    "securitySchemes", "session", "type", "apiKey", "in", "cookie", "name", WEB_COOKIE,
	    "responses", "Error", "description",
	    "Refused or failed: a stable code word and what happened, what it means, what to do",
	    "content", "application/json", "schema", "$ref", "#/components/schemas/Error",
	    "schemas", "Error", error);
}

char *
web_openapi(void)
{
	json_t *paths = json_object(), *whole, *path;
	char *text;

	for (const struct web_route *r = web_routes; r->method != NULL; r++) {
		char method[8];
		size_t n = 0;

		path = json_object_get(paths, r->path);
		if (path == NULL) {
			json_object_set_new(paths, r->path, json_object());
			path = json_object_get(paths, r->path);
		}
		for (; r->method[n] != '\0' && n + 1 < sizeof method; n++)
			method[n] = (char)(r->method[n] | 0x20);
		method[n] = '\0';
		json_object_set_new(path, method, operation_json(r));
	}
	whole = json_pack("{s:s,s:{s:s,s:s,s:s},s:[{s:s}],s:[{s:[]}],s:o,s:o}", "openapi", "3.1.0",
	    "info", "title", "Fumikura 文蔵", "version", FUMIKURA_VERSION, "description",
	    "State-changing requests need the header X-Fumikura: 1 or an Origin of this box. "
	    "Errors are JSON with a "
	    "stable code.",
	    "servers", "url", WEB_API, "security", "session", "paths", paths, "components",
	    components());
	if (whole == NULL)
		return NULL;
	text = json_dumps(whole, JSON_COMPACT);
	json_decref(whole);
	return text;
}
