/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Further readings for search, made when nobody waits: after every first one, beside what is shown,
 * over a restart, and costing nothing but themselves when they fail. */

#include "store_play.h"

#define ONE_READING                                                                                 \
	"{\"id\":\"a\",\"shown\":true,\"confidence\":90,\"text\":\"被保\",\"boxes\":[1,1,9,9,11," \
	"1,9,9]}"
#define FURTHER                                                                                    \
	RESULT_HEAD "\"readings\":[" ONE_READING ",{\"id\":\"b\",\"shown\":false,\"confidence\":"  \
		    "50,\"text\":\"保険\",\"boxes\":[1,1,9,9,11,1,9,9]}]}"
#define LYING                                                                                      \
	"{\"width\":140,\"height\":100,\"dpi\":75,\"rotation\":90,\"fields\":[],\"readings\":"     \
	"[" ONE_READING "]}"

#define ORDER_MAX 64

static char order[ORDER_MAX + 1]; /* what was asked of the worker: s shown, a all */
static int (*on_further)(sd_bus_message *m, struct play *p);

static bool
wants_all(sd_bus_message *m)
{
	const char *job, *key, *value;
	bool all = false;
	int fd;

	assert_true(sd_bus_message_read(m, "sh", &job, &fd) > 0);
	assert_true(sd_bus_message_enter_container(m, 'a', "{ss}") > 0);
	while (sd_bus_message_read(m, "{ss}", &key, &value) > 0)
		all |= strcmp(key, "effort") == 0 && strcmp(value, "all") == 0;
	return all;
}

static int
read_as_asked(sd_bus_message *m, struct play *p)
{
	const bool all = wants_all(m);

	assert_true(strlen(order) < ORDER_MAX);
	strcat(order, all ? "a" : "s");
	if (all && on_further != NULL)
		return on_further(m, p);
	return all ? reply_reading(m, FURTHER, strlen(FURTHER))
		   : reply_reading(m, RESULT_HEAD "\"readings\":[" ONE_READING "]}",
			 strlen(RESULT_HEAD "\"readings\":[" ONE_READING "]}"));
}

static json_int_t
queue(const char *name)
{
	json_t *answer = json_of(call_store(&play, play.local, "Status", "s", ""));
	const json_t *value = json_object_get(json_object_get(answer, "queue"), name);
	const json_int_t n = value == NULL ? -1 : json_integer_value(value);

	json_decref(answer);
	return n;
}

static void
wait_idle(void)
{
	const time_t until = time(NULL) + PATIENCE_S;

	while (queue("recognition") > 0 || queue("further") > 0) {
		assert_true(sd_event_run(play.event, 50000) >= 0);
		assert_true(time(NULL) < until);
	}
}

static json_int_t
found(const char *word)
{
	json_t *answer = json_of(call_store(&play, play.web, "Search", "ssuu",
	    token(&play, "haruka"), word, (uint32_t)1, (uint32_t)0));
	const json_int_t n = json_integer_value(json_object_get(answer, "total"));

	json_decref(answer);
	return n;
}

static void
shown_text(const char *batch, char out[64])
{
	char document[16];
	json_t *answer;

	first_document(batch, document);
	answer =
	    json_of(call_store(&play, play.web, "Show", "ss", token(&play, "haruka"), document));
	snprintf(out, 64, "%s",
	    json_string_value(
		json_object_get(json_array_get(json_object_get(answer, "pages"), 0), "text")));
	json_decref(answer);
}

static void
first_readings_go_before(void **state)
{
	char batch[16], text[64];

	assert_int_equal(queue("recognition_s"), 0);
	strcpy(batch, scan_pages(&play, "haruka", 3));
	assert_int_equal(queue("recognition"), 3);
	assert_int_equal(queue("recognition_s"), -1); /* nobody knows yet */
	attach_ocr(&play, 0);
	wait_idle();
	assert_string_equal(order, "sssaaa");
	assert_int_equal(queue("recognition_s"), 0);
	assert_int_equal(queue("further_s"), 0);
	assert_int_equal(found("保険"), 3);
	shown_text(batch, text);
	assert_string_equal(text, "被保");
	assert_int_equal(count_events(&play, "aoi", "page.read"), 6);
}

