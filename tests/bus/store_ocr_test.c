/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile recognisers against the shipped store: a page is tried twice, then marked unreadable;
 * nothing else is affected. */

#include <sys/ioctl.h>
#include <sys/mman.h>

#include "hurry.h"
#include "store_play.h"

#define CONFIG                                                                                     \
	"[ocr]\npage_time_limit_s = 1\neffort = shown\n[tsa]\nca_file = "                          \
	"/etc/ssl/certs/ca-certificates.crt\n"

static char path[] = "/tmp/fumikura-hurry-XXXXXX";
static struct hurry *hurry;
static const char *result; /* what the hostile worker says */
static size_t result_size;

static void
say(const char *text)
{
	result = text;
	result_size = strlen(text);
}

static int
read_badly(sd_bus_message *m, struct play *p)
{
	return reply_reading(m, result, result_size);
}

/* One page read by the script twice, then given up; the next one is read by an honest worker. */
static void
costs_one_page(int (*script)(sd_bus_message *m, struct play *p))
{
	const unsigned reads = play.reads, kills = play.kills;
	char batch[16];

	play.on_read = script;
	play.revives = true;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", batch, 1, "unreadable");
	assert_int_equal(play.reads, reads + 2);
	assert_int_equal(play.kills, kills + 1); /* the second one was fresh */
	play.revives = false;
	play.on_read = NULL;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", batch, 1, "read");
	still_well(&play);
}

#define READING(inside) RESULT_HEAD "\"readings\":[{\"id\":\"a\",\"shown\":true," inside "}]}"
#define HUGE "9999999999999999999999999"

static void
garbage_is_refused(void **state)
{
	static const char *const bad[] = {"", "{", "[]", "null", "\xff\xfe", "{}",
	    RESULT_HEAD "\"readings\":[]}", RESULT_HEAD "\"readings\":{}}",
	    READING("\"confidence\":90,\"text\":\"被保\",\"boxes\":[1,1,9,9]"),
	    READING("\"confidence\":90,\"text\":\"a\",\"boxes\":[1,1,9,9,1]"),
	    READING("\"confidence\":90,\"text\":\"a\",\"boxes\":[-1,1,9,99999999999]"),
	    READING("\"confidence\":90,\"text\":\"a\",\"boxes\":[1,1,9,1e308]"),
	    READING("\"confidence\":90,\"text\":\"a\",\"boxes\":[1,1,9," HUGE "]"),
	    READING("\"confidence\":90,\"text\":7,\"boxes\":[]"),
	    READING("\"confidence\":90,\"text\":\"a\\u0000b\",\"boxes\":[1,1,1,1,1,1,1,1,1,1,1,1]"),
	    "{\"width\":1e308,\"height\":-5,\"dpi\":0,\"rotation\":45,\"readings\":[{\"id\":\"a\","
	    "\"shown\":true,\"confidence\":1e300,\"text\":\"a\",\"boxes\":[1,1,1,1]}]}",
	    "{\"width\":\"x\",\"height\":[],\"dpi\":{},\"rotation\":true,\"readings\":[{\"id\":"
	    "\"a\","
	    "\"shown\":true,\"confidence\":[],\"text\":\"a\",\"boxes\":[1,1,1,1]}]}"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		say(bad[i]);
		costs_one_page(read_badly);
	}
}

/* A confidence that is no percentage is cut to one; the rest of the reading is good. */
static void
absurd_confidence_is_cut(void **state)
{
	char batch[16];

	say(READING("\"confidence\":1e300,\"text\":\"a\",\"boxes\":[1,1,9,9]"));
	play.on_read = read_badly;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", batch, 1, "read");
	play.on_read = NULL;
	still_well(&play);
}

