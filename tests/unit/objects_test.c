/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Object files: named by their digest, private, whole or absent. */
#include "vault.h"

#include <pthread.h>

#include "store/canon.h"
#include "store/objects.h"

static struct scratch s;
static struct objects *objects;
static struct age_identity id;

static int
setup(void **state)
{
	s = scratch_new();
	assert_int_equal(objects_open(s.fd, &objects), 0);
	return age_identity_new(&id);
}

static int
teardown(void **state)
{
	io = &io_real;
	objects_free(objects);
	scratch_end(&s);
	return 0;
}

static void
path_of(const char *object, char out[OBJECT_ID + 16])
{
	snprintf(out, OBJECT_ID + 16, "objects/%.2s/%s", object, object + 2);
}

static void
put_and_got(void **state)
{
	static const size_t sizes[] = {0, 1, 70000, 5 << 20};
	char object[OBJECT_ID], path[OBJECT_ID + 16], digest[65];
	uint64_t size, checked;
	uint8_t *file, *mem;
	size_t n;

	for (size_t i = 0; i < 4; i++) {
		uint8_t *plain = calloc(1, sizes[i] + 1);
		struct stat st;

		memset(plain, (int)i + 1, sizes[i]);
		assert_int_equal(
		    objects_put(objects, id.public, plain, sizes[i], object, &size), 0);
		path_of(object, path);
		file = scratch_read(&s, path, &n);
		assert_int_equal(n, size);
		canon_sha256(file, n, digest);
		assert_string_equal(digest, object);
		free(file);
		assert_int_equal(fstatat(s.fd, path, &st, 0), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_int_equal(objects_get(objects, object, &id, &mem, &n), 0);
		assert_int_equal(n, sizes[i]);
		assert_memory_equal(mem, plain, n);
		secret_free(mem);
		assert_int_equal(objects_check(objects, object, &checked), 0);
		assert_int_equal(checked, size);
		free(plain);
	}
}

static void
altered_foreign_and_absent_objects(void **state)
{
	char object[OBJECT_ID], path[OBJECT_ID + 16], absent[OBJECT_ID];
	struct age_identity other;
	uint64_t size;
	uint8_t *mem, *file;
	size_t n;

	assert_int_equal(age_identity_new(&other), 0);
	assert_int_equal(objects_put(objects, id.public, "page", 4, object, &size), 0);
	assert_int_equal(objects_get(objects, object, &other, &mem, &n), -EKEYREJECTED);
	memset(absent, 'a', 64);
	absent[64] = '\0';
	assert_int_equal(objects_get(objects, absent, &id, &mem, &n), -ENOENT);
	assert_int_equal(objects_check(objects, absent, &size), -ENOENT);
	assert_int_equal(objects_get(objects, "../../etc/passwd", &id, &mem, &n), -EINVAL);
	absent[5] = 'A';
	assert_int_equal(objects_get(objects, absent, &id, &mem, &n), -EINVAL);
	path_of(object, path);
	file = scratch_read(&s, path, &n);
	for (size_t i = 0; i < n; i += 7) {
		size_t m;

		file[i] ^= 0x20;
		scratch_write(&s, path, file, n);
		assert_int_equal(objects_get(objects, object, &id, &mem, &m), -EBADMSG);
		assert_int_equal(objects_check(objects, object, &size), -EBADMSG);
		file[i] ^= 0x20;
	}
	scratch_write(&s, path, file, n - 1);
	assert_int_equal(objects_check(objects, object, &size), -EBADMSG);
	free(file);
}

static int open_error;

static int
failing_open(int dir, const char *name, int flags, mode_t mode)
{
	errno = open_error;
	return -1;
}

/* Whatever a disk says of a file is one: the file is there, but not to be had. What is our own lack
 * is told as it is. */
static void
what_the_disk_does_not_give(void **state)
{
	static const struct {
		int error, r;
	} cases[] = {{EIO, -EIO}, {ENODATA, -EIO}, {EUCLEAN, -EIO}, {ENXIO, -EIO}, {ELOOP, -EIO},
	    {ENOMEM, -ENOMEM}, {EMFILE, -EMFILE}, {EACCES, -EACCES}};
	struct io_calls failing = io_real;
	char object[OBJECT_ID], path[OBJECT_ID + 16], command[256];
	uint64_t size;
	uint8_t *mem;
	size_t n;

	assert_int_equal(objects_put(objects, id.public, "page", 4, object, &size), 0);
	failing.open = failing_open;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_error = cases[i].error;
		io = &failing;
		assert_int_equal(objects_get(objects, object, &id, &mem, &n), cases[i].r);
		assert_int_equal(objects_check(objects, object, &size), cases[i].r);
		io = &io_real;
	}
	path_of(object, path);
	snprintf(command, sizeof(command), "rm %s && mkdir %s", path, path);
	assert_int_equal(scratch_run(&s, command), 0);
	assert_int_equal(objects_get(objects, object, &id, &mem, &n), -EIO);
	assert_int_equal(objects_check(objects, object, &size), -EIO);
}

