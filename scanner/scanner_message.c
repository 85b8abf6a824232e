/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and writes bus messages: arguments are checked before anything is done with them. */
#include <errno.h>
#include <string.h>

#include "scanner_message.h"

#define MIN_DPI 50u
#define MAX_DPI 2400u
#define MAX_SHEETS 10000u /* more than any feeder holds */

static bool
is_one_of(const char *value, const char *const *choices)
{
	for (; *choices != NULL; choices++)
		if (strcmp(value, *choices) == 0)
			return true;
	return false;
}

static bool
copy_text(const char *from, char *to, size_t size)
{
	size_t n = strlen(from);

	if (n >= size)
		return false;
	memcpy(to, from, n + 1);
	return true;
}

int
message_read_scan(sd_bus_message *m, struct scan_request *ret, const char **ret_why)
{
	static const char *const modes[] = {"color", "grey", "lineart", NULL};
	static const char *const sources[] = {"", "feeder", "duplex", "flatbed", NULL};
	const char *job, *device, *mode, *source;
	struct scan_request q = {0};
	int r;

	r = sd_bus_message_read(m, "ssussu", &job, &device, &q.dpi, &mode, &source, &q.sheets);
	if (r < 0)
		return r;
	*ret_why = *job == '\0' || !copy_text(job, q.job, sizeof q.job) ? "job"
		   : !copy_text(device, q.device, sizeof q.device)      ? "device"
		   : q.dpi < MIN_DPI || q.dpi > MAX_DPI                 ? "dpi"
		   : !is_one_of(mode, modes)                            ? "mode"
		   : !is_one_of(source, sources)                        ? "source"
		   : q.sheets > MAX_SHEETS                              ? "sheets"
									: NULL;
	if (*ret_why != NULL)
		return -EINVAL;
	copy_text(mode, q.mode, sizeof q.mode);
	copy_text(source, q.source, sizeof q.source);
	*ret = q;
	return 0;
}

int
message_answer_devices(sd_bus_message *call, const struct device_list *list)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	int r = sd_bus_message_new_method_return(call, &m);

	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "(sssss)");
	/* feeders first: the first device is the default */
	for (int feeders = 1; feeders >= 0; feeders--)
		for (size_t i = 0; r >= 0 && i < list->count; i++) {
			const struct device_entry *e = &list->entries[i];

			if (setup_has_feeder(e->sources) == (feeders == 1))
				r = sd_bus_message_append(m, "(sssss)", e->name, e->vendor,
				    e->model, e->type, e->sources);
		}
	if (r >= 0)
		r = sd_bus_message_close_container(m);
	return r < 0 ? r : sd_bus_send(NULL, m, NULL);
}
