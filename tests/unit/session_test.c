/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions: only the token opens one, also after a restart of store; time and sign-out end it. G6-09. */
#include "tests/unit/vault.h"

#include "store/session.h"
#include "store/session_file.h"

static const uint8_t key[3] = {1, 2, 3};

struct fixture {
	struct scratch scratch;
	struct sessions *sessions;
	struct actor actor;
	uint64_t expires;
	char token[SESSION_TOKEN_TEXT];
};

static void
begin(struct fixture *f, unsigned idle_min)
{
	f->scratch = scratch_new();
	assert_int_equal(sessions_new(f->scratch.fd, idle_min, 12, &f->sessions), 0);
	assert_int_equal(session_open(f->sessions, "hanako", "192.0.2.7", key, sizeof(key), "CERT", f->token, &f->actor, &f->expires), 0);
}

static void
end(struct fixture *f)
{
	sessions_free(f->sessions);
	scratch_end(&f->scratch);
}

static void
restart(struct fixture *f)
{
	sessions_free(f->sessions);
	assert_int_equal(sessions_new(f->scratch.fd, 30, 12, &f->sessions), 0);
}

static void
check_key(struct fixture *f)
{
	uint8_t *got;
	char *cert;
	size_t size;

	assert_int_equal(session_signing_key(f->sessions, f->actor.session, &got, &size, &cert), 0);
	assert_int_equal(size, sizeof(key));
	assert_memory_equal(got, key, size);
	assert_string_equal(cert, "CERT");
	secret_free(got);
	free(cert);
}

static void
token_names_its_holder(void **state)
{
	struct fixture f;
	struct actor found;

	begin(&f, 30);
	assert_int_equal(session_find(f.sessions, f.token, &found, &f.expires), 0);
	assert_string_equal(found.user, "hanako");
	assert_string_equal(found.terminal, "192.0.2.7");
	assert_string_equal(found.session, f.actor.session);
	check_key(&f);
	f.token[63] ^= 1;
	assert_int_equal(session_find(f.sessions, f.token, &found, &f.expires), -ENOENT);
	assert_int_equal(session_find(f.sessions, "", &found, &f.expires), -ENOENT);
	assert_int_equal(session_find(f.sessions, f.actor.session, &found, &f.expires), -ENOENT);
	end(&f);
}

static void
restart_signs_nobody_out(void **state)
{
	struct fixture f;
	struct actor found;

	begin(&f, 30);
	restart(&f);
	assert_int_equal(session_find(f.sessions, f.token, &found, &f.expires), 0);
	assert_string_equal(found.user, "hanako");
	check_key(&f);
	end(&f);
}

/* The file holds the signing key: without the token it must give nothing, and a changed one must not be believed. */
static void
file_is_nothing_without_its_token(void **state)
{
	struct fixture f;
	struct actor found;
	char path[160];
	FILE *file;
	int c;

	begin(&f, 30);
	snprintf(path, sizeof(path), "%s/sessions/%s", f.scratch.path, f.actor.session);
	file = fopen(path, "r+");
	assert_non_null(file);
	fseek(file, 100, SEEK_SET);
	c = fgetc(file);
	fseek(file, 100, SEEK_SET);
	fputc(c ^ 1, file);
	fclose(file);
	restart(&f);
	assert_int_equal(session_find(f.sessions, f.token, &found, &f.expires), -ENOENT);
	end(&f);
}

static void
idle_session_ends(void **state)
{
	struct fixture f;
	struct actor found;

	begin(&f, 0);
	assert_int_equal(session_find(f.sessions, f.token, &found, &f.expires), -ETIME);
	assert_int_equal(session_find(f.sessions, f.token, &found, &f.expires), -ENOENT);
	end(&f);
}

static void
sign_out_ends_it_for_good(void **state)
{
	struct fixture f;
	struct actor found, other;
	char token[SESSION_TOKEN_TEXT];

	begin(&f, 30);
	assert_int_equal(session_open(f.sessions, "hanako", "", key, sizeof(key), "CERT", token, &other, &f.expires), 0);
	session_close_user(f.sessions, "hanako", other.session);
	assert_int_equal(session_find(f.sessions, f.token, &found, &f.expires), -ENOENT);
	assert_int_equal(session_find(f.sessions, token, &found, &f.expires), 0);
	session_close(f.sessions, token);
	restart(&f);
	assert_int_equal(session_find(f.sessions, token, &found, &f.expires), -ENOENT);
	end(&f);
}

static void
view_is_first_once_per_session(void **state)
{
	struct fixture f;

	begin(&f, 30);
	assert_true(session_first_view(f.sessions, f.actor.session, "P00000001/page"));
	assert_false(session_first_view(f.sessions, f.actor.session, "P00000001/page"));
	assert_true(session_first_view(f.sessions, f.actor.session, "P00000002/page"));
	assert_true(session_first_view(f.sessions, "0000000000000000", "P00000001/page"));
	end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(token_names_its_holder),
	    cmocka_unit_test(restart_signs_nobody_out),
	    cmocka_unit_test(file_is_nothing_without_its_token),
	    cmocka_unit_test(idle_session_ends),
	    cmocka_unit_test(sign_out_ends_it_for_good),
	    cmocka_unit_test(view_is_first_once_per_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
