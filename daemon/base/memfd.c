/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealed memory files between rooms. Knows nothing about what they hold. */
#include "memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3; older kernels refuse it, then we do without */
#endif

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

int
memfd_new(const char *name)
{
	int fd;

	fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return fd < 0 ? -errno : fd;
}

int
memfd_seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, SEALS) < 0 ? -errno : 0;
}

static int
write_all(int fd, const uint8_t *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

int
memfd_new_sealed(const char *name, const void *data, size_t size)
{
	_cleanup_(closep) int fd = -1;
	int r;

	if (size > MEMFD_MAX)
		return -EFBIG;
	fd = memfd_new(name);
	if (fd < 0)
		return TAKE_FD(fd);
	r = write_all(fd, data, size);
	if (r < 0)
		return r;
	r = memfd_seal(fd);
	if (r < 0)
		return r;
	return TAKE_FD(fd);
}

int
memfd_view(int fd, size_t max, struct memview *ret)
{
	struct stat st;
	void *map;
	int seals;

	seals = fcntl(fd, F_GET_SEALS);
	if (seals < 0 || (seals & SEALS) != SEALS)
		return -EPERM;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size < 0 || (uint64_t)st.st_size > max)
		return -EFBIG;
	if (st.st_size == 0) {
		*ret = (struct memview){0};
		return 0;
	}
	/* Private: kernels before 6.7 refuse a shared mapping of a write-sealed file, even a
	 * read-only one. */
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return errno == EACCES ? -EPERM : -errno;
	*ret = (struct memview){.data = map, .size = (size_t)st.st_size};
	return 0;
}

void
memview_free(struct memview *view)
{
	if (view->data != NULL)
		munmap((void *)(uintptr_t)view->data, view->size);
	*view = (struct memview){0};
}
