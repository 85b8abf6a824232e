/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One play for a whole suite: its set-up begins it and brings people and rooms, tear_down() ends
 * it, and ends_well() is its last test. Haruka is the suite's clerk.
 */
#ifndef STORE_PLAY_H
#define STORE_PLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store_rooms.h"

static struct play play;
static sd_bus_message *held; /* a question that waits for its answer */

static inline int
hold(sd_bus_message *m, struct play *p)
{
	held = sd_bus_message_ref(m);
	return 1;
}

/* A reader that is gone in mid-call. */
static inline int
die(sd_bus_message *m, struct play *p)
{
	hang_up(&p->ocr[0]);
	return 1;
}

/* Of the page that was marked unreadable last, as aoi the manager is told. */
static inline void
given_up_because(const char *why)
{
	json_t *given_up = events(&play, "aoi", "page.unreadable");
	const json_t *last = json_object_get(json_array_get(given_up, 0), "data");

	assert_string_equal(json_string_value(json_object_get(last, "why")), why);
	json_decref(given_up);
}

/* Whatever hostile things happened. */
static inline void
ends_well(void **state)
{
	doctor_is_well(&play);
	still_well(&play);
}

static inline int
tear_down(void **state)
{
	end(&play);
	return 0;
}

/* What BatchShow says; caller decrefs. */
static inline json_t *
show_batch(const char *batch)
{
	return json_of(call_store(
	    &play, play.web, "BatchShow", "sst", token(&play, "haruka"), batch, (uint64_t)0));
}

static inline void
first_document(const char *batch, char document[16])
{
	json_t *answer = show_batch(batch);

	snprintf(document, 16, "%s",
	    json_string_value(
		json_object_get(json_array_get(json_object_get(answer, "documents"), 0), "id")));
	json_decref(answer);
}

/* A document of one page that waits for its checker. */
static inline void
submit(char document[16])
{
	const char *clerk = token(&play, "haruka");
	char batch[16];

	strcpy(batch, scan_pages(&play, "haruka", 1));
	first_document(batch, document);
	expect(call_store(&play, play.web, "DocSet", "ssa{ss}", clerk, document, 2, "client_name",
		   "佐藤", "date", "2026-11-22"),
	    "ok");
	expect(call_store(&play, play.web, "BatchSubmit", "ss", clerk, batch), "ok");
}

#endif
