/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk that is full to the last byte while pages wait to be read: reading rests, says so, and
 * goes on by itself when there is space. How long it rests is pause_test's.
 */
#include <sys/mman.h>

#include "store_play.h"
#include "tests/fault/full_disk.h"

#define MB ((uint64_t)1 << 20)
#define CONFIG "[store]\nmin_free_mb = 1\n"

static char path[] = "/tmp/fumikura-disk-XXXXXX";
static struct full_disk *disk;

static bool
rests(void)
{
	json_t *status =
	    json_of(call_store(&play, play.web, "Status", "s", token(&play, "haruka")));
	const json_t *warning;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(status, "warnings"), i, warning)
	{
		if (strcmp(json_string_value(json_object_get(warning, "code")), "disk_full") == 0)
			found = true;
	}
	/* nobody is promised a time */
	if (found)
		assert_null(json_object_get(json_object_get(status, "queue"), "recognition_s"));
	json_decref(status);
	return found;
}

static sd_bus_message *asked;

/* A worker that thinks until the test lets it answer. */
static int
think(sd_bus_message *m, struct play *p)
{
	asked = sd_bus_message_ref(m);
	return 1;
}

/* A page that was read when the disk had become full. */
static void
read_in_vain(char batch[16], int error)
{
	play.on_read = think;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	WAIT(&play, asked != NULL);
	play.on_read = NULL;
	disk->full = error;
	disk->refused = 0;
	assert_true(reply_reading(asked, RESULT, strlen(RESULT)) >= 0);
	asked = sd_bus_message_unref(asked);
	WAIT(&play, rests());
	assert_true(disk->refused > 0);
}

static void
space_that_returns_is_used(void **state)
{
	char batch[16];

	disk->space = 100 * MB;
	assert_false(rests());
	read_in_vain(batch, ENOSPC);
	disk->full = 0;
	disk->space = 200 * MB;
	wait_read(
	    &play, "haruka", batch, 1, "read"); /* and was not given up: it is nobody's fault */
	WAIT(&play, !rests());
	still_well(&play);
}

/* The free space that the system tells may stay as it was (a quota): a page that could be kept
 * tells as much. */
static void
a_page_that_is_kept_ends_the_rest(void **state)
{
	char batch[16], next[16];

	disk->space = 100 * MB;
	read_in_vain(batch, EDQUOT);
	disk->full = 0;
	strcpy(next, scan_pages(&play, "haruka", 1));
	assert_false(rests());
	wait_read(&play, "haruka", next, 1, "read");
	wait_read(&play, "haruka", batch, 1, "read");
	still_well(&play);
}

static bool
runs(const char *batch)
{
	json_t *answer = json_of(call_store(
	    &play, play.web, "BatchShow", "sst", token(&play, "haruka"), batch, (uint64_t)0));
	const bool running =
	    strcmp(json_string_value(json_object_get(json_object_get(answer, "run"), "state")),
		"running") == 0;

	json_decref(answer);
	return running;
}

static json_int_t
to_read_further(void)
{
	json_t *status =
	    json_of(call_store(&play, play.web, "Status", "s", token(&play, "haruka")));
	const json_int_t n =
	    json_integer_value(json_object_get(json_object_get(status, "queue"), "further"));

	json_decref(status);
	return n;
}

/* A scan that ends while the disk is full. */
static void
end_in_vain(void)
{
	disk->space = 100 * MB;
	disk->full = ENOSPC;
	assert_string_not_equal(finish(&play, play.scanner, play.job, "ok"), "ok");
	assert_true(rests());
	disk->full = 0;
	disk->space = 200 * MB;
}

/* The end of a scan that could not be written is written when there is space, without anybody
 * scanning again: until then nothing is read further for search. */
static void
the_end_of_a_scan_is_made_up_for(void **state)
{
	char batch[16];

	text_of(call_store(
		    &play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "", "", 0),
	    "batch", batch, sizeof(batch));
	assert_string_equal(page(&play, play.scanner, play.job, 1), "ok");
	wait_read(&play, "haruka", batch, 1, "read");
	end_in_vain();
	WAIT(&play, to_read_further() == 0); /* nobody looks at the batch, which would help */
	assert_false(runs(batch));
	still_well(&play);
}

