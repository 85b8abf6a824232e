/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One side of one sheet: from the frames a device gives to rows for the press and the hash of the
 * raw pixels. Holds one read at a time (three-pass colour: the planes). Runs on the worker thread
 * and blocks with the device.
 */
#ifndef FUMIKURA_SCANNER_PAGE_H
#define FUMIKURA_SCANNER_PAGE_H

#include <stdatomic.h>

#include "scanner_device.h"
#include "scanner_press.h"
#include "sha256.h"
#include "text.h"

/* What the main thread sees of the worker inside a device call. */
struct scan_watch {
	atomic_bool cancel;             /* set by main: stop at the next chance */
	_Atomic uint64_t waiting_since; /* monotonic ms of the last byte or call; 0 while no device
					   call is under way */
};
uint64_t watch_clock_ms(void);
void watch_begin(struct scan_watch *watch); /* a device call starts, or gave something */
void watch_end(struct scan_watch *watch);

struct scan_page {
	struct page_format format;
	uint32_t height;
	char raw_sha256[SHA256_HEX_SIZE]; /* of every byte sane_read gave, padding and all frames
					     included */
	bool short_page; /* fewer rows than the device had announced, or a last row cut off */
};

/*
 * Reads the image whose first frame was started into a side of the press, which the caller ends or
 * drops. dpi as measured. Device errors as scanner_device.h has them; -EFBIG over the page limits;
 * -EOPNOTSUPP for a frame that is no page (infrared, 1-bit colour); DEVICE_CANCELLED when
 * watch->cancel was set; what press_rows() returns.
 */
int scan_page_read(struct device *device, struct scan_watch *watch, struct press *press,
    unsigned dpi_x, unsigned dpi_y, struct scan_page *ret);

#endif
