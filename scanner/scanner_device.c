/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SANE behind plain types. Knows nothing of pages, jobs or the bus. */
#include "scanner_device.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <sane/sane.h>
#include <sane/saneopts.h>

#include "text.h"

struct device {
	SANE_Handle handle;
};

static const int status_errno[] = {
    [SANE_STATUS_GOOD] = 0,
    [SANE_STATUS_UNSUPPORTED] = DEVICE_UNSUPPORTED,
    [SANE_STATUS_CANCELLED] = DEVICE_CANCELLED,
    [SANE_STATUS_DEVICE_BUSY] = DEVICE_BUSY,
    [SANE_STATUS_INVAL] = DEVICE_INVALID,
    [SANE_STATUS_EOF] = 1,
    [SANE_STATUS_JAMMED] = DEVICE_JAMMED,
    [SANE_STATUS_NO_DOCS] = DEVICE_FEEDER_EMPTY,
    [SANE_STATUS_COVER_OPEN] = DEVICE_COVER_OPEN,
    [SANE_STATUS_IO_ERROR] = -EIO,
    [SANE_STATUS_NO_MEM] = -ENOMEM,
    [SANE_STATUS_ACCESS_DENIED] = DEVICE_DENIED,
};

/* Backends of later SANE versions know statuses that this one does not. */
static int
from_status(SANE_Status status)
{
	if ((unsigned)status >= sizeof status_errno / sizeof *status_errno)
		return -EIO;
	return status_errno[status];
}

int
device_library_open(void)
{
	return from_status(sane_init(NULL, NULL));
}

void
device_library_close(void)
{
	sane_exit();
}

/* ---- the list ---- */

static void
entry_clear(struct device_entry *e)
{
	free(e->name);
	free(e->vendor);
	free(e->model);
	free(e->type);
	free(e->sources);
	memset(e, 0, sizeof *e);
}

/* Drivers write what they like; what leaves here is UTF-8. */
static void
make_utf8(char *s)
{
	while (*s != '\0') {
		uint32_t code;
		int n = utf8_decode(s, strlen(s), &code);

		if (n < 0)
			*s = '?';
		s += n < 0 ? 1 : n;
	}
}

static char *
text_dup(const char *s)
{
	char *copy = strndup(s == NULL ? "" : s, DEVICE_MAX_TEXT);

	if (copy != NULL)
		make_utf8(copy);
	return copy;
}

static int
list_add(struct device_list *list, const char *name, const char *vendor, const char *model,
    const char *type, const char *sources)
{
	struct device_entry *e = &list->entries[list->count];

	*e = (struct device_entry){.name = text_dup(name),
	    .vendor = text_dup(vendor),
	    .model = text_dup(model),
	    .type = text_dup(type),
	    .sources = text_dup(sources)};
	if (!e->name || !e->vendor || !e->model || !e->type || !e->sources) {
		entry_clear(e);
		return -ENOMEM;
	}
	list->count++;
	return 0;
}

int
device_list_new_names(struct device_list **ret)
{
	_cleanup_(device_list_freep) struct device_list *list = calloc(1, sizeof *list);
	const SANE_Device **devices = NULL;
	int r;

	if (list == NULL)
		return -ENOMEM;
	r = from_status(sane_get_devices(&devices, SANE_FALSE));
	if (r < 0)
		return r;
	for (; devices != NULL && *devices != NULL && list->count < DEVICE_MAX_COUNT; devices++) {
		const SANE_Device *d = *devices;

		r = list_add(list, d->name, d->vendor, d->model, d->type, "");
		if (r < 0)
			return r;
	}
	*ret = TAKE_PTR(list);
	return 0;
}

/* "" when the device cannot be opened or has one source only. */
static char *
sources_of(const char *name)
{
	_cleanup_(device_closep) struct device *device = NULL;
	struct option option;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (device_open(name, &device) < 0 ||
	    device_option_find(device, SANE_NAME_SCAN_SOURCE, &option) < 0 || !option.strings)
		return strdup("");
	out = open_memstream(&text, &size);
	if (out == NULL)
		return NULL;
	for (size_t i = 0; option.strings[i] != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", option.strings[i]);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	make_utf8(text);
	return text;
}

int
device_list_new(struct device_list **ret)
{
	_cleanup_(device_list_freep) struct device_list *list = NULL;
	int r = device_list_new_names(&list);

	if (r < 0)
		return r;
	for (size_t i = 0; i < list->count; i++) {
		char *sources = sources_of(list->entries[i].name);

		if (sources == NULL)
			return -ENOMEM;
		free(list->entries[i].sources);
		list->entries[i].sources = sources;
	}
	*ret = TAKE_PTR(list);
	return 0;
}

struct device_list *
device_list_dup(const struct device_list *list)
{
	struct device_list *copy = calloc(1, sizeof *copy);

	for (size_t i = 0; copy != NULL && i < list->count; i++) {
		const struct device_entry *e = &list->entries[i];

		if (list_add(copy, e->name, e->vendor, e->model, e->type, e->sources) < 0) {
			device_list_free(copy);
			return NULL;
		}
	}
	return copy;
}

bool
device_list_has(const struct device_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].name, name) == 0)
			return true;
	return false;
}

