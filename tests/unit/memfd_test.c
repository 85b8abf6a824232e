/* links: */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealed memory files: a receiver maps nothing that a peer could still change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/memfd.h"

static void
sealed_bytes_arrive(void **state)
{
	_cleanup_(closep) int fd = memfd_new_sealed("t", "abc", 3);
	_cleanup_(memview_free) struct memview view = {0};

	assert_true(fd >= 0);
	assert_int_equal(memfd_view(fd, 3, &view), 0);
	assert_int_equal(view.size, 3);
	assert_memory_equal(view.data, "abc", 3);
	assert_int_equal(write(fd, "x", 1), -1);
	assert_int_equal(ftruncate(fd, 1), -1);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), -1);
}

static void
empty_is_a_view_without_data(void **state)
{
	_cleanup_(closep) int fd = memfd_new_sealed("t", NULL, 0);
	struct memview view = {.size = 7};

	assert_int_equal(memfd_view(fd, 0, &view), 0);
	assert_null(view.data);
	assert_int_equal(view.size, 0);
	memview_free(&view);
	memview_free(&view);
}

static void
any_missing_seal_is_refused(void **state)
{
	const int seals[] = {F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE};
	struct memview view;

	for (int missing = 0; missing < 4; missing++) {
		_cleanup_(closep) int fd = memfd_new("t");

		assert_int_equal(write(fd, "abc", 3), 3);
		for (int i = 0; i < 4; i++)
			if (i != missing && i != 0)
				assert_int_equal(fcntl(fd, F_ADD_SEALS, seals[i]), 0);
		if (missing != 0)
			assert_int_equal(fcntl(fd, F_ADD_SEALS, seals[0]), 0);
		assert_int_equal(memfd_view(fd, 100, &view), -EPERM);
	}
}

static void
what_is_no_memory_file_is_refused(void **state)
{
	_cleanup_(closep) int file = open("/dev/null", O_RDONLY), in = -1, out = -1;
	struct memview view;
	int pair[2];

	assert_int_equal(pipe(pair), 0);
	in = pair[0];
	out = pair[1];
	assert_int_equal(memfd_view(file, 100, &view), -EPERM);
	assert_int_equal(memfd_view(in, 100, &view), -EPERM);
	assert_int_equal(memfd_view(-1, 100, &view), -EPERM);
}

/* Whoever sent it could give what lets nobody read: that is no lack of ours. */
static void
what_is_only_written_is_refused(void **state)
{
	_cleanup_(closep) int fd = memfd_new_sealed("t", "abc", 3), out = -1;
	struct memview view;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	out = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(out >= 0);
	assert_int_equal(memfd_view(out, 100, &view), -EPERM);
}

static void
sizes_are_bounded(void **state)
{
	_cleanup_(closep) int fd = memfd_new_sealed("t", "abcd", 4), sparse = memfd_new("t");
	struct memview view;

	assert_int_equal(memfd_view(fd, 3, &view), -EFBIG);
	assert_int_equal(memfd_new_sealed("t", "", MEMFD_MAX + 1), -EFBIG);
	assert_int_equal(ftruncate(sparse, (off_t)MEMFD_MAX + 1), 0);
	assert_int_equal(memfd_seal(sparse), 0);
	assert_int_equal(memfd_view(sparse, MEMFD_MAX, &view), -EFBIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sealed_bytes_arrive),
	    cmocka_unit_test(empty_is_a_view_without_data),
	    cmocka_unit_test(any_missing_seal_is_refused),
	    cmocka_unit_test(what_is_no_memory_file_is_refused),
	    cmocka_unit_test(what_is_only_written_is_refused),
	    cmocka_unit_test(sizes_are_bounded),
	};

	return cmocka_run_group_tests_name("memfd", tests, NULL, NULL);
}
