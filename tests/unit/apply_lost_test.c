/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of recognition that are lost: a replay goes on without them, and their pages are read
 * again. */
#include "catalogue_fixture.h"

#include "store/catalogue_sql.h"

static void
count_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	assert_string_equal(code, "catalogue_differs");
	++*(int *)ctx;
}

/* Objects that cannot be had, and why. */
static struct {
	const unsigned *numbers;
	size_t n;
	int error;
} hidden;

static int
object_unless_hidden(
    void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	for (size_t i = 0; i < hidden.n; i++)
		if (strtoul(id + 48, NULL, 16) == hidden.numbers[i])
			return hidden.error;
	return fix_object(ctx, batch, key, id, ret, ret_size);
}

static void
hide(struct fixture *f, const unsigned *numbers, size_t n, int error)
{
	hidden.numbers = numbers;
	hidden.n = n;
	hidden.error = error;
	f->sources.object = object_unless_hidden;
}

/* The log once more. */
static struct catalogue *
replay(struct fixture *f, const char *path)
{
	struct catalogue *again;

	assert_int_equal(catalogue_open(path, 'w', &f->sources, &again), 0);
	assert_int_equal(catalogue_begin(again), 0);
	for (size_t i = 0; i < f->events; i++)
		assert_int_equal(fix_apply(again, i, f->log[i]), 0);
	assert_int_equal(catalogue_commit(again), 0);
	return again;
}

static unsigned
result_of(struct fixture *f, const char *page, bool further)
{
	struct catalogue_page p;

	assert_int_equal(catalogue_page(f->cat, page, &p), 0);
	return (unsigned)strtoul((further ? p.further : p.result) + 48, NULL, 16);
}

static void
expect_queues(struct catalogue *cat, int first, int further)
{
	json_t *status, *queue;

	assert_int_equal(catalogue_status_json(cat, &status), 0);
	queue = json_object_get(status, "queue");
	assert_int_equal(json_integer_value(json_object_get(queue, "recognition")), first);
	assert_int_equal(json_integer_value(json_object_get(queue, "further")), further);
	json_decref(status);
}

struct looking {
	const unsigned *numbers;
	size_t n, found;
};

static int
look(void *ctx, const char *id, const char *kind, const char *batch, unsigned key,
    const char *sha256)
{
	struct looking *l = ctx;

	for (size_t i = 0; i < l->n; i++)
		l->found += strtoul(id + 48, NULL, 16) == l->numbers[i];
	return 0;
}

/* Of the objects with these numbers so many must be there. */
static void
expect_objects(struct catalogue *cat, const unsigned *numbers, size_t n, size_t expected)
{
	struct looking l = {numbers, n, 0};

	assert_int_equal(catalogue_objects(cat, look, &l), 0);
	assert_int_equal(l.found, expected);
}

/* What was read of a page lies in objects: losing one costs what it held until the page is read
 * again, and neither the other pages nor what else is known of this one. */
static void
replay_with_losses(struct fixture *f, int error)
{
	struct fixture again;
	unsigned lost[2];
	char path[128], *text;

	fix_office(f, 4);
	for (int i = 1; i <= 3; i++) {
		const char page[] = {'P', '0', '0', '0', '0', '0', '0', '0', (char)('0' + i), 0};

		fix_read(f, page, "訪問介護計画書", NULL);
		fix_further(f, page, "訪問介護計画害", "訪問介讃計画書");
	}
	lost[0] = result_of(f, "P00000001", false);
	lost[1] = result_of(f, "P00000002", true);
	expect_queues(f->cat, 1, 0);
	assert_int_equal(catalogue_lost(f->cat), 0);
	snprintf(path, sizeof(path), "%s/again.db", f->dir);
	hide(f, lost, 2, error);
	again = *f;
	again.cat = replay(f, path);
	assert_int_equal(catalogue_lost(again.cat), 2);
	expect_queues(again.cat, 2, 1);
	expect_objects(again.cat, lost, 2, 2); /* the doctor names them */
	fix_expect(&again, "計画書", "D000001/3 D000001/2");
	fix_expect(&again, "介讃", "D000001/3");
	assert_int_equal(catalogue_page_text(again.cat, "P00000001", &text), 0);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(catalogue_check(again.cat, fix_no_fault, NULL), 0);
	/* of two that hold the same events, the one with less is not held against the other */
	assert_int_equal(catalogue_compare(again.cat, f->cat, fix_no_fault, NULL), 0);
	catalogue_free(again.cat);
	assert_int_equal(catalogue_remove(path), 0);
}

