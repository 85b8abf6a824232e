/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the shipped store lacks for a while, or for ever: an honest authority for a timestamp, a
 * record that the disk does not give, a page, its ring, a worker for a preview. Nothing else is
 * affected, and nobody else is blamed. */
#include "store_play.h"

#define CONFIG                                                                                     \
	"[ocr]\npage_time_limit_s = 1\neffort = shown\n[tsa]\nca_file = "                          \
	"/etc/ssl/certs/ca-certificates.crt\n"

static void
confirm(const char *document)
{
	expect(call_store(&play, play.web, "Confirm", "sas", token(&play, "masao"), 1, document),
	    "ok");
}

/* ---- records ---- */

/* An authority's answer that is no timestamp. */
static int
post_garbage(sd_bus_message *m, struct play *p)
{
	_cleanup_(closep) int fd = memfd_new_sealed("tsr", "<html>no token</html>", 21);

	return sd_bus_reply_method_return(m, "ush", 200, "text/html", fd);
}

static int
post_unsealed(sd_bus_message *m, struct play *p)
{
	_cleanup_(closep) int fd = memfd_new("open");

	return sd_bus_reply_method_return(m, "ush", 200, "x", fd);
}

static int
post_nothing(sd_bus_message *m, struct play *p)
{
	return sd_bus_reply_method_return(m, "");
}

static void
posted_once_more(int (*script)(sd_bus_message *m, struct play *p))
{
	const unsigned posts = play.posts;

	play.on_post = script;
	WAIT(&play, play.posts > posts);
}

static void
garbage_is_no_timestamp(void **state)
{
	const char *clerk = token(&play, "haruka");
	char document[16];
	json_t *answer;

	play.on_post = post_garbage;
	attach_courier(&play);
	submit(document);
	confirm(document);
	posted_once_more(post_garbage);
	posted_once_more(post_unsealed);
	posted_once_more(post_nothing);
	hang_up(&play.courier);
	answer = json_of(call_store(&play, play.web, "Show", "ss", clerk, document));
	assert_string_equal(json_string_value(json_object_get(answer, "state")), "confirmed");
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(answer, "timestamp"), "state")),
	    "pending");
	json_decref(answer);
	still_well(&play);
}

static void
shell(const char *format)
{
	char command[512];

	snprintf(command, sizeof(command), format, play.dir);
	assert_int_equal(system(command), 0);
}

/* Objects that came after "before" cannot be read until show_again(). */
static void
hide_newest(void)
{
	shell("cd %s/data/objects && for f in $(find ?? -type f -newer ../../before); do"
	      " mv $f ../../$(basename $f).kept && mkdir $f || exit 1; done");
}

static void
show_again(void)
{
	shell(
	    "cd %s && for f in *.kept; do at=$(find data/objects -name ${f%%.kept}) && rmdir $at &&"
	    " mv $f $at || exit 1; done");
}

/* A record whose evidence the disk does not give waits, and those behind it do not. */
static void
a_record_that_cannot_be_read_stops_no_other(void **state)
{
	char before[16], document[16];
	unsigned posts;

	submit(before);
	confirm(before);
	submit(document);
	shell("touch %s/before && sleep 0.1");
	confirm(document);
	hide_newest();
	play.on_post = post_garbage;
	attach_courier(&play);
	posts = play.posts;
	WAIT(&play, play.posts >= posts + 2); /* for the one before it, so the turn came round */
	hang_up(&play.courier);
	show_again();
	still_well(&play);
}

/* ---- pages ---- */

/* A page whose image the disk does not give just now is no page that nobody can read: it waits, and
 * those behind it do not. */
static void
a_page_that_store_cannot_fetch_waits(void **state)
{
	char first[16], away[16], last[16];
	const unsigned reads = play.reads;

	play.on_read = hold;
	strcpy(first, scan_pages(&play, "haruka", 1));
	WAIT(&play, held != NULL);
	play.on_read = NULL;
	shell("touch %s/before && sleep 0.1");
	strcpy(away, scan_pages(&play, "haruka", 1));
	hide_newest();
	strcpy(last, scan_pages(&play, "haruka", 1));
	assert_true(reply_reading(held, RESULT, strlen(RESULT)) >= 0);
	held = sd_bus_message_unref(held);
	wait_read(&play, "haruka", first, 1, "read");
	wait_read(&play, "haruka", last, 1, "read"); /* the one before it was tried by now */
	wait_read(&play, "haruka", away, 1, "stored");
	assert_int_equal(play.reads, reads + 2);
	show_again();
	wait_read(&play, "haruka", away, 1, "read");
	still_well(&play);
}

