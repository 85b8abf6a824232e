/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Catalogues that older code left become what a replay makes. */
#include "catalogue_fixture.h"

#include "store/catalogue_sql.h"

static void
ask_reset(struct fixture *f, const char *user)
{
	fix_event(f, "jiro", "user.reset_asked", json_pack("{s:s}", "user", user));
}

/*
 * A catalogue of schema 1 with requests of resets, as the code of that time left it, is after the
 * migrations what a replay makes: one request stands, with its time, the other was withdrawn by a
 * sign-in, which that code did not know.
 */
static void
test_old_catalogue_becomes_what_a_replay_makes(void **state)
{
	static const char *const back[] = {
	    "UPDATE user SET reset_asked_by = 'jiro' WHERE user IN ('hanako', 'saburo')",
	    "ALTER TABLE user DROP COLUMN hand", "ALTER TABLE user DROP COLUMN hand_until",
	    "ALTER TABLE user DROP COLUMN reset_asked_at", "DROP TABLE correction",
	    "DROP INDEX page_further", "ALTER TABLE page DROP COLUMN effort",
	    "ALTER TABLE page DROP COLUMN further", "ALTER TABLE page DROP COLUMN further_attempts",
	    "PRAGMA user_version = 1"};
	struct fixture *f = *state;
	char right[65], migrated[65];

	fix_office(f, 2);
	fix_read(f, "P00000001", "読めた", NULL);
	fix_user(f, "saburo", "田中 三郎", "clerk");
	ask_reset(f, "hanako");
	fix_event(
	    f, "hanako", "session.open", json_pack("{s:s,s:s}", "user", "hanako", "session", "s1"));
	ask_reset(f, "saburo");
	fix_event(
	    f, "jiro", "session.open", json_pack("{s:s,s:s}", "user", "jiro", "session", "s2"));
	assert_int_equal(catalogue_digest(f->cat, right), 0);
	for (size_t i = 0; i < sizeof(back) / sizeof(back[0]); i++)
		assert_int_equal(sql_exec(f->cat, back[i]), 0);
	catalogue_free(f->cat);
	f->cat = NULL;
	assert_int_equal(catalogue_open(f->path, 'w', &f->sources, &f->cat), 0);
	assert_int_equal(catalogue_digest(f->cat, migrated), 0);
	assert_string_equal(migrated, right);
}

/* An index made when fewer characters counted as the same is made anew: else what it holds is not
 * found, and taking it out would leave rubbish behind. */
static void
test_old_index_is_made_anew(void **state)
{
	struct fixture *f = *state;
	char right[65], migrated[65];

	fix_office(f, 2);
	fix_read(f, "P00000001", "靏田 穐子", NULL);
	assert_int_equal(catalogue_digest(f->cat, right), 0);
	/* the place of another character, as an older table had it */
	assert_int_equal(sql_exec(f->cat, "INSERT INTO search (search) VALUES ('delete-all')"), 0);
	assert_int_equal(sql_exec(f->cat, "INSERT INTO search (rowid, text, fields, first)"
					  " VALUES (1, '鷺田　龍子', '', ''), (2, '', '', '')"),
	    0);
	fix_expect(f, "鶴田秋子", "");
	assert_int_equal(sql_exec(f->cat, "PRAGMA user_version = 4"), 0);
	catalogue_free(f->cat);
	f->cat = NULL;
	assert_int_equal(catalogue_open(f->path, 'w', &f->sources, &f->cat), 0);
	assert_int_equal(catalogue_digest(f->cat, migrated), 0);
	assert_string_equal(migrated, right);
	fix_expect(f, "鶴田秋子", "D000001/1");
	fix_expect(f, "靏田穐子", "D000001/1");
	assert_int_equal(catalogue_check(f->cat, fix_no_fault, NULL), 0);
}

/* Stopped while the index was made anew, the next start goes on where it was: what is in stays, and
 * all of the rest comes in. */
static void
test_index_is_made_in_steps(void **state)
{
	struct fixture *f = *state;
	char right[65], migrated[65], page[ID_TEXT];

	fix_office(f, 1200);
	for (unsigned i = 1; i <= 1200; i += 1199) {
		snprintf(page, sizeof(page), "P%08u", i);
		fix_read(f, page, "靏田 穐子", NULL);
	}
	assert_int_equal(catalogue_digest(f->cat, right), 0);
	assert_int_equal(sql_exec(f->cat, "INSERT INTO search (search) VALUES ('delete-all')"), 0);
	assert_int_equal(sql_exec(f->cat, "INSERT INTO search (rowid, text, fields, first)"
					  " SELECT id, text, fields, first FROM indexed_text"
					  " WHERE id <= 7"),
	    0);
	assert_int_equal(sql_exec(f->cat, "CREATE TABLE index_anew (page INTEGER NOT NULL) STRICT;"
					  "INSERT INTO index_anew VALUES (7);"
					  "PRAGMA user_version = 4"),
	    0);
	catalogue_free(f->cat);
	f->cat = NULL;
	assert_int_equal(catalogue_open(f->path, 'w', &f->sources, &f->cat), 0);
	assert_int_equal(catalogue_digest(f->cat, migrated), 0);
	assert_string_equal(migrated, right);
	fix_expect(f, "鶴田秋子", "D000001/1200 D000001/1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIX_TEST(test_old_catalogue_becomes_what_a_replay_makes),
	    FIX_TEST(test_old_index_is_made_anew),
	    FIX_TEST(test_index_is_made_in_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
