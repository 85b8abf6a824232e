/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A store whose patience a test ends: build/tests/bus/store_hurried is the shipped store, linked
 * once more with hurry.c, which stands before the two calls that wait for other rooms. The test and
 * the store share one of these, in the file that HURRY names.
 */
#ifndef FUMIKURA_TESTS_HURRY_H
#define FUMIKURA_TESTS_HURRY_H

#include <stdbool.h>

struct hurry {
	volatile bool on; /* a page given to a worker from now on is as good as not waited for */
};

#endif
