/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A virtual paper feeder as an ordinary SANE backend: SANE's dll backend loads it when dll.conf in
 * SANE_CONFIG_DIR says `fumikura`, and its own fumikura.conf there says `pages DIRECTORY` and
 * `control DIRECTORY`. One device, with feeder, duplex feeder and glass.
 *
 * The tray remembers its place between scans. When the end of the stack has been reported, the
 * stack is put back. A sheet that was not read to its end stays first in the tray. Sheets are
 * printed on one side: in duplex every back is blank. The glass shows the first sheet of all.
 */
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "options.h"
#include "paper.h"
#include "tray.h"

#define DEVICE_NAME "feeder"
#define SLOW_BYTES 32768 /* a slow device gives so much at once */

#define EXPORT __attribute__((visibility("default")))

struct scan {
	int fd; /* the drawn side, -1 when none is under way */
	size_t offset, total, fail_at;
	SANE_Parameters parameters;
	struct fault fault; /* as it was when the side began */
	bool here;          /* the fault strikes this side */
	bool back;          /* of the sheet */
};

static struct {
	char control[PATH_MAX];
	struct values values;
	struct scan scan;
	bool open;
	size_t position; /* of the sheet to be fed next */
	bool back_next;  /* its front was read already */
	unsigned sheets; /* fed since the device was opened */
	atomic_bool cancelled;
} feeder = {.scan.fd = -1};

/* ---- configuration ---- */

static void
take_line(char *line, const char *key, void (*set)(const char *))
{
	size_t n = strlen(key);

	line[strcspn(line, "\r\n")] = '\0';
	if (strncmp(line, key, n) == 0 && line[n] == ' ')
		set(line + n + 1);
}

static void
set_control(const char *path)
{
	snprintf(feeder.control, sizeof feeder.control, "%s", path);
}

static void
read_conf(void)
{
	const char *dirs = getenv("SANE_CONFIG_DIR");
	char path[PATH_MAX + 32], line[PATH_MAX];
	FILE *file;

	if (dirs == NULL)
		return;
	snprintf(path, sizeof path, "%.*s/fumikura.conf", (int)strcspn(dirs, ":") % PATH_MAX, dirs);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		take_line(line, "pages", tray_init);
		take_line(line, "control", set_control);
	}
	if (file != NULL)
		fclose(file);
}

/* ---- sensors ---- */

static bool
vanished(const struct fault *fault)
{
	return fault->kind == FAULT_VANISH && feeder.sheets >= fault->after;
}

static struct fault
look(void)
{
	struct fault fault = fault_read(feeder.control);
	struct values *v = &feeder.values;

	if (fault.kind == FAULT_RESTACK) {
		feeder.position = 0;
		feeder.back_next = false;
		fault_done(&fault);
	}
	v->cover_open = fault.kind == FAULT_COVER_OPEN && feeder.sheets >= fault.after;
	if (v->cover_open || vanished(&fault))
		fault_done(&fault);
	v->page_loaded = fault.kind != FAULT_EMPTY && feeder.position < tray_count();
	return fault;
}

/* ---- the SANE calls ---- */

EXPORT SANE_Status sane_fumikura_init(SANE_Int *version, SANE_Auth_Callback authorize);
EXPORT void sane_fumikura_exit(void);
EXPORT SANE_Status sane_fumikura_get_devices(const SANE_Device ***list, SANE_Bool local);
EXPORT SANE_Status sane_fumikura_open(SANE_String_Const name, SANE_Handle *handle);
EXPORT void sane_fumikura_close(SANE_Handle handle);
EXPORT const SANE_Option_Descriptor *sane_fumikura_get_option_descriptor(
    SANE_Handle handle, SANE_Int option);
EXPORT SANE_Status sane_fumikura_control_option(
    SANE_Handle handle, SANE_Int option, SANE_Action action, void *value, SANE_Int *info);
EXPORT SANE_Status sane_fumikura_get_parameters(SANE_Handle handle, SANE_Parameters *parameters);
EXPORT SANE_Status sane_fumikura_start(SANE_Handle handle);
EXPORT SANE_Status sane_fumikura_read(
    SANE_Handle handle, SANE_Byte *data, SANE_Int max, SANE_Int *length);
EXPORT void sane_fumikura_cancel(SANE_Handle handle);
EXPORT SANE_Status sane_fumikura_set_io_mode(SANE_Handle handle, SANE_Bool non_blocking);
EXPORT SANE_Status sane_fumikura_get_select_fd(SANE_Handle handle, SANE_Int *fd);

SANE_Status
sane_fumikura_init(SANE_Int *version, SANE_Auth_Callback authorize)
{
	if (version != NULL)
		*version = SANE_VERSION_CODE(SANE_CURRENT_MAJOR, 0, 1);
	fault_init();
	read_conf();
	options_defaults(&feeder.values);
	return SANE_STATUS_GOOD;
}

