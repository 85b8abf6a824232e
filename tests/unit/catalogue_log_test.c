/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the log is asked: its sentences, and until when a manager answers for the clock. */
#include "catalogue_fixture.h"

#include "store/permit.h"

/* The newest entry's sentence. */
static void
expect_summary(struct fixture *f, const char *ja, const char *en)
{
	json_t *log;
	const json_t *entry;

	assert_int_equal(catalogue_log_json(f->cat, "", "", "", "", 1, &log), 0);
	entry = json_array_get(json_object_get(log, "entries"), 0);
	assert_string_equal(json_string_value(json_object_get(entry, "summary_ja")), ja);
	assert_string_equal(json_string_value(json_object_get(entry, "summary_en")), en);
	json_decref(log);
}

/* What is empty is said as what it means: nobody asked the console, and the hours are over. */
static void
test_sentences_are_true(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	fix_event(f, "jiro", "time.override", json_pack("{s:s,s:s}", "until", "", "reason", ""));
	expect_summary(f,
	    "鈴木 次郎（jiro）が、時刻同期を確かめられないままの確定をいつまで認めるかを決めました"
	    "（もう認めない、理由：なし）。",
	    "鈴木 次郎 (jiro) set until when confirmation without a synchronised clock is allowed "
	    "(not any more; reason: none).");
	fix_event(f, "console", "user.reset",
	    json_pack("{s:s,s:s,s:s,s:s,s:b}", "user", "hanako", "sha256", fix_digest(9),
		"cert_pem", "PEM2", "asked_by", "", "must_change", 1));
	expect_summary(f,
	    "本体の操作卓が佐藤 花子（hanako）のパスワードを再設定しました（申請者：なし）。",
	    "The console reset the password of 佐藤 花子 (hanako) (asked for by nobody).");
}

/* A refused action is named in words, not by its code. */
static void
test_actions_have_words(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	for (enum action action = 0; action < ACTION_COUNT; action++) {
		json_t *log;
		const char *ja;

		fix_event(f, "hanako", "denied",
		    json_pack("{s:s,s:s,s:s}", "action", action_name(action), "object", "", "code",
			"denied"));
		assert_int_equal(catalogue_log_json(f->cat, "", "", "", "", 1, &log), 0);
		ja = json_string_value(json_object_get(
		    json_array_get(json_object_get(log, "entries"), 0), "summary_ja"));
		if (strstr(ja, action_name(action)) != NULL)
			fail_msg("no word for %s: %s", action_name(action), ja);
		json_decref(log);
	}
}

/* A clock that was set back is not the one that a manager answered for. */
static void
test_override_ends_when_the_clock_is_set_back(void **state)
{
	struct fixture *f = *state;
	json_t *until =
	    json_pack("{s:s,s:s}", "until", "2026-11-22T14:15:00.000Z", "reason", "交換");

	fix_office(f, 1);
	assert_int_equal(catalogue_time_override_ms(f->cat), 0);
	fix_event(f, "jiro", "time.override", json_deep_copy(until));
	fix_event(f, "system", "time.step", json_pack("{s:i}", "seconds", 5));
	assert_int_equal(catalogue_time_override_ms(f->cat), UINT64_C(1795356900000));
	fix_event(f, "system", "time.step", json_pack("{s:i}", "seconds", -5));
	assert_int_equal(catalogue_time_override_ms(f->cat), 0);
	fix_event(f, "jiro", "time.override", json_deep_copy(until));
	assert_int_equal(catalogue_time_override_ms(f->cat), UINT64_C(1795356900000));
	fix_event(f, "jiro", "time.override", json_pack("{s:s,s:s}", "until", "", "reason", ""));
	assert_int_equal(catalogue_time_override_ms(f->cat), 0);
	json_decref(until);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIX_TEST(test_sentences_are_true),
	    FIX_TEST(test_actions_have_words),
	    FIX_TEST(test_override_ends_when_the_clock_is_set_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
