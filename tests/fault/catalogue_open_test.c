/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening an archive whose catalogue cannot be opened: what is damaged is made again from the log,
 * what cannot be had just now stays where it is.
 */
#include "archive.h"

#include <sqlite3.h>

/* ---- a file system that fails ---- */

static struct {
	sqlite3_vfs vfs, *real;
	sqlite3_io_methods methods;
	int (*read)(sqlite3_file *, void *, int, sqlite3_int64);
	int at_open, at_read; /* with this code; SQLITE_OK: not at all */
} failing;

static int
failing_read(sqlite3_file *file, void *data, int n, sqlite3_int64 at)
{
	return failing.at_read != SQLITE_OK ? failing.at_read : failing.read(file, data, n, at);
}

static int
failing_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	const bool main_file = (flags & SQLITE_OPEN_MAIN_DB) != 0;
	int code;

	file->pMethods = NULL;
	if (main_file && failing.at_open != SQLITE_OK)
		return failing.at_open;
	code = failing.real->xOpen(failing.real, name, file, flags, ret_flags);
	if (code == SQLITE_OK && main_file) {
		failing.methods = *file->pMethods;
		failing.read = failing.methods.xRead;
		failing.methods.xRead = failing_read;
		file->pMethods = &failing.methods;
	}
	return code;
}

static int
set_up(void **state)
{
	failing.real = sqlite3_vfs_find(NULL);
	failing.vfs = *failing.real;
	failing.vfs.zName = "failing";
	failing.vfs.xOpen = failing_open;
	return sqlite3_vfs_register(&failing.vfs, 1) != SQLITE_OK ? -1 : archive_setup(state);
}

/* ---- the archive ---- */

static struct place
place_with_archive(void)
{
	struct place p = place_new();
	char code[32];

	assert_int_equal(init(&p.data, &p, code), 0);
	return p;
}

static ino_t
inode_of(const struct place *p)
{
	struct stat st;

	assert_int_equal(fstatat(p->apart.fd, "catalogue.db", &st, 0), 0);
	return st.st_ino;
}

/* Returns what opening returns; what is open knows the archive. */
static int
open_and_look(const struct place *p)
{
	struct store opened;
	int r;

	prepare(&opened, &p->data, p);
	r = store_open(&opened);
	if (r >= 0) {
		assert_int_equal(catalogue_next_event(opened.writer_cat), 2);
		assert_int_equal(catalogue_users_with_role(opened.writer_cat, "admin"), 1);
	}
	release(&opened);
	return r;
}

static void
what_passes_costs_no_catalogue(void **state)
{
	static const struct {
		int code, r;
	} passing[] = {
	    {SQLITE_NOMEM, -ENOMEM},
	    {SQLITE_BUSY, -EBUSY},
	    {SQLITE_FULL, -ENOSPC},
	    {SQLITE_READONLY, -EROFS},
	    {SQLITE_IOERR_READ, -EIO},
	    {SQLITE_CANTOPEN, -EIO},
	};
	struct place p = place_with_archive();
	const ino_t kept = inode_of(&p);

	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
		failing.at_open = passing[i].code;
		assert_int_equal(open_and_look(&p), passing[i].r);
		failing.at_open = SQLITE_OK;
		assert_int_equal(inode_of(&p), kept);
		failing.at_read = passing[i].code;
		assert_int_equal(open_and_look(&p), passing[i].r);
		failing.at_read = SQLITE_OK;
		assert_int_equal(inode_of(&p), kept);
	}
	assert_int_equal(open_and_look(&p), 0);
	assert_int_equal(inode_of(&p), kept);
	place_end(&p);
}

static void
what_is_damaged_is_made_again(void **state)
{
	static const char *const damages[] = {
	    "head -c 5000 /dev/urandom >catalogue.db",
	    "sqlite3 catalogue.db 'PRAGMA user_version = 999'",
	    "sqlite3 catalogue.db 'DROP TABLE event'",
	    "sqlite3 catalogue.db 'PRAGMA user_version = 1'", /* what that adds is there */
	    "sqlite3 catalogue.db 'PRAGMA journal_mode = DELETE' &&"
	    " dd if=/dev/urandom of=catalogue.db bs=1 seek=100 count=40 conv=notrunc",
	};

	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct place p = place_with_archive();
		char command[256];
		ino_t old;

		snprintf(command, sizeof(command), "{ %s; } >out 2>&1; rm -f catalogue.db-*",
		    damages[i]);
		assert_int_equal(scratch_run(&p.apart, command), 0);
		old = inode_of(&p);
		/* keeps the number from being used again */
		assert_int_equal(scratch_run(&p.apart, "ln catalogue.db damaged.db"), 0);
		if (open_and_look(&p) < 0 || inode_of(&p) == old)
			fail_msg("not made again: %s", damages[i]);
		place_end(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_passes_costs_no_catalogue),
	    cmocka_unit_test(what_is_damaged_is_made_again),
	};

	return cmocka_run_group_tests(tests, set_up, archive_teardown);
}