static void
fill_result(char *data, size_t size, const char *head, const char *repeat, const char *tail)
{
	const size_t n = strlen(repeat), end = size - strlen(tail);
	size_t at = strlen(head);

	memcpy(data, head, at);
	while (at + n <= end) {
		memcpy(data + at, repeat, n);
		at += n;
	}
	memset(data + at, ' ', end - at);
	memcpy(data + end, tail, strlen(tail));
	result = data;
	result_size = size;
}

static void
large_results_do_not_swell_the_store(void **state)
{
	const size_t size = OCR_MAX_RESULT;
	char *data = malloc(size + 1);

	fill_result(data, size, "{\"readings\":[0", ",0", "]}");
	costs_one_page(read_badly);
	fill_result(data, size, RESULT_HEAD "\"readings\":[", "[[[[[[", "]}");
	costs_one_page(read_badly);
	fill_result(data, 3 << 20, RESULT_HEAD "\"x\":\"", "あ", "\",\"readings\":[]}");
	costs_one_page(read_badly);
	/* findings go into the event, which has its own bound */
	fill_result(data, 3 << 20,
	    "{\"width\":100,\"height\":140,\"dpi\":75,\"rotation\":0,\"findings\":[{\"code\":\"",
	    "い",
	    "\"}],\"readings\":[{\"id\":\"a\",\"shown\":true,\"confidence\":9,\"text\":\"a\","
	    "\"boxes\":[1,1,1,1]}]}");
	costs_one_page(read_badly);
	fill_result(data, size + 1, "{", " ", "}");
	costs_one_page(read_badly);
	free(data);
}

/* ---- answers that are no reading at all ---- */

static int
reply_wrong_types(sd_bus_message *m, struct play *p)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

	assert_true(sd_bus_message_new_method_return(m, &reply) >= 0);
	assert_true(sd_bus_message_append(reply, "su", "x", 7) >= 0);
	return sd_bus_send(NULL, reply, NULL);
}

static int
reply_unsealed(sd_bus_message *m, struct play *p)
{
	_cleanup_(closep) int fd = memfd_new("open");

	return sd_bus_reply_method_return(m, "hhhh", fd, fd, fd, fd);
}

static int
reply_no_memfd(sd_bus_message *m, struct play *p)
{
	_cleanup_(closep) int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);

	return sd_bus_reply_method_return(m, "hhhh", fd, fd, fd, fd);
}

static int
reply_odd_error(sd_bus_message *m, struct play *p)
{
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;

	link_error(&error, "un.readable", "読めません", "x");
	return sd_bus_reply_method_error(m, &error);
}

static int
reply_foreign_error(sd_bus_message *m, struct play *p)
{
	return sd_bus_reply_method_errorf(m, "org.example.Odd", "%s", "no");
}

static void
odd_answers_cost_one_page(void **state)
{
	costs_one_page(reply_wrong_types);
	costs_one_page(reply_unsealed);
	costs_one_page(reply_no_memfd);
	costs_one_page(reply_odd_error);
}

/* Whoever answers with an error that nobody knows has answered: it is no lost link, after which
 * store would wait for a fresh worker. */
static void
a_foreign_error_is_an_answer(void **state)
{
	costs_one_page(reply_foreign_error);
	given_up_because("bad_reading");
}

/* ---- workers that go away ---- */

static void
death_in_mid_call_costs_one_page(void **state)
{
	const unsigned reads = play.reads;
	char batch[16], idle[16], state_of[32];

	play.on_read = die;
	strcpy(batch, scan_pages(&play, "haruka", 2));
	WAIT(&play, play.ocr[0] == NULL);
	/* while nobody is there, no page is lost to it */
	strcpy(idle, scan_pages(&play, "haruka", 1));
	still_well(&play);
	page_state(&play, "haruka", idle, 1, state_of);
	assert_string_not_equal(state_of, "unreadable");
	page_state(&play, "haruka", batch, 1, state_of);
	assert_string_not_equal(state_of, "unreadable");
	attach_ocr(&play, 0);
	WAIT(&play, play.ocr[0] == NULL);
	assert_int_equal(play.reads, reads + 2);
	play.on_read = NULL;
	attach_ocr(&play, 0);
	wait_read(&play, "haruka", batch, 2, "read");
	wait_read(&play, "haruka", idle, 1, "read");
	still_well(&play);
}

