/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attempts at files, one function each; see probe.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe.h"

static int
try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int
in_dir(const char *dir, const char *name, int flags)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return try_open(path, flags);
}

static int
read_outside(const struct probe_world *w)
{
	return try_open(w->outside, O_RDONLY);
}

static int
read_passwords(const struct probe_world *w)
{
	return try_open("/etc/passwd", O_RDONLY);
}

static int
read_processes(const struct probe_world *w)
{
	return try_open("/proc/1/status", O_RDONLY);
}

static int
list_root(const struct probe_world *w)
{
	return try_open("/", O_RDONLY | O_DIRECTORY);
}

static int
read_data(const struct probe_world *w)
{
	return in_dir(w->data, "inside", O_RDONLY);
}

static int
read_key(const struct probe_world *w)
{
	return try_open(w->key, O_RDONLY);
}

static int
read_sane(const struct probe_world *w)
{
	return in_dir(w->sane, "inside", O_RDONLY);
}

static int
write_sane(const struct probe_world *w)
{
	return in_dir(w->sane, "inside", O_WRONLY);
}

static int
read_library(const struct probe_world *w)
{
	return try_open("/usr/lib", O_RDONLY | O_DIRECTORY);
}

static int
read_resolver(const struct probe_world *w)
{
	return try_open("/etc/hosts", O_RDONLY);
}

static int
read_fonts(const struct probe_world *w)
{
	return try_open("/usr/share/fonts", O_RDONLY | O_DIRECTORY);
}

static int
write_outside(const struct probe_world *w)
{
	return try_open(w->outside, O_WRONLY);
}

static int
truncate_outside(const struct probe_world *w)
{
	return probe_result(truncate(w->outside, 0));
}

static int
create_outside(const struct probe_world *w)
{
	return try_open(w->absent, O_WRONLY | O_CREAT);
}

static int
create_nameless(const struct probe_world *w)
{
	return try_open(w->dir, O_RDWR | O_TMPFILE);
}

static int
create_data(const struct probe_world *w)
{
	return in_dir(w->data, "new", O_WRONLY | O_CREAT);
}

static int
write_key(const struct probe_world *w)
{
	return try_open(w->key, O_WRONLY);
}

static int
carry_out_data(const struct probe_world *w)
{
	char from[256];

	snprintf(from, sizeof(from), "%s/inside", w->data);
	return probe_result(rename(from, w->absent));
}

static int
remove_outside(const struct probe_world *w)
{
	return probe_result(unlink(w->outside));
}

static int
make_directory(const struct probe_world *w)
{
	return probe_result(mkdir(w->absent, 0700));
}

static int
make_symlink_in_data(const struct probe_world *w)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/link", w->data);
	return probe_result(symlink(w->outside, path));
}

static int
make_device(const struct probe_world *w)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/device", w->data);
	return probe_result(mknod(path, S_IFCHR | 0600, 0x0103));
}

static int
open_up_outside(const struct probe_world *w)
{
	return probe_result(chmod(w->outside, 0666));
}

static int
change_root(const struct probe_world *w)
{
	return probe_result(chroot(w->dir));
}

const struct probe probe_files[] = {
    PROBE(read_outside),
    PROBE(read_passwords),
    PROBE(read_processes),
    PROBE(list_root),
    PROBE(read_data),
    PROBE(read_key),
    PROBE(read_sane),
    PROBE(write_sane),
    PROBE(read_library),
    PROBE(read_resolver),
    PROBE(read_fonts),
    PROBE(write_outside),
    PROBE(truncate_outside),
    PROBE(create_outside),
    PROBE(create_nameless),
    PROBE(create_data),
    PROBE(write_key),
    PROBE(carry_out_data),
    PROBE(open_up_outside),
    PROBE(make_directory),
    PROBE(make_symlink_in_data),
    PROBE(make_device),
    PROBE(change_root),
    PROBE(remove_outside),
    {0},
};
