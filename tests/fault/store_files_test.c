/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects and keys: every call fails once, the power goes after every call, and what was
 * acknowledged is there, whole, and nothing else is visible.
 */
#include "shadow.h"

#include "store/objects.h"

static const int errors[] = {EIO, ENOSPC};

/* ---- objects ---- */

struct object_case {
	struct objects *objects;
	struct age_identity id;
	char old[OBJECT_ID], fresh[OBJECT_ID];
	uint8_t *plain;
	bool shelves;
};

#define OBJECT_SIZE ((size_t)1500000) /* two writes */

static int
put(struct object_case *c)
{
	uint64_t size;

	return objects_put(c->objects, c->id.public, c->plain, OBJECT_SIZE, c->fresh, &size);
}

static struct scratch
object_begin(struct object_case *c, bool shelves)
{
	struct scratch s = scratch_new();
	uint64_t size;

	memset(c, 0, sizeof(*c));
	assert_int_equal(age_identity_new(&c->id), 0);
	assert_int_equal(objects_open(s.fd, &c->objects), 0);
	c->plain = calloc(1, OBJECT_SIZE);
	c->shelves = shelves;
	if (shelves)
		assert_int_equal(objects_put(c->objects, c->id.public, "old", 3, c->old, &size), 0);
	return s;
}

static void
object_end(struct object_case *c, struct scratch *s)
{
	objects_free(c->objects);
	free(c->plain);
	scratch_end(s);
}

static int
expect_whole(void *ctx, const char *id, const char *path)
{
	uint64_t size;

	if (id[0] == '\0') /* an empty shelf is a directory and not visited */
		fail_msg("stray %s", path);
	assert_int_equal(objects_check(ctx, id, &size), 0);
	return 0;
}

static void
expect_object(
    struct objects *objects, const struct age_identity *id, const char *object, size_t size)
{
	uint8_t *plain;
	size_t n;

	assert_int_equal(objects_get(objects, object, id, &plain, &n), 0);
	assert_int_equal(n, size);
	secret_free(plain);
}

static void
check_objects(const struct scratch *image, void *ctx)
{
	struct object_case *c = ctx;
	struct objects *objects;

	assert_int_equal(objects_open(image->fd, &objects), 0);
	if (c->old[0] != '\0')
		expect_object(objects, &c->id, c->old, 3);
	if (c->fresh[0] != '\0')
		expect_object(objects, &c->id, c->fresh, OBJECT_SIZE);
	assert_true(objects_sweep(objects) >= 0);
	assert_int_equal(objects_walk(objects, expect_whole, objects), 0);
	objects_free(objects);
}

static int
count_files(void *ctx, const char *id, const char *path)
{
	++*(int *)ctx;
	return 0;
}

static void
an_object_is_whole_or_absent_when_a_call_fails(void **state)
{
	for (size_t e = 0; e < 2; e++) {
		bool reached = true;

		for (int n = 1; reached; n++) {
			struct object_case c;
			struct scratch s = object_begin(&c, true);
			int r, files = 0;

			shadow_begin(s.fd, n, errors[e], -1);
			r = put(&c);
			reached = shadow_reached();
			shadow_end();
			assert_int_equal(r, reached ? -errors[e] : 0);
			assert_int_equal(objects_walk(c.objects, count_files, &files), 0);
			assert_int_equal(files, reached ? 1 : 2);
			assert_int_equal(put(&c), 0);
			check_objects(&s, &c);
			object_end(&c, &s);
		}
	}
}

static void
cut_objects(int stop_after, bool shelves, bool *ret_reached)
{
	struct object_case c;
	struct scratch s = object_begin(&c, shelves);
	int r;

	shadow_begin(s.fd, 0, 0, stop_after);
	r = put(&c);
	*ret_reached = shadow_reached();
	if (r < 0)
		c.fresh[0] = '\0';
	shadow_each_image(check_objects, &c);
	shadow_end();
	object_end(&c, &s);
	assert_int_equal(r == 0, !*ret_reached);
}

static void
an_acknowledged_object_survives_every_power_cut(void **state)
{
	bool reached = true;

	for (int n = 0; reached; n++)
		cut_objects(n, true, &reached);
}

/* The shelves are made in one go before the first object. */
static void
the_first_object_survives_too(void **state)
{
	bool reached = true;

	for (int n = 0; reached; n += n < 250 ? 83 : 1)
		cut_objects(n, false, &reached);
}

/* ---- keys ---- */

struct key_case {
	struct keys *keys;
	char master[128];
	char user[KEYS_DIGEST], ring[KEYS_DIGEST]; /* what the log holds */
	char user_text[16];
	unsigned ring_count;
	uint8_t first[32]; /* public key 0 of the ring */
};

static struct scratch
key_begin(struct key_case *c)
{
	struct scratch s = scratch_new();

	memset(c, 0, sizeof(*c));
	c->keys = scratch_keys(&s);
	snprintf(c->master, sizeof(c->master), "%s/master", s.path);
	strcpy(c->user_text, "old");
	assert_int_equal(keys_stage(c->keys, "users/a.json", "old", 3, 0, c->user), 0);
	assert_int_equal(keys_settle(c->keys, "users/a.json"), 0);
	assert_int_equal(keys_ring_stage(c->keys, "B1", NULL, c->ring, &c->ring_count), 0);
	assert_int_equal(keys_settle(c->keys, "rings/B1.age"), 0);
	assert_int_equal(keys_ring_recipient(c->keys, "B1", c->ring, 0, c->first), 0);
	return s;
}