static void
test_lost_results_stop_no_replay(void **state)
{
	replay_with_losses(*state, -ENOENT);
}

static void
test_damaged_results_stop_no_replay(void **state)
{
	replay_with_losses(*state, -EBADMSG);
}

/* The disk does not give them. */
static void
test_unreadable_results_stop_no_replay(void **state)
{
	replay_with_losses(*state, -EIO);
}

/* Two pages that were read and read further; ret_lost: the first result of one, the further one of
 * the other. */
static void
two_pages(struct fixture *f, unsigned ret_lost[2])
{
	fix_office(f, 2);
	fix_read(f, "P00000001", "訪問介護計画書", NULL);
	fix_further(f, "P00000001", "訪問介護計画害", "訪問介讃計画書");
	fix_read(f, "P00000002", "訪問介護計画書", NULL);
	fix_further(f, "P00000002", "訪問介護計画害", "訪問介讃計画書");
	ret_lost[0] = result_of(f, "P00000001", false);
	ret_lost[1] = result_of(f, "P00000002", true);
}

static void
read_again(struct fixture *f)
{
	fix_read(f, "P00000001", "訪問介護計画書", NULL);
	fix_further(f, "P00000001", "訪問介護計画害", "訪問介讃計画書");
	fix_further(f, "P00000002", "訪問介護計画害", "訪問介讃計画書");
}

/* Read again, all is as it was, at every later replay too. */
static void
test_lost_results_are_read_again(void **state)
{
	struct fixture *f = *state;
	unsigned lost[2];
	char path[128], one[65], two[65];
	struct catalogue *old = f->cat, *again;

	two_pages(f, lost);
	snprintf(path, sizeof(path), "%s/again.db", f->dir);
	hide(f, lost, 2, -ENOENT);
	f->cat = replay(f, path);
	read_again(f);
	expect_queues(f->cat, 0, 0);
	expect_objects(f->cat, lost, 2, 0); /* and does so no more */
	fix_expect(f, "計画書", "D000001/2 D000001/1");
	fix_expect(f, "介讃", "D000001/2 D000001/1");
	assert_int_equal(catalogue_digest(f->cat, one), 0);
	catalogue_free(f->cat);
	assert_int_equal(catalogue_remove(path), 0);
	again = replay(f, path);
	assert_int_equal(catalogue_digest(again, two), 0);
	assert_string_equal(one, two);
	catalogue_free(again);
	assert_int_equal(catalogue_remove(path), 0);
	f->cat = old;
}

/* Once all was read again, the doctor compares all again: a loss that was made up for hides no
 * damage of the catalogue for ever. */
static void
test_losses_made_up_for_hide_nothing(void **state)
{
	struct fixture *f = *state;
	unsigned lost[2];
	int faults = 0;
	char rebuilt[128], path[128];
	struct catalogue *old = f->cat, *again;

	two_pages(f, lost);
	snprintf(rebuilt, sizeof(rebuilt), "%s/rebuilt.db", f->dir);
	hide(f, lost, 2, -ENOENT);
	f->cat = replay(f, rebuilt);
	read_again(f);
	snprintf(path, sizeof(path), "%s/again.db", f->dir);
	again = replay(f, path);
	assert_int_equal(catalogue_lost(again), 2);
	assert_int_equal(catalogue_compare(again, f->cat, fix_no_fault, NULL), 0);
	assert_int_equal(sql_exec(f->cat, "UPDATE page SET confidence = 1 WHERE no = 1"), 0);
	assert_int_equal(catalogue_compare(again, f->cat, count_fault, &faults), 0);
	assert_int_equal(faults, 1);
	catalogue_free(again);
	catalogue_free(f->cat);
	assert_int_equal(catalogue_remove(path), 0);
	assert_int_equal(catalogue_remove(rebuilt), 0);
	f->cat = old;
}