/* A scan that comes in meanwhile waits for the page in hand and for no other. */
static void
a_scan_waits_for_one_page_at_most(void **state)
{
	order[0] = '\0';
	on_further = hold;
	scan_pages(&play, "haruka", 2);
	WAIT(&play, held != NULL);
	assert_string_equal(order, "ssa");
	assert_int_equal(queue("further"), 2);
	assert_true(queue("further_s") >= 0);
	on_further = NULL;
	scan_pages(&play, "haruka", 1);
	reply_reading(held, FURTHER, strlen(FURTHER));
	held = sd_bus_message_unref(held);
	wait_idle();
	assert_string_equal(order, "ssasaa");
}

/* A further reading that ends its worker is tried three times; the page stays as it was read. */
static void
death_leaves_what_is_shown(void **state)
{
	char batch[16], text[64], is[32];

	order[0] = '\0';
	on_further = die;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	for (int i = 0; i < 3; i++) {
		WAIT(&play, play.ocr[0] == NULL);
		if (i == 2)
			on_further = NULL;
		attach_ocr(&play, 0);
	}
	wait_idle();
	scan_pages(&play, "haruka", 1);
	wait_idle();
	assert_string_equal(order, "saaasa");
	page_state(&play, "haruka", batch, 1, is);
	assert_string_equal(is, "read");
	shown_text(batch, text);
	assert_string_equal(text, "被保");
	assert_int_equal(found("被保"), 8);
	assert_int_equal(found("保険"), 7);
	assert_int_equal(count_events(&play, "aoi", "page.unreadable"), 0);
}

static int
answer_badly(sd_bus_message *m, struct play *p)
{
	return reply_reading(m, "{\"readings\":[]}", strlen("{\"readings\":[]}"));
}

static int
answer_lying(sd_bus_message *m, struct play *p)
{
	return reply_reading(m, LYING, strlen(LYING));
}

/* 確定 signs how the page lies; neither a good further reading nor one that sees it lying touches
 * that. */
static void
a_confirmed_record_gains_in_search_alone(void **state)
{
	static int (*const scripts[])(sd_bus_message *, struct play *) = {
	    answer_lying, answer_badly, NULL};
	const char *clerk = token(&play, "haruka");
	char batch[16], document[16], is[32];

	for (size_t i = 0; i < 3; i++) {
		const json_int_t before = found("保険");
		json_t *answer;

		on_further = hold;
		strcpy(batch, scan_pages(&play, "haruka", 1));
		first_document(batch, document);
		WAIT(&play, held != NULL);
		expect(call_store(&play, play.web, "DocSet", "ssa{ss}", clerk, document, 2,
			   "client_name", "佐藤", "date", "2026-11-22"),
		    "ok");
		expect(call_store(&play, play.web, "BatchSubmit", "ss", clerk, batch), "ok");
		expect(call_store(
			   &play, play.web, "Confirm", "sas", token(&play, "masao"), 1, document),
		    "ok");
		on_further = scripts[i];
		if (scripts[i] != NULL)
			scripts[i](held, &play);
		else
			reply_reading(held, FURTHER, strlen(FURTHER));
		held = sd_bus_message_unref(held);
		wait_idle();
		page_state(&play, "haruka", batch, 1, is);
		assert_string_equal(is, "read");
		assert_int_equal(found("保険"), before + (scripts[i] == NULL));
		answer = json_of(
		    call_store(&play, play.web, "Verify", "ss", token(&play, "aoi"), document));
		assert_true(json_is_true(json_object_get(answer, "ok")));
		json_decref(answer);
	}
	on_further = NULL;
}