void
sane_fumikura_exit(void)
{
	sane_fumikura_close(NULL);
	tray_exit();
}

SANE_Status
sane_fumikura_get_devices(const SANE_Device ***list, SANE_Bool local)
{
	static const SANE_Device device = {
	    DEVICE_NAME, "Fumikura", "Virtual feeder", "virtual device"};
	static const SANE_Device *one[] = {&device, NULL}, *none[] = {NULL};
	struct fault fault = look();

	*list = vanished(&fault) ? none : one;
	return SANE_STATUS_GOOD;
}

SANE_Status
sane_fumikura_open(SANE_String_Const name, SANE_Handle *handle)
{
	struct fault fault = look();

	if ((*name != '\0' && strcmp(name, DEVICE_NAME) != 0) || vanished(&fault))
		return SANE_STATUS_INVAL;
	if (feeder.open)
		return SANE_STATUS_DEVICE_BUSY;
	feeder.open = true;
	feeder.sheets = 0;
	feeder.values.double_feed = SANE_FALSE;
	options_defaults(&feeder.values);
	*handle = &feeder;
	return SANE_STATUS_GOOD;
}

static void
drop_side(void)
{
	if (feeder.scan.fd >= 0)
		close(feeder.scan.fd);
	feeder.scan.fd = -1;
}

void
sane_fumikura_close(SANE_Handle handle)
{
	drop_side();
	feeder.open = false;
	feeder.sheets = 0;
}

const SANE_Option_Descriptor *
sane_fumikura_get_option_descriptor(SANE_Handle handle, SANE_Int option)
{
	return options_descriptor(option);
}

SANE_Status
sane_fumikura_control_option(
    SANE_Handle handle, SANE_Int option, SANE_Action action, void *value, SANE_Int *info)
{
	SANE_Int what = 0;
	SANE_Status status;

	if (action == SANE_ACTION_GET_VALUE) {
		if (option >= OPT_BUTTON_SCAN && feeder.scan.fd < 0)
			look();
		return options_get(&feeder.values, option, value);
	}
	if (action != SANE_ACTION_SET_VALUE || feeder.scan.fd >= 0)
		return SANE_STATUS_INVAL;
	status = options_set(&feeder.values, option, value, &what);
	if (info != NULL)
		*info = what;
	return status;
}

static struct paper_view
view_now(void)
{
	const struct values *v = &feeder.values;

	return (struct paper_view){.mode = (enum paper_mode)v->mode,
	    .dpi = v->resolution,
	    .x = SANE_UNFIX(v->tl_x),
	    .y = SANE_UNFIX(v->tl_y),
	    .width = SANE_UNFIX(v->br_x) - SANE_UNFIX(v->tl_x),
	    .height = SANE_UNFIX(v->br_y) - SANE_UNFIX(v->tl_y)};
}

static SANE_Parameters
parameters_now(bool unknown_height)
{
	struct paper_view view = view_now();
	SANE_Parameters p = {.last_frame = SANE_TRUE};

	p.format = view.mode == PAPER_COLOR ? SANE_FRAME_RGB : SANE_FRAME_GRAY;
	p.depth = view.mode == PAPER_LINEART ? 1 : 8;
	p.pixels_per_line = (SANE_Int)paper_columns(&view);
	p.bytes_per_line = (SANE_Int)paper_line_bytes(&view);
	p.lines = unknown_height ? -1 : (SANE_Int)paper_lines(&view);
	return p;
}

SANE_Status
sane_fumikura_get_parameters(SANE_Handle handle, SANE_Parameters *parameters)
{
	*parameters = feeder.scan.fd >= 0 ? feeder.scan.parameters
					  : parameters_now(feeder.values.unknown_height);
	return SANE_STATUS_GOOD;
}

/* ---- feeding ---- */

/* What keeps a sheet from being drawn in at all. */
static SANE_Status
check_tray(const struct fault *fault, size_t stack)
{
	if (vanished(fault))
		return SANE_STATUS_IO_ERROR;
	if (feeder.values.cover_open)
		return SANE_STATUS_COVER_OPEN;
	if (feeder.values.source == FROM_FLATBED)
		return SANE_STATUS_GOOD;
	if (fault->kind == FAULT_EMPTY)
		return SANE_STATUS_NO_DOCS;
	if (feeder.position >= stack) {
		feeder.position = 0;
		return SANE_STATUS_NO_DOCS;
	}
	return SANE_STATUS_GOOD;
}

/* Sets how far the side under way will get. */
static void
aim(struct scan *scan, const struct fault *fault)
{
	struct paper_view view = view_now();
	size_t line = paper_line_bytes(&view), lines = paper_lines(&view);

	scan->fault = *fault;
	scan->offset = 0;
	scan->total = line * lines;
	scan->fail_at = line * (lines / 2);
	scan->here = feeder.sheets == fault->after || fault->kind == FAULT_SLOW;
	scan->parameters =
	    parameters_now(feeder.values.unknown_height || fault->kind == FAULT_UNKNOWN_HEIGHT);
}