/* f->cat, in path, which it ends, is what a replay makes that lacks nothing. */
static void
expect_the_same_with_all(struct fixture *f, const char *path)
{
	char one[65], two[65];

	assert_int_equal(catalogue_digest(f->cat, one), 0);
	catalogue_free(f->cat);
	assert_int_equal(catalogue_remove(path), 0);
	hidden.n = 0;
	f->cat = replay(f, path);
	assert_int_equal(catalogue_lost(f->cat), 0);
	assert_int_equal(catalogue_digest(f->cat, two), 0);
	assert_string_equal(one, two);
	catalogue_free(f->cat);
	assert_int_equal(catalogue_remove(path), 0);
}

/* A disk that failed gives again what it did not give, a copy is put back: by then it was made up
 * for, and a replay finds what was lost beside what came for it. */
static void
test_what_was_lost_may_come_back(void **state)
{
	struct fixture *f = *state;
	unsigned lost[2];
	char path[128];
	struct catalogue *old = f->cat;

	two_pages(f, lost);
	snprintf(path, sizeof(path), "%s/again.db", f->dir);
	hide(f, lost, 2, -EIO);
	f->cat = replay(f, path);
	fix_read(f, "P00000001", "訪問介護計画署", NULL); /* not just as before */
	fix_further(f, "P00000001", "訪問介護計画害", "訪問介讃計画書");
	fix_further(f, "P00000002", "訪問介護計画書", "訪問介誰計画書");
	expect_the_same_with_all(f, path);
	/* and the first reading of a page whose further one was lost before */
	f->cat = old;
	lost[0] = result_of(f, "P00000002", false);
	hide(f, lost, 1, -EIO);
	f->cat = replay(f, path);
	fix_read(f, "P00000002", "訪問介護計画書", NULL);
	fix_further(f, "P00000002", "訪問介護計画害", "訪問介讃計画書");
	expect_the_same_with_all(f, path);
	f->cat = old;
}

/* A page is read whose result cannot be filed with r, for want of nothing that was lost. */
static void
expect_replay_stops(struct fixture *f,
    int (*object)(void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret,
	size_t *ret_size),
    int r)
{
	fix_office(f, 1);
	f->sources.object = object;
	assert_int_equal(
	    fix_read_result(f, "P00000001",
		json_pack("{s:[o],s:[]}", "readings", fix_reading("jpn", true, "あ"), "fields")),
	    r);
	assert_int_equal(catalogue_lost(f->cat), 0);
}

/* What the catalogue's own file does not give is not the result's fault. */
static int
spoil_catalogue(
    void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	struct fixture *f = ctx;

	assert_int_equal(sql_exec(f->cat, "DROP TABLE reading_box"), 0);
	return fix_object(ctx, batch, key, id, ret, ret_size);
}

static void
test_damage_of_the_catalogue_loses_no_result(void **state)
{
	struct fixture *f = *state;

	expect_replay_stops(f, spoil_catalogue, -EBADMSG);
}

/* A key that is not there is no lost result: who may be put back must not be passed over. */
static int
no_key(void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	return -ENOKEY;
}

static void
test_lost_keys_stop_a_replay(void **state)
{
	struct fixture *f = *state;

	expect_replay_stops(f, no_key, -ENOKEY);
}

/* Nor is one that the disk does not give just now. */
static int
no_key_now(
    void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	return -EREMOTEIO;
}

static void
test_keys_that_cannot_be_read_stop_a_replay(void **state)
{
	struct fixture *f = *state;

	expect_replay_stops(f, no_key_now, -EREMOTEIO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIX_TEST(test_lost_results_stop_no_replay),
	    FIX_TEST(test_damaged_results_stop_no_replay),
	    FIX_TEST(test_unreadable_results_stop_no_replay),
	    FIX_TEST(test_what_was_lost_may_come_back),
	    FIX_TEST(test_damage_of_the_catalogue_loses_no_result),
	    FIX_TEST(test_lost_results_are_read_again),
	    FIX_TEST(test_losses_made_up_for_hide_nothing),
	    FIX_TEST(test_lost_keys_stop_a_replay),
	    FIX_TEST(test_keys_that_cannot_be_read_stop_a_replay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