/* A scan without a page, whose end could not be written: it is made up for, and nothing else is to
 * be kept that could tell that there is space. */
static void
an_end_that_is_kept_ends_the_rest(void **state)
{
	json_decref(json_of(call_store(
	    &play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "", "", 0)));
	end_in_vain();
	WAIT(&play, !rests());
	still_well(&play);
}

/* Nor does it need anybody: no room is there to read pages, nobody looks at a batch. */
static void
an_end_is_made_up_for_by_itself(void **state)
{
	char batch[16];

	text_of(call_store(
		    &play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "", "", 0),
	    "batch", batch, sizeof(batch));
	hang_up(&play.ocr[0]);
	end_in_vain();
	WAIT(&play, !rests());
	attach_ocr(&play, 0);
	assert_false(runs(batch));
	still_well(&play);
}

/* A wrong password that cannot be counted is not told from a right one: else a full disk would let
 * them be tried without end. */
static void
passwords_are_not_tried_uncounted(void **state)
{
	disk->full = ENOSPC;
	expect(call_store(&play, play.web, "Login", "ssss", "haruka", "wrong", "", "test"),
	    "disk_full");
	expect(call_store(&play, play.web, "Login", "ssss", "haruka", PASSWORD, "", "test"),
	    "disk_full");
	disk->full = 0;
	expect(call_store(&play, play.web, "Login", "ssss", "haruka", "wrong", "", "test"),
	    "wrong_password");
	still_well(&play);
}

/* Somebody leaves the page out that could not be kept: nobody rests for it any more. */
static void
a_page_left_out_ends_the_rest(void **state)
{
	char batch[16];

	disk->space = 100 * MB;
	read_in_vain(batch, ENOSPC);
	disk->full = 0;
	expect(call_store(&play, play.web, "BatchExclude", "ssuss", token(&play, "haruka"), batch,
		   1, "exclude", "白紙"),
	    "ok");
	WAIT(&play, !rests());
	still_well(&play);
}

/* A page that ends its worker while that cannot be recorded is not given to the next one, and the
 * next, before it can. */
static void
a_deadly_page_rests_too(void **state)
{
	char batch[16];
	unsigned reads;

	disk->space = 100 * MB;
	play.on_read = think;
	strcpy(batch, scan_pages(&play, "haruka", 1));
	WAIT(&play, asked != NULL);
	reads = play.reads;
	disk->full = ENOSPC;
	asked = sd_bus_message_unref(asked);
	hang_up(&play.ocr[0]);
	attach_ocr(&play, 0);
	WAIT(&play, rests());
	assert_int_equal(play.reads, reads);
	play.on_read = NULL;
	disk->full = 0;
	disk->space = 200 * MB;
	wait_read(&play, "haruka", batch, 1, "read");
	WAIT(&play, !rests());
}

static size_t
starts(void)
{
	return count_events(&play, "aoi", "archive.start");
}

/* A store that begins on a full disk says so, and nothing is recorded before its start is. */
static void
a_full_disk_does_not_stop_the_start(void **state)
{
	const size_t before = starts();
	json_t *newest;

	stop_store(&play);
	disk->full = ENOSPC;
	start_store(&play, CONFIG);
	assert_true(rests());
	expect(call_store(&play, play.local, "Login", "ssss", "aoi", PASSWORD, "", "test"),
	    "disk_full");
	assert_true(rests());
	disk->full = 0;
	WAIT(&play, !rests()); /* by itself */
	assert_int_equal(starts(), before + 1);
	newest = events(&play, "aoi", "");
	for (size_t i = 0; i < json_array_size(newest); i++) {
		const char *type =
		    json_string_value(json_object_get(json_array_get(newest, i), "type"));

		if (strcmp(type, "archive.start") == 0)
			break;
		assert_string_equal(type, "log.view");
	}
	json_decref(newest);
	doctor_is_well(&play);
}

/* A box that is stopped while something is being recorded: the log is not left ahead of the
 * catalogue, so the next start lacks nothing that it would need space for. */
static void
a_stop_leaves_nothing_to_make_up_for(void **state)
{
	sd_bus_message *unheard;

	ask_store(play.web, &unheard, "Login", "ssss", "haruka", PASSWORD, "", "test");
	forget_pending(state);
	assert_false(rests()); /* answered after the password is in hand, which takes longer */
	disk->lingers = true;
	stop_store(&play);
	disk->lingers = false;
	disk->full = ENOSPC;
	start_store(&play, CONFIG);
	assert_true(rests());
	disk->full = 0;
	WAIT(&play, !rests());
	doctor_is_well(&play);
}

