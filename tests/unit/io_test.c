/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to the disk: whole files, short writes, interrupted calls, failures that leave nothing.
 */
#include "vault.h"

static struct {
	int short_writes, interrupted, fail_rename, flushes;
} fake;

static ssize_t
fake_write(int fd, const void *data, size_t n)
{
	if (fake.interrupted > 0) {
		fake.interrupted--;
		errno = EINTR;
		return -1;
	}
	return io_real.write(fd, data, fake.short_writes && n > 3 ? 3 : n);
}

static int
fake_flush(int fd)
{
	fake.flushes++;
	return io_real.flush(fd);
}

static int
fake_rename(int dir, const char *from, const char *to)
{
	if (fake.fail_rename) {
		errno = EIO;
		return -1;
	}
	return io_real.rename(dir, from, to);
}

static struct io_calls fakes;

static int
setup(void **state)
{
	fakes = io_real;
	fakes.write = fake_write;
	fakes.flush = fake_flush;
	fakes.rename = fake_rename;
	memset(&fake, 0, sizeof(fake));
	io = &fakes;
	return 0;
}

static int
teardown(void **state)
{
	io = &io_real;
	return 0;
}

static void
short_and_interrupted_writes_are_completed(void **state)
{
	struct scratch s = scratch_new();
	uint8_t *data;
	size_t n;

	fake.short_writes = 1;
	fake.interrupted = 2;
	assert_int_equal(io_replace_file(s.fd, "f", "0123456789", 10), 0);
	data = scratch_read(&s, "f", &n);
	assert_int_equal(n, 10);
	assert_memory_equal(data, "0123456789", 10);
	assert_int_equal(fake.flushes, 2); /* the file, then its directory */
	free(data);
	scratch_end(&s);
}

static void
failed_replacement_keeps_the_old_file(void **state)
{
	struct scratch s = scratch_new();
	uint8_t *data;
	size_t n;

	assert_int_equal(io_replace_file(s.fd, "f", "old", 3), 0);
	fake.fail_rename = 1;
	assert_int_equal(io_replace_file(s.fd, "f", "new", 3), -EIO);
	data = scratch_read(&s, "f", &n);
	assert_memory_equal(data, "old", 3);
	assert_int_equal(faccessat(s.fd, "f.tmp", F_OK, 0), -1);
	free(data);
	scratch_end(&s);
}

static void
reading_has_limits(void **state)
{
	struct scratch s = scratch_new();
	uint8_t *data;
	size_t n;

	scratch_write(&s, "f", "12345", 5);
	scratch_write(&s, "empty", "", 0);
	assert_int_equal(io_read_file(s.fd, "f", 4, &data, &n), -EFBIG);
	assert_int_equal(io_read_file(s.fd, "absent", 4, &data, &n), -ENOENT);
	assert_int_equal(io_read_file(s.fd, ".", 4, &data, &n), -EINVAL);
	assert_int_equal(symlinkat("f", s.fd, "link"), 0);
	assert_int_equal(io_read_file(s.fd, "link", 9, &data, &n), -ELOOP);
	assert_int_equal(io_read_file(s.fd, "empty", 4, &data, &n), 0);
	assert_int_equal(n, 0);
	free(data);
	scratch_end(&s);
}

static void
directories_are_private_and_flushed(void **state)
{
	struct scratch s = scratch_new();
	struct stat st;
	uint64_t bytes;
	int fd = io_open_dir(s.fd, "d");

	assert_true(fd >= 0);
	assert_int_equal(fake.flushes, 1);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(io_free_space(fd, &bytes), 0);
	assert_true(bytes > 0);
	close(fd);
	scratch_write(&s, "file", "", 0);
	assert_int_equal(io_open_dir(s.fd, "file"), -ENOTDIR);
	scratch_end(&s);
}

static void
secrets_are_wiped_and_compared(void **state)
{
	uint8_t *small, *large;

	assert_int_equal(secret_init(), 0);
	small = secret_new(64);
	large = secret_new(8 << 20);
	assert_non_null(small);
	assert_non_null(large);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(small[i], 0);
	random_bytes(small, 64);
	memcpy(large, small, 64);
	assert_int_equal(secret_equal(small, large, 64), 1);
	large[63] ^= 1;
	assert_int_equal(secret_equal(small, large, 64), 0);
	secret_free(small);
	secret_free(large);
	secret_free(NULL);
}

/* More keys than the locked pool holds are still served. */
static void
locked_memory_may_run_out(void **state)
{
	void *blocks[64];

	assert_int_equal(secret_init(), 0);
	for (size_t i = 0; i < 64; i++) {
		blocks[i] = secret_new(200 << 10);
		assert_non_null(blocks[i]);
		memset(blocks[i], 1, 200 << 10);
	}
	for (size_t i = 0; i < 64; i++)
		secret_free(blocks[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		short_and_interrupted_writes_are_completed, setup, teardown),
	    cmocka_unit_test_setup_teardown(failed_replacement_keeps_the_old_file, setup, teardown),
	    cmocka_unit_test_setup_teardown(reading_has_limits, setup, teardown),
	    cmocka_unit_test_setup_teardown(directories_are_private_and_flushed, setup, teardown),
	    cmocka_unit_test(secrets_are_wiped_and_compared),
	    cmocka_unit_test(locked_memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
