/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a network (network.h) is made of, for the files that read it and run it. */
#ifndef FUMIKURA_OCR_NETWORK_LAYERS_H
#define FUMIKURA_OCR_NETWORK_LAYERS_H

#include <stdbool.h>

#include "ocr/network.h"
#include "ocr/network_kernels.h"

#define NETWORK_LAYERS 8 /* along the line, at most; all known models have three */

struct recurrent {
	struct weights w;
	unsigned x; /* of the inputs, what comes from the layer below */
	bool reversed;
};

struct network {
	const struct network_kernels *kernels;
	unsigned height, outputs, nlayers;
	struct weights features, chances;
	struct recurrent columns, along[NETWORK_LAYERS];
};

#endif
