/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entering a row, in the order in which each step still permits the next: limits, capabilities,
 * no_new_privs, files, calls. Knows no executable by name; the rows are in sandbox_rows.c.
 */
#include "sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int
limit(int what, uint64_t value)
{
	struct rlimit now, set = {.rlim_cur = value, .rlim_max = value};

	if (getrlimit(what, &now) < 0)
		return -errno;
	/* Never upwards: an administrator's lower limit stands. */
	if (now.rlim_max != RLIM_INFINITY && now.rlim_max < set.rlim_max)
		set.rlim_cur = set.rlim_max = now.rlim_max;
	return setrlimit(what, &set) < 0 ? -errno : 0;
}

static uint64_t
memory_limit(const struct sandbox_row *row, const struct config *config)
{
	const char *dot;
	char section[64];

	if (row->memory_mb_key == NULL)
		return row->max_memory;
	dot = strchr(row->memory_mb_key, '.');
	memcpy(section, row->memory_mb_key, (size_t)(dot - row->memory_mb_key));
	section[dot - row->memory_mb_key] = '\0';
	return config_uint(config, section, dot + 1, 64, 65536) << 20;
}

static int
set_limits(const struct sandbox_row *row, const struct config *config)
{
	uint64_t memory = memory_limit(row, config);
	int r;

	/* A write past RLIMIT_FSIZE must be an error to report, not a death without a word. */
	signal(SIGXFSZ, SIG_IGN);
	if ((r = limit(RLIMIT_CORE, 0)) < 0 || (r = limit(RLIMIT_FSIZE, row->max_file)) < 0 ||
	    (r = limit(RLIMIT_NOFILE, row->max_files)) < 0)
		return r;
	if (row->max_cpu_s != 0 && (r = limit(RLIMIT_CPU, row->max_cpu_s)) < 0)
		return r;
#ifndef __SANITIZE_ADDRESS__ /* the sanitizer reserves terabytes of addresses */
	if (memory != 0 && (r = limit(RLIMIT_AS, memory)) < 0)
		return r;
#else
	(void)memory;
#endif
	return 0;
}

static int
drop_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {0};

	/* Without CAP_SETPCAP the bounding set cannot be narrowed, nor does it matter: no_new_privs
	 * follows. */
	for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 && errno != EPERM)
			return -errno;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && errno != EINVAL)
		return -errno;
	if (syscall(SYS_capset, &head, none) < 0)
		return -errno;
	return 0;
}

static unsigned
row_calls(const struct sandbox_row *row, const struct config *config)
{
	const char *dot;
	char section[64];

	if (row->if_key == NULL)
		return row->calls;
	dot = strchr(row->if_key, '.');
	memcpy(section, row->if_key, (size_t)(dot - row->if_key));
	section[dot - row->if_key] = '\0';
	return row->calls | (config_bool(config, section, dot + 1) ? row->if_calls : 0);
}

int
sandbox_enter_row(const struct sandbox_row *row, const struct config *config)
{
	unsigned calls = row_calls(row, config);
	int r;

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return -errno;
	r = set_limits(row, config);
	if (r < 0)
		return r;
	r = drop_capabilities();
	if (r < 0)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	r = sandbox_files(row, calls, config);
	if (r < 0)
		return r;
	return sandbox_filter(calls);
}

int
sandbox_enter(const char *name, const struct config *config)
{
	for (const struct sandbox_row *row = sandbox_rows; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return sandbox_enter_row(row, config);
	return -ENOENT;
}
