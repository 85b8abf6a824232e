/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks a device for what a run wants, through SANE's well-known option names, and reads back what
 * the device really took (G91-02). Backends name their values freely ("ADF", "Automatic Document
 * Feeder", "Gray", "True Gray" …), so values are chosen by what their names say, from the device's
 * own lists.
 */
#ifndef FUMIKURA_SCANNER_SETUP_H
#define FUMIKURA_SCANNER_SETUP_H

#include "scanner_device.h"

#define SETUP_TEXT 128

struct scan_request {
	char job[SETUP_TEXT];
	char device[SETUP_TEXT * 2]; /* SANE name, "" the default */
	char mode[16];               /* "color" "grey" "lineart" */
	char source[16];             /* "" "feeder" "duplex" "flatbed" */
	uint32_t dpi;
	uint32_t sheets;                    /* 0: all */
	unsigned sheet_width, sheet_height; /* paper, mm */
	bool sheet_fed;                     /* the device's type says that it has no glass */
};

/* What the device says after it was set, or is at when asked again. "" and 0 where it does not
 * tell. */
struct scan_measured {
	char mode[SETUP_TEXT], source[SETUP_TEXT];
	unsigned dpi_x, dpi_y;
};

enum source_kind { SOURCE_NONE, SOURCE_FEEDER, SOURCE_DUPLEX, SOURCE_FLATBED };

/* What a source's name says it is; SOURCE_NONE for slides, back sides and the like. */
enum source_kind setup_source_kind(const char *name);
/* True when any of the comma-separated names is a feeder: such a device comes before flatbeds. */
bool setup_has_feeder(const char *sources);
/* Index of the value among a NULL-terminated list that stands for mode; -ENOENT. */
int setup_choose_mode(const char *const *values, const char *mode);

/*
 * Sets source, mode, depth, resolution and the area. -EINVAL when the device cannot do what is
 * asked; ret_why is then the option's name (constant text). Other errors are the device's own.
 * ret_kind is what will be fed from.
 */
int setup_device(struct device *device, const struct scan_request *request,
    enum source_kind *ret_kind, const char **ret_why);
void setup_measure(struct device *device, struct scan_measured *ret);
/* A read-only sensor says that two sheets went through at once. */
bool setup_double_feed(struct device *device);

#endif
