/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stack of paper: the image files of a directory in byte order of their names. Draws coming
 * sheets on a thread of its own while the present one is read, and keeps what it drew (the same
 * sheet, fed again or copied, is drawn once), so that a benchmark measures who reads and not this
 * feeder. Kept sheets are memory files: they count for the machine, not for the process.
 */
#ifndef FEEDER_TRAY_H
#define FEEDER_TRAY_H

#include "paper.h"

/* The directory that holds the paper; once. */
void tray_init(const char *directory);
/* Looks what is there now. Returns the number of sheets. */
size_t tray_count(void);
/* A descriptor of the sheet at index, drawn (the caller closes it); -1 when the file cannot be
 * read. Starts drawing the next ones. */
int tray_sheet(size_t index, const struct paper_view *view);
/* Ends the thread and forgets all. */
void tray_exit(void);

#endif
