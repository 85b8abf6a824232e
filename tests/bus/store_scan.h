/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scans that go wrong: each costs its own job, never a stored page, never the next scan. */
#ifndef STORE_SCAN_H
#define STORE_SCAN_H

#include "store_play.h"

static char latest[16]; /* batch of the latest scan */

/* A scan under way: p->job is its job. */
static inline void
start_scan(char batch[16])
{
	text_of(call_store(
		    &play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "", "", 0),
	    "batch", batch, 16);
	strcpy(latest, batch);
}

static inline size_t
pages_of(const char *batch)
{
	json_t *answer = show_batch(batch);
	size_t n = json_array_size(json_object_get(answer, "pages"));

	json_decref(answer);
	return n;
}

static inline bool
is_running(const json_t *answer)
{
	return strcmp(json_string_value(json_object_get(json_object_get(answer, "run"), "state")),
		   "running") == 0;
}

static inline bool
runs(const char *batch)
{
	json_t *answer = show_batch(batch);
	bool running = is_running(answer);

	json_decref(answer);
	return running;
}

/* Until the batch's run has ended: BatchShow answers when something changed. */
static inline void
wait_ended(const char *batch)
{
	const time_t until = time(NULL) + PATIENCE_S;
	uint64_t seen = 0;
	bool running = true;

	while (running) {
		json_t *answer = json_of(call_store(
		    &play, play.web, "BatchShow", "sst", token(&play, "haruka"), batch, seen));

		seen = (uint64_t)json_integer_value(json_object_get(answer, "change"));
		running = is_running(answer);
		json_decref(answer);
		assert_true(time(NULL) < until);
	}
}

/* The next scan works as if nothing had been. */
static inline void
next_scan_works(void)
{
	const char *batch;

	if (play.scanner == NULL)
		attach_scanner(&play);
	batch = scan_pages(&play, "haruka", 2);
	assert_int_equal(pages_of(batch), 2);
	still_well(&play);
}

/* Whatever the test before left: its run ends with its scanner. */
static inline int
fresh(void **state)
{
	forget_pending(state);
	play.on_scan = play.on_devices = play.on_cancel = play.on_convert = NULL;
	if (play.scanner != NULL)
		hang_up(&play.scanner);
	attach_scanner(&play);
	if (latest[0] != '\0')
		wait_ended(latest);
	return 0;
}

/* As cmocka_unit_test(), with a scanner that is there and idle. */
#define SCAN_TEST(f) cmocka_unit_test_setup(f, fresh)

#endif
