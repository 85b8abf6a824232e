/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 確定 with a clock that is not known to be right: refused, unless a manager answers for it, and
 * then each record says so. G6-32. max_error_ms = 0: no clock is good enough. */
#include "store_play.h"

static char document[3][16];

static const char *
confirm(const char *which)
{
	return said_by(
	    call_store(&play, play.web, "Confirm", "sas", token(&play, "masao"), 1, which));
}

static const char *
override(const char *who, uint32_t hours, const char *reason)
{
	return said_by(
	    call_store(&play, play.web, "TimeOverride", "sus", token(&play, who), hours, reason));
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

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