/* An object written by us opens with stock tools (P-10). */
static void
stock_age_opens_an_object(void **state)
{
	char object[OBJECT_ID], text[AGE_IDENTITY_TEXT], command[256];
	uint64_t size;

	assert_int_equal(objects_put(objects, id.public, "a page", 6, object, &size), 0);
	age_identity_format(&id, text);
	scratch_write(&s, "key", text, strlen(text));
	snprintf(command, sizeof(command),
	    "f=objects/%.2s/%s; test \"$(age -d -i key $f)\" = 'a page' &&"
	    " test \"$(sha256sum <$f)\" = '%s  -'",
	    object, object + 2, object);
	assert_int_equal(scratch_run(&s, command), 0);
}

static size_t room;

static ssize_t
full_write(int fd, const void *data, size_t n)
{
	if (n > room) {
		n = room;
		if (n == 0) {
			errno = ENOSPC;
			return -1;
		}
	}
	room -= n;
	return io_real.write(fd, data, n);
}

static int
count_all(void *ctx, const char *object, const char *path)
{
	++*(int *)ctx;
	return 0;
}

static int
files_there(void)
{
	int n = 0;

	assert_int_equal(objects_walk(objects, count_all, &n), 0);
	return n;
}

static void
a_full_disk_leaves_nothing(void **state)
{
	static const size_t rooms[] = {0, 100, 216, 70000, 1200000};
	struct io_calls full = io_real;
	uint8_t *plain = calloc(1, 2 << 20);
	char object[OBJECT_ID];
	uint64_t size;

	full.write = full_write;
	for (size_t i = 0; i < 5; i++) {
		io = &full;
		room = rooms[i];
		assert_int_equal(
		    objects_put(objects, id.public, plain, 2 << 20, object, &size), -ENOSPC);
		io = &io_real;
		assert_int_equal(files_there(), 0);
	}
	/* and goes on when space returns */
	assert_int_equal(objects_put(objects, id.public, plain, 2 << 20, object, &size), 0);
	assert_int_equal(files_there(), 1);
	free(plain);
}

static int
note_strays(void *ctx, const char *object, const char *path)
{
	if (object[0] == '\0') {
		strcat(ctx, path);
		strcat(ctx, " ");
	}
	return 0;
}

static void
strays_are_named_and_only_rests_swept(void **state)
{
	char object[OBJECT_ID], strays[512] = "";
	uint64_t size;

	assert_int_equal(objects_put(objects, id.public, "page", 4, object, &size), 0);
	scratch_write(&s, "objects/tmp-0123456789abcdef", "half", 4);
	scratch_write(&s, "objects/00/short", "x", 1);
	scratch_write(&s, "objects/notes.txt", "x", 1);
	assert_int_equal(mkdirat(s.fd, "objects/zz", 0700), 0);
	assert_int_equal(objects_walk(objects, note_strays, strays), 0);
	assert_string_equal(strays, "00/short notes.txt tmp-0123456789abcdef zz ");
	assert_int_equal(objects_sweep(objects), 1);
	strays[0] = '\0';
	assert_int_equal(objects_walk(objects, note_strays, strays), 0);
	assert_string_equal(strays, "00/short notes.txt zz ");
	assert_int_equal(objects_check(objects, object, &size), 0);
	assert_int_equal(objects_unlink(objects, object), 0);
	assert_int_equal(objects_unlink(objects, object), -ENOENT);
	assert_int_equal(objects_check(objects, object, &size), -ENOENT);
}

static void *
put_many(void *arg)
{
	char object[OBJECT_ID];
	uint64_t size;
	uint8_t *mem;
	size_t n;

	for (int i = 0; i < 50; i++)
		if (objects_put(objects, id.public, &i, sizeof(i), object, &size) < 0 ||
		    objects_get(objects, object, &id, &mem, &n) < 0 || n != sizeof(i) ||
		    memcmp(mem, &i, n) != 0)
			return "failed";
		else
			secret_free(mem);
	return NULL;
}

static void
threads_put_side_by_side(void **state)
{
	pthread_t threads[4];
	void *result;

	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_many, NULL), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], &result);
		assert_null(result);
	}
	assert_int_equal(files_there(), 200);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(put_and_got),
	    TEST(altered_foreign_and_absent_objects),
	    TEST(what_the_disk_does_not_give),
	    TEST(stock_age_opens_an_object),
	    TEST(a_full_disk_leaves_nothing),
	    TEST(strays_are_named_and_only_rests_swept),
	    TEST(threads_put_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
