/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may touch what. The command line runs as its caller. fumikurad itself must fork and exec and
 * create sockets anywhere the configuration says: it has no row, only no_new_privs; it holds no
 * user data and parses nothing a peer sends but five small calls.
 *
 * No row has SANDBOX_UNIX: a room that could dial the command line's own socket would be taken for
 * root on the box.
 */
#include "sandbox.h"

#include <sys/resource.h>

#include "memfd.h"

#define MIB (UINT64_C(1) << 20)

#define MAY_READ(p)                                                                                \
	{                                                                                          \
		.path = (p), .optional = true                                                      \
	}
#define MAY_WRITE(p)                                                                               \
	{                                                                                          \
		.path = (p), .optional = true, .write = true                                       \
	}

const struct sandbox_row sandbox_rows[] = {
    {
	/* SANE loads its backends, reads their configuration and firmware, and speaks to USB
	   devices. */
	.name = "scanner",
	.calls = SANDBOX_BASE | SANDBOX_READ | SANDBOX_DEVICE | SANDBOX_NETLINK | SANDBOX_LOAD,
	.paths = {MAY_READ("/usr/lib"), MAY_READ("/usr/local/lib"), MAY_READ("/lib"),
	    MAY_READ("/lib64"), MAY_READ("/etc/ld.so.cache"), MAY_READ("/etc/sane.d"),
	    MAY_READ("/usr/share/sane"), MAY_READ("/sys/bus"), MAY_READ("/sys/class"),
	    MAY_READ("/sys/devices"), MAY_READ("/run/udev"), MAY_WRITE("/dev/bus/usb"),
	    MAY_READ("/dev/urandom"), MAY_READ("%scanner.sane_config_dir"),
	    MAY_READ("%scanner.sane_library_path"), MAY_READ("%scanner.extra_read"),
	    MAY_READ("/etc/resolv.conf"), MAY_READ("/etc/hosts"), MAY_READ("/etc/services")},
	.if_key = "scanner.network",
	.if_calls = SANDBOX_INET,
	.max_file = MEMFD_MAX,
	.max_files = 256,
    },
    {
	/* A foreign file arrives as a descriptor; a PDF without embedded fonts needs the system's.
	 */
	.name = "import",
	.calls = SANDBOX_BASE | SANDBOX_READ,
	.paths = {MAY_READ("/usr/share/fonts"), MAY_READ("/etc/fonts"),
	    MAY_READ("/usr/share/fontconfig"), MAY_READ("/var/cache/fontconfig"),
	    MAY_READ("/usr/share/poppler")},
	.memory_mb_key = "import.memory_mb",
	.max_file = MEMFD_MAX,
	.max_files = 64,
    },
    {
	/* Models are loaded before the lock: nothing is opened after it. */
	.name = "ocr",
	.calls = SANDBOX_BASE,
	.max_file = MEMFD_MAX,
	.max_files = 256,
    },
    {
	.name = "store",
	.calls = SANDBOX_BASE | SANDBOX_READ | SANDBOX_WRITE | SANDBOX_ACCEPT,
	.paths = {{.path = "%archive.data", .write = true, .create = SANDBOX_MAKE_DIRECTORY},
	    {.path = "%store.master_key_file", .write = true, .create = SANDBOX_MAKE_FILE},
	    MAY_READ("%tsa.ca_file"), MAY_READ("/proc/sys/crypto"), MAY_READ("/etc/gcrypt"),
	    MAY_READ("/etc/ssl"), MAY_READ("/dev/urandom")},
	.max_file = RLIM_INFINITY,
	.max_files = 4096,
    },
    {
	/* Static pages are read, the certificate comes over the link: nothing is opened. */
	.name = "web",
	.calls = SANDBOX_BASE | SANDBOX_ACCEPT,
	.max_file = MEMFD_MAX,
	.max_files = 2048,
    },
    {
	.name = "courier",
	.calls = SANDBOX_BASE | SANDBOX_READ | SANDBOX_INET | SANDBOX_NETLINK | SANDBOX_LOAD,
	.paths = {MAY_READ("/etc/resolv.conf"), MAY_READ("/run/systemd/resolve"),
	    MAY_READ("/etc/hosts"), MAY_READ("/etc/host.conf"), MAY_READ("/etc/nsswitch.conf"),
	    MAY_READ("/etc/gai.conf"), MAY_READ("/etc/services"), MAY_READ("/etc/protocols"),
	    MAY_READ("/etc/ssl"), MAY_READ("/usr/share/ca-certificates"), MAY_READ("/etc/gnutls"),
	    MAY_READ("/usr/lib"), MAY_READ("/lib"), MAY_READ("/etc/ld.so.cache"),
	    MAY_READ("%courier.tsa_ca_file"), MAY_READ("/dev/urandom")},
	.max_memory = 1024 * MIB,
	.max_file = MEMFD_MAX,
	.max_files = 128,
    },
    {0},
};