/* A page that ends every worker it meets is given up after the second; its neighbour is read. */
static void
deadly_page_is_given_up(void **state)
{
	const unsigned reads = play.reads;
	char batch[16], next[16], state_of[32];

	play.on_read = die;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	WAIT(&play, play.ocr[0] == NULL);
	page_state(&play, "haruka", batch, 1, state_of);
	assert_string_not_equal(state_of, "unreadable");
	attach_ocr(&play, 0);
	WAIT(&play, play.ocr[0] == NULL);
	play.on_read = NULL;
	attach_ocr(&play, 0);
	wait_read(&play, "haruka", batch, 1, "unreadable");
	assert_int_equal(play.reads, reads + 2);
	strcpy(next, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", next, 1, "read");
	assert_int_equal(play.reads, reads + 3);
	still_well(&play);
}

/* As ocr does that is stuck past its limit: it says that the page is unreadable, and ends. */
static int
refuse_and_end(sd_bus_message *m, struct play *p)
{
	_cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;

	link_error(&error, "unreadable", "読めません。", "It cannot be read.");
	assert_true(sd_bus_reply_method_error(m, &error) >= 0);
	assert_true(sd_bus_flush(p->ocr[0]) >= 0);
	return sd_bus_detach_event(p->ocr[0]); /* it looks at nothing any more */
}

static bool
was_sent_more(sd_bus *bus)
{
	int n = 0;

	return ioctl(sd_bus_get_fd(bus), FIONREAD, &n) >= 0 && n > 0;
}

/* The second try is a fresh worker's, not of one that is ending. */
static void
a_worker_that_ends_is_given_no_page(void **state)
{
	const unsigned reads = play.reads;
	char batch[16];

	play.on_read = refuse_and_end;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	WAIT(&play, play.reads == reads + 1 && was_sent_more(play.ocr[0]));
	hang_up(&play.ocr[0]);
	play.on_read = NULL;
	attach_ocr(&play, 0);
	wait_read(&play, "haruka", batch, 1, "read");
	assert_int_equal(play.reads, reads + 2);
	still_well(&play);
}

static int
die_composing(sd_bus_message *m, struct play *p)
{
	hang_up(&p->ocr[0]);
	return 1;
}

static sd_bus_message *
export_pdf(const char *document)
{
	return call_store(
	    &play, play.web, "Export", "sass", token(&play, "masao"), 1, document, "pdf");
}

static void
nobody_waits_for_dead_workers(void **state)
{
	char document[16];

	first_document(scan_pages(&play, "haruka", 1), document);
	play.on_compose = die_composing;
	expect(export_pdf(document), "ocr_away");
	play.on_compose = NULL;
	WAIT(&play, play.ocr[0] == NULL);
	expect(export_pdf(document), "ocr_away");
	attach_ocr(&play, 0);
	expect(export_pdf(document), "ok");
}

/* What a worker that is there does not do for reasons of its own is no worker that is away. */
static void
a_foreign_error_is_no_dead_worker(void **state)
{
	char document[16];

	first_document(scan_pages(&play, "haruka", 1), document);
	play.on_compose = reply_foreign_error;
	expect(export_pdf(document), "internal");
	play.on_compose = NULL;
	expect(export_pdf(document), "ok");
}

/* The longest document that one message carries; with 64 descriptors it would be 32 pages. */
static void
long_documents_become_a_pdf(void **state)
{
	char batch[16], document[16];

	strcpy(batch, scan_pages(&play, "haruka", 120));
	first_document(batch, document);
	expect(export_pdf(document), "ok");
	wait_read(&play, "haruka", batch, 120, "read"); /* the tests after it count what is read */
}

static int
compose_unsealed(sd_bus_message *m, struct play *p)
{
	_cleanup_(closep) int fd = memfd_new("open");

	return sd_bus_reply_method_return(m, "h", fd);
}

/* What store hands on as a file was sealed, or it is not handed on. */
static void
unsealed_pdf_is_not_handed_on(void **state)
{
	char document[16];
	sd_bus_message *reply;

	first_document(scan_pages(&play, "haruka", 1), document);
	play.on_compose = compose_unsealed;
	reply = export_pdf(document);
	play.on_compose = NULL;
	assert_string_not_equal(code_of(reply), "ok");
	sd_bus_message_unref(reply);
	still_well(&play);
}

/* ---- the slow ones ---- */

static int
say_nothing(sd_bus_message *m, struct play *p)
{
	return 1;
}

/* A worker that never answers is killed, by its name, and its page tried in a fresh one. */
static void
hung_worker_is_killed(void **state)
{
	const unsigned kills = play.kills;
	char batch[16];

	play.on_read = say_nothing;
	hurry->on = true;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	WAIT(&play, play.kills > kills);
	hurry->on = false;
	assert_string_equal(play.killed, "ocr/0");
	play.on_read = NULL;
	hang_up(&play.ocr[0]);
	attach_ocr(&play, 0);
	wait_read(&play, "haruka", batch, 1, "read");
}

/* A page that hangs every worker is given up after the second; its neighbour is read. */
static void
hanging_page_is_given_up(void **state)
{
	const unsigned kills = play.kills, reads = play.reads;
	char batch[16], next[16];

	play.on_read = say_nothing;
	hurry->on = true;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	WAIT(&play, play.kills == kills + 1);
	hang_up(&play.ocr[0]);
	attach_ocr(&play, 0);
	WAIT(&play, play.kills == kills + 2);
	hurry->on = false;
	hang_up(&play.ocr[0]);
	play.on_read = NULL;
	attach_ocr(&play, 0);
	wait_read(&play, "haruka", batch, 1, "unreadable");
	assert_int_equal(play.reads, reads + 2);
	strcpy(next, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", next, 1, "read");
	still_well(&play);
}

static int
set_up(void **state)
{
	static const struct person who[] = {
	    {"haruka", "clerk", ""}, {"masao", "checker", ""}, {"aoi", "manager", ""}};
	const int fd = mkstemp(path);

	assert_int_equal(ftruncate(fd, sizeof(*hurry)), 0);
	hurry = mmap(NULL, sizeof(*hurry), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(hurry != MAP_FAILED);
	close(fd);
	setenv("HURRY", path, 1);
	store_program = "tests/bus/store_hurried";
	begin(&play, CONFIG);
	people(&play, who, 3);
	attach_scanner(&play);
	attach_ocr(&play, 0);
	return 0;
}

static int
tear_all_down(void **state)
{
	unlink(path);
	return tear_down(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(garbage_is_refused),
	    PLAY_TEST(absurd_confidence_is_cut),
	    PLAY_TEST(odd_answers_cost_one_page),
	    PLAY_TEST(a_foreign_error_is_an_answer),
	    PLAY_TEST(large_results_do_not_swell_the_store),
	    PLAY_TEST(death_in_mid_call_costs_one_page),
	    PLAY_TEST(deadly_page_is_given_up),
	    PLAY_TEST(a_worker_that_ends_is_given_no_page),
	    PLAY_TEST(nobody_waits_for_dead_workers),
	    PLAY_TEST(a_foreign_error_is_no_dead_worker),
	    PLAY_TEST(unsealed_pdf_is_not_handed_on),
	    PLAY_TEST(long_documents_become_a_pdf),
	    PLAY_TEST(hung_worker_is_killed),
	    PLAY_TEST(hanging_page_is_given_up),
	    PLAY_TEST(ends_well),
	};

	return cmocka_run_group_tests(tests, set_up, tear_all_down);
}
