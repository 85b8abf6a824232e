/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option table, with SANE's rules: values are rounded into their ranges and that is told. */
#include "options.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const SANE_String_Const sources[] = {"ADF", "ADF Duplex", "Flatbed", NULL};
static const SANE_String_Const modes[] = {
    SANE_VALUE_SCAN_MODE_COLOR, SANE_VALUE_SCAN_MODE_GRAY, SANE_VALUE_SCAN_MODE_LINEART, NULL};
static const SANE_Range resolutions = {75, 600, 1};
static const SANE_Range columns_mm = {0, SANE_FIX(216), 0};
static const SANE_Range lines_mm = {0, SANE_FIX(356), 0};

#define SETTABLE (SANE_CAP_SOFT_SELECT | SANE_CAP_SOFT_DETECT)
#define SENSOR (SANE_CAP_SOFT_DETECT | SANE_CAP_HARD_SELECT)
#define WORD ((SANE_Int)sizeof(SANE_Word))
#define MAX_STRING 16

#define GROUP(title_)                                                                              \
	{                                                                                          \
		.name = "", .title = title_, .desc = "", .type = SANE_TYPE_GROUP                   \
	}
#define CHOICE(name_, list)                                                                        \
	{                                                                                          \
		.name = name_, .title = name_, .desc = "", .type = SANE_TYPE_STRING,               \
		.size = MAX_STRING, .cap = SETTABLE,                                               \
		.constraint_type = SANE_CONSTRAINT_STRING_LIST, .constraint.string_list = list     \
	}
#define LENGTH(name_, range_)                                                                      \
	{                                                                                          \
		.name = name_, .title = name_, .desc = "", .type = SANE_TYPE_FIXED,                \
		.unit = SANE_UNIT_MM, .size = WORD, .cap = SETTABLE,                               \
		.constraint_type = SANE_CONSTRAINT_RANGE, .constraint.range = &(range_)            \
	}
#define FLAG(name_, cap_)                                                                          \
	{                                                                                          \
		.name = name_, .title = name_, .desc = "", .type = SANE_TYPE_BOOL, .size = WORD,   \
		.cap = cap_                                                                        \
	}

static const SANE_Option_Descriptor descriptors[OPTIONS] = {
    [OPT_COUNT] = {.name = "",
	.title = "Number of options",
	.desc = "",
	.type = SANE_TYPE_INT,
	.size = WORD,
	.cap = SANE_CAP_SOFT_DETECT},
    [OPT_SCAN_GROUP] = GROUP("Scan"),
    [OPT_SOURCE] = CHOICE(SANE_NAME_SCAN_SOURCE, sources),
    [OPT_MODE] = CHOICE(SANE_NAME_SCAN_MODE, modes),
    [OPT_RESOLUTION] = {.name = SANE_NAME_SCAN_RESOLUTION,
	.title = "resolution",
	.desc = "",
	.type = SANE_TYPE_INT,
	.unit = SANE_UNIT_DPI,
	.size = WORD,
	.cap = SETTABLE,
	.constraint_type = SANE_CONSTRAINT_RANGE,
	.constraint.range = &resolutions},
    [OPT_UNKNOWN_HEIGHT] = FLAG("unknown-height", SETTABLE),
    [OPT_GEOMETRY_GROUP] = GROUP("Geometry"),
    [OPT_TL_X] = LENGTH(SANE_NAME_SCAN_TL_X, columns_mm),
    [OPT_TL_Y] = LENGTH(SANE_NAME_SCAN_TL_Y, lines_mm),
    [OPT_BR_X] = LENGTH(SANE_NAME_SCAN_BR_X, columns_mm),
    [OPT_BR_Y] = LENGTH(SANE_NAME_SCAN_BR_Y, lines_mm),
    [OPT_SENSOR_GROUP] = GROUP("Sensors"),
    [OPT_BUTTON_SCAN] = FLAG(SANE_NAME_SCAN, SENSOR),
    [OPT_PAGE_LOADED] = FLAG(SANE_NAME_PAGE_LOADED, SENSOR),
    [OPT_COVER_OPEN] = FLAG(SANE_NAME_COVER_OPEN, SENSOR),
    [OPT_DOUBLE_FEED] = FLAG("double-feed", SENSOR),
};

/* Where a word lives; groups and strings have none. */
#define AT(field) (offsetof(struct values, field) + 1)
static const size_t places[OPTIONS] = {
    [OPT_RESOLUTION] = AT(resolution),
    [OPT_UNKNOWN_HEIGHT] = AT(unknown_height),
    [OPT_TL_X] = AT(tl_x),
    [OPT_TL_Y] = AT(tl_y),
    [OPT_BR_X] = AT(br_x),
    [OPT_BR_Y] = AT(br_y),
    [OPT_BUTTON_SCAN] = AT(button),
    [OPT_PAGE_LOADED] = AT(page_loaded),
    [OPT_COVER_OPEN] = AT(cover_open),
    [OPT_DOUBLE_FEED] = AT(double_feed),
};

const SANE_Option_Descriptor *
options_descriptor(SANE_Int option)
{
	return option >= 0 && option < OPTIONS ? &descriptors[option] : NULL;
}

void
options_defaults(struct values *v)
{
	*v = (struct values){.resolution = 300, .br_x = SANE_FIX(210), .br_y = SANE_FIX(297)};
}

static const SANE_String_Const *
list_of(SANE_Int option)
{
	return option == OPT_SOURCE ? sources : option == OPT_MODE ? modes : NULL;
}

SANE_Status
options_get(const struct values *v, SANE_Int option, void *value)
{
	if (option == OPT_COUNT) {
		*(SANE_Word *)value = OPTIONS;
		return SANE_STATUS_GOOD;
	}
	if (list_of(option) != NULL) {
		strcpy(value, list_of(option)[option == OPT_SOURCE ? v->source : v->mode]);
		return SANE_STATUS_GOOD;
	}
	if (option < 0 || option >= OPTIONS || places[option] == 0)
		return SANE_STATUS_INVAL;
	memcpy(value, (const char *)v + places[option] - 1, sizeof(SANE_Word));
	return SANE_STATUS_GOOD;
}

static SANE_Status
set_choice(struct values *v, SANE_Int option, const char *value)
{
	const SANE_String_Const *list = list_of(option);

	for (int i = 0; list[i] != NULL; i++)
		if (strcasecmp(list[i], value) == 0) {
			*(option == OPT_SOURCE ? &v->source : &v->mode) = i;
			return SANE_STATUS_GOOD;
		}
	return SANE_STATUS_INVAL;
}

SANE_Status
options_set(struct values *v, SANE_Int option, const void *value, SANE_Int *ret_info)
{
	const SANE_Option_Descriptor *d = options_descriptor(option);
	SANE_Word word;

	if (d == NULL || !SANE_OPTION_IS_SETTABLE(d->cap))
		return SANE_STATUS_INVAL;
	*ret_info = SANE_INFO_RELOAD_PARAMS;
	if (list_of(option) != NULL)
		return set_choice(v, option, value);
	memcpy(&word, value, sizeof word);
	if (d->type == SANE_TYPE_BOOL && word != SANE_FALSE && word != SANE_TRUE)
		return SANE_STATUS_INVAL;
	if (d->constraint_type == SANE_CONSTRAINT_RANGE) {
		const SANE_Range *range = d->constraint.range;

		if (word < range->min || word > range->max)
			*ret_info |= SANE_INFO_INEXACT;
		word = word < range->min ? range->min : word > range->max ? range->max : word;
	}
	memcpy((char *)v + places[option] - 1, &word, sizeof word);
	return SANE_STATUS_GOOD;
}