void
device_list_free(struct device_list *list)
{
	if (list == NULL)
		return;
	for (size_t i = 0; i < list->count; i++)
		entry_clear(&list->entries[i]);
	free(list);
}

/* ---- one device ---- */

int
device_open(const char *name, struct device **ret)
{
	struct device *device = calloc(1, sizeof *device);
	int r;

	if (device == NULL)
		return -ENOMEM;
	r = from_status(sane_open(name, &device->handle));
	if (r != 0) {
		free(device);
		return r < 0 ? r : -EIO;
	}
	*ret = device;
	return 0;
}

void
device_close(struct device *device)
{
	if (device == NULL)
		return;
	sane_cancel(device->handle);
	sane_close(device->handle);
	free(device);
}

/* ---- options ---- */

int
device_option_count(struct device *device)
{
	SANE_Int count = 0;

	if (sane_control_option(device->handle, 0, SANE_ACTION_GET_VALUE, &count, NULL) !=
		SANE_STATUS_GOOD ||
	    count < 0)
		return 0;
	return count < DEVICE_MAX_OPTIONS ? count : DEVICE_MAX_OPTIONS;
}

double
option_number(const struct option *option, int32_t raw)
{
	return option->type == OPTION_FIXED ? SANE_UNFIX(raw) : raw;
}

static void
fill_constraint(const SANE_Option_Descriptor *d, struct option *o)
{
	switch (d->constraint_type) {
	case SANE_CONSTRAINT_RANGE:
		if (d->constraint.range == NULL)
			break;
		o->ranged = true;
		o->min = option_number(o, d->constraint.range->min);
		o->max = option_number(o, d->constraint.range->max);
		break;
	case SANE_CONSTRAINT_WORD_LIST:
		o->list = d->constraint.word_list;
		break;
	case SANE_CONSTRAINT_STRING_LIST:
		o->strings = (const char *const *)d->constraint.string_list;
		break;
	default:
		break;
	}
}

int
device_option_at(struct device *device, int index, struct option *ret)
{
	static const enum option_type types[] = {[SANE_TYPE_BOOL] = OPTION_BOOL,
	    [SANE_TYPE_INT] = OPTION_INT,
	    [SANE_TYPE_FIXED] = OPTION_FIXED,
	    [SANE_TYPE_STRING] = OPTION_STRING,
	    [SANE_TYPE_BUTTON] = OPTION_OTHER,
	    [SANE_TYPE_GROUP] = OPTION_OTHER};
	const SANE_Option_Descriptor *d = sane_get_option_descriptor(device->handle, index);
	struct option o = {.index = index};

	if (d == NULL || !SANE_OPTION_IS_ACTIVE(d->cap) || d->name == NULL || d->name[0] == '\0' ||
	    (unsigned)d->type >= sizeof types / sizeof *types || d->size < 0)
		return -ENOENT;
	o.name = d->name;
	o.type = types[d->type];
	o.unit = d->unit == SANE_UNIT_MM      ? OPTION_MM
		 : d->unit == SANE_UNIT_PIXEL ? OPTION_PIXEL
		 : d->unit == SANE_UNIT_NONE  ? OPTION_NO_UNIT
					      : OPTION_OTHER_UNIT;
	if (o.type == OPTION_BOOL || o.type == OPTION_INT || o.type == OPTION_FIXED)
		o.words = (size_t)d->size / sizeof(SANE_Word);
	o.settable = SANE_OPTION_IS_SETTABLE(d->cap);
	o.readable = o.type != OPTION_OTHER && (d->cap & SANE_CAP_SOFT_DETECT) != 0;
	fill_constraint(d, &o);
	*ret = o;
	return 0;
}

int
device_option_find(struct device *device, const char *name, struct option *ret)
{
	int count = device_option_count(device);

	for (int i = 1; i < count; i++) {
		struct option o;

		if (device_option_at(device, i, &o) == 0 && strcmp(o.name, name) == 0) {
			*ret = o;
			return 0;
		}
	}
	return -ENOENT;
}

static size_t
option_size(struct device *device, const struct option *option)
{
	const SANE_Option_Descriptor *d = sane_get_option_descriptor(device->handle, option->index);

	return d == NULL || d->size < 0 ? 0 : (size_t)d->size;
}

