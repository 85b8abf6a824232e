/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An archive is made whole or not at all. While it is being made, DATA/init.unfinished says so, and
 * names the master key file; removing that file is what makes the archive one. Before, nobody was
 * given its recovery key: what is there is rubbish, which the next init removes, and which nothing
 * opens. Only when the power goes between the removal and its flush may the archive be whole,
 * though nobody was told; then init says so (exists).
 */
#ifndef FUMIKURA_STORE_BIRTH_H
#define FUMIKURA_STORE_BIRTH_H

#include <stdbool.h>

struct birthplace { /* as in struct store */
	int data_dir;
	const char *key_path, *catalogue_path;
};

/* Removes what an unfinished init left and marks the place; the caller holds the archive's lock.
 * -EEXIST when an archive, or a master key, is there that no unfinished init made; nothing is
 * changed then. */
int birth_begin(const struct birthplace *place);
/* The commit point. On failure it is not known on which side the disk is: birth_undo(). */
int birth_end(const struct birthplace *place);
/* After a failure: everything away again. The archive must be closed. What cannot be removed now,
 * the next birth_begin() removes. */
int birth_undo(const struct birthplace *place);
bool birth_unfinished(int data_dir);

#endif
