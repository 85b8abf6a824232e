/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every key that exists, its default and its range, and which room is told what. Add a key by
 * adding one line. */
#include "config.h"

#define TEXT(section, key, fallback, help)                                                         \
	{                                                                                          \
		section, key, fallback, help, CONFIG_TEXT, 0, 0, NULL                              \
	}
#define UINT(section, key, fallback, min, max, help)                                               \
	{                                                                                          \
		section, key, fallback, help, CONFIG_UINT, min, max, NULL                          \
	}
#define BOOL(section, key, fallback, help)                                                         \
	{                                                                                          \
		section, key, fallback, help, CONFIG_BOOL, 0, 0, NULL                              \
	}
#define ONE_OF(section, key, fallback, choices, help)                                              \
	{                                                                                          \
		section, key, fallback, help, CONFIG_CHOICE, 0, 0, choices                         \
	}

/* clang-format off */
const struct config_key config_keys[] = {
	TEXT("archive", "data", NULL, "Directory that holds the whole archive; absolute path."),
	TEXT("archive", "name", "Fumikura", "Name of the archive, shown to people and in certificates."),

	UINT("supervisor", "watchdog_s", "10", 1, 3600, "A room silent for so many seconds is killed and restarted."),
	TEXT("supervisor", "user", "", "User to run the rooms as when fumikurad is started by root; empty: stay."),
	UINT("supervisor", "ocr_workers", "0", 0, 64, "Recognition processes; 0: one per core."),
	TEXT("supervisor", "bin_dir", "", "Directory of the rooms' executables; empty: where fumikurad itself is."),

	TEXT("scanner", "sane_config_dir", "", "SANE_CONFIG_DIR for the SANE library; empty: the system's."),
	TEXT("scanner", "sane_library_path", "", "Directory searched first for SANE backends; empty: the system's only."),
	TEXT("scanner", "extra_read", "", "One more directory that a SANE backend may read, such as firmware."),
	UINT("scanner", "read_timeout_s", "60", 1, 3600, "A device that gives no data for so long is taken as hung."),
	UINT("scanner", "sheet_width_mm", "210", 10, 1000, "Width of the paper asked of scanners: A4; a device that takes less gives less."),
	UINT("scanner", "sheet_height_mm", "297", 10, 5000, "Height of the paper asked of scanners."),
	BOOL("scanner", "network", "no", "Allow network scanners: the scanner room may then open sockets."),

	UINT("ocr", "page_time_limit_s", "60", 1, 3600, "Longest recognition of one page."),
	TEXT("ocr", "tessdata", "/usr/share/tesseract-ocr/5/tessdata", "Directory of the Tesseract models."),
	ONE_OF("ocr", "effort", "idle", "shown|idle|all", "shown: one reading; idle: further ones for search when no page waits for its first; all: all at once."),

	UINT("import", "time_limit_s", "60", 1, 3600, "Longest conversion of one foreign file."),
	UINT("import", "memory_mb", "512", 128, 16384, "Address space of one import process."),
	UINT("import", "max_pages", "500", 1, 100000, "Most pages taken from one foreign file."),
	UINT("import", "max_pixels_m", "200", 1, 10000, "Most pixels of one page, in millions."),

	TEXT("store", "master_key_file", "", "File that unlocks the archive at start; empty: DATA.key beside the data directory."),
	UINT("store", "min_free_mb", "256", 0, 1048576, "Below so much free space nothing new is taken in."),
	UINT("store", "session_idle_min", "30", 1, 1440, "A session unused for so long ends."),
	UINT("store", "session_max_h", "12", 1, 168, "A session ends after so long in any case."),
	UINT("store", "fsync_delay_ms", "0", 0, 1000, "Added to every flush; for measuring on virtual disks whose flush is free."),
	UINT("store", "cancel_timeout_s", "30", 1, 3600, "The scanner room is restarted when a cancelled scan has not ended after so long."),
	BOOL("store", "mlock", "yes", "Keep keys in locked memory; refuse to start when that is impossible."),

	TEXT("web", "listen", "127.0.0.1:8443", "Address and port of the pages; [::]:8443 for all; port 0: any free one."),
	TEXT("web", "names", "localhost,127.0.0.1", "Names and addresses in the certificate of the pages, comma-separated."),

	TEXT("local", "socket", "", "Socket of the command line; empty: DATA.sock beside the data directory."),

	TEXT("courier", "tsa_url", "", "RFC 3161 timestamp authority, http or https; empty: none."),
	TEXT("courier", "tsa_ca_file", "", "Certificates that the timestamp authority's TLS must chain to; empty: the system's."),
	UINT("courier", "timeout_s", "20", 1, 300, "Longest wait for the answer of an outside endpoint."),

	BOOL("time", "require_sync", "yes", "Refuse confirmation while the clock is not synchronised."),
	UINT("time", "max_error_ms", "5000", 0, 600000, "Largest error of the clock, as the kernel reckons it, with which it still counts as synchronised; 0: it never does."),

	TEXT("tsa", "ca_file", "", "Certificates that timestamp tokens must chain to (PEM)."),
	BOOL("tsa", "accredited", "no", "The authority is accredited under the Japanese scheme (認定)."),

	BOOL("policy", "require_second_factor", "no", "Refuse sign-in without a second factor; no: shown as a dated waiver."),
	UINT("policy", "lockout_failures", "5", 1, 100, "Wrong passwords in a row that lock an account."),
	UINT("policy", "lockout_min", "30", 1, 1440, "Minutes for which a locked account stays locked."),
	UINT("policy", "password_min", "13", 8, 128, "Fewest characters of a new password."),
	{0},
};

const struct config_share config_shares[] = {
	{"store", "courier"}, {"store", "import"}, {"store", "local"}, {"store", "ocr"},
	{"store", "policy"}, {"store", "time"}, {"store", "tsa"}, {"store", "web"},
	{"web", "policy"},
	{0},
};
