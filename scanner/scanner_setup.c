/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which option gets which value. Knows well-known option names, no device and no backend. */
#include "scanner_setup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/*
 * How double feeds are watched for differs by driver family: a switch to turn on, or a choice of
 * what to do; G91-03 asks for it where the device can. The same names, when they cannot be set, are
 * the sensor's own reading.
 */
static const char *const double_feed_switches[] = {"df-thickness", "df-detection", "double-feed",
    "doublefeed", "double-feed-detection", "multifeed-detection", "ultrasonic"};
static const char *const double_feed_sensors[] = {
    "double-feed", "doublefeed", "double-feed-detected", "df-detected", "multifeed"};

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- reading names ---- */

static bool
says(const char *name, const char *word)
{
	return strcasestr(name, word) != NULL;
}

enum source_kind
setup_source_kind(const char *name)
{
	bool feeder = says(name, "adf") || says(name, "feed") || says(name, "automatic");

	if (says(name, "duplex") || says(name, "both sides"))
		return SOURCE_DUPLEX;
	if (feeder)
		return says(name, "back") || says(name, "card") ? SOURCE_NONE : SOURCE_FEEDER;
	if (says(name, "flatbed") || says(name, "flat bed") || says(name, "platen") ||
	    strcasecmp(name, "fb") == 0 || strcasecmp(name, "normal") == 0)
		return SOURCE_FLATBED;
	return SOURCE_NONE;
}

bool
setup_has_feeder(const char *sources)
{
	char name[SETUP_TEXT];

	while (*sources != '\0') {
		size_t n = strcspn(sources, ",");

		if (n < sizeof name) {
			enum source_kind kind;

			memcpy(name, sources, n);
			name[n] = '\0';
			kind = setup_source_kind(name);
			if (kind == SOURCE_FEEDER || kind == SOURCE_DUPLEX)
				return true;
		}
		sources += n + (sources[n] == ',');
	}
	return false;
}

struct mode_words {
	const char *mode;
	const char *words[5]; /* the best first */
};

static const struct mode_words mode_words[] = {
    {"color", {"Color", "Colour", "24bit Color", "24 bit Color", "RGB"}},
    {"grey", {"Gray", "Grey", "Grayscale", "True Gray", "8bit Gray"}},
    {"lineart", {"Lineart", "Binary", "Black & White", "Black and White", "Monochrome"}},
};

int
setup_choose_mode(const char *const *values, const char *mode)
{
	const struct mode_words *row = NULL;

	for (size_t i = 0; i < COUNT(mode_words); i++)
		if (strcmp(mode_words[i].mode, mode) == 0)
			row = &mode_words[i];
	if (row == NULL)
		return -ENOENT;
	for (size_t w = 0; w < COUNT(row->words); w++)
		for (int i = 0; values[i] != NULL; i++)
			if (strcasecmp(values[i], row->words[w]) == 0)
				return i;
	for (size_t w = 0; w < COUNT(row->words); w++)
		for (int i = 0; values[i] != NULL; i++)
			if (says(values[i], row->words[w]))
				return i;
	return -ENOENT;
}

/* ---- setting ---- */

static int
choose_source(const char *const *values, enum source_kind kind)
{
	int found = -ENOENT;

	for (int i = 0; values[i] != NULL; i++) {
		if (setup_source_kind(values[i]) != kind)
			continue;
		if (found < 0 || (says(values[i], "front") && !says(values[found], "front")))
			found = i;
	}
	return found;
}

/* Drivers without a duplex source have a switch beside it. */
static int
set_duplex_switch(struct device *device)
{
	struct option o;

	if (device_option_find(device, "duplex", &o) == 0 && o.settable && o.type == OPTION_BOOL)
		return device_set_number(device, &o, 1);
	if (device_option_find(device, "adf-mode", &o) == 0 && o.settable && o.strings != NULL)
		for (int i = 0; o.strings[i] != NULL; i++)
			if (says(o.strings[i], "duplex"))
				return device_set_text(device, &o, o.strings[i]);
	return -EINVAL;
}

static enum source_kind
wanted_kind(const char *source)
{
	return strcmp(source, "duplex") == 0    ? SOURCE_DUPLEX
	       : strcmp(source, "flatbed") == 0 ? SOURCE_FLATBED
						: SOURCE_FEEDER;
}

/* A device without a choice of sources is what its type says: a feeder, or a glass. */
static int
set_source(struct device *device, const char *source, bool sheet_fed, enum source_kind *ret_kind)
{
	enum source_kind kind = wanted_kind(source);
	struct option o;
	int i, r;

	if (device_option_find(device, "source", &o) < 0 || o.strings == NULL || !o.settable) {
		if (*source == '\0' && !sheet_fed)
			kind = SOURCE_FLATBED;
		*ret_kind = kind;
		if (kind == SOURCE_DUPLEX)
			return set_duplex_switch(device);
		return (kind == SOURCE_FEEDER) == sheet_fed ? 0 : -EINVAL;
	}
	i = choose_source(o.strings, kind);
	if (i < 0 && *source == '\0')
		i = choose_source(o.strings, kind = SOURCE_DUPLEX);
	if (i < 0 && *source == '\0')
		i = choose_source(o.strings, kind = SOURCE_FLATBED);
	*ret_kind = kind;
	if (i >= 0)
		return device_set_text(device, &o, o.strings[i]);
	if (kind != SOURCE_DUPLEX)
		return -EINVAL;
	i = choose_source(o.strings, SOURCE_FEEDER);
	if (i < 0)
		return -EINVAL;
	r = device_set_text(device, &o, o.strings[i]);
	return r < 0 ? r : set_duplex_switch(device);
}

