/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text file that travels with exported evidence: how to check it with stock tools. */
#ifndef FUMIKURA_STORE_EXPORT_GUIDE_H
#define FUMIKURA_STORE_EXPORT_GUIDE_H

extern const char export_guide[];

#endif
