/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A worker that refuses: whether the page is to blame or the worker, other pages tell. */
#include "store_play.h"

#define CONFIG "[ocr]\neffort = shown\n"

static char bad[4][16]; /* pages that no worker can read */
static unsigned killed; /* workers, when another was read last */

static int
refuse(sd_bus_message *m, struct play *p)
{
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;

	link_error(&error, "unreadable", "読めません。", "It cannot be read.");
	return sd_bus_reply_method_error(m, &error);
}

static int
refuse_bad(sd_bus_message *m, struct play *p)
{
	const char *job;

	assert_true(sd_bus_message_read(m, "s", &job) > 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (strcmp(job, bad[i]) == 0)
			return refuse(m, p);
	killed = p->kills;
	return reply_reading(m, RESULT, strlen(RESULT));
}

static void
come_back_well(struct play *p)
{
	p->on_read = NULL;
}

/* Pages that all wait when the worker comes. */
static void
scan_waiting(unsigned n, char batch[16])
{
	hang_up(&play.ocr[0]);
	strcpy(batch, scan_pages(&play, "haruka", n));
	play.reads = play.kills = 0;
}

static void
wait_all(const char *batch, unsigned n, const char *state)
{
	for (unsigned i = 1; i <= n; i++)
		wait_read(&play, "haruka", batch, i, state);
}

/* The first n pages of the batch are. */
static void
spoil(const char *batch, unsigned n)
{
	json_t *shown = show_batch(batch);
	const json_t *pages = json_object_get(shown, "pages");

	memset(bad, 0, sizeof(bad));
	for (unsigned i = 0; i < n; i++)
		snprintf(bad[i], sizeof(bad[i]), "%s",
		    json_string_value(json_object_get(json_array_get(pages, i), "id")));
	json_decref(shown);
	play.on_read = refuse_bad;
}

/* What a fresh process cures. */
static void
a_sick_worker_costs_no_page(void **state)
{
	char batch[16];

	scan_waiting(8, batch);
	play.on_read = refuse;
	play.on_fresh = come_back_well;
	attach_ocr(&play, 0);
	wait_all(batch, 8, "read");
	play.on_fresh = NULL;
	assert_int_equal(play.kills, 1);
	assert_int_equal(play.reads, 3 + 8);
	assert_int_equal(count_events(&play, "aoi", "page.unreadable"), 0);
	assert_int_equal(count_events(&play, "aoi", "room.fault"), 1);
}

/* What it does not: pages wait, however often it is tried. */
static void
a_lasting_sickness_costs_none_either(void **state)
{
	char batch[16];

	scan_waiting(4, batch);
	play.on_read = refuse;
	attach_ocr(&play, 0);
	WAIT(&play, play.kills == 2);
	play.on_read = NULL;
	wait_all(batch, 4, "read");
	assert_int_equal(play.reads, 2 * 3 + 4);
	assert_int_equal(count_events(&play, "aoi", "page.unreadable"), 0);
	still_well(&play);
}

/* A worker that reads others rightly is believed, and need not be started afresh. */
static void
a_page_among_others_is_to_blame(void **state)
{
	char batch[16];

	scan_waiting(4, batch);
	spoil(batch, 1);
	attach_ocr(&play, 0);
	wait_read(&play, "haruka", batch, 1, "unreadable");
	for (unsigned i = 2; i <= 4; i++)
		wait_read(&play, "haruka", batch, i, "read");
	play.on_read = NULL;
	assert_int_equal(play.reads, 2 + 3);
	assert_int_equal(play.kills, 0);
	given_up_because("unreadable");
}

/* Alone, it is believed to be unreadable when a fresh one refuses it too. */
static void
a_page_alone_is_tried_by_a_fresh_worker(void **state)
{
	char batch[16];

	scan_waiting(1, batch);
	play.on_read = refuse;
	play.on_fresh = come_back_well;
	attach_ocr(&play, 0);
	wait_read(&play, "haruka", batch, 1, "read");
	play.on_fresh = NULL;
	assert_int_equal(play.kills, 1);
	assert_int_equal(play.reads, 2);
}

/* Somebody waits for them: when two fresh workers have refused each of them too, they are told. */
static void
bad_pages_alone_are_given_up(void **state)
{
	const size_t before = count_events(&play, "aoi", "page.unreadable");
	char batch[16];

	scan_waiting(3, batch);
	spoil(batch, 3);
	attach_ocr(&play, 0);
	wait_all(batch, 3, "unreadable");
	WAIT(&play, play.kills == 3);
	play.on_read = NULL;
	assert_int_equal(play.reads, 3 * 3);
	assert_int_equal(count_events(&play, "aoi", "page.unreadable"), before + 3);
	given_up_because("unreadable");
}

/* Those that wait behind them are read, by the next worker already. */
static void
bad_pages_in_front_keep_nobody_waiting(void **state)
{
	char batch[16];

	scan_waiting(5, batch);
	spoil(batch, 4);
	attach_ocr(&play, 0);
	wait_read(&play, "haruka", batch, 5, "read");
	wait_all(batch, 4, "unreadable");
	assert_int_equal(killed, 1);
	play.on_read = NULL;
	still_well(&play);
}

static int
set_up(void **state)
{
	static const struct person who[] = {{"haruka", "clerk", ""}, {"aoi", "manager", ""}};

	begin(&play, CONFIG);
	people(&play, who, 2);
	attach_scanner(&play);
	attach_ocr(&play, 0);
	play.revives = true;
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(a_sick_worker_costs_no_page),
	    PLAY_TEST(a_lasting_sickness_costs_none_either),
	    PLAY_TEST(a_page_among_others_is_to_blame),
	    PLAY_TEST(a_page_alone_is_tried_by_a_fresh_worker),
	    PLAY_TEST(bad_pages_alone_are_given_up),
	    PLAY_TEST(bad_pages_in_front_keep_nobody_waiting),
	    PLAY_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
