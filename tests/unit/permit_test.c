/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every role against every action, spelled out: a change of the permission table must be a change here too. G6-20, G6-22, G6-24. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "store/permit.h"

/* columns: none clerk checker manager inspector admin console */
static const struct {
	enum action action;
	const char *allowed;
} matrix[] = {
    {ACTION_SIGN_IN, "1111111"},
    {ACTION_OWN, "0111110"},
    {ACTION_STATUS, "0111111"},
    {ACTION_LISTS, "0111011"},
    {ACTION_SCAN, "0110000"},
    {ACTION_EDIT, "0110000"},
    {ACTION_SUBMIT, "0110000"},
    {ACTION_CONFIRM, "0010000"},
    {ACTION_SEARCH, "0111100"},
    {ACTION_VIEW, "0111100"},
    {ACTION_EXPORT, "0011100"},
    {ACTION_LOG, "0001100"},
    {ACTION_VERIFY, "0011100"},
    {ACTION_CHECKPOINT, "0001111"},
    {ACTION_USERS_LIST, "0011011"},
    {ACTION_USERS, "0000010"},
    {ACTION_RESET, "0011011"},
    {ACTION_DOCTOR, "0111111"},
    {ACTION_REBUILD, "0000011"},
    {ACTION_INIT, "0000001"},
    {ACTION_TIME, "0001000"},
};

static void
every_role_every_action(void **state)
{
	const size_t rows = sizeof(matrix) / sizeof(matrix[0]);

	assert_int_equal(rows, ACTION_COUNT);
	for (size_t i = 0; i < rows; i++)
		for (int role = ROLE_NONE; role < ROLE_COUNT; role++)
			if (permit((enum role)role, matrix[i].action) != (matrix[i].allowed[role] == '1'))
				fail_msg("%s may%s %s", role_name((enum role)role), matrix[i].allowed[role] == '1' ? " not" : "",
				    action_name(matrix[i].action));
}

/* G6-22: the administrator keeps the box and reads no record; G6-24: the inspector changes nothing. */
static void
administrator_reads_nothing_and_inspector_changes_nothing(void **state)
{
	static const enum action reads[] = {ACTION_SEARCH, ACTION_VIEW, ACTION_EXPORT, ACTION_LOG};
	static const enum action changes[] = {ACTION_SCAN, ACTION_EDIT, ACTION_SUBMIT, ACTION_CONFIRM, ACTION_USERS, ACTION_RESET, ACTION_REBUILD};

	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		assert_false(permit(ROLE_ADMIN, reads[i]));
		assert_false(permit(ROLE_CONSOLE, reads[i]));
	}
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		assert_false(permit(ROLE_INSPECTOR, changes[i]));
}

static struct person
person(enum role role, const char *name, const char *hand, const char *hand_of_that)
{
	struct person p = {.role = role, .active = true};
	const char *const hands[] = {name, hand, hand_of_that};

	for (unsigned i = 0; i < 3 && hands[i][0] != '\0'; i++)
		strcpy(p.hands[p.n_hands++], hands[i]);
	return p;
}

/* G71-02: one hand behind two accounts is one person. */
static void
two_accounts_of_one_hand_are_one_person(void **state)
{
	const struct person admin = person(ROLE_ADMIN, "admin", "", ""), kimiko = person(ROLE_MANAGER, "kimiko", "", ""),
			    masao = person(ROLE_CHECKER, "masao", "", ""), made = person(ROLE_MANAGER, "made", "admin", ""),
			    other = person(ROLE_ADMIN, "other", "admin", ""), far = person(ROLE_CHECKER, "far", "made", "admin"),
			    clerk = person(ROLE_CLERK, "haruka", "", "");
	struct person gone = kimiko, endless = kimiko;

	assert_true(permit_two(&admin, &kimiko, ACTION_RESET));
	assert_true(permit_two(&masao, &admin, ACTION_RESET));
	assert_true(permit_two(&kimiko, &made, ACTION_RESET));
	assert_false(permit_two(&admin, &admin, ACTION_RESET));
	assert_false(permit_two(&admin, &made, ACTION_RESET));
	assert_false(permit_two(&made, &admin, ACTION_RESET));
	assert_false(permit_two(&made, &other, ACTION_RESET));
	assert_false(permit_two(&admin, &far, ACTION_RESET));
	assert_false(permit_two(&far, &other, ACTION_RESET));
	assert_false(permit_two(&admin, &clerk, ACTION_RESET));
	gone.active = false;
	assert_false(permit_two(&admin, &gone, ACTION_RESET));
	endless.n_hands = 0;
	assert_false(permit_two(&admin, &endless, ACTION_RESET));
}

static void
the_console_puts_only_a_lone_administrator_back(void **state)
{
	assert_true(permit_console_reset(ROLE_ADMIN, 0));
	assert_false(permit_console_reset(ROLE_ADMIN, 1));
	for (int role = ROLE_NONE; role < ROLE_COUNT; role++)
		assert_int_equal(permit_console_reset((enum role)role, 0), role == ROLE_ADMIN);
}

static void
unknown_is_denied(void **state)
{
	assert_false(permit((enum role)99, ACTION_STATUS));
	assert_false(permit((enum role)-1, ACTION_STATUS));
	assert_false(permit(ROLE_ADMIN, (enum action)99));
	assert_int_equal(role_parse("root"), ROLE_NONE);
	assert_int_equal(role_parse("console"), ROLE_NONE);
	assert_int_equal(role_parse("none"), ROLE_NONE);
	assert_int_equal(role_parse("checker"), ROLE_CHECKER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_role_every_action),
	    cmocka_unit_test(administrator_reads_nothing_and_inspector_changes_nothing),
	    cmocka_unit_test(two_accounts_of_one_hand_are_one_person),
	    cmocka_unit_test(the_console_puts_only_a_lone_administrator_back),
	    cmocka_unit_test(unknown_is_denied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