static int
control(struct device *device, const struct option *option, SANE_Action action, void *value)
{
	SANE_Int info = 0; /* inexact settings show when the value is read back */
	int r =
	    from_status(sane_control_option(device->handle, option->index, action, value, &info));

	return r > 0 ? -EIO : r;
}

int
device_get_words(struct device *device, const struct option *option, int32_t **ret)
{
	_cleanup_(freep) int32_t *words = NULL;
	size_t size = option_size(device, option);
	int r;

	if (option->words == 0 || option->words > DEVICE_MAX_WORDS || !option->readable ||
	    size != option->words * sizeof(SANE_Word))
		return -EINVAL;
	words = calloc(option->words, sizeof *words);
	if (words == NULL)
		return -ENOMEM;
	r = control(device, option, SANE_ACTION_GET_VALUE, words);
	if (r == 0)
		*ret = TAKE_PTR(words);
	return r;
}

int
device_get_number(struct device *device, const struct option *option, double *ret)
{
	_cleanup_(freep) int32_t *words = NULL;
	int r;

	if (option->words != 1)
		return -EINVAL;
	r = device_get_words(device, option, &words);
	if (r == 0)
		*ret = option_number(option, words[0]);
	return r;
}

int
device_get_text(struct device *device, const struct option *option, char **ret)
{
	_cleanup_(freep) char *text = NULL;
	size_t size = option_size(device, option);
	int r;

	if (option->type != OPTION_STRING || !option->readable || size > DEVICE_MAX_TEXT)
		return -EINVAL;
	text = calloc(1, size + 1);
	if (text == NULL)
		return -ENOMEM;
	r = control(device, option, SANE_ACTION_GET_VALUE, text);
	if (r < 0)
		return r;
	make_utf8(text);
	*ret = TAKE_PTR(text);
	return r;
}

int
device_set_number(struct device *device, const struct option *option, double value)
{
	SANE_Word word;

	if (!option->settable || option->words != 1 || value < -32768 ||
	    value > (option->type == OPTION_FIXED ? 32767 : INT_MAX))
		return -EINVAL;
	word = option->type == OPTION_FIXED ? SANE_FIX(value) : (SANE_Word)value;
	return control(device, option, SANE_ACTION_SET_VALUE, &word);
}

int
device_set_text(struct device *device, const struct option *option, const char *value)
{
	_cleanup_(freep) char *copy = NULL;
	size_t size = option_size(device, option);

	if (!option->settable || option->type != OPTION_STRING || size > DEVICE_MAX_TEXT ||
	    strlen(value) >= size)
		return -EINVAL;
	copy = calloc(1, size + 1); /* a backend may write back what it took */
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, value, strlen(value));
	return control(device, option, SANE_ACTION_SET_VALUE, copy);
}

/* ---- frames ---- */

int
device_start(struct device *device)
{
	int r = from_status(sane_start(device->handle));

	return r > 0 ? -EIO : r;
}

int
device_frame_info(struct device *device, struct device_frame_info *ret)
{
	static const enum device_frame frames[] = {[SANE_FRAME_GRAY] = FRAME_GREY,
	    [SANE_FRAME_RGB] = FRAME_RGB,
	    [SANE_FRAME_RED] = FRAME_RED,
	    [SANE_FRAME_GREEN] = FRAME_GREEN,
	    [SANE_FRAME_BLUE] = FRAME_BLUE};
	SANE_Parameters p = {0};
	int r = from_status(sane_get_parameters(device->handle, &p));

	if (r != 0)
		return r < 0 ? r : -EIO;
	if (p.pixels_per_line <= 0 || p.bytes_per_line <= 0 || p.depth <= 0)
		return -EIO;
	*ret = (struct device_frame_info){
	    .frame = (unsigned)p.format < sizeof frames / sizeof *frames ? frames[p.format]
									 : FRAME_OTHER,
	    .last = p.last_frame,
	    .width = (uint32_t)p.pixels_per_line,
	    .bytes_per_line = (size_t)p.bytes_per_line,
	    .lines = p.lines > 0 ? (uint32_t)p.lines : 0,
	    .depth = (unsigned)p.depth};
	return 0;
}

int
device_read(struct device *device, void *data, size_t size, size_t *ret_size)
{
	SANE_Int length = 0;
	int r;

	if (size > INT_MAX)
		size = INT_MAX;
	r = from_status(sane_read(device->handle, data, (SANE_Int)size, &length));
	if (r != 0)
		return r;
	*ret_size = length > 0 ? (size_t)length : 0;
	return 0;
}

void
device_cancel(struct device *device)
{
	sane_cancel(device->handle);
}
