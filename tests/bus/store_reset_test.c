/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One person never acts as two when a password is reset, whatever accounts he makes; an office of
 * three can help itself; the console puts a lone administrator back and does nothing else. G71-02,
 * G6-22, G6-30, architecture §4 rule 3, §5. */
#include "store_play.h"

static const char *
reset(const char *who, const char *whom)
{
	static char state[16];
	sd_bus_message *reply = call_store(
	    &play, play.local, "UserReset", "sss", token(&play, who), whom, PASSWORD_FIRST);

	if (strcmp(code_of(reply), "ok") != 0)
		return said_by(reply);
	text_of(reply, "state", state, sizeof(state));
	return state;
}

/* After a reset: signs in with the first password and changes it. */
static void
come_back(const char *name)
{
	for (unsigned i = 0; i < play.n_people; i++)
		if (strcmp(play.people[i].name, name) == 0) {
			sign_in(&play, name, PASSWORD_FIRST, play.people[i].token);
			expect(call_store(&play, play.local, "Passwd", "sss", play.people[i].token,
				   PASSWORD_FIRST, PASSWORD),
			    "ok");
		}
}

static void
three_people_help_each_other(void **state)
{
	assert_string_equal(reset("masao", "kimiko"), "requested");
	assert_string_equal(reset("admin", "kimiko"), "done");
	come_back("kimiko");
	assert_string_equal(reset("kimiko", "admin"), "requested");
	assert_string_equal(reset("masao", "admin"), "done");
	come_back("admin");
	/* admin hangs on masao now, kimiko on admin: for a month they are no two */
	assert_string_equal(reset("kimiko", "haruka"), "requested");
	assert_string_equal(reset("masao", "haruka"), "second_person_needed");
	assert_string_equal(reset("haruka", "masao"), "denied");
	expect(
	    call_store(&play, play.local, "Login", "ssss", "haruka", PASSWORD, "", "test"), "ok");
}

/* Two who carry out the same reset at once: one does, the other is told what happened, not that a
 * password was wrong. */
static void
a_reset_that_comes_second_says_so(void **state)
{
	static const char *const who[] = {"admin", "kimiko"};
	sd_bus_message *reply[2];
	json_t *answer;
	unsigned done = 0;

	assert_string_equal(reset("masao", "haruka"), "requested");
	for (int i = 0; i < 2; i++)
		ask_store(play.local, &reply[i], "UserReset", "sss", token(&play, who[i]), "haruka",
		    PASSWORD_FIRST);
	for (int i = 0; i < 2; i++) {
		WAIT(&play, reply[i] != NULL);
		if (strcmp(code_of(reply[i]), "ok") != 0) {
			expect(reply[i], "changed_meanwhile");
			continue;
		}
		answer = json_of(reply[i]); /* so late that it asks for a further reset */
		done += strcmp(json_string_value(json_object_get(answer, "state")), "done") == 0;
		json_decref(answer);
	}
	assert_int_equal(done, 1);
	come_back("haruka");
}

static void
nobody_resets_himself(void **state)
{
	assert_string_equal(reset("kumiko", "kumiko"), "second_person_needed");
}

static void
an_account_made_by_the_asker_is_no_second_person(void **state)
{
	static const struct person made[] = {{"nise", "manager", ""}, {"kage", "admin", ""}};
	size_t before = count_events(&play, "goro", "denied");

	people(&play, made, 2);
	assert_string_equal(reset("toyo", "haruka"), "requested");
	assert_string_equal(reset("nise", "haruka"), "second_person_needed");
	assert_string_equal(reset("kage", "haruka"), "second_person_needed");
	/* and the other way round, and among those two */
	expect(
	    call_store(&play, play.local, "Login", "ssss", "haruka", PASSWORD, "", "test"), "ok");
	assert_string_equal(reset("nise", "haruka"), "requested");
	assert_string_equal(reset("toyo", "haruka"), "second_person_needed");
	assert_string_equal(reset("kage", "haruka"), "second_person_needed");
	assert_int_equal(count_events(&play, "goro", "denied"), before + 4);
	/* with anybody else they are */
	assert_string_equal(reset("goro", "haruka"), "done");
	come_back("haruka");
}

/* Whoever carried out a reset knows that password: the account is no second person beside him. */
static void
an_account_reset_by_the_asker_is_no_second_person(void **state)
{
	assert_string_equal(reset("goro", "kumiko"), "requested");
	assert_string_equal(reset("toyo", "kumiko"), "done");
	come_back("kumiko");
	assert_string_equal(reset("kumiko", "haruka"), "requested");
	assert_string_equal(reset("toyo", "haruka"), "second_person_needed");
	assert_string_equal(reset("goro", "haruka"), "done");
	come_back("haruka");
}

