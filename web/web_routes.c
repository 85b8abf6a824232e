/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matches requests against web_routes[]. Knows nothing of connections, sessions or arguments'
 * meaning. */
#include <errno.h>
#include <string.h>

#include "store/store_bus.h"
#include "web/web_routes.h"
#include "web/web_text.h"

const struct web_method web_methods[] = {
#define ROW(member, in, names, out, doc) {#member, in, names, out, doc},
    STORE_METHODS(ROW)
#undef ROW
	{NULL},
};

const struct web_method *
web_method_find(const char *member)
{
	for (const struct web_method *m = web_methods; member != NULL && m->member != NULL; m++) {
		if (strcmp(m->member, member) == 0)
			return m;
	}
	return NULL;
}

int
web_list_has(const char *list, const char *word, size_t n)
{
	while (list != NULL && *list != '\0') {
		size_t length = strcspn(list, " ");

		if (length == n && memcmp(list, word, n) == 0)
			return 1;
		list += length;
		list += strspn(list, " ");
	}
	return 0;
}

/* Walks template and path together; fills ret's parameters. */
static int
path_matches(const char *template, const char *path, struct web_match *ret)
{
	ret->count = 0;
	for (;;) {
		size_t t = strcspn(template, "/"), p = strcspn(path, "/");

		if (t > 2 && template[0] == '{') {
			struct web_param *param = &ret->params[ret->count];

			if (ret->count == WEB_MAX_PARAMS || !web_identifier(path, p))
				return 0;
			param->name = template + 1;
			param->name_length = t - 2;
			memcpy(param->value, path, p);
			param->value[p] = '\0';
			ret->count++;
		} else if (t != p || memcmp(template, path, t) != 0) {
			return 0;
		}
		template += t;
		path += p;
		if (*template == '\0' || *path == '\0')
			return *template == *path;
		template ++;
		path++;
	}
}

static void
allow_add(char *allow, size_t size, const char *method)
{
	size_t used = strlen(allow), n = strlen(method);

	if (used + n + 3 > size)
		return;
	if (used > 0) {
		memcpy(allow + used, ", ", 2);
		used += 2;
	}
	memcpy(allow + used, method, n + 1);
}

int
web_route_match(
    const char *method, const char *path, struct web_match *ret, char *allow, size_t allow_size)
{
	struct web_match match;

	allow[0] = '\0';
	if (strncmp(path, WEB_API, sizeof WEB_API - 1) != 0)
		return -ENOENT;
	path += sizeof WEB_API - 1;
	for (const struct web_route *r = web_routes; r->method != NULL; r++) {
		if (!path_matches(r->path, path, &match))
			continue;
		if (strcmp(r->method, method) == 0) {
			match.route = r;
			*ret = match;
			return 0;
		}
		allow_add(allow, allow_size, r->method);
	}
	return allow[0] == '\0' ? -ENOENT : -EOPNOTSUPP;
}

const char *
web_match_value(const struct web_match *match, const char *name, size_t length, char *out)
{
	const char *fixed = match->route->fixed;

	for (unsigned i = 0; i < match->count; i++) {
		const struct web_param *p = &match->params[i];

		if (p->name_length == length && memcmp(p->name, name, length) == 0)
			return p->value;
	}
	if (fixed != NULL && strncmp(fixed, name, length) == 0 && fixed[length] == '=') {
		size_t n = strnlen(fixed + length + 1, 64);

		memcpy(out, fixed + length + 1, n);
		out[n] = '\0';
		return out;
	}
	return NULL;
}
