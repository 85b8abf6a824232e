/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "age_fuzz.c"
#include "vault_replay.h"

static void
age_files(void **state)
{
	replay_file(0, "tests/fixtures/vault-1/keys/log.age", 2000);
	replay_file(0, "tests/fixtures/age/age-1.1.1.age", 2000);
}

static void
key_texts(void **state)
{
	replay(1, IDENTITY, strlen(IDENTITY), 2000);
	replay(1, "age1", 4, 100);
}

static void
notes(void **state)
{
	replay_file(2, "tests/fixtures/vault-1/log/checkpoint", 2000);
	replay(2, VERIFIER, strlen(VERIFIER), 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(age_files),
	    cmocka_unit_test(key_texts),
	    cmocka_unit_test(notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
