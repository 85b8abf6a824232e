/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People and the archive's own facts. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "catalogue_sql.h"
#include "text.h"

int
catalogue_user(struct catalogue *cat, const char *user, struct catalogue_user *ret)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT user, display, role, state, sha256, must_change, failures, locked_until,"
	    " reset_asked_by, reset_asked_at, hand, hand_until FROM user WHERE user = :user");
	int r;

	query_text(&q, ":user", user);
	r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	*ret = (struct catalogue_user){0};
	query_column_copy(&q, 0, ret->user, sizeof(ret->user));
	query_column_copy(&q, 1, ret->display, sizeof(ret->display));
	query_column_copy(&q, 2, ret->role, sizeof(ret->role));
	query_column_copy(&q, 3, ret->state, sizeof(ret->state));
	query_column_copy(&q, 4, ret->file_sha256, sizeof(ret->file_sha256));
	ret->must_change = query_column_int(&q, 5) != 0;
	ret->failures = (unsigned)query_column_int(&q, 6);
	if (query_column_text(&q, 7)[0] != '\0' &&
	    time_parse(query_column_text(&q, 7), &ret->locked_until_ms) < 0)
		return -EBADMSG;
	query_column_copy(&q, 8, ret->reset_asked_by, sizeof(ret->reset_asked_by));
	if (query_column_text(&q, 9)[0] != '\0' &&
	    time_parse(query_column_text(&q, 9), &ret->reset_asked_ms) < 0)
		return -EBADMSG;
	query_column_copy(&q, 10, ret->hand, sizeof(ret->hand));
	if (query_column_text(&q, 11)[0] != '\0' &&
	    time_parse(query_column_text(&q, 11), &ret->hand_until_ms) < 0)
		return -EBADMSG;
	return 0;
}

int
catalogue_users_json(struct catalogue *cat, json_t **ret)
{
	return query_wrapped_json(cat,
	    "SELECT user, display, role, state, locked_until, last_login, must_change AS "
	    "'must_change?',"
	    " reset_asked_by, hand FROM user ORDER BY user",
	    0, "users", ret);
}

unsigned
catalogue_users_with_role(struct catalogue *cat, const char *role)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT count(*) FROM user WHERE role = :role AND state = 'active'");

	query_text(&q, ":role", role);
	return query_step(&q) > 0 ? (unsigned)query_column_int(&q, 0) : 0;
}

unsigned
catalogue_other_users(struct catalogue *cat, const char *role, const char *user, uint64_t now_ms)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT count(*) FROM user WHERE role = :role AND state = 'active'"
			   " AND user <> :user AND locked_until <= :now");
	char now[TIME_TEXT_SIZE];

	time_format(now_ms, now);
	query_text(&q, ":role", role);
	query_text(&q, ":user", user);
	query_text(&q, ":now", now);
	return query_step(&q) > 0 ? (unsigned)query_column_int(&q, 0) : UINT_MAX;
}

int
catalogue_hands(
    struct catalogue *cat, const char *name, uint64_t now_ms, char (*ret)[33], unsigned max)
{
	struct catalogue_user user;
	char next[33];
	int r;

	snprintf(next, sizeof(next), "%s", name);
	for (unsigned n = 0; n < max; n++) {
		memcpy(ret[n], next, sizeof(next));
		r = catalogue_user(cat, next, &user);
		if (r == -ENOENT && n > 0) /* the console's hand is no account */
			return (int)n + 1;
		if (r < 0)
			return r;
		if (user.hand[0] == '\0' ||
		    (user.hand_until_ms != 0 && user.hand_until_ms <= now_ms))
			return (int)n + 1;
		memcpy(next, user.hand, sizeof(next));
	}
	return 0;
}

int
catalogue_is_beginning(struct catalogue *cat)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT NOT EXISTS (SELECT 1 FROM batch) AND NOT EXISTS"
			   " (SELECT 1 FROM event WHERE type = 'user.reset_asked')");

	return query_step(&q) > 0 && query_column_int(&q, 0) != 0;
}

int
catalogue_archive_json(struct catalogue *cat, json_t **ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT name, origin, master, recovery, log_verifier, ca_pem, at AS "
			   "created FROM archive");
	int r;

	r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -ENOENT;
	*ret = query_row_json(&q);
	return *ret != NULL ? 0 : q.r;
}

int
catalogue_key_digest(struct catalogue *cat, const char *name, char ret[65])
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT sha256 FROM key_file WHERE name = :name");
	int r;

	query_text(&q, ":name", name);
	r = query_step(&q);
	if (r > 0)
		query_column_copy(&q, 0, ret, 65);
	return r < 0 ? r : r == 1 ? 0 : -ENOENT;
}

int
catalogue_key_files(
    struct catalogue *cat, int (*visit)(void *ctx, const char *name, const char *sha256), void *ctx)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT name, sha256 FROM key_file ORDER BY name");
	int r;

	while ((r = query_step(&q)) > 0) {
		r = visit(ctx, query_column_text(&q, 0), query_column_text(&q, 1));
		if (r != 0)
			return r;
	}
	return r;
}

int
catalogue_objects(struct catalogue *cat,
    int (*visit)(void *ctx, const char *id, const char *kind, const char *batch, unsigned key,
	const char *sha256),
    void *ctx)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT id, kind, batch, key, sha256 FROM object ORDER BY id");
	char batch[ID_TEXT];
	int r;

	while ((r = query_step(&q)) > 0) {
		id_format('B', query_column_int(&q, 2), batch);
		r = visit(ctx, query_column_text(&q, 0), query_column_text(&q, 1), batch,
		    (unsigned)query_column_int(&q, 3), query_column_text(&q, 4));
		if (r != 0)
			return r;
	}
	return r;
}
