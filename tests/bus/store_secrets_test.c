/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people typed and what opens their sessions does not stay in store's memory after the answer
 * (architecture §4 rule 2, conventions rule 12). Looks into the memory of the shipped store, which
 * only root may. */
#include "store_play.h"

#define NEEDLE 24u /* bytes of a secret that are looked for */
#define CHUNK ((size_t)1 << 20)

static void
need_to_look(void)
{
#ifdef __SANITIZE_ADDRESS__
	print_message("# skip: the sanitizer's shadow is terabytes, and keeps what was freed\n");
	skip();
#endif
	if (geteuid() == 0)
		return;
	print_message("# skip: only root may look into the memory of store\n");
	skip();
}

/* Occurrences in one mapping; chunks overlap by a needle. */
static unsigned
count_in(int memory, unsigned long from, unsigned long to, const void *needle)
{
	static char chunk[CHUNK];
	unsigned n = 0;

	while (from < to) {
		size_t want = to - from < CHUNK ? to - from : CHUNK;
		ssize_t got = pread(memory, chunk, want, (off_t)from);

		if (got <= (ssize_t)NEEDLE)
			break;
		for (const char *at = chunk;
		     (at = memmem(at, (size_t)(chunk + got - at), needle, NEEDLE)) != NULL; at++)
			n++;
		from += (size_t)got == want && to - from > want ? (size_t)got - NEEDLE : to - from;
	}
	return n;
}

/* How often the NEEDLE bytes at secret lie in store's memory. */
static unsigned
count(const void *secret)
{
	char path[64], line[512];
	unsigned n = 0;
	int memory;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)play.pid);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(memory >= 0);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)play.pid);
	maps = fopen(path, "re");
	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		unsigned long from, to;
		char mode[8];

		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3 && mode[0] == 'r' &&
		    mode[1] == 'w')
			n += count_in(memory, from, to, secret);
	}
	fclose(maps);
	close(memory);
	return n;
}

/* The search itself finds what is there: the path of the archive. */
static void
the_search_finds_what_is_there(void **state)
{
	char path[96];

	need_to_look();
	snprintf(path, sizeof(path), "%s/data", play.dir);
	assert_true(count(path) > 0);
}

static void
gone(const char *secret)
{
	const unsigned n = count(secret);

	assert_true(strlen(secret) >= NEEDLE);
	if (n > 0)
		fail_msg("%.6s… is there %u times", secret, n);
}

/* ---- the recovery key ---- */

struct birth {
	struct play play;
	sd_bus *bus;
	char identity[96];
};

/* Makes a second archive; its process lives until end_birth(). */
static void
begin_birth(struct birth *b, const char *name)
{
	char data[96];
	char *const argv[] = {(char *)"store", (char *)"--offline", (char *)"--data", data, NULL};
	json_t *answer;
	int pair[2];

	*b = (struct birth){.play.event = play.event};
	memcpy(b->play.dir, play.dir, sizeof(play.dir));
	snprintf(data, sizeof(data), "%s/%s", play.dir, name);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	spawn(&b->play, pair[1], -1, argv);
	client(&b->play, pair[0], NULL, &b->bus);
	answer =
	    json_of(call_store(&b->play, b->bus, "Init", "ssss", "試験", "", "admin", PASSWORD));
	snprintf(b->identity, sizeof(b->identity), "%s",
	    json_string_value(json_object_get(answer, "recovery")));
	json_decref(answer);
}

static void
end_birth(struct birth *b)
{
	hang_up(&b->bus);
	WAIT(&b->play, b->play.exited);
}

/* It leaves in the answer and is nowhere after. Who shows it draws its picture, which would leave
 * copies here. */
static void
the_recovery_key_is_wiped(void **state)
{
	const pid_t store = play.pid;
	struct birth b;

	need_to_look();
	begin_birth(&b, "second");
	for (int i = 0; i < 3; i++) /* the last message is no longer the newest */
		sd_bus_message_unref(call_store(&b.play, b.bus, "Status", "s", ""));
	play.pid = b.play.pid;
	/* from the middle: what is freed loses its first bytes in any case */
	gone(b.identity + strlen(b.identity) / 2);
	play.pid = store;
	end_birth(&b);
}

static void
passwords_are_wiped(void **state)
{
	static const char first[] = "mado-no-soto-no-keshiki-de-iru", /* of the new account */
	    second[] = "kawa-no-nagare-ga-hayai-hi", wrong[] = "chigau-kotoba-wo-irete-miru";
	char opened[80];

	need_to_look();
	expect(call_store(&play, play.web, "UserAdd", "sssss", token(&play, "admin"), "nana",
		   "nana", "clerk", first),
	    "ok");
	sign_in(&play, "nana", first, opened);
	expect(call_store(&play, play.web, "Login", "ssss", "nana", wrong, "", "test"),
	    "wrong_password");
	expect(call_store(&play, play.web, "Passwd", "sss", opened, first, second), "ok");
	expect(
	    call_store(&play, play.web, "Passwd", "sss", opened, wrong, first), "wrong_password");
	for (int i = 0; i < 3; i++) /* the last message is no longer the newest */
		expect(call_store(&play, play.web, "Whoami", "s", opened), "ok");
	gone(first);
	gone(second);
	gone(wrong);
}

static void
tokens_are_wiped(void **state)
{
	char opened[80];

	need_to_look();
	sign_in(&play, "haruka", PASSWORD, opened);
	expect(call_store(&play, play.web, "Whoami", "s", opened), "ok");
	expect(call_store(&play, play.web, "Logout", "s", opened), "ok");
	for (int i = 0; i < 3; i++) {
		expect(call_store(&play, play.web, "Whoami", "s", ""), "not_signed_in");
		expect(call_store(&play, play.local, "Status", "s", ""), "ok");
	}
	gone(opened);
}

static int
set_up(void **state)
{
	static const struct person who[] = {{"haruka", "clerk", ""}};

	begin(&play, "");
	people(&play, who, 1);
	return 0;
}

/* How much memory it takes says nothing here: looking through it brought all of it in. */
static void
stays_well(void **state)
{
	doctor_is_well(&play);
	expect(call_store(&play, play.local, "Status", "s", ""), "ok");
	assert_false(play.exited);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(the_search_finds_what_is_there),
	    PLAY_TEST(the_recovery_key_is_wiped),
	    PLAY_TEST(passwords_are_wiped),
	    PLAY_TEST(tokens_are_wiped),
	    PLAY_TEST(stays_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
