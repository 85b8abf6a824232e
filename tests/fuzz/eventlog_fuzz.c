/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Segments of the log whose outer seal is right and whose content is anything: what a faulty
 * writer, or one who knows the public keys, could leave. The first byte chooses: a growing segment
 * as a whole, bytes behind its header, the group inside a well-sealed frame, the text inside a
 * closed segment. Reading must end with events or a named damage.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/eventlog.h"
#include "store/eventlog_frame.h"
#include "store/io.h"
#include "store/secret.h"

#define OPEN_NAME "0000000000.open"
#define CLOSED_NAME "0000000000.age"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
	int data_dir, events;
	struct keys *keys;
	uint8_t *header;
	size_t header_size;
	bool ready;
} fuzz;

static void
need(bool condition)
{
	if (!condition)
		abort();
}

static void
prepare(void)
{
	char dir[] = "/dev/shm/fumikura-fuzz-XXXXXX", master[64];
	struct age_identity recovery;

	if (fuzz.ready)
		return;
	need(secret_init() == 0 && mkdtemp(dir) != NULL);
	fuzz.data_dir = open(dir, O_RDONLY | O_DIRECTORY);
	snprintf(master, sizeof(master), "%s/master", dir);
	need(keys_create(fuzz.data_dir, master, &recovery) == 0 &&
	     keys_open(fuzz.data_dir, master, &fuzz.keys) == 0 &&
	     eventlog_create(fuzz.data_dir, fuzz.keys, "fuzz.example") == 0);
	fuzz.events = openat(fuzz.data_dir, "log/events", O_RDONLY | O_DIRECTORY);
	need(io_read_file(fuzz.events, OPEN_NAME, 4096, &fuzz.header, &fuzz.header_size) == 0);
	fuzz.ready = true;
}

static void
put(const char *name, const void *head, size_t head_size, const void *data, size_t size)
{
	int fd = openat(fuzz.events, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	need(
	    fd >= 0 && io_write_all(fd, head, head_size) == 0 && io_write_all(fd, data, size) == 0);
	close(fd);
}

static void
sealed_frame(const uint8_t *data, size_t size)
{
	struct segment *segment;
	uint8_t *frame;
	size_t n;

	if (size < GROUP_HEAD)
		return;
	put(OPEN_NAME, fuzz.header, fuzz.header_size, "", 0);
	need(segment_open(fuzz.events, fuzz.keys, 0, true, &segment) == 0 &&
	     segment_seal(segment, data, size, &frame, &n) == 0 &&
	     io_write_all(segment->fd, frame, n) == 0);
	segment_free(segment);
	free(frame);
}

static void
closed_text(const uint8_t *data, size_t size)
{
	uint8_t *sealed;
	size_t n;

	need(keys_seal(fuzz.keys, data, size, &sealed, &n) == 0);
	unlinkat(fuzz.events, OPEN_NAME, 0);
	put(CLOSED_NAME, sealed, n, "", 0);
	free(sealed);
}

static int
count_event(void *ctx, const struct event_frame *event)
{
	need(event->json[event->size] == '\0');
	++*(uint64_t *)ctx;
	return 0;
}

static void
no_fault(void *ctx, const char *code, const char *where, const char *detail)
{
}

/* doctor and start-up agree on what is there. */
static void
read_all(void)
{
	struct eventlog *log;
	uint64_t checked = 0, opened = 0;
	int64_t n = eventlog_check(fuzz.data_dir, fuzz.keys, count_event, no_fault, &checked);

	need(n >= 0);
	if (eventlog_open(fuzz.data_dir, fuzz.keys, 0, count_event, &opened, NULL, &log) == 0) {
		need(opened == (uint64_t)n && eventlog_size(log) == opened);
		eventlog_free(log);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	prepare();
	unlinkat(fuzz.events, CLOSED_NAME, 0);
	if (data[0] % 4 == 0)
		put(OPEN_NAME, "", 0, data + 1, size - 1);
	else if (data[0] % 4 == 1)
		put(OPEN_NAME, fuzz.header, fuzz.header_size, data + 1, size - 1);
	else if (data[0] % 4 == 2)
		sealed_frame(data + 1, size - 1);
	else
		closed_text(data + 1, size - 1);
	read_all();
	return 0;
}
