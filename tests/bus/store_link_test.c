/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile clients and links against the shipped store: foreign tokens, floods, peers that never
 * read, broken messages, acts that race. */
#include "store_play.h"

#define CROWD 300
#define GREEDY 150 /* refused ones are fewer than LINK_MAX_QUEUED */
#define SIGN_INS 40
#define NEVER_READ 20000 /* calls; a socket holds the answers to some hundred */

static void
foreign_tokens_open_nothing(void **state)
{
	char changed[80];

	strcpy(changed, token(&play, "haruka"));
	changed[5] = changed[5] == '0' ? '1' : '0';
	expect(call_store(&play, play.web, "Whoami", "s", changed), "session_expired");
	changed[63] = '\0';
	expect(call_store(&play, play.web, "Whoami", "s", changed), "session_expired");
	expect(call_store(&play, play.web, "Whoami", "s", "../../data.key"), "session_expired");
	/* the console's empty token is nothing to web */
	expect(call_store(&play, play.web, "Rebuild", "s", ""), "not_signed_in");
	still_well(&play);
}

/* Many sign-ins at once: hashing is slow on purpose, other requests do not queue behind it. */
static void
sign_ins_do_not_hold_up_others(void **state)
{
	sd_bus_message *reply[SIGN_INS], *status;
	unsigned open = 0;

	for (int i = 0; i < SIGN_INS; i++)
		ask_store(play.web, &reply[i], "Login", "ssss", "nobody", "wrong-wrong-wrong", "",
		    "test");
	WAIT(&play, reply[0] != NULL); /* by now all of them are waiting */
	ask_store(play.web, &status, "Whoami", "s", token(&play, "haruka"));
	WAIT(&play, status != NULL);
	expect(status, "ok");
	for (int i = 0; i < SIGN_INS; i++)
		open += reply[i] == NULL;
	assert_true(open > SIGN_INS - 12); /* in one line with them it would be the last */
	for (int i = 0; i < SIGN_INS; i++) {
		WAIT(&play, reply[i] != NULL);
		expect(reply[i], "wrong_password");
	}
	still_well(&play);
}

static void
crowd_is_survived(void **state)
{
	int fd[CROWD];
	bool good = false;

	for (int i = 0; i < CROWD; i++)
		fd[i] = dial(&play);
	still_well(&play);
	for (int i = 0; i < CROWD; i++)
		close(fd[i]);
	while (!good) { /* until there is room again */
		sd_bus *late = NULL;
		sd_bus_message *reply;

		command_line(&play, &late);
		ask_store(late, &reply, "Status", "s", "");
		WAIT(&play, reply != NULL);
		good = strcmp(code_of(reply), "ok") == 0;
		sd_bus_message_unref(reply);
		if (late != NULL)
			hang_up(&late);
	}
	still_well(&play);
}

/* Calls without end on one link are refused there; other links are served. */
static void
one_link_cannot_take_every_place(void **state)
{
	static sd_bus_message *reply[GREEDY];
	unsigned overloaded = 0;
	sd_bus *greedy = NULL;

	command_line(&play, &greedy);
	for (int i = 0; i < GREEDY; i++)
		ask_store(
		    greedy, &reply[i], "Login", "ssss", "nobody", "wrong-wrong-wrong", "", "test");
	WAIT(&play, reply[GREEDY - 1] != NULL);
	for (int i = 0; i < GREEDY; i++)
		overloaded += reply[i] != NULL && strcmp(code_of(reply[i]), "overloaded") == 0;
	assert_true(overloaded > GREEDY / 2);
	expect(call_store(&play, play.web, "Login", "ssss", "haruka", PASSWORD, "", "test"), "ok");
	hang_up(&greedy);
	still_well(&play);
}

/* False when store cut the connection. */
static bool
write_all(int fd, const void *data, size_t n)
{
	for (const char *at = data; n > 0;) {
		ssize_t done = send(fd, at, n, MSG_NOSIGNAL);

		if (done <= 0)
			return false;
		at += done;
		n -= (size_t)done;
	}
	return true;
}

static size_t
pad(uint8_t *out, size_t at, size_t to)
{
	while (at % to != 0)
		out[at++] = 0;
	return at;
}

