/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps sheets ready. Knows files and time; neither SANE nor faults. */
#include "tray.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SHEETS 20000
#define MAX_KEPT 60                         /* descriptors, below the room's limit */
#define MAX_KEPT_BYTES ((size_t)1536 << 20) /* of memory */
#define MAX_FILE ((size_t)256 << 20)
#define AHEAD 2 /* sheets drawn before they are asked for */

struct kept {
	uint64_t content; /* hash of the file's bytes */
	struct paper_view view;
	int fd;
	size_t size;
	uint64_t used; /* by age: the oldest goes first */
};

static char directory[PATH_MAX];
static char *names[MAX_SHEETS];
static size_t count;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_t thread;
static bool running, quit;
static struct kept kept[MAX_KEPT];
static uint64_t clock_used;
static size_t ahead_from, ahead_to; /* still to draw, by index */
static struct paper_view ahead_view;

void
tray_init(const char *path)
{
	snprintf(directory, sizeof directory, "%s", path);
}

/* ---- the directory ---- */

static bool
is_paper(const char *name)
{
	static const char *const ends[] = {".png", ".jpg", ".jpeg", ".tif", ".tiff"};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && *name != '.' && i < sizeof ends / sizeof *ends; i++)
		if (strcasecmp(dot, ends[i]) == 0)
			return true;
	return false;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
forget_names(void)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	count = 0;
}

size_t
tray_count(void)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	size_t n;

	pthread_mutex_lock(&lock);
	forget_names();
	while (dir != NULL && count < MAX_SHEETS && (entry = readdir(dir)) != NULL)
		if (is_paper(entry->d_name) && (names[count] = strdup(entry->d_name)) != NULL)
			count++;
	qsort(names, count, sizeof *names, by_bytes);
	n = count;
	pthread_mutex_unlock(&lock);
	if (dir != NULL)
		closedir(dir);
	return n;
}

/* ---- files ---- */

static bool
path_of(size_t index, char path[PATH_MAX])
{
	bool there;

	pthread_mutex_lock(&lock);
	there = index < count;
	if (there && snprintf(path, PATH_MAX, "%s/%s", directory, names[index]) >= PATH_MAX)
		there = false;
	pthread_mutex_unlock(&lock);
	return there;
}

/* Caller frees. */
static uint8_t *
read_file(const char *path, size_t *ret_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *data = NULL;
	struct stat st;
	size_t done = 0;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && st.st_size > 0 && (size_t)st.st_size <= MAX_FILE)
		data = malloc((size_t)st.st_size);
	while (data != NULL && done < (size_t)st.st_size) {
		ssize_t n = read(fd, data + done, (size_t)st.st_size - done);

		if (n <= 0) {
			free(data);
			data = NULL;
		} else {
			done += (size_t)n;
		}
	}
	close(fd);
	*ret_size = done;
	return data;
}

/* Tells sheets apart; nothing depends on it being hard to fool. */
static uint64_t
content_of(const uint8_t *data, size_t size)
{
	uint64_t h = 0x9e3779b97f4a7c15u ^ size, word;
	size_t i = 0;

	for (; i + 8 <= size; i += 8) {
		memcpy(&word, data + i, 8);
		h = (h ^ word) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	for (; i < size; i++)
		h = (h ^ data[i]) * 0x100000001b3u;
	return h;
}

/* ---- kept sheets; all under lock ---- */

static bool
same_view(const struct paper_view *a, const struct paper_view *b)
{
	return a->mode == b->mode && a->dpi == b->dpi && a->x == b->x && a->y == b->y &&
	       a->width == b->width && a->height == b->height;
}

static int
find_kept(uint64_t content, const struct paper_view *view)
{
	for (size_t i = 0; i < MAX_KEPT; i++)
		if (kept[i].size > 0 && kept[i].content == content &&
		    same_view(&kept[i].view, view)) {
			kept[i].used = ++clock_used;
			return fcntl(kept[i].fd, F_DUPFD_CLOEXEC, 3);
		}
	return -1;
}

static void
drop(struct kept *k)
{
	if (k->size > 0)
		close(k->fd);
	memset(k, 0, sizeof *k);
}

/* A free place, after throwing out the oldest as long as there is too much. */
static struct kept *
make_place(size_t size)
{
	for (;;) {
		struct kept *oldest = NULL, *free_place = NULL;
		size_t total = size;

		for (size_t i = 0; i < MAX_KEPT; i++) {
			total += kept[i].size;
			if (kept[i].size == 0)
				free_place = &kept[i];
			else if (oldest == NULL || kept[i].used < oldest->used)
				oldest = &kept[i];
		}
		if (free_place != NULL && (total <= MAX_KEPT_BYTES || oldest == NULL))
			return free_place;
		drop(oldest);
	}
}

static void
keep(uint64_t content, const struct paper_view *view, int fd)
{
	size_t size = paper_lines(view) * paper_line_bytes(view);
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (copy < 0)
		return;
	*make_place(size) = (struct kept){
	    .content = content, .view = *view, .fd = copy, .size = size, .used = ++clock_used};
}

/* ---- drawing ---- */

/* From what is kept, or drawn now; -1 when the file is no picture. */
static int
draw_sheet(size_t index, const struct paper_view *view)
{
	char path[PATH_MAX];
	uint8_t *data;
	uint64_t content;
	size_t size = 0;
	int fd;

	if (!path_of(index, path))
		return -1;
	data = read_file(path, &size);
	if (data == NULL)
		return -1;
	content = content_of(data, size);
	pthread_mutex_lock(&lock);
	fd = find_kept(content, view);
	pthread_mutex_unlock(&lock);
	if (fd < 0) {
		fd = paper_draw(data, size, view);
		pthread_mutex_lock(&lock);
		if (fd >= 0)
			keep(content, view, fd);
		pthread_mutex_unlock(&lock);
	}
	free(data);
	return fd;
}

static void *
draw_ahead(void *unused)
{
	pthread_mutex_lock(&lock);
	while (!quit) {
		struct paper_view view = ahead_view;
		size_t index;
		int fd;

		if (ahead_from >= ahead_to || ahead_from >= count) {
			pthread_cond_wait(&wake, &lock);
			continue;
		}
		index = ahead_from++;
		pthread_mutex_unlock(&lock);
		fd = draw_sheet(index, &view);
		if (fd >= 0)
			close(fd);
		pthread_mutex_lock(&lock);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
tray_sheet(size_t index, const struct paper_view *view)
{
	int fd = draw_sheet(index, view);

	pthread_mutex_lock(&lock);
	if (!running)
		running = pthread_create(&thread, NULL, draw_ahead, NULL) == 0;
	if (ahead_to <= index || ahead_to > index + 1 + AHEAD || !same_view(&ahead_view, view))
		ahead_from = index + 1;
	else if (ahead_from <= index)
		ahead_from = index + 1;
	ahead_to = index + 1 + AHEAD;
	ahead_view = *view;
	pthread_cond_signal(&wake);
	pthread_mutex_unlock(&lock);
	return fd;
}

void
tray_exit(void)
{
	pthread_mutex_lock(&lock);
	quit = true;
	pthread_cond_signal(&wake);
	pthread_mutex_unlock(&lock);
	if (running)
		pthread_join(thread, NULL);
	running = quit = false;
	for (size_t i = 0; i < MAX_KEPT; i++)
		drop(&kept[i]);
	forget_names();
}
