/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 確定 with a clock that is not known to be right: refused, unless a manager answers for it, and
 * then each record says so. G6-32. max_error_ms = 0: no clock is good enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store_rooms.h"

static struct play play;
static char document[3][16];

static void
submit(char out[16])
{
	const char *clerk = token(&play, "haruka");
	char batch[16];
	json_t *answer;

	strcpy(batch, scan_pages(&play, "haruka", 1));
	answer =
	    json_of(call_store(&play, play.web, "BatchShow", "sst", clerk, batch, (uint64_t)0));
	snprintf(out, 16, "%s",
	    json_string_value(
		json_object_get(json_array_get(json_object_get(answer, "documents"), 0), "id")));
	json_decref(answer);
	expect(call_store(&play, play.web, "DocSet", "ssa{ss}", clerk, out, 2, "client_name",
		   "佐藤", "date", "2026-11-22"),
	    "ok");
	expect(call_store(&play, play.web, "BatchSubmit", "ss", clerk, batch), "ok");
}

static const char *
confirm(const char *which)
{
	static char said[64];
	sd_bus_message *reply =
	    call_store(&play, play.web, "Confirm", "sas", token(&play, "masao"), 1, which);

	snprintf(said, sizeof(said), "%s", code_of(reply));
	sd_bus_message_unref(reply);
	return said;
}

static const char *
override(const char *who, uint32_t hours, const char *reason)
{
	static char said[64];
	sd_bus_message *reply =
	    call_store(&play, play.web, "TimeOverride", "sus", token(&play, who), hours, reason);

	snprintf(said, sizeof(said), "%s", code_of(reply));
	sd_bus_message_unref(reply);
	return said;
}

static bool
override_is_shown(void)
{
	json_t *status = json_of(call_store(&play, play.local, "Status", "s", ""));
	const char *until =
	    json_string_value(json_object_get(json_object_get(status, "clock"), "override_until"));
	const bool shown = until != NULL && until[0] != '\0';

	json_decref(status);
	return shown;
}

static bool
record_waives(const char *which)
{
	json_t *record =
	    json_of(call_store(&play, play.web, "Show", "ss", token(&play, "masao"), which));
	const json_t *list = json_object_get(json_object_get(record, "signature"), "waivers");
	bool found = false;

	assert_true(json_is_array(list));
	for (size_t i = 0; i < json_array_size(list); i++)
		found |= strcmp(json_string_value(json_array_get(list, i)), "G6-32") == 0;
	json_decref(record);
	return found;
}

static void
g6_32_unsynchronised_is_refused(void **state)
{
	assert_string_equal(confirm(document[0]), "time_unsynchronised");
	assert_false(override_is_shown());
}

static void
only_a_manager_answers_for_the_clock(void **state)
{
	assert_string_equal(override("masao", 1, "急ぎ"), "denied");
	assert_string_equal(override("admin", 1, "急ぎ"), "denied");
	assert_string_equal(override("kimiko", 1, ""), "bad_parameter");
	assert_string_equal(override("kimiko", 25, "急ぎ"), "bad_parameter");
	assert_string_equal(confirm(document[0]), "time_unsynchronised");
}

static void
g6_32_a_manager_overrides_and_the_record_says_so(void **state)
{
	json_t *entries;

	assert_string_equal(override("kimiko", 2, "時刻サーバーの交換"), "ok");
	assert_true(override_is_shown());
	assert_string_equal(confirm(document[0]), "ok");
	assert_true(record_waives(document[0]));
	stop_store(&play);
	start_store(&play, "require_sync = yes\nmax_error_ms = 0\n");
	assert_string_equal(confirm(document[1]), "ok");
	assert_string_equal(override("kimiko", 0, ""), "ok");
	assert_false(override_is_shown());
	assert_string_equal(confirm(document[2]), "time_unsynchronised");
	entries = events(&play, "kimiko", "time.override");
	assert_int_equal(json_array_size(entries), 2);
	json_decref(entries);
}

static void
ends_well(void **state)
{
	still_well(&play);
	doctor_is_well(&play);
	end(&play);
}

static int
set_up(void **state)
{
	static const struct person who[] = {
	    {"haruka", "clerk", ""}, {"masao", "checker", ""}, {"kimiko", "manager", ""}};

	begin(&play, "require_sync = yes\nmax_error_ms = 0\n");
	people(&play, who, 3);
	attach_scanner(&play);
	for (int i = 0; i < 3; i++)
		submit(document[i]);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(g6_32_unsynchronised_is_refused),
	    PLAY_TEST(only_a_manager_answers_for_the_clock),
	    PLAY_TEST(g6_32_a_manager_overrides_and_the_record_says_so),
	    PLAY_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
