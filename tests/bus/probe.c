/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the outcome of an attempt means; see probe.h. */
#include "probe.h"

#include <errno.h>

int
probe_result(long r)
{
	return r < 0 ? -errno : 0;
}

bool
probe_refused(int outcome)
{
	return outcome == -EPERM || outcome == -EACCES || outcome == -ENOSYS;
}