/* The bytes of one call with two texts, little-endian; the caller may spoil them. */
static size_t
raw_call(uint8_t *out, uint32_t serial, const char *member, const char *first, const char *second)
{
	const bool greeting = strcmp(member, "Hello") == 0;
	const char *const field[4] = {greeting ? "/org/freedesktop/DBus" : STORE_PATH,
	    greeting ? "org.freedesktop.DBus" : STORE_IFACE, member, "ss"};
	const char *const text[2] = {first, second};
	static const char code[4] = {1, 2, 3, 8}, type[4] = {'o', 's', 's', 'g'};
	uint32_t n, fields, body;
	size_t at = 16, start;

	for (int i = 0; i < 4; i++) {
		at = pad(out, at, 8);
		memcpy(out + at, (const char[]){code[i], 1, type[i], 0}, 4);
		n = (uint32_t)strlen(field[i]);
		memcpy(out + at + 4, &n, 4);
		at += type[i] == 'g' ? 5 : 8;
		memcpy(out + at, field[i], n + 1);
		at += n + 1;
	}
	fields = (uint32_t)at - 16;
	start = at = pad(out, at, 8);
	for (int i = 0; i < 2; i++) {
		at = pad(out, at, 4);
		n = (uint32_t)strlen(text[i]);
		memcpy(out + at, &n, 4);
		memcpy(out + at + 4, text[i], n + 1);
		at += n + 5;
	}
	body = (uint32_t)(at - start);
	memcpy(out, "l\x01\x00\x01", 4);
	memcpy(out + 4, &body, 4);
	memcpy(out + 8, &serial, 4);
	memcpy(out + 12, &fields, 4);
	return at;
}

static const char hello[] = "\0AUTH ANONYMOUS 30\r\nBEGIN\r\n";

static void
broken_messages_are_refused(void **state)
{
	static const char *const spoilt[] = {
	    "\xff\xfe\xfd", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"};
	uint8_t message[4096];
	size_t size;
	int fd;

	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		fd = dial(&play);
		write_all(fd, hello, sizeof(hello) - 1);
		size = raw_call(message, 1, "Queue", "", spoilt[i]);
		write_all(fd, message, size);
		close(fd);
	}
	fd = dial(&play); /* a header that promises 4 GiB: the end */
	write_all(fd, hello, sizeof(hello) - 1);
	size = raw_call(message, 1, "Queue", "", "x");
	memset(message + 4, 0xff, 4);
	write_all(fd, message, size);
	close(fd);
	fd = dial(&play); /* half a message, then gone */
	write_all(fd, hello, sizeof(hello) - 1);
	write_all(fd, message, size / 2);
	close(fd);
	still_well(&play);
}

/* Calls and never reads an answer: the link ends, before store has grown. */
static void
peer_that_never_reads_is_dropped(void **state)
{
	uint8_t message[4096];
	uint32_t serial = 0;
	size_t size;
	int fd = dial(&play);

	assert_true(write_all(fd, hello, sizeof(hello) - 1));
	do {
		if (serial % 64 == 0) /* others are served meanwhile */
			expect(call_store(&play, play.web, "Whoami", "s", token(&play, "haruka")),
			    "ok");
		assert_true(serial < NEVER_READ);
		size = raw_call(message, ++serial, "Show", "no such token", "D000001");
	} while (write_all(fd, message, size));
	close(fd);
	still_well(&play);
}

static void
client_gone_in_mid_call(void **state)
{
	static sd_bus_message *reply[20];

	for (int i = 0; i < 20; i++) {
		sd_bus *bus = NULL;

		command_line(&play, &bus);
		ask_store(bus, &reply[i], i % 2 == 0 ? "Verify" : "Show", "ss",
		    token(&play, i % 2 == 0 ? "masao" : "haruka"), "");
		hang_up(&bus); /* flushed: store has the call */
	}
	still_well(&play);
}

/* ---- acts that race ---- */

static void
two_checkers_confirm_once(void **state)
{
	for (int round = 0; round < 5; round++) {
		sd_bus_message *reply[4];
		unsigned good = 0;
		char document[16];

		submit(document);
		for (int i = 0; i < 4; i++)
			ask_store(i % 2 == 0 ? play.web : play.local, &reply[i], "Confirm", "sas",
			    token(&play, i < 2 ? "masao" : "akira"), 1, document);
		for (int i = 0; i < 4; i++) {
			WAIT(&play, reply[i] != NULL);
			good += strcmp(code_of(reply[i]), "ok") == 0;
			if (strcmp(code_of(reply[i]), "ok") != 0)
				assert_string_equal(code_of(reply[i]), "already_confirmed");
			sd_bus_message_unref(reply[i]);
		}
		assert_int_equal(good, 1);
	}
	still_well(&play);
}

