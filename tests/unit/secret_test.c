/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys lie in locked memory, and where that is forbidden it is noticed (architecture §4 rule 2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/secret.h"

#define NOBODY 65534

/* In a process of its own: libgcrypt makes its pool once. Exit status: 0 locked, 1 not. */
static int
locked_under(rlim_t limit)
{
	const struct rlimit memlock = {limit, limit};
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (setrlimit(RLIMIT_MEMLOCK, &memlock) < 0 ||
		    (geteuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY) < 0) || secret_init() < 0)
			_exit(2);
		_exit(secret_locked() ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
lock_that_is_forbidden_is_noticed(void **state)
{
	assert_int_equal(locked_under((rlim_t)4 << 20), 0);
	assert_int_equal(locked_under(0), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lock_that_is_forbidden_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
