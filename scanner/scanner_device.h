/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only door to SANE (scanner_device.c alone includes sane/ headers): devices, their options by
 * name, frames as bytes. No branch for any backend or device name lives behind it. Calls block as
 * long as the device does. One thread may use a device at a time, except device_cancel(), which
 * SANE allows at any moment.
 */
#ifndef FUMIKURA_SCANNER_DEVICE_H
#define FUMIKURA_SCANNER_DEVICE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

/* What a device can answer, besides -ENOMEM and -EIO (any other device error). */
#define DEVICE_FEEDER_EMPTY (-ENOMEDIUM)
#define DEVICE_JAMMED (-EMEDIUMTYPE)
#define DEVICE_COVER_OPEN (-ENOLINK)
#define DEVICE_CANCELLED (-ECANCELED)
#define DEVICE_BUSY (-EBUSY)
#define DEVICE_INVALID                                                                             \
	(-EINVAL) /* a value the device does not take; for device_open(): no such device */
#define DEVICE_DENIED (-EACCES)
#define DEVICE_UNSUPPORTED (-EOPNOTSUPP)

#define DEVICE_MAX_COUNT 64     /* devices listed */
#define DEVICE_MAX_TEXT 1024u   /* bytes of one string option */
#define DEVICE_MAX_WORDS 65536u /* numbers in one array option */
#define DEVICE_MAX_OPTIONS 512  /* options looked at */

struct device_entry {
	char *name, *vendor, *model, *type;
	char *sources; /* comma-separated names of its paper sources, "" when it has no choice */
};

struct device_list {
	struct device_entry entries[DEVICE_MAX_COUNT];
	size_t count;
};

/* Loads the backends that SANE's own configuration names. */
int device_library_open(void);
void device_library_close(void);

/* All devices now, in SANE's order. Opens each shortly to ask for its sources; one that cannot be
 * opened has "". */
int device_list_new(struct device_list **ret);
/* As above without opening any: sources are all "". Cheap enough to ask whether a device is still
 * there. */
int device_list_new_names(struct device_list **ret);
struct device_list *device_list_dup(const struct device_list *list);
bool device_list_has(const struct device_list *list, const char *name);
void device_list_free(struct device_list *list);
DEFINE_CLEANUP(struct device_list *, device_list_free)

struct device;
int device_open(const char *name, struct device **ret);
void device_close(struct device *device); /* also ends a scan under way */
DEFINE_CLEANUP(struct device *, device_close)

enum option_type { OPTION_BOOL, OPTION_INT, OPTION_FIXED, OPTION_STRING, OPTION_OTHER };
enum option_unit { OPTION_NO_UNIT, OPTION_PIXEL, OPTION_MM, OPTION_OTHER_UNIT };

struct option {
	int index;
	const char *name; /* borrowed until the next change of any option */
	enum option_type type;
	enum option_unit unit;
	size_t words; /* numbers held: 1, or more for an array; 0 for strings */
	bool settable, readable;
	bool ranged; /* min … max hold */
	double min, max;
	const char *const *strings; /* NULL-terminated permitted values, or NULL */
	const int32_t *list;        /* permitted raw numbers, list[0] of them, or NULL */
};

int device_option_count(struct device *device);
/* -ENOENT when there is none, or it is inactive now. */
int device_option_at(struct device *device, int index, struct option *ret);
int device_option_find(struct device *device, const char *name, struct option *ret);
/* Raw word of an option's list or array as a number. */
double option_number(const struct option *option, int32_t raw);

/* Reads one number (bools are 0 and 1); -EINVAL for strings and arrays. */
int device_get_number(struct device *device, const struct option *option, double *ret);
/* Caller frees. */
int device_get_text(struct device *device, const struct option *option, char **ret);
/* Raw words of an array or single number; caller frees ret; option->words of them. */
int device_get_words(struct device *device, const struct option *option, int32_t **ret);
int device_set_number(struct device *device, const struct option *option, double value);
int device_set_text(struct device *device, const struct option *option, const char *value);

enum device_frame { FRAME_GREY, FRAME_RGB, FRAME_RED, FRAME_GREEN, FRAME_BLUE, FRAME_OTHER };

/* As the device reports it after device_start(). */
struct device_frame_info {
	enum device_frame frame;
	bool last; /* the image has no further frame */
	uint32_t width;
	size_t bytes_per_line;
	uint32_t lines; /* 0: not known beforehand */
	unsigned depth;
};

/* Begins the next frame: takes a sheet in when it is the first one of an image. */
int device_start(struct device *device);
int device_frame_info(struct device *device, struct device_frame_info *ret);
/* Up to size bytes; ret_size may be 0. Returns 1 at the frame's end. */
int device_read(struct device *device, void *data, size_t size, size_t *ret_size);
void device_cancel(struct device *device);

#endif
