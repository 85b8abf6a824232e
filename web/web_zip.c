/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a stored ZIP in memory. Knows nothing of where files come from. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "web/web_zip.h"

#define LOCAL_SIZE 30u
#define CENTRAL_SIZE 46u
#define END_SIZE 22u
#define UTF8_NAMES 0x0800u

struct writer {
	uint8_t *at;
};

static void
put(struct writer *w, uint32_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++, v >>= 8)
		*w->at++ = (uint8_t)v;
}

static void
put_bytes(struct writer *w, const void *data, size_t n)
{
	if (n > 0)
		memcpy(w->at, data, n);
	w->at += n;
}

static void
make_table(uint32_t table[256])
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int k = 0; k < 8; k++)
			c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
		table[i] = c;
	}
}

static uint32_t
crc32_of(const uint32_t table[256], const uint8_t *data, size_t n)
{
	uint32_t c = 0xffffffffu;

	for (size_t i = 0; i < n; i++)
		c = table[(c ^ data[i]) & 0xff] ^ (c >> 8);
	return c ^ 0xffffffffu;
}

static bool
name_good(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > 200 || *name == '/' || strstr(name, "..") != NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)name[i] < 0x20 || name[i] == '\\' || name[i] == 0x7f)
			return false;
	}
	return true;
}

/* The members that local and central headers share: version … extra length. */
static void
put_common(struct writer *w, const struct web_zip_file *f, uint32_t dos, uint32_t crc)
{
	put(w, 20, 2);
	put(w, UTF8_NAMES, 2);
	put(w, 0, 2); /* stored */
	put(w, dos, 4);
	put(w, crc, 4);
	put(w, (uint32_t)f->size, 4);
	put(w, (uint32_t)f->size, 4);
	put(w, (uint32_t)strlen(f->name), 2);
	put(w, 0, 2);
}

static uint32_t
dos_time(uint64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm t;

	if (gmtime_r(&seconds, &t) == NULL || t.tm_year < 80 || t.tm_year > 207)
		return (1u << 21) | (1u << 16); /* 1980-01-01, the format's zero */
	return ((uint32_t)(t.tm_year - 80) << 25) | ((uint32_t)(t.tm_mon + 1) << 21) |
	       ((uint32_t)t.tm_mday << 16) | ((uint32_t)t.tm_hour << 11) |
	       ((uint32_t)t.tm_min << 5) | ((uint32_t)t.tm_sec / 2);
}

static int
total_size(const struct web_zip_file *files, size_t count, size_t *ret)
{
	size_t size = END_SIZE;

	if (count > WEB_ZIP_FILES)
		return -E2BIG;
	for (size_t i = 0; i < count; i++) {
		if (!name_good(files[i].name))
			return -EINVAL;
		if (files[i].size > WEB_ZIP_MAX)
			return -E2BIG;
		size += LOCAL_SIZE + CENTRAL_SIZE + 2 * strlen(files[i].name) + files[i].size;
	}
	*ret = size;
	return size > WEB_ZIP_MAX ? -E2BIG : 0;
}

static void
put_central(
    struct writer *w, const struct web_zip_file *f, uint32_t dos, uint32_t crc, uint32_t offset)
{
	put(w, 0x02014b50, 4);
	put(w, 20, 2);
	put_common(w, f, dos, crc);
	put(w, 0, 2 + 2); /* comment, disk */
	put(w, 0, 2);     /* internal attributes */
	put(w, 0, 4);     /* external attributes */
	put(w, offset, 4);
	put_bytes(w, f->name, strlen(f->name));
}

int
web_zip(const struct web_zip_file *files, size_t count, uint64_t ms, uint8_t **ret_data,
    size_t *ret_size)
{
	uint32_t table[256], crc[WEB_ZIP_FILES], offset[WEB_ZIP_FILES], central, dos = dos_time(ms);
	struct writer w;
	uint8_t *data;
	size_t size;
	int r = total_size(files, count, &size);

	if (r < 0)
		return r;
	data = w.at = malloc(size);
	if (data == NULL)
		return -ENOMEM;
	make_table(table);
	for (size_t i = 0; i < count; i++) {
		crc[i] = crc32_of(table, files[i].data, files[i].size);
		offset[i] = (uint32_t)(w.at - data);
		put(&w, 0x04034b50, 4);
		put_common(&w, &files[i], dos, crc[i]);
		put_bytes(&w, files[i].name, strlen(files[i].name));
		put_bytes(&w, files[i].data, files[i].size);
	}
	central = (uint32_t)(w.at - data);
	for (size_t i = 0; i < count; i++)
		put_central(&w, &files[i], dos, crc[i], offset[i]);
	offset[0] = (uint32_t)(w.at - data) - central;
	put(&w, 0x06054b50, 4);
	put(&w, 0, 4);
	put(&w, (uint32_t)count, 2);
	put(&w, (uint32_t)count, 2);
	put(&w, offset[0], 4);
	put(&w, central, 4);
	put(&w, 0, 2);
	*ret_data = data;
	*ret_size = size;
	return 0;
}