SANE_Status
sane_fumikura_start(SANE_Handle handle)
{
	struct fault fault = look();
	struct paper_view view = view_now();
	struct scan *scan = &feeder.scan;
	size_t stack = tray_count();
	bool glass = feeder.values.source == FROM_FLATBED;
	SANE_Status status;

	drop_side();
	atomic_store(&feeder.cancelled, false);
	if (view.width <= 0 || view.height <= 0)
		return SANE_STATUS_INVAL;
	status = check_tray(&fault, stack);
	if (status != SANE_STATUS_GOOD)
		return status;
	feeder.values.double_feed = SANE_FALSE;
	scan->back = feeder.values.source == FROM_ADF_DUPLEX && feeder.back_next;
	aim(scan, &fault);
	scan->fd = scan->back || (glass && stack == 0)
		       ? paper_draw(NULL, 0, &view)
		       : tray_sheet(glass ? 0 : feeder.position, &view);
	return scan->fd < 0 ? SANE_STATUS_IO_ERROR : SANE_STATUS_GOOD;
}

/* ---- reading ---- */

static SANE_Status
strike(const struct fault *fault)
{
	switch (fault->kind) {
	case FAULT_DOUBLE_FEED:
		feeder.values.double_feed = SANE_TRUE;
		/* fall through */
	case FAULT_JAM:
		fault_done(fault);
		return SANE_STATUS_JAMMED;
	case FAULT_VANISH:
	case FAULT_IO_ERROR:
		fault_done(fault);
		return SANE_STATUS_IO_ERROR;
	case FAULT_HANG:
		for (;;)
			poll(NULL, 0, 1000);
	case FAULT_CRASH:
		abort();
	case FAULT_SHORT_PAGE:
		fault_done(fault);
		return SANE_STATUS_EOF;
	default:
		return SANE_STATUS_GOOD;
	}
}

/* The side is through: the sheet leaves the tray with its last side. */
static void
side_done(void)
{
	drop_side();
	if (feeder.values.source == FROM_FLATBED)
		return;
	if (feeder.values.source == FROM_ADF_DUPLEX && !feeder.scan.back) {
		feeder.back_next = true;
		return;
	}
	feeder.back_next = false;
	feeder.position++;
	feeder.sheets++;
}

static SANE_Status
fail_or_end(struct scan *scan)
{
	SANE_Status status = SANE_STATUS_GOOD;

	if (scan->here && scan->offset >= scan->fail_at)
		status = strike(&scan->fault);
	if (status == SANE_STATUS_GOOD && scan->offset >= scan->total)
		status = SANE_STATUS_EOF;
	if (status == SANE_STATUS_EOF)
		side_done();
	else if (status != SANE_STATUS_GOOD)
		drop_side();
	return status;
}

SANE_Status
sane_fumikura_read(SANE_Handle handle, SANE_Byte *data, SANE_Int max, SANE_Int *length)
{
	struct scan *scan = &feeder.scan;
	size_t size = (size_t)max, end = scan->total;
	SANE_Status status;
	ssize_t n;

	*length = 0;
	if (scan->fd < 0)
		return atomic_load(&feeder.cancelled) ? SANE_STATUS_CANCELLED : SANE_STATUS_INVAL;
	if (atomic_load(&feeder.cancelled)) {
		drop_side();
		return SANE_STATUS_CANCELLED;
	}
	status = fail_or_end(scan);
	if (status != SANE_STATUS_GOOD)
		return status;
	if (scan->here && scan->offset < scan->fail_at)
		end = scan->fail_at;
	if (scan->fault.kind == FAULT_SLOW) {
		poll(NULL, 0, (int)scan->fault.ms);
		size = size > SLOW_BYTES ? SLOW_BYTES : size;
	}
	if (size > end - scan->offset)
		size = end - scan->offset;
	n = pread(scan->fd, data, size, (off_t)scan->offset);
	if (n <= 0)
		return SANE_STATUS_IO_ERROR;
	scan->offset += (size_t)n;
	*length = (SANE_Int)n;
	return SANE_STATUS_GOOD;
}

/* May come from another thread, in the middle of a read: that one cleans up. */
void
sane_fumikura_cancel(SANE_Handle handle)
{
	atomic_store(&feeder.cancelled, true);
}

SANE_Status
sane_fumikura_set_io_mode(SANE_Handle handle, SANE_Bool non_blocking)
{
	return non_blocking ? SANE_STATUS_UNSUPPORTED : SANE_STATUS_GOOD;
}

SANE_Status
sane_fumikura_get_select_fd(SANE_Handle handle, SANE_Int *fd)
{
	return SANE_STATUS_UNSUPPORTED;
}
