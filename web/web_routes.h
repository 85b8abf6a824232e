/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The HTTP API as one table: METHOD + path → a member of store's bus contract. Argument mapping,
 * OpenAPI and tests all read this table, so that a route cannot exist in one place only. Pure.
 */
#ifndef FUMIKURA_WEB_ROUTES_H
#define FUMIKURA_WEB_ROUTES_H

#include <stddef.h>

#define WEB_API "/api/v1"
#define WEB_MAX_PARAMS 4 /* placeholders in one path */

/* One row of STORE_METHODS. */
struct web_method {
	const char *member, *in, *names, *out, *doc;
};
extern const struct web_method web_methods[]; /* ends with .member == NULL */
const struct web_method *web_method_find(const char *member);

enum web_route_flags {
	WEB_LOGIN = 1 << 0,    /* answers with a session cookie; needs none */
	WEB_LOGOUT = 1 << 1,   /* clears the session cookie */
	WEB_UPLOAD = 1 << 2,   /* the body is a file, streamed into the argument of type h */
	WEB_DOWNLOAD = 1 << 3, /* files are offered for saving, not for showing */
	WEB_OPENAPI = 1 << 4,  /* answered here: the description of this table */
	WEB_HEALTH = 1 << 5,   /* answered here: whether store is attached */
	WEB_URGENT = 1 << 6,   /* ends what others wait for: gets through when much is under way */
};

struct web_route {
	const char *method, *path; /* path below WEB_API; "{name}" is a path argument called as in
				      the member's names */
	const char *member;        /* NULL for the routes that web answers itself */
	const char *required; /* arguments that must be given, space separated; the others default
				 to "" or 0 */
	const char *fixed;    /* "name=value" that the path implies, or NULL */
	unsigned flags;
	unsigned timeout_s; /* patience with store; 0 for the usual WEB_TIMEOUT_S */
	const char *summary_ja, *summary_en;
};
extern const struct web_route web_routes[]; /* ends with .method == NULL */

struct web_param {
	const char *name; /* points into the route's path */
	size_t name_length;
	char value[65];
};

struct web_match {
	const struct web_route *route;
	struct web_param params[WEB_MAX_PARAMS];
	unsigned count;
};

/*
 * Finds the route for a decoded path (with WEB_API in front). 0; -ENOENT when no route has this
 * path; -EOPNOTSUPP when it has, but not this method: then allow holds the methods it has, comma
 * separated.
 */
int web_route_match(
    const char *method, const char *path, struct web_match *ret, char *allow, size_t allow_size);

/* Value of a path argument, or of the route's fixed one; NULL when neither has that name. out needs
 * 65 bytes for a fixed value. */
const char *web_match_value(
    const struct web_match *match, const char *name, size_t length, char *out);

/* True when the space-separated list holds the word of n bytes. */
int web_list_has(const char *list, const char *word, size_t n);

#endif
