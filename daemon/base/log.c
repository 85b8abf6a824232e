/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Operational log on standard error. One write(2) per line, so that lines of several rooms that
 * share a terminal or a journal stream do not mix. Knows nothing about what the lines mean.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOG_LINE_MAX                                                                               \
	1000 /* bytes, so that one line stays one atomic pipe write (PIPE_BUF is 4096) */

static const char *log_name = "fumikura"; /* set once, before any thread exists */

void
log_open(const char *name)
{
	log_name = name;
}

/* Control characters could forge further lines or steer a terminal. */
static void
flatten(char *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
}

static void
emit(int level, int error, const char *format, va_list ap)
{
	char line[LOG_LINE_MAX + 1], text[128];
	int head, n, saved = errno;

	head = snprintf(line, sizeof(line), "<%d>%s: ", level, log_name);
	n = head + vsnprintf(line + head, sizeof(line) - (size_t)head, format, ap);
	if (n > LOG_LINE_MAX - 1)
		n = LOG_LINE_MAX - 1;
	if (error != 0 && n < LOG_LINE_MAX - 1) {
		const char *why = strerror_r(error, text, sizeof(text));

		n += snprintf(line + n, sizeof(line) - (size_t)n, ": %s", why);
		if (n > LOG_LINE_MAX - 1)
			n = LOG_LINE_MAX - 1;
	}
	flatten(line, (size_t)n);
	line[n++] = '\n';
	while (write(STDERR_FILENO, line, (size_t)n) < 0 && errno == EINTR)
		;
	errno = saved;
}

void
log_error(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	emit(3, 0, format, ap);
	va_end(ap);
}

void
log_warn(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	emit(4, 0, format, ap);
	va_end(ap);
}

void
log_info(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	emit(6, 0, format, ap);
	va_end(ap);
}

int
log_errno(int r, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	emit(3, r < 0 ? -r : r, format, ap);
	va_end(ap);
	return r;
}
