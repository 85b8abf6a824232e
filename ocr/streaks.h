/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A speck on the glass of a feeder draws a thin line over the whole sheet, along its way through
 * the scanner. Left alone it becomes a ruled line that cuts words apart.
 */
#ifndef FUMIKURA_OCR_STREAKS_H
#define FUMIKURA_OCR_STREAKS_H

struct Pix;

/*
 * Heals streaks of an 8-bit grey picture of some 300 dpi in place, before it is turned straight:
 * only there they are exactly upright (or lying, when the sheet was fed sideways and turned by the
 * driver). Pictures smaller than a sheet are left alone: ruled lines may reach their edges.
 * Count of streaks, or -ENOMEM.
 */
int streaks_heal(struct Pix *grey);

#endif
