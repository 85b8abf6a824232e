/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keys/: made, unlocked, replaced in three steps, refused when swapped; rings of page keys. */
#include "vault.h"

static struct scratch s;
static struct keys *keys;

static int
setup(void **state)
{
	s = scratch_new();
	keys = scratch_keys(&s);
	return 0;
}

static int
teardown(void **state)
{
	keys_free(keys);
	scratch_end(&s);
	return 0;
}

static void
expect_content(const char *name, const char *digest, const char *expected)
{
	uint8_t *data;
	size_t n;

	assert_int_equal(keys_read(keys, name, digest, &data, &n), 0);
	assert_int_equal(n, strlen(expected));
	assert_string_equal((char *)data, expected);
	secret_free(data);
}

static int
read_result(const char *name, const char *digest)
{
	uint8_t *data;
	size_t n;
	int r = keys_read(keys, name, digest, &data, &n);

	if (r == 0)
		secret_free(data);
	return r;
}

static void
made_once_and_unlocked_by_the_right_master(void **state)
{
	struct age_identity recovery;
	struct keys *other = NULL;
	char path[128], text[AGE_IDENTITY_TEXT];
	uint8_t *sheet;
	struct stat st;
	size_t n;

	snprintf(path, sizeof(path), "%s/master", s.path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(keys_create(s.fd, path, &recovery), -EEXIST);

	snprintf(path, sizeof(path), "%s/other", s.path);
	assert_int_equal(keys_open(s.fd, path, &other), -ENOENT);
	assert_int_equal(age_identity_new(&recovery), 0);
	age_identity_format(&recovery, text);
	scratch_write(&s, "other", text, strlen(text));
	assert_int_equal(keys_open(s.fd, path, &other), -EKEYREJECTED);
	scratch_write(&s, "other", "# only\n# comments\n", 18);
	assert_int_equal(keys_open(s.fd, path, &other), -EINVAL);

	snprintf(path, sizeof(path), "%s/master", s.path);
	sheet = scratch_read(&s, "keys/recipients.json", &n);
	scratch_write(&s, "keys/recipients.json", sheet, n - 1);
	assert_int_equal(keys_open(s.fd, path, &other), -EBADMSG);
	free(sheet);
}

static void
creation_that_fails_leaves_no_master(void **state)
{
	struct scratch t = scratch_new();
	struct age_identity recovery;
	char path[128];

	snprintf(path, sizeof(path), "%s/absent/master", t.path);
	assert_int_equal(keys_create(t.fd, path, &recovery), -ENOENT);
	assert_int_equal(
	    mkdirat(t.fd, "keys/recipients.json.tmp", 0700), 0); /* cannot be written */
	snprintf(path, sizeof(path), "%s/master", t.path);
	assert_int_equal(keys_create(t.fd, path, &recovery), -EISDIR);
	assert_int_equal(access(path, F_OK), -1);
	scratch_end(&t);
}

static void
replaced_in_three_steps(void **state)
{
	char first[KEYS_DIGEST], second[KEYS_DIGEST];

	assert_int_equal(keys_stage(keys, "ca.age", "one", 3, 1, first), 0);
	expect_content("ca.age", first, "one"); /* committed, not settled: served from NAME.next */
	assert_int_equal(keys_stage(keys, "ca.age", "two", 3, 1, second), -EBUSY);
	assert_int_equal(keys_settle(keys, "ca.age"), 0);
	assert_int_equal(keys_settle(keys, "ca.age"), -ENOENT);
	expect_content("ca.age", first, "one");

	assert_int_equal(keys_stage(keys, "ca.age", "two", 3, 1, second), 0);
	expect_content("ca.age", first, "one");
	assert_int_equal(keys_unstage(keys, "ca.age"), 0);
	assert_int_equal(keys_unstage(keys, "ca.age"), 0);
	assert_int_equal(read_result("ca.age", second), -EBADMSG);

	assert_int_equal(keys_stage(keys, "ca.age", "two", 3, 1, second), 0);
	assert_int_equal(keys_settle(keys, "ca.age"), 0);
	expect_content("ca.age", second, "two");
	assert_int_equal(read_result("ca.age", first), -EBADMSG);
	assert_int_equal(keys_digest(keys, "ca.age", first), 0);
	assert_string_equal(first, second);
}

static void
plain_files_of_people(void **state)
{
	char digest[KEYS_DIGEST];

	assert_int_equal(keys_stage(keys, "users/clerk.json", "{\"v\":1}", 7, 0, digest), 0);
	assert_int_equal(keys_settle(keys, "users/clerk.json"), 0);
	expect_content("users/clerk.json", digest, "{\"v\":1}");
	scratch_write(&s, "keys/users/clerk.json", "{\"v\":2}", 7);
	assert_int_equal(read_result("users/clerk.json", digest), -EBADMSG);
}

static void
names_that_are_refused(void **state)
{
	static const char *const names[] = {"", "/", ".", "..", "../x.age", "rings/../x.age",
	    "rings/.age", "other/x.age", "rings/a/b.age", "/etc/passwd.age", "x.age.next",
	    "x.age.tmp", "rings/", "a b.age", "rings/日本.age"};
	char digest[KEYS_DIGEST], longer[300];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(keys_stage(keys, names[i], "x", 1, 1, digest), -EINVAL);
	memset(longer, 'a', sizeof(longer));
	memcpy(longer + 290, ".age", 5);
	assert_int_equal(keys_stage(keys, longer, "x", 1, 1, digest), -EINVAL);
	/* what is secret is encrypted, and only that */
	assert_int_equal(keys_stage(keys, "x.age", "x", 1, 0, digest), -EINVAL);
	assert_int_equal(keys_stage(keys, "x.json", "x", 1, 1, digest), -EINVAL);
}

/* Anyone can encrypt to our public keys: only the logged digest tells (architecture §3). */
static void
a_swapped_file_is_refused(void **state)
{
	char digest[KEYS_DIGEST], forged[KEYS_DIGEST];
	uint8_t recipient[32];
	unsigned count;

	assert_int_equal(keys_ring_stage(keys, "B000001", NULL, digest, &count), 0);
	assert_int_equal(keys_settle(keys, "rings/B000001.age"), 0);
	assert_int_equal(keys_ring_stage(keys, "B000002", NULL, forged, &count), 0);
	assert_int_equal(keys_settle(keys, "rings/B000002.age"), 0);
	assert_int_equal(scratch_run(&s, "cp keys/rings/B000002.age keys/rings/B000001.age"), 0);
	keys_free(keys); /* and its cache */
	assert_int_equal(scratch_run(&s, "true"), 0);
	{
		char master[128];

		snprintf(master, sizeof(master), "%s/master", s.path);
		assert_int_equal(keys_open(s.fd, master, &keys), 0);
	}
	assert_int_equal(keys_ring_recipient(keys, "B000001", digest, 0, recipient), -EBADMSG);
	assert_int_equal(read_result("rings/B000001.age", "short"), -EBADMSG);
	assert_int_equal(keys_ring_recipient(keys, "B000002", forged, 0, recipient), 0);
}

/* What the disk does not give is neither missing nor damaged. */
static void
a_file_that_cannot_be_read_is_not_judged(void **state)
{
	uint8_t recipient[32], *data;
	char digest[KEYS_DIGEST], master[128];
	unsigned count;
	size_t n;

	assert_int_equal(keys_ring_stage(keys, "B000001", NULL, digest, &count), 0);
	assert_int_equal(keys_settle(keys, "rings/B000001.age"), 0);
	assert_int_equal(
	    scratch_run(&s, "rm keys/rings/B000001.age && mkdir keys/rings/B000001.age"), 0);
	keys_free(keys); /* and its cache */
	snprintf(master, sizeof(master), "%s/master", s.path);
	assert_int_equal(keys_open(s.fd, master, &keys), 0);
	assert_int_equal(keys_ring_recipient(keys, "B000001", digest, 0, recipient), -EIO);
	assert_int_equal(keys_digest(keys, "rings/B000001.age", digest), -EIO);
	/* nor is one that may be what was committed last, beside an older one */
	assert_int_equal(scratch_run(&s, "rmdir keys/rings/B000001.age && touch "
					 "keys/rings/B000001.age && mkdir "
					 "keys/rings/B000001.age.next"),
	    0);
	assert_int_equal(keys_read(keys, "rings/B000001.age", digest, &data, &n), -EIO);
}

/* ---- start-up ---- */

static char logged[3][KEYS_DIGEST];
static int lookup_error;

static int
lookup(void *ctx, const char *name, char ret[KEYS_DIGEST])
{
	static const char *const names[] = {"ca.age", "rings/B000001.age", "users/clerk.json"};

	for (size_t i = 0; i < 3; i++)
		if (strcmp(name, names[i]) == 0 && logged[i][0] != '\0') {
			memcpy(ret, logged[i], KEYS_DIGEST);
			return lookup_error;
		}
	return lookup_error < 0 ? lookup_error : -ENOENT;
}

static void
start_up_settles_what_the_log_says(void **state)
{
	char old_user[KEYS_DIGEST], staged[KEYS_DIGEST];
	unsigned count;

	memset(logged, 0, sizeof(logged));
	/* ca.age: event happened. ring: never logged. clerk.json: an older file is the logged one.
	 */
	assert_int_equal(keys_stage(keys, "ca.age", "new", 3, 1, logged[0]), 0);
	assert_int_equal(keys_ring_stage(keys, "B000001", NULL, staged, &count), 0);
	assert_int_equal(keys_stage(keys, "users/clerk.json", "old", 3, 0, old_user), 0);
	assert_int_equal(keys_settle(keys, "users/clerk.json"), 0);
	assert_int_equal(keys_stage(keys, "users/clerk.json", "new", 3, 0, staged), 0);
	memcpy(logged[2], old_user, KEYS_DIGEST);
	scratch_write(&s, "keys/rings/B9.age.tmp", "half", 4);

	/* a log that cannot be asked just now has named none, and forgotten none */
	lookup_error = -EIO;
	assert_int_equal(keys_settle_all(keys, lookup, NULL), -EIO);
	lookup_error = 0;
	assert_int_equal(keys_settle_all(keys, lookup, NULL), 0);
	expect_content("ca.age", logged[0], "new");
	expect_content("users/clerk.json", old_user, "old");
	assert_int_equal(
	    scratch_run(&s, "test -z \"$(find keys -name '*.next' -o -name '*.tmp')\""), 0);
	assert_int_equal(scratch_run(&s, "test ! -e keys/rings/B000001.age"), 0);
	assert_int_equal(keys_settle_all(keys, lookup, NULL), 0);
}

/* A log that names neither file is damaged: nothing is thrown away because of it. */
static void
start_up_destroys_nothing_in_doubt(void **state)
{
	char digest[KEYS_DIGEST];

	memset(logged, 0, sizeof(logged));
	assert_int_equal(keys_stage(keys, "ca.age", "one", 3, 1, digest), 0);
	assert_int_equal(keys_settle(keys, "ca.age"), 0);
	assert_int_equal(keys_stage(keys, "ca.age", "two", 3, 1, digest), 0);
	memset(logged[0], '0', KEYS_DIGEST - 1);
	assert_int_equal(keys_settle_all(keys, lookup, NULL), 0);
	assert_int_equal(scratch_run(&s, "test -e keys/ca.age && test -e keys/ca.age.next"), 0);
}

static int
count_name(void *ctx, const char *name)
{
	strcat(ctx, name);
	strcat(ctx, " ");
	return 0;
}

static void
walking_names_settled_files(void **state)
{
	char digest[KEYS_DIGEST], names[256] = "";
	unsigned count;

	assert_int_equal(keys_stage(keys, "ca.age", "x", 1, 1, digest), 0);
	assert_int_equal(keys_settle(keys, "ca.age"), 0);
	assert_int_equal(keys_ring_stage(keys, "B000001", NULL, digest, &count), 0);
	assert_int_equal(keys_settle(keys, "rings/B000001.age"), 0);
	assert_int_equal(keys_ring_stage(keys, "B000002", NULL, digest, &count), 0);
	assert_int_equal(keys_walk(keys, count_name, names), 0);
	assert_string_equal(names, "ca.age rings/B000001.age ");
}

/* ---- rings ---- */

static void
rings_grow_and_keep_their_keys(void **state)
{
	char digest[KEYS_DIGEST], grown[KEYS_DIGEST];
	struct age_identity id, again;
	uint8_t recipient[32];
	unsigned count;

	assert_int_equal(keys_ring_stage(keys, "B000001", NULL, digest, &count), 0);
	assert_int_equal(count, KEYS_RING_PAGES);
	assert_int_equal(keys_settle(keys, "rings/B000001.age"), 0);
	assert_int_equal(keys_ring_identity(keys, "B000001", digest, 7, &id), 0);
	assert_int_equal(keys_ring_recipient(keys, "B000001", digest, 7, recipient), 0);
	assert_memory_equal(recipient, id.public, 32);
	assert_int_equal(keys_ring_identity(keys, "B000001", digest, 64, &again), -ENOENT);
	assert_int_equal(keys_ring_identity(keys, "B000009", digest, 0, &again), -ENOENT);

	assert_int_equal(keys_ring_stage(keys, "B000001", digest, grown, &count), 0);
	assert_int_equal(count, 2 * KEYS_RING_PAGES);
	assert_int_equal(keys_ring_identity(keys, "B000001", digest, 7, &again), 0);
	assert_int_equal(keys_settle(keys, "rings/B000001.age"), 0);
	assert_int_equal(keys_ring_identity(keys, "B000001", grown, 7, &again), 0);
	assert_memory_equal(&id, &again, sizeof(id));
	assert_int_equal(keys_ring_identity(keys, "B000001", grown, 127, &again), 0);
}

static void
rings_have_an_end(void **state)
{
	char digest[KEYS_DIGEST], next[KEYS_DIGEST], *present = NULL;
	uint8_t recipient[32];
	unsigned count = 0;

	while (count < KEYS_RING_MAX) {
		assert_int_equal(keys_ring_stage(keys, "B000001", present, next, &count), 0);
		assert_int_equal(keys_settle(keys, "rings/B000001.age"), 0);
		memcpy(digest, next, KEYS_DIGEST);
		present = digest;
	}
	assert_int_equal(keys_ring_stage(keys, "B000001", digest, next, &count), -E2BIG);
	assert_int_equal(
	    keys_ring_recipient(keys, "B000001", digest, KEYS_RING_MAX - 1, recipient), 0);
}

static void
the_ring_cache_is_bounded_and_right(void **state)
{
	char digests[40][KEYS_DIGEST], name[32], batch[16];
	uint8_t first[40][32], again[32];
	unsigned count;

	for (int i = 0; i < 40; i++) {
		snprintf(batch, sizeof(batch), "B%06d", i);
		snprintf(name, sizeof(name), "rings/%s.age", batch);
		assert_int_equal(keys_ring_stage(keys, batch, NULL, digests[i], &count), 0);
		assert_int_equal(keys_settle(keys, name), 0);
		assert_int_equal(keys_ring_recipient(keys, batch, digests[i], 63, first[i]), 0);
	}
	for (int i = 0; i < 40; i++) {
		snprintf(batch, sizeof(batch), "B%06d", i);
		assert_int_equal(keys_ring_recipient(keys, batch, digests[i], 63, again), 0);
		assert_memory_equal(first[i], again, 32);
	}
}

/* Architecture §3: the recovery sheet and stock tools are enough, in two steps. */
static void
two_steps_with_stock_age_open_a_page(void **state)
{
	struct scratch t = scratch_new();
	struct age_identity recovery;
	struct keys *mine;
	char path[128], text[AGE_IDENTITY_TEXT], digest[KEYS_DIGEST];
	char recipient_text[AGE_RECIPIENT_TEXT], command[512];
	uint8_t recipient[32];
	unsigned count;

	snprintf(path, sizeof(path), "%s/master", t.path);
	assert_int_equal(keys_create(t.fd, path, &recovery), 0);
	assert_int_equal(keys_open(t.fd, path, &mine), 0);
	assert_memory_equal(keys_recovery_recipient(mine), recovery.public, 32);
	assert_int_equal(keys_ring_stage(mine, "B000001", NULL, digest, &count), 0);
	assert_int_equal(keys_settle(mine, "rings/B000001.age"), 0);
	assert_int_equal(keys_ring_recipient(mine, "B000001", digest, 5, recipient), 0);
	age_identity_format(&recovery, text);
	scratch_write(&t, "recovery", text, strlen(text));
	age_recipient_format(recipient, recipient_text);
	snprintf(command, sizeof(command),
	    "echo page | age -r %s -o page.age && age -d -i recovery keys/rings/B000001.age >ring "
	    "&&"
	    " test \"$(age -d -i ring page.age)\" = page &&"
	    " test \"$(age -d -i master keys/rings/B000001.age | wc -l)\" = 65",
	    recipient_text);
	assert_int_equal(scratch_run(&t, command), 0);
	keys_free(mine);
	scratch_end(&t);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(made_once_and_unlocked_by_the_right_master),
	    TEST(creation_that_fails_leaves_no_master),
	    TEST(replaced_in_three_steps),
	    TEST(plain_files_of_people),
	    TEST(names_that_are_refused),
	    TEST(a_swapped_file_is_refused),
	    TEST(a_file_that_cannot_be_read_is_not_judged),
	    TEST(start_up_settles_what_the_log_says),
	    TEST(start_up_destroys_nothing_in_doubt),
	    TEST(walking_names_settled_files),
	    TEST(rings_grow_and_keep_their_keys),
	    TEST(rings_have_an_end),
	    TEST(the_ring_cache_is_bounded_and_right),
	    TEST(two_steps_with_stock_age_open_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
