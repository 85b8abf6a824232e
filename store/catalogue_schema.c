/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The migrations as they stand in store/migrations/, embedded by the assembler: the box has no SQL
 * files lying about. */
#include "catalogue_schema.h"

#define EMBED(symbol, path)                                                                        \
	__asm__(".section .rodata\n"                                                               \
		".balign 1\n"                                                                      \
		".global " #symbol "\n" #symbol ":\n"                                              \
		".incbin \"" path "\"\n"                                                           \
		".byte 0\n"                                                                        \
		".previous\n");                                                                    \
	extern const char symbol[] __attribute__((visibility("hidden")))

EMBED(fumikura_migration_0001, "store/migrations/0001_catalogue.sql");
EMBED(fumikura_migration_0002, "store/migrations/0002_hands.sql");
EMBED(fumikura_migration_0003, "store/migrations/0003_correction.sql");
EMBED(fumikura_migration_0004, "store/migrations/0004_further.sql");
EMBED(fumikura_migration_0005, "store/migrations/0005_variants.sql");

const char *const catalogue_migrations[CATALOGUE_MIGRATIONS] = {
    fumikura_migration_0001,
    fumikura_migration_0002,
    fumikura_migration_0003,
    fumikura_migration_0004,
    fumikura_migration_0005,
};
