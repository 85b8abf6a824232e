/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configuration: "[section]" and "key = value" lines, '#' comments. fumikurad alone reads the file;
 * a room receives only its own section (and [archive]) through an inherited memory file. An unknown
 * key, a second value for a key, or a value outside its range is an error that names the line: a
 * typing mistake must never silently become a default.
 */
#ifndef FUMIKURA_CONFIG_H
#define FUMIKURA_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

#define CONFIG_MAX_BYTES ((size_t)256 << 10) /* a configuration is some tens of lines */

struct config;

enum config_kind { CONFIG_TEXT, CONFIG_UINT, CONFIG_BOOL, CONFIG_CHOICE };

/* One permitted key. The table of all keys, with defaults and help, is config_keys[] in
 * config_keys.c: one line per key. */
struct config_key {
	const char *section, *key;
	const char *fallback; /* default value, or NULL when there is none */
	const char *help;     /* one English sentence, printed by fumikurad --help-config */
	enum config_kind kind;
	uint64_t min, max;   /* CONFIG_UINT */
	const char *choices; /* CONFIG_CHOICE: "one|two" */
};
extern const struct config_key config_keys[]; /* ends with .section == NULL */

/* Which sections a room is given besides its own and [archive]; in config_keys.c. Ends with .room
 * == NULL. */
struct config_share {
	const char *room, *section;
};
extern const struct config_share config_shares[];

/* Parses text of size bytes. On error ret_line is the 1-based line and ret_why a constant English
 * text. */
int config_parse(
    const char *text, size_t size, struct config **ret, unsigned *ret_line, const char **ret_why);
/* Sets or replaces one value ("section.key=value", as --set gives it). -EINVAL on an unknown key or
 * bad value. */
int config_set(struct config *config, const char *assignment);
/*
 * Fills the keys whose default depends on archive.data and that are still unset:
 * store.master_key_file (DATA.key), local.socket (DATA.sock). Both stand beside the data directory,
 * never inside it: the key must not travel with a copy of the data. -EINVAL when archive.data is
 * not an absolute path.
 */
int config_derive(struct config *config);
/* Text of the named section (plus [archive] and what config_shares gives it), in the same syntax,
 * for a child. Caller frees. */
int config_section_text(const struct config *config, const char *section, char **ret_text);

/* Value or the key's default; borrowed; NULL only for a key without a default. An undeclared key is
 * a programming error (abort). */
const char *config_get(const struct config *config, const char *section, const char *key);
/* As above for whole numbers; values outside [min,max] were refused at parse time only for syntax,
 * so this clamps. */
uint64_t config_uint(
    const struct config *config, const char *section, const char *key, uint64_t min, uint64_t max);
bool config_bool(const struct config *config, const char *section, const char *key);
/* Index of the key in config_keys[], or -ENOENT. */
int config_find(const char *section, size_t section_size, const char *key, size_t key_size);

void config_free(struct config *config);
DEFINE_CLEANUP(struct config *, config_free)

#endif
