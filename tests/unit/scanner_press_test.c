/* links: scanner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sides come out of the press in the order of the feed, whole or not at all, and never more at once
 * than it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

#include "scanner/scanner_press.h"

#define SIDES 40
#define WIDTH 500

/* What stands in for the event of a side; a side of n rows is filled with the byte n. */
struct scan_event {
	unsigned seq;
	uint32_t rows;
};

struct taken {
	unsigned count, refused; /* refused: came as an error */
	unsigned seq[SIDES];
	int error[SIDES];
	unsigned refuse_at; /* this call is answered -ENOSPC; 0: none */
	bool slow;
	atomic_uint begun;
	unsigned most; /* sides that were begun and not taken, at once */
};

struct bringer {
	struct press *press;
	struct taken *taken;
};

static void
check_file(int fd, uint32_t rows)
{
	uint8_t row[WIDTH * 3];
	uint32_t height = 0;
	char path[64];
	TIFF *tiff;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	tiff = TIFFOpen(path, "r");
	assert_non_null(tiff);
	TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
	assert_int_equal(height, rows);
	for (uint32_t y = 0; y < rows; y++) {
		assert_int_equal(TIFFReadScanline(tiff, row, y, 0), 1);
		assert_int_equal(row[0], (uint8_t)rows);
		assert_int_equal(row[WIDTH * 3 - 1], (uint8_t)rows);
	}
	TIFFClose(tiff);
}

static int
take(void *userdata, struct scan_event *about, int fd)
{
	struct taken *t = userdata;

	if (t->slow) {
		unsigned out;

		usleep(1000); /* whoever may bring more has time to */
		out = atomic_load(&t->begun) - t->count;
		t->most = out > t->most ? out : t->most;
	}
	t->seq[t->count] = about->seq;
	t->error[t->count++] = fd < 0 ? fd : 0;
	if (fd < 0) {
		t->refused++;
	} else {
		check_file(fd, about->rows);
		close(fd);
	}
	free(about);
	return t->count == t->refuse_at ? -ENOSPC : fd < 0 ? fd : 0;
}

static int
feed(struct press *p, uint32_t rows)
{
	struct page_format format = {WIDTH, 8, 3, 300, 300};
	uint8_t row[WIDTH * 3];
	int r = press_ready(p);

	memset(row, (int)rows, sizeof row);
	if (r == 0)
		r = press_begin(p, &format);
	for (uint32_t y = 0; r == 0 && y < rows; y++)
		r = press_rows(p, row, 1);
	return r;
}

static void
end(struct press *p, unsigned seq, uint32_t rows)
{
	struct scan_event *about = malloc(sizeof *about);

	assert_non_null(about);
	*about = (struct scan_event){seq, rows};
	press_end(p, about);
}

/* Long and short sides in turn: the short one is ready first and waits for its turn. */
static void
test_order(void **state)
{
	struct taken t = {0};
	_cleanup_(press_freep) struct press *p = NULL;

	assert_int_equal(press_new(take, &t, &p), 0);
	for (unsigned i = 0; i < SIDES; i++) {
		uint32_t rows = i % 2 == 0 ? 900 : 1;

		assert_int_equal(feed(p, rows), 0);
		end(p, i, rows);
	}
	assert_int_equal(press_wait(p), 0);
	assert_int_equal(t.count, SIDES);
	for (unsigned i = 0; i < SIDES; i++)
		assert_int_equal(t.seq[i], i);
}

/* A side that is not whole never comes out; those before it do. */
static void
test_drop(void **state)
{
	struct taken t = {0};
	struct press *p = NULL;

	assert_int_equal(press_new(take, &t, &p), 0);
	assert_int_equal(feed(p, 300), 0);
	end(p, 1, 300);
	assert_int_equal(feed(p, 300), 0);
	press_drop(p);
	press_drop(p); /* harmless */
	assert_int_equal(feed(p, 2), 0);
	end(p, 2, 2);
	assert_int_equal(feed(p, 7), 0); /* left open */
	press_free(p);
	assert_int_equal(t.count, 2);
	assert_int_equal(t.refused, 0);
	assert_int_equal(t.seq[1], 2);
}

/* After one that was not taken none follows, or the run had a hole that nobody sees. */
static void
test_no_hole(void **state)
{
	struct taken t = {.refuse_at = 2};
	_cleanup_(press_freep) struct press *p = NULL;
	int r = 0;
	unsigned i;

	assert_int_equal(press_new(take, &t, &p), 0);
	for (i = 0; r == 0 && i < SIDES; i++) {
		r = feed(p, 3);
		if (r == 0)
			end(p, i, 3);
		else
			press_drop(p);
	}
	assert_int_equal(r, -ENOSPC);
	assert_true(i < SIDES);
	assert_int_equal(press_wait(p), -ENOSPC);
	for (unsigned n = 2; n < t.count; n++)
		assert_true(t.error[n] < 0);
	assert_int_equal(press_ready(p), -ENOSPC);
}

/* A side over the limits ends the press while its rows still come, and is not handed over; the one
 * before it is. */
static void
test_too_large(void **state)
{
	struct page_format format = {1, 8, 1, 300, 300};
	static const uint8_t rows[4096];
	struct taken t = {0};
	_cleanup_(press_freep) struct press *p = NULL;
	int r = 0;

	assert_int_equal(press_new(take, &t, &p), 0);
	assert_int_equal(feed(p, 2), 0);
	end(p, 1, 2);
	assert_int_equal(press_begin(p, &format), 0);
	while (r == 0)
		r = press_rows(p, rows, sizeof rows);
	assert_int_equal(r, -EFBIG);
	press_drop(p);
	assert_int_equal(press_wait(p), -EFBIG);
	assert_int_equal(t.count, 1);
	assert_int_equal(t.error[0], 0);
}

static void *
bring(void *arg)
{
	struct bringer *b = arg;

	for (unsigned i = 0; i < SIDES; i++) {
		assert_int_equal(feed(b->press, 5), 0);
		b->taken->begun++;
		end(b->press, i, 5);
	}
	return NULL;
}

/* While nobody takes them, no further side begins; it goes on as they are taken. */
static void
test_waits_for_its_taker(void **state)
{
	struct taken t = {.slow = true};
	_cleanup_(press_freep) struct press *p = NULL;
	struct bringer b = {.taken = &t};
	pthread_t thread;

	assert_int_equal(press_new(take, &t, &p), 0);
	b.press = p;
	assert_int_equal(pthread_create(&thread, NULL, bring, &b), 0);
	pthread_join(thread, NULL);
	assert_int_equal(press_wait(p), 0);
	assert_int_equal(t.count, SIDES);
	assert_in_range(t.most, 1, PRESS_THREADS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_drop),
	    cmocka_unit_test(test_no_hole),
	    cmocka_unit_test(test_too_large),
	    cmocka_unit_test(test_waits_for_its_taker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