/* Confirmed before it was read, found lying when it was: it stays as it was signed. */
static void
a_late_first_reading_keeps_what_was_signed(void **state)
{
	const char *clerk = token(&play, "haruka");
	char batch[16], document[16];
	json_t *answer;

	hang_up(&play.ocr[0]);
	strcpy(batch, scan_pages(&play, "haruka", 1));
	first_document(batch, document);
	expect(call_store(&play, play.web, "DocSet", "ssa{ss}", clerk, document, 2, "client_name",
		   "佐藤", "date", "2026-11-22"),
	    "ok");
	expect(call_store(&play, play.web, "BatchSubmit", "ss", clerk, batch), "ok");
	expect(call_store(&play, play.web, "Confirm", "sas", token(&play, "masao"), 1, document),
	    "ok");
	play.on_read = answer_lying;
	attach_ocr(&play, 0);
	wait_read(&play, "haruka", batch, 1, "read");
	wait_idle();
	play.on_read = read_as_asked;
	answer =
	    json_of(call_store(&play, play.web, "Verify", "ss", token(&play, "aoi"), document));
	if (!json_is_true(json_object_get(answer, "ok")))
		fail_msg("%s", json_dumps(answer, 0));
	json_decref(answer);
}

/* As fumikurad stops a box: the workers first, whatever they have in hand, then store. */
static void
stop_box(void)
{
	if (play.ocr[0] != NULL)
		hang_up(&play.ocr[0]);
	for (int i = 0; i < 20; i++) /* it has every chance to make something of that */
		still_well(&play);
	stop_store(&play);
}

static void
again(const char *config)
{
	stop_box();
	start_store(&play, config);
	for (unsigned i = 0; i < play.n_people; i++)
		sign_in(&play, play.people[i].name, PASSWORD, play.people[i].token);
	attach_scanner(&play);
	attach_ocr(&play, 0);
}

/* Five times somebody's PDF is made by the only worker, which would have taken a page between. */
static void
give_it_every_chance(const char *batch)
{
	char document[16];

	first_document(batch, document);
	for (int i = 0; i < 5; i++)
		expect(call_store(&play, play.web, "Export", "sass", token(&play, "masao"), 1,
			   document, "pdf"),
		    "ok");
}

/* What was read by a box that was set to the shown reading alone is read further by one that is
 * not: when there is room. */
static void
old_pages_are_picked_up_when_there_is_room(void **state)
{
	char batch[16];

	again("[ocr]\neffort = shown\n");
	order[0] = '\0';
	strcpy(batch, scan_pages(&play, "haruka", 2));
	wait_read(&play, "haruka", batch, 2, "read");
	give_it_every_chance(batch);
	assert_string_equal(order, "ss");
	assert_int_equal(queue("further"), 0);
	again("[store]\nmin_free_mb = 1048576\n");
	give_it_every_chance(batch);
	assert_string_equal(order, "ss");
	assert_int_equal(queue("further"), 2);
	again("[ocr]\neffort = all\n");
	wait_idle();
	assert_string_equal(order, "ssaa");
}

/* A page in hand when the box is stopped is read when it is back, however often that happens. */
static void
a_stop_costs_no_try(void **state)
{
	const size_t faults = count_events(&play, "aoi", "room.fault");
	char batch[16];

	play.on_read = hold;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	for (int i = 0; i < 4; i++) {
		WAIT(&play, held != NULL);
		held = sd_bus_message_unref(held);
		if (i == 3)
			play.on_read = read_as_asked;
		again("");
	}
	wait_read(&play, "haruka", batch, 1, "read");
	wait_idle();
	assert_int_equal(count_events(&play, "aoi", "room.fault"), faults);
}