/* Who can sign in needs no reset: a request does not lie ready for another. */
static void
a_sign_in_withdraws_the_request(void **state)
{
	assert_string_equal(reset("goro", "haruka"), "requested");
	expect(
	    call_store(&play, play.local, "Login", "ssss", "haruka", PASSWORD, "", "test"), "ok");
	assert_string_equal(reset("toyo", "haruka"), "requested");
	expect(
	    call_store(&play, play.local, "Login", "ssss", "haruka", PASSWORD, "", "test"), "ok");
}

/* ---- the console ---- */

static const char *
reset_by_console(sd_bus *bus, const char *whom)
{
	return said_by(call_store(&play, bus, "UserReset", "sss", "", whom, PASSWORD_FIRST));
}

static void
lock(const char *name)
{
	for (int i = 0; i < 5; i++)
		expect(call_store(&play, play.local, "Login", "ssss", name, "not the password 1",
			   "", "test"),
		    "wrong_password");
}

static void
the_console_rescues_a_lone_administrator(void **state)
{
	json_t *entries;

	assert_string_equal(reset_by_console(play.local, "masao"), "not_by_console");
	assert_string_equal(reset_by_console(play.local, "toyo"), "not_by_console");
	assert_string_equal(reset_by_console(play.web, "toyo"), "not_signed_in");
	assert_string_equal(reset_by_console(play.local, "nobody"), "no_such_user");
	expect(call_store(&play, play.local, "UserDisable", "ss", token(&play, "toyo"), "admin"),
	    "ok");
	expect(
	    call_store(&play, play.local, "UserDisable", "ss", token(&play, "toyo"), "kage"), "ok");
	assert_string_equal(reset_by_console(play.local, "toyo"), "ok"); /* forgot the password */
	come_back("toyo");
	lock("toyo");
	assert_string_equal(
	    reset_by_console(play.local, "admin"), "ok"); /* disabled, toyo locked */
	come_back("admin");
	assert_string_equal(reset_by_console(play.local, "admin"), "ok"); /* toyo is locked still */
	come_back("admin");
	assert_string_equal(reset_by_console(play.local, "toyo"), "not_by_console");
	entries = events(&play, "goro", "user.reset");
	assert_true(json_array_size(entries) >= 3);
	json_decref(entries);
	assert_int_equal(count_events(&play, "goro", "user.enable"), 1);
	/* both hang on the console's hand now */
	assert_string_equal(reset("admin", "haruka"), "requested");
	assert_string_equal(reset("goro", "haruka"), "done");
	come_back("haruka");
}

/* It lists accounts to know whom; it reads no record. */
static void
the_console_reads_nothing(void **state)
{
	json_t *list = json_of(call_store(&play, play.local, "UserList", "s", ""));
	bool shown = false;

	for (size_t i = 0; i < json_array_size(json_object_get(list, "users")); i++) {
		const json_t *user = json_array_get(json_object_get(list, "users"), i);

		if (strcmp(json_string_value(json_object_get(user, "user")), "admin") == 0)
			shown = strcmp(json_string_value(json_object_get(user, "hand")),
				    "console") == 0;
	}
	assert_true(shown);
	json_decref(list);
	expect(call_store(&play, play.local, "Search", "ssuu", "", "x", 1, 0), "denied");
	expect(call_store(&play, play.local, "Show", "ss", "", "D000001"), "denied");
	expect(call_store(&play, play.local, "UserAdd", "sssss", "", "x", "x", "manager", PASSWORD),
	    "denied");
}

static void
a_rebuild_forgets_no_hand(void **state)
{
	doctor_is_well(&play);
	expect(call_store(&play, play.local, "Rebuild", "s", ""), "ok");
	assert_string_equal(reset_by_console(play.local, "toyo"), "not_by_console");
}

static int
set_up(void **state)
{
	static const struct person office[] = {{"masao", "checker", ""}, {"kimiko", "manager", ""},
	    {"haruka", "clerk", ""}, {"goro", "manager", ""}, {"kumiko", "manager", ""}};
	static const struct person later[] = {{"toyo", "admin", ""}};

	begin(&play, "");
	people(&play, office, 5);
	people(&play, later, 1);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(a_reset_that_comes_second_says_so),
	    PLAY_TEST(three_people_help_each_other),
	    PLAY_TEST(nobody_resets_himself),
	    PLAY_TEST(an_account_made_by_the_asker_is_no_second_person),
	    PLAY_TEST(an_account_reset_by_the_asker_is_no_second_person),
	    PLAY_TEST(a_sign_in_withdraws_the_request),
	    PLAY_TEST(the_console_rescues_a_lone_administrator),
	    PLAY_TEST(the_console_reads_nothing),
	    PLAY_TEST(a_rebuild_forgets_no_hand),
	    PLAY_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
