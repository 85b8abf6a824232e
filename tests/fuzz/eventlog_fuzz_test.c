/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "eventlog_fuzz.c"
#include "vault_replay.h"

#include "tests/unit/vault.h"

#define SALT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
growing_segments(void **state)
{
	replay_file(0, "tests/fixtures/vault-1/log/events/0000000005.open", 300);
	replay_file(1, "tests/fixtures/vault-1/log/events/0000000005.open", 300);
}

static void
groups(void **state)
{
	uint8_t group[4 + 2 * (32 + 4 + 3)] = {2};

	for (size_t at = 4; at < sizeof(group); at += 39) {
		group[at + 32] = 2;
		memcpy(group + at + 36, "{}", 3);
	}
	replay(2, group, sizeof(group), 500);
}

static void
closed_texts(void **state)
{
	static const char text[] = "fumikura-events/v1 0 2\n0 " SALT " {}\n1 " SALT " {\"a\":1}\n";

	replay(3, text, sizeof(text) - 1, 500);
}

/* Removes the archive that the target made. */
static int
clean(void **state)
{
	char link[64], path[128] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fuzz.data_dir);
	if (readlink(link, path, sizeof(path) - 1) > 0)
		scratch_remove(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(growing_segments),
	    cmocka_unit_test(groups),
	    cmocka_unit_test(closed_texts),
	};

	return cmocka_run_group_tests(tests, NULL, clean);
}