static const char *
outcome(const json_t *answer, const char *list, size_t i, const char *key)
{
	return json_string_value(
	    json_object_get(json_array_get(json_object_get(answer, list), i), key));
}

/* One that is refused takes nothing from the others, and each answer says which and why. */
static void
confirm_tells_of_each_document(void **state)
{
	char first[16], second[16], draft[16];
	json_t *answer;

	submit(first);
	submit(second);
	snprintf(draft, sizeof(draft), "D%06d", atoi(second + 1) + 1);
	scan_pages(&play, "haruka", 1);
	answer = json_of(call_store(&play, play.web, "Confirm", "sas", token(&play, "masao"), 5,
	    first, draft, second, "D999999", first));
	assert_int_equal(json_array_size(json_object_get(answer, "confirmed")), 2);
	assert_string_equal(outcome(answer, "confirmed", 0, "id"), first);
	assert_string_equal(outcome(answer, "confirmed", 1, "id"), second);
	assert_int_equal(json_array_size(json_object_get(answer, "refused")), 3);
	assert_string_equal(outcome(answer, "refused", 0, "id"), draft);
	assert_string_equal(outcome(answer, "refused", 0, "code"), "not_submitted");
	assert_string_equal(outcome(answer, "refused", 1, "code"), "not_found");
	assert_string_equal(outcome(answer, "refused", 2, "code"), "already_confirmed");
	assert_non_null(strstr(outcome(answer, "refused", 0, "message"), draft));
	assert_non_null(outcome(answer, "refused", 0, "message_ja"));
	assert_non_null(outcome(answer, "refused", 0, "message_en"));
	json_decref(answer);
	expect(call_store(&play, play.web, "Confirm", "sas", token(&play, "masao"), 1, draft),
	    "not_submitted");
}

/* What is signed is what the record says: an edit comes before or is refused, never between. */
static void
edits_race_with_confirm(void **state)
{
	json_t *verdict;

	for (int round = 0; round < 5; round++) {
		sd_bus_message *reply[6];
		char document[16], title[16];

		submit(document);
		for (int i = 0; i < 6; i++) {
			snprintf(title, sizeof(title), "t%d", i);
			if (i == 3)
				ask_store(play.web, &reply[i], "Confirm", "sas",
				    token(&play, "masao"), 1, document);
			else
				ask_store(play.local, &reply[i], "DocSet", "ssa{ss}",
				    token(&play, "akira"), document, 1, "title", title);
		}
		for (int i = 0; i < 6; i++) {
			WAIT(&play, reply[i] != NULL);
			if (strcmp(code_of(reply[i]), "ok") != 0 && i != 3)
				assert_string_equal(code_of(reply[i]), "already_confirmed");
			sd_bus_message_unref(reply[i]);
		}
	}
	verdict = json_of(call_store(&play, play.web, "Verify", "ss", token(&play, "masao"), ""));
	assert_true(json_is_true(json_object_get(verdict, "ok")));
	json_decref(verdict);
	still_well(&play);
}

static int
set_up(void **state)
{
	static const struct person who[] = {
	    {"haruka", "clerk", ""}, {"masao", "checker", ""}, {"akira", "checker", ""}};

	begin(&play, "");
	people(&play, who, 3);
	attach_scanner(&play);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(foreign_tokens_open_nothing),
	    PLAY_TEST(crowd_is_survived),
	    PLAY_TEST(broken_messages_are_refused),
	    PLAY_TEST(peer_that_never_reads_is_dropped),
	    PLAY_TEST(client_gone_in_mid_call),
	    PLAY_TEST(two_checkers_confirm_once),
	    PLAY_TEST(confirm_tells_of_each_document),
	    PLAY_TEST(edits_race_with_confirm),
	    PLAY_TEST(sign_ins_do_not_hold_up_others),
	    PLAY_TEST(one_link_cannot_take_every_place),
	    PLAY_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
