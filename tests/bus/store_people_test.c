/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sign-in against the shipped store: tries side by side, sessions from before a restart, resets
 * whose asker has gone. G6-07, G6-09, G71-02. */
#include <dirent.h>

#include "store_play.h"

#define LOCK_AFTER 5
#define TRIES 12

/* What was sent in one go gets hardly further than the same tries one after the other: two may be
 * under way when the lock falls. */
static void
tries_at_once_do_not_pass_the_lock(void **state)
{
	sd_bus_message *reply[TRIES];

	for (int i = 0; i < TRIES; i++)
		ask_store(play.local, &reply[i], "Login", "ssss", "haruka", "not the password 1",
		    "", "test");
	for (int i = 0; i < TRIES; i++) {
		WAIT(&play, reply[i] != NULL);
		sd_bus_message_unref(reply[i]);
	}
	assert_in_range(count_events(&play, "kimiko", "session.fail"), LOCK_AFTER, LOCK_AFTER + 1);
	expect(call_store(&play, play.local, "Login", "ssss", "haruka", PASSWORD, "", "test"),
	    "wrong_password");
	/* each that the lock turned away is in the log as well */
	assert_in_range(
	    count_events(&play, "kimiko", "denied"), TRIES - LOCK_AFTER, TRIES - LOCK_AFTER + 1);
}

/* A session that store has only on the disk ends with the password as well. */
static void
sessions_end_with_the_password(void **state)
{
	char other[80];

	sign_in(&play, "masao", PASSWORD, other);
	stop_store(&play);
	start_store(&play, "");
	expect(call_store(&play, play.web, "Passwd", "sss", token(&play, "masao"), PASSWORD,
		   PASSWORD_FIRST),
	    "ok");
	expect(call_store(&play, play.web, "Whoami", "s", token(&play, "masao")), "ok");
	expect(call_store(&play, play.web, "Whoami", "s", other), "session_expired");
	sign_in(&play, "masao", PASSWORD_FIRST, other);
	stop_store(&play);
	start_store(&play, "");
	expect(call_store(
		   &play, play.web, "UserReset", "sss", token(&play, "kimiko"), "masao", PASSWORD),
	    "ok");
	expect(call_store(
		   &play, play.web, "UserReset", "sss", token(&play, "admin"), "masao", PASSWORD),
	    "ok");
	expect(
	    call_store(&play, play.web, "Whoami", "s", token(&play, "masao")), "session_expired");
	expect(call_store(&play, play.web, "Whoami", "s", other), "session_expired");
}

/* The one who asked must still be somebody when another carries it out. */
static void
reset_needs_an_asker_who_may_still_ask(void **state)
{
	json_t *answer;

	expect(call_store(
		   &play, play.web, "UserReset", "sss", token(&play, "fumiko"), "masao", PASSWORD),
	    "ok");
	expect(call_store(&play, play.web, "UserDisable", "ss", token(&play, "admin"), "fumiko"),
	    "ok");
	answer = json_of(call_store(
	    &play, play.web, "UserReset", "sss", token(&play, "admin"), "masao", PASSWORD));
	assert_string_equal(json_string_value(json_object_get(answer, "state")), "requested");
	json_decref(answer);
	expect(call_store(&play, play.local, "Login", "ssss", "fumiko", PASSWORD, "", "test"),
	    "wrong_password");
}

/* What a sign-in that fails is told, in both languages. */
static char *
told(const char *user, const char *password)
{
	sd_bus_message *reply =
	    call_store(&play, play.web, "Login", "ssss", user, password, "", "test");
	char *text;

	assert_string_equal(code_of(reply), "wrong_password");
	text = strdup(sd_bus_message_get_error(reply)->message);
	sd_bus_message_unref(reply);
	return text;
}

/* Unknown, wrong, locked, disabled: one code and one text, which says what may be the matter. */
static void
names_cannot_be_tried_out(void **state)
{
	static const char *const tries[][2] = {{"nobody", PASSWORD},
	    {"kimiko", "not the password 1"}, {"haruka", PASSWORD},
	    {"haruka", "not the password 1"}, {"fumiko", PASSWORD},
	    {"fumiko", "not the password 1"}, {"../x", PASSWORD}, {"", ""}};
	char *first = told(tries[0][0], tries[0][1]);
	json_t *entries;
	unsigned locked = 0, disabled = 0;

	for (size_t i = 1; i < sizeof(tries) / sizeof(tries[0]); i++) {
		char *next = told(tries[i][0], tries[i][1]);

		assert_string_equal(first, next);
		free(next);
	}
	assert_non_null(strstr(first, "5回続けて"));
	free(first);
	/* the log tells them apart */
	entries = events(&play, "kimiko", "denied");
	for (size_t i = 0; i < json_array_size(entries); i++) {
		const char *code = json_string_value(
		    json_object_get(json_object_get(json_array_get(entries, i), "data"), "code"));

		locked += strcmp(code, "account_locked") == 0;
		disabled += strcmp(code, "account_disabled") == 0;
	}
	assert_true(locked >= 2 && disabled >= 1);
	json_decref(entries);
}

/* Makes the files of all sessions look unused for two hours. */
static void
age_sessions(void)
{
	const struct timespec then[2] = {
	    {.tv_sec = time(NULL) - 7200}, {.tv_sec = time(NULL) - 7200}};
	char path[128];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/data/sessions", play.dir);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			assert_int_equal(utimensat(dirfd(dir), entry->d_name, then, 0), 0);
	closedir(dir);
}

static void
end_by_time_is_recorded(void **state)
{
	stop_store(&play);
	age_sessions();
	start_store(&play, "");
	expect(
	    call_store(&play, play.web, "Whoami", "s", token(&play, "kimiko")), "session_expired");
	sign_in(&play, "kimiko", PASSWORD, play.people[3].token);
	assert_int_equal(count_events(&play, "kimiko", "session.close"), 1);
}

/* The state of the clock and of swap is in the status, each fault of theirs with what to do. */
static void
status_tells_of_clock_and_swap(void **state)
{
	json_t *status = json_of(call_store(&play, play.local, "Status", "s", ""));
	const json_t *clock = json_object_get(status, "clock"),
		     *warnings = json_object_get(status, "warnings");
	bool warned = false;

	assert_true(json_is_boolean(json_object_get(clock, "synchronised")));
	assert_true(json_is_integer(json_object_get(clock, "max_error_ms")));
	assert_non_null(json_string_value(json_object_get(status, "swap")));
	for (size_t i = 0; i < json_array_size(warnings); i++) {
		const json_t *w = json_array_get(warnings, i);

		assert_non_null(json_string_value(json_object_get(w, "ja")));
		assert_non_null(json_string_value(json_object_get(w, "en")));
		warned |= strcmp(json_string_value(json_object_get(w, "code")),
			      "time_unsynchronised") == 0;
	}
	assert_int_equal(warned, json_is_false(json_object_get(clock, "synchronised")));
	json_decref(status);
}

static int
set_up(void **state)
{
	static const struct person who[] = {{"haruka", "clerk", ""}, {"masao", "checker", ""},
	    {"kimiko", "manager", ""}, {"fumiko", "manager", ""}};

	begin(&play, "");
	people(&play, who, 4);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(tries_at_once_do_not_pass_the_lock),
	    PLAY_TEST(sessions_end_with_the_password),
	    PLAY_TEST(reset_needs_an_asker_who_may_still_ask),
	    PLAY_TEST(names_cannot_be_tried_out),
	    PLAY_TEST(end_by_time_is_recorded),
	    PLAY_TEST(status_tells_of_clock_and_swap),
	    PLAY_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