/* A page whose image is gone is no fault of a worker: none has seen it. */
static void
a_page_whose_image_is_lost_says_so(void **state)
{
	char first[16], away[16];
	unsigned reads;

	play.on_read = hold;
	strcpy(first, scan_pages(&play, "haruka", 1));
	WAIT(&play, held != NULL);
	play.on_read = NULL;
	reads = play.reads;
	shell("touch %s/before && sleep 0.1");
	strcpy(away, scan_pages(&play, "haruka", 1));
	hide_newest();
	shell("cd %s && for f in *.kept; do at=$(find data/objects -name ${f%%.kept}) &&"
	      " rmdir $at && echo $f $at >>gone || exit 1; done");
	assert_true(reply_reading(held, RESULT, strlen(RESULT)) >= 0);
	held = sd_bus_message_unref(held);
	wait_read(&play, "haruka", first, 1, "read");
	wait_read(&play, "haruka", away, 1, "unreadable");
	assert_int_equal(play.reads, reads);
	given_up_because("image_damaged");
	shell("cd %s && while read f at; do mv $f $at || exit 1; done <gone");
	still_well(&play);
}

/* By doctor, for a key that it cannot read. */
static void
no_event_is_blamed(void)
{
	json_t *answer = json_of(call_store(&play, play.local, "Doctor", "s", "")), *fault;
	size_t i;

	assert_true(json_is_false(json_object_get(answer, "ok")));
	json_array_foreach(json_object_get(answer, "faults"), i, fault)
	{
		assert_string_equal(
		    json_string_value(json_object_get(fault, "code")), "key_unreadable");
	}
	json_decref(answer);
}

/* Nor does it cost the page a try that its ring cannot be read when what was read is to be filed:
 * that says nothing of the page. */
static void
a_page_whose_ring_cannot_be_read_waits(void **state)
{
	const unsigned reads = play.reads;
	char batch[16];

	play.on_read = hold;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	WAIT(&play, held != NULL);
	play.on_read = NULL;
	shell("cd %s && mv data/keys/rings rings.kept && mkdir data/keys/rings &&"
	      " for f in rings.kept/*; do mkdir data/keys/rings/${f##*/} || exit 1; done");
	assert_true(reply_reading(held, RESULT, strlen(RESULT)) >= 0);
	held = sd_bus_message_unref(held);
	WAIT(&play, logged(&play, strerror(EREMOTEIO)));
	no_event_is_blamed();
	shell("cd %s && rm -r data/keys/rings && mv rings.kept data/keys/rings");
	wait_read(&play, "haruka", batch, 1, "read");
	assert_int_equal(play.reads, reads + 2);
	still_well(&play);
}

/* ---- previews of pages that somebody turned ---- */

static void
turn(const char *batch)
{
	expect(call_store(
		   &play, play.web, "BatchRotate", "ssui", token(&play, "haruka"), batch, 1, 90),
	    "ok");
}

/* One that is lost with its worker is made by a fresh one. */
static void
a_preview_outlives_its_worker(void **state)
{
	const size_t made = count_events(&play, "aoi", "page.turned");
	const unsigned turns = play.turns;
	char batch[16];

	strcpy(batch, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", batch, 1, "read");
	play.on_turn = die;
	turn(batch);
	WAIT(&play, play.ocr[0] == NULL);
	play.on_turn = NULL;
	attach_ocr(&play, 0);
	WAIT(&play, count_events(&play, "aoi", "page.turned") == made + 1);
	assert_int_equal(play.turns, turns + 2);
	still_well(&play);
}

static void
a_preview_outlives_store(void **state)
{
	const size_t made = count_events(&play, "aoi", "page.turned");
	char batch[16];
	unsigned turns;

	strcpy(batch, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", batch, 1, "read");
	hang_up(&play.ocr[0]);
	turn(batch); /* nobody is there to do it */
	stop_store(&play);
	start_store(&play, CONFIG);
	turns = play.turns;
	attach_scanner(&play);
	attach_ocr(&play, 0);
	WAIT(&play, count_events(&play, "aoi", "page.turned") == made + 1);
	assert_int_equal(play.turns, turns + 1); /* and no other once more */
}

static int
set_up(void **state)
{
	static const struct person who[] = {
	    {"haruka", "clerk", ""}, {"masao", "checker", ""}, {"aoi", "manager", ""}};

	begin(&play, CONFIG);
	people(&play, who, 3);
	attach_scanner(&play);
	attach_ocr(&play, 0);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(garbage_is_no_timestamp),
	    PLAY_TEST(a_record_that_cannot_be_read_stops_no_other),
	    PLAY_TEST(a_page_that_store_cannot_fetch_waits),
	    PLAY_TEST(a_page_whose_image_is_lost_says_so),
	    PLAY_TEST(a_page_whose_ring_cannot_be_read_waits),
	    PLAY_TEST(a_preview_outlives_its_worker),
	    PLAY_TEST(a_preview_outlives_store),
	    PLAY_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
