/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A store on a disk that a test fills: build/tests/fault/store_full is the shipped store, linked
 * once more with full_disk.c, which takes the place of the system's calls in io.h and of those that
 * write the catalogue. The test and the store share one of these, in the file that FULL_DISK names.
 */
#ifndef FUMIKURA_TESTS_FULL_DISK_H
#define FUMIKURA_TESTS_FULL_DISK_H

#include <stdbool.h>
#include <stdint.h>

struct full_disk {
	volatile int full;       /* 0, or with what errno every write fails */
	volatile uint64_t space; /* bytes that are said to be free */
	volatile int refused;    /* writes, so far */
	volatile bool lingers;   /* store takes a second to end, and nothing is written after it
				    began to: as on a machine that is busy elsewhere */
};

#endif
