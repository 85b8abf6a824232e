/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads and finds static pages. Knows nothing of HTTP but media types and entity tags. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"
#include "web/web_pages.h"

#define DEPTH_MAX 3

static const struct {
	const char *suffix, *type;
} kinds[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
};

struct web_pages {
	struct web_page pages[WEB_PAGES_MAX];
	size_t count, bytes;
};

int
web_etag(const void *data, size_t n, char out[WEB_ETAG_SIZE])
{
	uint8_t digest[32];

	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, data, n, digest) < 0)
		return -EIO;
	out[0] = '"';
	hex_encode(digest, sizeof digest, out + 1);
	memcpy(out + 65, "\"", 2);
	return 0;
}

static const char *
kind_of(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t k = strlen(kinds[i].suffix);

		if (n > k && strcmp(name + n - k, kinds[i].suffix) == 0)
			return kinds[i].type;
	}
	return NULL;
}

static int
read_whole(int dir, const char *name, size_t room, uint8_t **ret, size_t *ret_size)
{
	_cleanup_(closep) int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	_cleanup_(freep) uint8_t *data = NULL;
	struct stat st;
	size_t at = 0;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if ((size_t)st.st_size > room)
		return -E2BIG;
	data = malloc((size_t)st.st_size + 1);
	if (data == NULL)
		return -ENOMEM;
	while (at < (size_t)st.st_size) {
		ssize_t n = read(fd, data + at, (size_t)st.st_size - at);

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		at += (size_t)n;
	}
	*ret = TAKE_PTR(data);
	*ret_size = at;
	return 0;
}

static int
add_file(struct web_pages *p, int dir, const char *prefix, const char *name)
{
	struct web_page *page = &p->pages[p->count];
	int r;

	page->type = kind_of(name);
	if (page->type == NULL)
		return -EINVAL;
	if (p->count == WEB_PAGES_MAX)
		return -E2BIG;
	r = read_whole(dir, name, WEB_PAGES_BYTES - p->bytes, &page->data, &page->size);
	if (r < 0)
		return r;
	p->count++; /* from here web_pages_free() knows it */
	p->bytes += page->size;
	if (asprintf(&page->path, "%s/%s", prefix, name) < 0) {
		page->path = NULL;
		return -ENOMEM;
	}
	return web_etag(page->data, page->size, page->etag);
}

static void
closedirp(DIR **d)
{
	if (*d != NULL)
		closedir(*d);
}

/* Takes fd. */
static int
add_directory(struct web_pages *p, int fd, const char *prefix, unsigned depth)
{
	_cleanup_(closedirp) DIR *d = fdopendir(fd);
	struct dirent *e;
	struct stat st;
	int r = 0;

	if (d == NULL) {
		r = -errno;
		close(fd);
		return r;
	}
	while (r >= 0 && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		if (S_ISDIR(st.st_mode)) {
			_cleanup_(freep) char *below = NULL;
			int sub;

			if (depth == DEPTH_MAX || asprintf(&below, "%s/%s", prefix, e->d_name) < 0)
				return depth == DEPTH_MAX ? -E2BIG : -ENOMEM;
			sub = openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
			r = sub < 0 ? -errno : add_directory(p, sub, below, depth + 1);
		} else {
			r = add_file(p, dirfd(d), prefix, e->d_name);
		}
	}
	return r;
}

int
web_pages_load(const char *directory, struct web_pages **ret)
{
	_cleanup_(web_pages_freep) struct web_pages *p = calloc(1, sizeof *p);
	int fd, r;

	if (p == NULL)
		return -ENOMEM;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = add_directory(p, fd, "", 1);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(p);
	return 0;
}

const struct web_page *
web_pages_find(const struct web_pages *pages, const char *path)
{
	if (strcmp(path, "/") == 0)
		path = "/index.html";
	for (size_t i = 0; i < pages->count; i++) {
		if (strcmp(pages->pages[i].path, path) == 0)
			return &pages->pages[i];
	}
	return NULL;
}

size_t
web_pages_count(const struct web_pages *pages)
{
	return pages->count;
}

void
web_pages_free(struct web_pages *pages)
{
	if (pages == NULL)
		return;
	for (size_t i = 0; i < pages->count; i++) {
		free(pages->pages[i].path);
		free(pages->pages[i].data);
	}
	free(pages);
}
