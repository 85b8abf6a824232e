/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Schema of the catalogue: migration i takes a database from user_version i to i + 1. */
#ifndef FUMIKURA_STORE_CATALOGUE_SCHEMA_H
#define FUMIKURA_STORE_CATALOGUE_SCHEMA_H

#define CATALOGUE_MIGRATIONS 5
#define CATALOGUE_INDEX_ANEW 4 /* the version that the last index of an older folding has */
extern const char *const catalogue_migrations[CATALOGUE_MIGRATIONS];

#endif