static void
a_rebuild_finds_the_same(void **state)
{
	const json_int_t shown = found("被保"), further = found("保険");

	expect(call_store(&play, play.local, "Rebuild", "s", ""), "ok");
	assert_int_equal(found("被保"), shown);
	assert_int_equal(found("保険"), further);
	assert_int_equal(queue("further"), 0);
	doctor_is_well(&play);
	still_well(&play);
}

/* The file of the object that the newest event of this kind brought for the page. */
static void
remove_result(const char *batch, bool further)
{
	json_t *entries = events(&play, "aoi", "page.read"), *entry;
	json_t *shown = json_of(call_store(
	    &play, play.web, "BatchShow", "sst", token(&play, "haruka"), batch, (uint64_t)0));
	const char *page = json_string_value(
	    json_object_get(json_array_get(json_object_get(shown, "pages"), 0), "id"));
	char path[256] = "";
	size_t i;

	json_array_foreach(entries, i, entry)
	{
		const json_t *data = json_object_get(entry, "data");
		const char *id =
		    json_string_value(json_object_get(json_object_get(data, "result"), "id"));

		if (strcmp(json_string_value(json_object_get(data, "page")), page) == 0 &&
		    json_is_true(json_object_get(data, "further")) == further)
			snprintf(path, sizeof(path), "%.60s/data/objects/%.2s/%.80s", play.dir, id,
			    id + 2);
	}
	assert_int_equal(unlink(path), 0);
	json_decref(shown);
	json_decref(entries);
}

static json_int_t
rebuild_loses(void)
{
	json_t *answer = json_of(call_store(&play, play.local, "Rebuild", "s", ""));
	const json_int_t lost = json_integer_value(json_object_get(answer, "lost"));

	json_decref(answer);
	return lost;
}

/* The doctor names what is lost; a rebuild makes all of the rest, and the pages are read again. */
static void
lost_results_are_read_again(void **state)
{
	const json_int_t shown = found("被保"), further = found("保険");
	char batch[2][16], said[16];
	json_t *answer;

	for (int i = 0; i < 2; i++) {
		strcpy(batch[i], scan_pages(&play, "haruka", 1));
		wait_idle();
		remove_result(batch[i], i == 1);
	}
	answer = json_of(call_store(&play, play.local, "Doctor", "s", ""));
	assert_false(json_is_true(json_object_get(answer, "ok")));
	assert_int_equal(json_array_size(json_object_get(answer, "faults")), 2);
	snprintf(said, sizeof(said), "%s",
	    json_string_value(
		json_object_get(json_array_get(json_object_get(answer, "faults"), 0), "code")));
	assert_string_equal(said, "object_missing");
	json_decref(answer);
	order[0] = '\0';
	assert_int_equal(rebuild_loses(), 2);
	wait_idle();
	assert_string_equal(order, "saa");
	assert_int_equal(found("被保"), shown + 2);
	assert_int_equal(found("保険"), further + 2);
	doctor_is_well(&play);
	again(""); /* and a start follows the same log */
	doctor_is_well(&play);
	still_well(&play);
}

static int
set_up(void **state)
{
	static const struct person who[] = {
	    {"haruka", "clerk", ""}, {"masao", "checker", ""}, {"aoi", "manager", ""}};

	begin(&play, "");
	people(&play, who, 3);
	attach_scanner(&play);
	play.on_read = read_as_asked;
	play.revives = true;
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    PLAY_TEST(first_readings_go_before),
	    PLAY_TEST(a_scan_waits_for_one_page_at_most),
	    PLAY_TEST(death_leaves_what_is_shown),
	    PLAY_TEST(a_confirmed_record_gains_in_search_alone),
	    PLAY_TEST(a_late_first_reading_keeps_what_was_signed),
	    PLAY_TEST(old_pages_are_picked_up_when_there_is_room),
	    PLAY_TEST(a_stop_costs_no_try),
	    PLAY_TEST(a_rebuild_finds_the_same),
	    PLAY_TEST(lost_results_are_read_again),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