/* A command among the archive's files, of a store that is not running. */
static void
in_data(const char *command)
{
	char line[256];

	snprintf(line, sizeof(line), "cd %s/data && %s", play.dir, command);
	assert_int_equal(system(line), 0);
}

/* The store that refuses all ends by itself when there is space; fumikurad starts the next one.
 * What it still knows of its certificates lets web tell browsers so. */
static void
wait_for_space(bool has_certificates)
{
	disk->full = ENOSPC;
	start_store(&play, CONFIG);
	assert_string_equal(said_by(call_store(&play, play.web, STORE_SIGN_WEB_KEY, "ayas", 3, 1, 2,
				3, 1, "localhost")),
	    has_certificates ? "damaged" : "not_found");
	expect(call_store(&play, play.web, "Status", "s", token(&play, "haruka")), "disk_full");
	expect(call_store(&play, play.local, "Login", "ssss", "aoi", PASSWORD, "", "test"),
	    "disk_full");
	attach_ocr(&play, 0); /* which is given nothing */
	attach_scanner(&play);
	assert_string_equal(page(&play, play.scanner, "1", 1), "not_found");
	assert_false(play.exited);
	disk->full = 0;
	disk->space += 100 * MB;
	WAIT(&play, play.exited);
	stop_store(&play);
	start_store(&play, CONFIG);
	attach_scanner(&play);
	attach_ocr(&play, 0);
	doctor_is_well(&play);
}

/* What the log took when the catalogue could not any more; or nothing is left of the catalogue, or
 * of what its connections share, which is gone whenever the last one was closed (doctor). */
static void
a_catalogue_that_lacks_events_waits_for_space(void **state)
{
	size_t before;
	char batch[16];

	stop_store(&play);
	in_data("mkdir ../older && cp catalogue.db* ../older");
	start_store(&play, CONFIG);
	attach_scanner(&play);
	attach_ocr(&play, 0);
	strcpy(batch, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", batch, 1, "read");
	before = starts();
	stop_store(&play);
	in_data("rm catalogue.db* && cp ../older/* .");
	wait_for_space(true);
	wait_read(&play, "haruka", batch, 1, "read");
	assert_int_equal(starts(), before + 1);
	stop_store(&play);
	in_data("rm catalogue.db*");
	wait_for_space(false);
	wait_read(&play, "haruka", batch, 1, "read");
	assert_int_equal(starts(), before + 2);
	stop_store(&play);
	in_data("rm catalogue.db-shm");
	wait_for_space(false);
	assert_int_equal(starts(), before + 3);
}

static int
set_up(void **state)
{
	static const struct person who[] = {{"haruka", "clerk", ""}, {"aoi", "manager", ""}};
	const int fd = mkstemp(path);

	assert_int_equal(ftruncate(fd, sizeof(*disk)), 0);
	disk = mmap(NULL, sizeof(*disk), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(disk != MAP_FAILED);
	close(fd);
	disk->space = 100 * MB;
	setenv("FULL_DISK", path, 1);
	store_program = "tests/fault/store_full";
	begin(&play, CONFIG);
	people(&play, who, 2);
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
	    cmocka_unit_test(space_that_returns_is_used),
	    cmocka_unit_test(a_page_that_is_kept_ends_the_rest),
	    cmocka_unit_test(the_end_of_a_scan_is_made_up_for),
	    cmocka_unit_test(an_end_that_is_kept_ends_the_rest),
	    cmocka_unit_test(an_end_is_made_up_for_by_itself),
	    cmocka_unit_test(passwords_are_not_tried_uncounted),
	    cmocka_unit_test(a_page_left_out_ends_the_rest),
	    cmocka_unit_test(a_deadly_page_rests_too),
	    cmocka_unit_test(a_full_disk_does_not_stop_the_start),
	    cmocka_unit_test(a_stop_leaves_nothing_to_make_up_for),
	    cmocka_unit_test(a_catalogue_that_lacks_events_waits_for_space),
	};

	return cmocka_run_group_tests(tests, set_up, tear_all_down);
}
