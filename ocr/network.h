/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network as Tesseract's models of whole numbers ("fast") hold it, run forward: a line's pixels
 * in, for each step along the line a chance for each code out. The same sums as Tesseract makes,
 * several times as fast (MEASURED.md).
 *
 * One shape is known, that of all these models: 3 × 3 convolution, largest of 3 × 3, a recurrent
 * layer down each column, any number of recurrent layers along the line, one layer of chances:
 * [1,36,0,1 Ct3,3,16 Mp3,3 Lfys64 Lfx96 Lrx96 Lfx384 O1c1].
 */
#ifndef FUMIKURA_OCR_NETWORK_H
#define FUMIKURA_OCR_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

#define NETWORK_SHRINK 3             /* pixels of width to a step */
#define NETWORK_WIDTH_MAX (1u << 16) /* pixels of a line: 40 MB between the layers */

struct network;

/*
 * data: what follows the header of the outermost series in the component "lstm" of a model. The
 * bytes are not kept. -EBADMSG when they are damaged, -EOPNOTSUPP when the network has another
 * shape or this processor lacks what we run on, -ENOMEM. Caller owns ret.
 */
int network_new(const uint8_t *data, size_t size, struct network **ret);

/* Rows of pixels that a line must have. */
unsigned network_height(const struct network *n);
unsigned network_outputs(const struct network *n);

/*
 * pixels: rows of width pixels each, top first, −127 black to 127 white. What lies beyond the edge
 * is noise from the generator in seed (std::minstd_rand), as in training. ret: width /
 * NETWORK_SHRINK steps of network_outputs() chances, summing to 1. -EINVAL for no step or more than
 * NETWORK_WIDTH_MAX pixels, -ENOMEM.
 */
int network_run(
    const struct network *n, const int8_t *pixels, unsigned width, uint64_t seed, float *ret);

void network_free(struct network *n);
DEFINE_CLEANUP(struct network *, network_free)

#endif