static void
key_end(struct key_case *c, struct scratch *s)
{
	keys_free(c->keys);
	scratch_end(s);
}

/* One replacement of each; the assignment to c is the event that becomes durable. */
static int
replace(struct key_case *c)
{
	char digest[KEYS_DIGEST];
	unsigned count;
	int r = keys_stage(c->keys, "users/a.json", "new", 3, 0, digest);

	if (r < 0)
		return r;
	memcpy(c->user, digest, KEYS_DIGEST);
	strcpy(c->user_text, "new");
	r = keys_settle(c->keys, "users/a.json");
	if (r == 0)
		r = keys_ring_stage(c->keys, "B1", c->ring, digest, &count);
	if (r < 0)
		return r;
	memcpy(c->ring, digest, KEYS_DIGEST);
	c->ring_count = count;
	return keys_settle(c->keys, "rings/B1.age");
}

static int
logged(void *ctx, const char *name, char ret[KEYS_DIGEST])
{
	struct key_case *c = ctx;

	if (strcmp(name, "users/a.json") == 0)
		memcpy(ret, c->user, KEYS_DIGEST);
	else if (strcmp(name, "rings/B1.age") == 0)
		memcpy(ret, c->ring, KEYS_DIGEST);
	else
		return -ENOENT;
	return 0;
}

static void
check_keys(const struct scratch *image, void *ctx)
{
	struct key_case *c = ctx;
	struct keys *keys;
	uint8_t *text, public[32];
	size_t n;

	assert_int_equal(keys_open(image->fd, c->master, &keys), 0);
	assert_int_equal(keys_settle_all(keys, logged, c), 0);
	assert_int_equal(keys_read(keys, "users/a.json", c->user, &text, &n), 0);
	assert_string_equal((char *)text, c->user_text);
	secret_free(text);
	assert_int_equal(keys_ring_recipient(keys, "B1", c->ring, 0, public), 0);
	assert_memory_equal(public, c->first, 32);
	assert_int_equal(keys_ring_recipient(keys, "B1", c->ring, c->ring_count - 1, public), 0);
	assert_int_equal(keys_ring_recipient(keys, "B1", c->ring, c->ring_count, public), -ENOENT);
	assert_int_equal(
	    scratch_run(image, "test -z \"$(find keys -name '*.next' -o -name '*.tmp')\""), 0);
	keys_free(keys);
}

static void
keys_are_old_or_new_when_a_call_fails(void **state)
{
	for (size_t e = 0; e < 2; e++) {
		bool reached = true;

		for (int n = 1; reached; n++) {
			struct key_case c;
			struct scratch s = key_begin(&c);
			int r;

			shadow_begin(s.fd, n, errors[e], -1);
			r = replace(&c);
			reached = shadow_reached();
			shadow_end();
			assert_int_equal(r, reached ? -errors[e] : 0);
			check_keys(&s, &c);
			key_end(&c, &s);
		}
	}
}

/* A stage that failed leaves the name free for the next one. */
static void
a_failed_stage_can_be_repeated(void **state)
{
	bool reached = true;

	for (int n = 1; reached; n++) {
		struct key_case c;
		struct scratch s = key_begin(&c);
		char digest[KEYS_DIGEST];
		int r;

		shadow_begin(s.fd, n, EIO, -1);
		r = keys_stage(c.keys, "users/a.json", "new", 3, 0, digest);
		reached = shadow_reached();
		shadow_end();
		if (r < 0)
			r = keys_stage(c.keys, "users/a.json", "new", 3, 0, digest);
		assert_int_equal(r, 0);
		assert_int_equal(keys_settle(c.keys, "users/a.json"), 0);
		key_end(&c, &s);
	}
}

static void
keys_match_the_log_after_every_power_cut(void **state)
{
	bool reached = true;

	for (int n = 0; reached; n++) {
		struct key_case c;
		struct scratch s = key_begin(&c);
		int r;

		shadow_begin(s.fd, 0, 0, n);
		r = replace(&c);
		reached = shadow_reached();
		assert_int_equal(r == 0, !reached);
		shadow_each_image(check_keys, &c);
		shadow_end();
		key_end(&c, &s);
	}
}

/* A failed creation can be repeated: it leaves neither a master key nor recipients. */
static void
creation_can_be_repeated(void **state)
{
	bool reached = true;

	for (int n = 1; reached; n++) {
		struct scratch s = scratch_new();
		struct age_identity recovery;
		struct keys *keys;
		char master[128];
		int r;

		snprintf(master, sizeof(master), "%s/master", s.path);
		shadow_begin(s.fd, n, EIO, -1);
		r = keys_create(s.fd, master, &recovery);
		reached = shadow_reached();
		shadow_end();
		assert_int_equal(r, reached ? -EIO : 0);
		if (r < 0)
			assert_int_equal(keys_create(s.fd, master, &recovery), 0);
		assert_int_equal(keys_open(s.fd, master, &keys), 0);
		keys_free(keys);
		scratch_end(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_object_is_whole_or_absent_when_a_call_fails),
	    cmocka_unit_test(an_acknowledged_object_survives_every_power_cut),
	    cmocka_unit_test(the_first_object_survives_too),
	    cmocka_unit_test(keys_are_old_or_new_when_a_call_fails),
	    cmocka_unit_test(a_failed_stage_can_be_repeated),
	    cmocka_unit_test(keys_match_the_log_after_every_power_cut),
	    cmocka_unit_test(creation_can_be_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
