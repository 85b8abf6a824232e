/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the fault file. Knows names and lifetimes of faults, not what they do. */
#include "fault.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct {
	const char *name;
	enum fault_kind kind;
	bool once;    /* for each writing of the file */
	bool newborn; /* not heeded when the process is younger than the file */
} kinds[] = {
    {"none", FAULT_NONE, false, false},
    {"empty", FAULT_EMPTY, false, false},
    {"cover_open", FAULT_COVER_OPEN, false, false},
    {"jam", FAULT_JAM, true, false},
    {"double_feed", FAULT_DOUBLE_FEED, true, false},
    {"slow", FAULT_SLOW, false, false},
    {"unknown_height", FAULT_UNKNOWN_HEIGHT, false, false},
    {"short_page", FAULT_SHORT_PAGE, true, false},
    {"vanish", FAULT_VANISH, false, false},
    {"io_error", FAULT_IO_ERROR, true, false},
    {"hang", FAULT_HANG, true, true},
    {"crash", FAULT_CRASH, true, true},
    {"restack", FAULT_RESTACK, true, false},
};

static struct timespec started;
static struct timespec done; /* time of writing of the file whose one-shot fault has happened */
static struct timespec seen;

void
fault_init(void)
{
	clock_gettime(CLOCK_REALTIME_COARSE, &started);
}

static bool
before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static unsigned
number_after(const char *text, const char *key, unsigned fallback)
{
	const char *p = strstr(text, key);

	return p == NULL ? fallback : (unsigned)strtoul(p + strlen(key), NULL, 10);
}

struct fault
fault_read(const char *directory)
{
	struct fault fault = {FAULT_NONE, 0, 20};
	char path[PATH_MAX], text[256] = "";
	struct stat st;
	int fd;

	snprintf(path, sizeof path, "%s/fault", directory);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault;
	if (fstat(fd, &st) < 0 || read(fd, text, sizeof text - 1) < 0)
		text[0] = '\0';
	close(fd);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t n = strlen(kinds[i].name);

		if (strncmp(text, kinds[i].name, n) != 0 || strchr(" \t\r\n", text[n]) == NULL)
			continue;
		if (kinds[i].once && !before(&done, &st.st_mtim))
			return fault;
		if (kinds[i].newborn && before(&st.st_mtim, &started))
			return fault;
		seen = st.st_mtim;
		fault.kind = kinds[i].kind;
		if (before(&done, &st.st_mtim)) /* one that lasts has begun for good */
			fault.after = number_after(text, "after=", 0);
		fault.ms = number_after(text, "ms=", 20);
	}
	return fault;
}

void
fault_done(const struct fault *fault)
{
	if (fault->kind != FAULT_NONE)
		done = seen;
}
