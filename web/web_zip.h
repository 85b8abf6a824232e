/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several files as one download: a ZIP archive without compression (PKWARE APPNOTE 6.3.2, UTF-8
 * names by bit 11). What is inside stays byte for byte, so digests and signatures hold.
 */
#ifndef FUMIKURA_WEB_ZIP_H
#define FUMIKURA_WEB_ZIP_H

#include <stddef.h>
#include <stdint.h>

#define WEB_ZIP_FILES 64 /* as many as one bus message carries */
#define WEB_ZIP_MAX                                                                                \
	((size_t)512 << 20) /* bytes of one download, held in memory while it is sent              \
			     */

struct web_zip_file {
	const char *name; /* relative, UTF-8 */
	const uint8_t *data;
	size_t size;
};

/*
 * Composes the archive. ms: time of all entries, since 1970 UTC. ret_data: caller frees. -E2BIG
 * over the limits above, -EINVAL for a name that is empty, absolute, longer than 200 bytes, or has
 * "..", '\\' or a control in it.
 */
int web_zip(const struct web_zip_file *files, size_t count, uint64_t ms, uint8_t **ret_data,
    size_t *ret_size);

#endif
