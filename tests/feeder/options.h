/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The feeder's options: what may be set, what it is at, what its sensors say. */
#ifndef FEEDER_OPTIONS_H
#define FEEDER_OPTIONS_H

#include <sane/sane.h>
#include <sane/saneopts.h>

enum {
	OPT_COUNT,
	OPT_SCAN_GROUP,
	OPT_SOURCE,
	OPT_MODE,
	OPT_RESOLUTION,
	OPT_UNKNOWN_HEIGHT,
	OPT_GEOMETRY_GROUP,
	OPT_TL_X,
	OPT_TL_Y,
	OPT_BR_X,
	OPT_BR_Y,
	OPT_SENSOR_GROUP,
	OPT_BUTTON_SCAN,
	OPT_PAGE_LOADED,
	OPT_COVER_OPEN,
	OPT_DOUBLE_FEED,
	OPTIONS,
};

enum feeder_source { FROM_ADF, FROM_ADF_DUPLEX, FROM_FLATBED };

struct values {
	int source; /* enum feeder_source */
	int mode;   /* enum paper_mode */
	SANE_Word resolution, unknown_height;
	SANE_Word tl_x, tl_y, br_x, br_y; /* fixed-point mm */
	SANE_Word button, page_loaded, cover_open, double_feed;
};

const SANE_Option_Descriptor *options_descriptor(SANE_Int option);
void options_defaults(struct values *values);
SANE_Status options_get(const struct values *values, SANE_Int option, void *value);
SANE_Status options_set(
    struct values *values, SANE_Int option, const void *value, SANE_Int *ret_info);

#endif
