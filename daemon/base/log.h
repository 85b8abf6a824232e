/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Operational log: one line per call to standard error, with the journal's <N> level prefix and the
 * room's name. Rule 5: library code never logs; the handler that stops an error logs once. Lines
 * hold ids, operation names and errno texts; never names of people, recognised text, queries,
 * passwords or tokens (G6-52). The audit trail is something else: store/log.h.
 */
#ifndef FUMIKURA_LOG_H
#define FUMIKURA_LOG_H

/* Sets the name that starts every line. name must outlive the process. */
void log_open(const char *name);

/* Each takes a printf format. They never fail and never allocate; a line longer than 1000 bytes is
 * cut. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As log_error, followed by ": " and the text of the negative errno r. Returns r, so a handler can
 * `return log_errno(r, …)`. */
int log_errno(int r, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