static int
set_mode(struct device *device, const char *mode)
{
	struct option o;
	int i, r;

	if (device_option_find(device, "mode", &o) < 0 || o.strings == NULL || !o.settable)
		return 0; /* measured afterwards */
	i = setup_choose_mode(o.strings, mode);
	if (i < 0)
		return -EINVAL;
	r = device_set_text(device, &o, o.strings[i]);
	if (r < 0 || strcmp(mode, "lineart") == 0)
		return r;
	if (device_option_find(device, "depth", &o) == 0 && o.settable && o.words == 1)
		return device_set_number(device, &o, 8);
	return 0;
}

static bool
permits(const struct option *o, double value)
{
	if (o->ranged)
		return value >= o->min && value <= o->max;
	for (int i = 1; o->list != NULL && i <= o->list[0]; i++)
		if (fabs(option_number(o, o->list[i]) - value) < 0.5)
			return true;
	return o->list == NULL;
}

static int
set_resolution(struct device *device, double dpi)
{
	static const char *const names[] = {"resolution", "x-resolution", "y-resolution"};
	struct option o;
	bool any = false;

	for (size_t i = 0; i < COUNT(names); i++) {
		int r;

		if (device_option_find(device, names[i], &o) < 0 || !o.settable || o.words != 1)
			continue;
		if (!permits(&o, dpi))
			return -EINVAL;
		r = device_set_number(device, &o, dpi);
		if (r < 0)
			return r;
		any = true;
	}
	return any ? 0 : -EINVAL;
}

/* Sets a length to mm, or as near as the device goes. Some know pixels only: mm is translated at
 * dpi. */
static void
set_length(struct device *device, const char *name, double mm, double dpi)
{
	struct option o;
	double value = mm;

	if (device_option_find(device, name, &o) < 0 || !o.settable || o.words != 1 ||
	    (o.unit != OPTION_MM && o.unit != OPTION_PIXEL))
		return;
	if (o.unit == OPTION_PIXEL)
		value = mm / 25.4 * dpi;
	if (o.ranged && value > o.max)
		value = o.max;
	if (o.ranged && value < o.min)
		value = o.min;
	(void)device_set_number(device, &o, value); /* what it took shows in the measured size */
}

/* The paper's size first: where sheets run centred, the area is counted from the paper's edge. */
static void
set_area(struct device *device, const struct scan_request *request)
{
	double w = request->sheet_width, h = request->sheet_height, dpi = request->dpi;

	set_length(device, "page-width", w, dpi);
	set_length(device, "page-height", h, dpi);
	set_length(device, "tl-x", 0, dpi);
	set_length(device, "tl-y", 0, dpi);
	set_length(device, "br-x", w, dpi);
	set_length(device, "br-y", h, dpi);
}

static void
set_double_feed_watch(struct device *device)
{
	struct option o;

	if (device_option_find(device, "df-action", &o) == 0 && o.settable && o.strings != NULL)
		for (int i = 0; o.strings[i] != NULL; i++)
			if (strcasecmp(o.strings[i], "Stop") == 0)
				(void)device_set_text(device, &o, o.strings[i]);
	for (size_t i = 0; i < COUNT(double_feed_switches); i++)
		if (device_option_find(device, double_feed_switches[i], &o) == 0 && o.settable &&
		    o.type == OPTION_BOOL)
			(void)device_set_number(device, &o, 1);
}

int
setup_device(struct device *device, const struct scan_request *request, enum source_kind *ret_kind,
    const char **ret_why)
{
	int r;

	*ret_why = "source";
	r = set_source(device, request->source, request->sheet_fed, ret_kind);
	if (r < 0)
		return r;
	*ret_why = "mode";
	r = set_mode(device, request->mode);
	if (r < 0)
		return r;
	*ret_why = "resolution";
	r = set_resolution(device, request->dpi);
	if (r < 0)
		return r;
	set_area(device, request);
	set_double_feed_watch(device);
	*ret_why = NULL;
	return 0;
}

/* ---- reading back ---- */

static void
measure_text(struct device *device, const char *name, char ret[SETUP_TEXT])
{
	_cleanup_(freep) char *text = NULL;
	struct option o;

	if (device_option_find(device, name, &o) == 0 && device_get_text(device, &o, &text) == 0)
		snprintf(ret, SETUP_TEXT, "%s", text);
}

static unsigned
measure_dpi(struct device *device, const char *name)
{
	struct option o;
	double value;

	if (device_option_find(device, name, &o) < 0 || device_get_number(device, &o, &value) < 0 ||
	    value < 1 || value > 65535)
		return 0;
	return (unsigned)lround(value);
}

void
setup_measure(struct device *device, struct scan_measured *ret)
{
	unsigned both = measure_dpi(device, "resolution");
	unsigned x = measure_dpi(device, "x-resolution"), y = measure_dpi(device, "y-resolution");

	*ret = (struct scan_measured){.dpi_x = x ? x : both, .dpi_y = y ? y : both};
	measure_text(device, "mode", ret->mode);
	measure_text(device, "source", ret->source);
}

bool
setup_double_feed(struct device *device)
{
	for (size_t i = 0; i < COUNT(double_feed_sensors); i++) {
		struct option o;
		double value;

		if (device_option_find(device, double_feed_sensors[i], &o) == 0 && !o.settable &&
		    o.type == OPTION_BOOL && device_get_number(device, &o, &value) == 0 &&
		    value != 0)
			return true;
	}
	return false;
}
