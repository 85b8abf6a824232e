/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions: only the token opens one, also after a restart of store; time and sign-out end it. G6-09. */
#include "tests/unit/vault.h"

#include "store/session.h"
#include "store/session_file.h"

static const uint8_t key[3] = {1, 2, 3};
static char account[SESSION_ACCOUNT]; /* as session_find gave it */

#define ACCOUNT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define RENEWED "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

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
	assert_int_equal(session_open(f->sessions, "hanako", "192.0.2.7", ACCOUNT, key, sizeof(key), "CERT", f->token, &f->actor, &f->expires), 0);
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
	assert_int_equal(session_find(f.sessions, f.token, &found, account, &f.expires), 0);
	assert_string_equal(found.user, "hanako");
	assert_string_equal(found.terminal, "192.0.2.7");
	assert_string_equal(found.session, f.actor.session);
	check_key(&f);
	f.token[63] ^= 1;
	assert_int_equal(session_find(f.sessions, f.token, &found, account, &f.expires), -ENOENT);
	assert_int_equal(session_find(f.sessions, "", &found, account, &f.expires), -ENOENT);
	assert_int_equal(session_find(f.sessions, f.actor.session, &found, account, &f.expires), -ENOENT);
	end(&f);
}

static int
failing_open(int dir, const char *name, int flags, mode_t mode)
{
	errno = EIO;
	return -1;
}

/* What cannot be read just now has not ended. */
static void
a_failing_disk_signs_nobody_out(void **state)
{
	struct io_calls failing = io_real;
	struct actor who;
	struct fixture f;

	begin(&f, 30);
	restart(&f);
	failing.open = failing_open;
	io = &failing;
	assert_int_equal(session_find(f.sessions, f.token, &who, account, &f.expires), -EIO);
	io = &io_real;
	assert_int_equal(session_find(f.sessions, f.token, &who, account, &f.expires), 0);
	assert_string_equal(who.user, "hanako");
	end(&f);
}

static void
restart_signs_nobody_out(void **state)
{
	struct fixture f;
	struct actor found;

	begin(&f, 30);
	restart(&f);
	assert_int_equal(session_find(f.sessions, f.token, &found, account, &f.expires), 0);
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
	assert_int_equal(session_find(f.sessions, f.token, &found, account, &f.expires), -ENOENT);
	end(&f);
}

static void
idle_session_ends(void **state)
{
	struct fixture f;
	struct actor found;

	begin(&f, 0);
	assert_int_equal(session_find(f.sessions, f.token, &found, account, &f.expires), -ETIME);
	assert_int_equal(session_find(f.sessions, f.token, &found, account, &f.expires), -ENOENT);
	end(&f);
}

static void
sign_out_ends_it_for_good(void **state)
{
	struct fixture f;
	struct actor found, other;
	char token[SESSION_TOKEN_TEXT];

	begin(&f, 30);
	assert_int_equal(session_open(f.sessions, "hanako", "", ACCOUNT, key, sizeof(key), "CERT", token, &other, &f.expires), 0);
	session_close_user(f.sessions, "hanako", other.session);
	assert_int_equal(session_find(f.sessions, f.token, &found, account, &f.expires), -ENOENT);
	assert_int_equal(session_find(f.sessions, token, &found, account, &f.expires), 0);
	session_close(f.sessions, token);
	restart(&f);
	assert_int_equal(session_find(f.sessions, token, &found, account, &f.expires), -ENOENT);
	end(&f);
}

/* What the password opened is told by the session, also to a store that never saw its opening. */
static void
session_knows_its_account(void **state)
{
	struct fixture f;
	struct actor found;

	begin(&f, 30);
	restart(&f);
	assert_int_equal(session_find(f.sessions, f.token, &found, account, &f.expires), 0);
	assert_string_equal(account, ACCOUNT);
	assert_int_equal(session_renew(f.sessions, f.token, RENEWED), 0);
	restart(&f);
	assert_int_equal(session_find(f.sessions, f.token, &found, account, &f.expires), 0);
	assert_string_equal(account, RENEWED);
	check_key(&f);
	end(&f);
}

static void
long_terminal_is_cut_between_characters(void **state)
{
	static const char terminal[] = "端末端末端末端末端末端末端末端末端末端末端末端末";
	char token[SESSION_TOKEN_TEXT];
	struct fixture f;
	struct actor actor;

	begin(&f, 30);
	assert_int_equal(session_open(f.sessions, "hanako", terminal, ACCOUNT, key, sizeof(key), "CERT", token, &actor, &f.expires), 0);
	assert_int_equal(strlen(actor.terminal), 63);
	assert_int_equal(session_open(f.sessions, "hanako", terminal + 1, ACCOUNT, key, sizeof(key), "CERT", token, &actor, &f.expires), 0);
	assert_int_equal(strlen(actor.terminal), 62);
	end(&f);
}

/* Files of sessions that nobody will use again do not stay for ever. */
static void
old_files_are_swept(void **state)
{
	const struct timespec old[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
	struct fixture f;
	char path[160];

	begin(&f, 30);
	snprintf(path, sizeof(path), "%s/sessions/%s", f.scratch.path, f.actor.session);
	restart(&f);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	restart(&f);
	assert_int_equal(access(path, F_OK), -1);
	end(&f);
}

static void
view_is_first_once_per_session(void **state)
{
	struct fixture f;

	begin(&f, 30);
	assert_false(session_has_viewed(f.sessions, f.actor.session, "P00000001/page"));
	session_note_view(f.sessions, f.actor.session, "P00000001/page");
	assert_true(session_has_viewed(f.sessions, f.actor.session, "P00000001/page"));
	assert_false(session_has_viewed(f.sessions, f.actor.session, "P00000002/page"));
	assert_false(session_has_viewed(f.sessions, "0000000000000000", "P00000001/page"));
	end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(token_names_its_holder),
	    cmocka_unit_test(restart_signs_nobody_out),
	    cmocka_unit_test(a_failing_disk_signs_nobody_out),
	    cmocka_unit_test(file_is_nothing_without_its_token),
	    cmocka_unit_test(idle_session_ends),
	    cmocka_unit_test(sign_out_ends_it_for_good),
	    cmocka_unit_test(session_knows_its_account),
	    cmocka_unit_test(long_terminal_is_cut_between_characters),
	    cmocka_unit_test(old_files_are_swept),
	    cmocka_unit_test(view_is_first_once_per_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
