/* links: fumikura */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the command line: names from store never lead outside, writing is whole or not at all,
 * walking is ordered and stays in its tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "memfd.h"

static char dir[] = "/tmp/fumikura-cli-XXXXXX";
static int base = -1;

static int
setup(void **state)
{
	if (mkdtemp(dir) == NULL)
		return -1;
	base = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return base < 0;
}

static int
teardown(void **state)
{
	char line[64];

	close(base);
	snprintf(line, sizeof(line), "rm -r %s", dir);
	return system(line);
}

static void
names_stay_inside(void **state)
{
	static const char *const bad[] = {"", "/etc/passwd", "..", "../x", "a/../../x", "a//b",
	    "a/", ".", "a/./b", "a\nb", "a\\b", "a/b/c/d/e", "\xff"};
	static const char *const good[] = {
	    "manifest.json", "D000001/manifest.json", "a/b/c/d", "..a", "記録.pdf"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (cli_name_safe(bad[i]))
			fail_msg("taken: %s", bad[i]);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!cli_name_safe(good[i]))
			fail_msg("refused: %s", good[i]);
}

static void
files_are_private_and_replaced(void **state)
{
	struct stat st;
	char text[8] = "";
	int fd;

	assert_int_equal(cli_write_below(base, "sub/dir/f", "one", 3), 0);
	assert_int_equal(cli_write_below(base, "sub/dir/f", "two!", 4), 0);
	assert_int_equal(fstatat(base, "sub/dir/f", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 4);
	fd = openat(base, "sub/dir/f", O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, text, sizeof(text)), 4);
	close(fd);
	assert_string_equal(text, "two!");
	assert_int_equal(fstatat(base, "sub", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void
links_are_not_followed_when_writing(void **state)
{
	struct stat st;

	assert_int_equal(mkdirat(base, "outside", 0700), 0);
	assert_int_equal(symlinkat("outside", base, "door"), 0);
	assert_true(cli_write_below(base, "door/f", "x", 1) < 0);
	assert_int_equal(fstatat(base, "outside/f", &st, 0), -1);
	assert_int_equal(symlinkat("outside/target", base, "link"), 0);
	assert_int_equal(cli_write_below(base, "link", "x", 1), -EEXIST);
	assert_int_equal(mkdirat(base, "folder", 0700), 0);
	assert_int_equal(cli_write_below(base, "folder", "x", 1), -EEXIST);
}

struct seen {
	char text[512];
};

static int
note(void *ctx, const char *path)
{
	struct seen *seen = ctx;

	strcat(seen->text, path + strlen(dir));
	strcat(seen->text, " ");
	return 0;
}

static void
walking_is_ordered(void **state)
{
	static const char *const names[] = {"walk/b.pdf", "walk/a/2.png", "walk/a/10.png",
	    "walk/B.pdf", "walk/.hidden", "walk/.git/x"};
	struct seen seen = {""};
	char path[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(cli_write_below(base, names[i], "x", 1), 0);
	assert_int_equal(symlinkat("..", base, "walk/up"), 0);
	snprintf(path, sizeof(path), "%s/walk", dir);
	assert_int_equal(cli_walk(path, note, &seen), 0);
	assert_string_equal(seen.text, "/walk/B.pdf /walk/a/10.png /walk/a/2.png /walk/b.pdf ");
	snprintf(path, sizeof(path), "%s/nothing", dir);
	assert_int_equal(cli_walk(path, note, &seen), -ENOENT);
}

static void
loading_seals_regular_files_only(void **state)
{
	_cleanup_(memview_free) struct memview view = {0};
	char path[64];
	int fd;

	assert_int_equal(cli_write_below(base, "page", "hello", 5), 0);
	snprintf(path, sizeof(path), "%s/page", dir);
	fd = cli_load(path, 100);
	assert_true(fd >= 0);
	assert_int_equal(memfd_view(fd, 100, &view), 0);
	assert_memory_equal(view.data, "hello", 5);
	close(fd);
	assert_int_equal(cli_load(path, 4), -EFBIG);
	assert_int_equal(cli_load(dir, 100), -EPERM);
	assert_int_equal(cli_load("/dev/zero", 100), -EPERM);
	snprintf(path, sizeof(path), "%s/fifo", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(cli_load(path, 100), -EPERM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_stay_inside),
	    cmocka_unit_test(files_are_private_and_replaced),
	    cmocka_unit_test(links_are_not_followed_when_writing),
	    cmocka_unit_test(walking_is_ordered),
	    cmocka_unit_test(loading_seals_regular_files_only),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
