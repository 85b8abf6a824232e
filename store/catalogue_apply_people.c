/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of the archive itself, of people and of their sessions. */
#include <errno.h>
#include <string.h>

#include "catalogue_apply.h"

static const char sql_user_file[] =
    "INSERT INTO key_file (name, sha256) VALUES ('users/' || :user || '.json', :sha256)"
    " ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256";

int
apply_archive_init(struct apply *a)
{
	const char *name;
	json_t *sha256;
	int r;

	r = apply_one(a,
	    "INSERT INTO archive (id, name, origin, master, recovery, log_verifier, ca_pem, at)"
	    " VALUES (1, :name, :origin, :master, :recovery, :log_verifier, :ca_pem, :at)");
	if (r < 0)
		return r;
	json_object_foreach((json_t *)json_object_get(a->event, "files"), name, sha256)
	{
		_cleanup_(query_end) struct query q = query_new(
		    a->cat, "INSERT INTO key_file (name, sha256) VALUES (:name, :sha256)");

		query_text(&q, ":name", name);
		query_text(&q, ":sha256", json_string_value(sha256));
		r = query_run(&q);
		if (r < 0)
			return r;
	}
	return 0;
}

int
apply_user_add(struct apply *a)
{
	const int r = apply_one(a,
	    "INSERT INTO user (user, display, role, state, sha256, cert_pem, must_change, added_at,"
	    " hand) VALUES (:user, :display, :role, 'active', :sha256, :cert_pem, :must_change, "
	    ":at,"
	    " coalesce(@hand, ''))");

	return r < 0 ? r : apply_one(a, sql_user_file);
}

int
apply_user_password(struct apply *a)
{
	const int r = apply_one(a,
	    "UPDATE user SET sha256 = :sha256, must_change = :must_change, reset_asked_by = '',"
	    " reset_asked_at = '' WHERE user = :user");

	return r < 0 ? r : apply_one(a, sql_user_file);
}

int
apply_user_disable(struct apply *a)
{
	return apply_one(a, "UPDATE user SET state = 'disabled' WHERE user = :user");
}

int
apply_user_enable(struct apply *a)
{
	return apply_one(a, "UPDATE user SET state = 'active' WHERE user = :user");
}

int
apply_user_reset_asked(struct apply *a)
{
	return apply_one(a, "UPDATE user SET reset_asked_by = :actor, reset_asked_at = :at"
			    " WHERE user = :user");
}

int
apply_user_reset(struct apply *a)
{
	const int r = apply_one(a,
	    "UPDATE user SET sha256 = :sha256, cert_pem = :cert_pem, must_change = :must_change,"
	    " hand = coalesce(@hand, ''), hand_until = coalesce(@hand_until, ''), reset_asked_by = "
	    "'', reset_asked_at = '', failures = 0,"
	    " locked_until = '' WHERE user = :user");

	return r < 0 ? r : apply_one(a, sql_user_file);
}

/* Who can sign in needs no reset: what was asked for in good faith must not lie ready for somebody
 * else to carry out later. */
int
apply_session_open(struct apply *a)
{
	return apply_one(a, "UPDATE user SET failures = 0, locked_until = '', last_login = :at, "
			    "reset_asked_by = '',"
			    " reset_asked_at = '' WHERE user = :user");
}

int
apply_session_fail(struct apply *a)
{
	static const char sql[] =
	    "UPDATE user SET failures = :failures, locked_until = :locked_until WHERE user = :user";

	return json_is_true(json_object_get(a->event, "known")) ? apply_one(a, sql) : 0;
}

/* A worker died over a page: counted, so that a page that kills workers is not tried for ever. */
int
apply_room_fault(struct apply *a)
{
	return a->page == 0
		   ? 0
		   : apply_one(a, "UPDATE page SET"
				  " attempts = attempts + iif(@further, 0, 1),"
				  " further_attempts = further_attempts + iif(@further, 1, 0)"
				  " WHERE no = $page");
}
