/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The call fence: which system calls each group of enum sandbox_calls means. What is not listed
 * gets EPERM. Names that this machine's kernel interface does not have (open on arm64) are passed
 * over. Knows calls, not paths: those are Landlock's.
 */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define TREE_WRITES (O_WRONLY | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

/* Calls allowed whatever their arguments, per group. */
static const struct {
	unsigned group;
	const char *names[80];
} plain[] = {
    {SANDBOX_BASE,
	{"read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "lseek",
	    "close", "close_range", "dup", "dup2", "dup3", "fstat", "fcntl", "ftruncate",
	    "fallocate", "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl",
	    "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2", "signalfd4", "timerfd_create",
	    "timerfd_settime", "timerfd_gettime", "pipe2", "memfd_create", "sendmsg", "recvmsg",
	    "sendmmsg", "recvmmsg", "sendto", "recvfrom", "shutdown", "getsockopt", "setsockopt",
	    "getsockname", "getpeername"}},
    {SANDBOX_BASE,
	{"brk", "munmap", "mremap", "madvise", "msync", "mincore", "mlock", "mlock2", "munlock",
	    "membarrier", "futex", "set_robust_list", "get_robust_list", "set_tid_address", "rseq",
	    "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
	    "sched_getattr", "getpriority", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
	    "rt_sigpending", "rt_sigtimedwait", "sigaltstack", "restart_syscall", "exit",
	    "exit_group", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid",
	    "getresuid", "getresgid", "getrandom", "getrusage", "getrlimit", "sysinfo", "uname",
	    "getcpu", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep",
	    "gettimeofday", "time", "times", "alarm", "adjtimex"}},
    {SANDBOX_READ,
	{"statx", "stat", "lstat", "newfstatat", "access", "faccessat", "faccessat2", "readlink",
	    "readlinkat", "getdents64", "getcwd", "statfs", "fstatfs", "fadvise64", "readahead"}},
    {SANDBOX_WRITE,
	{"fsync", "fdatasync", "sync_file_range", "syncfs", "rename", "renameat", "renameat2",
	    "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "link", "linkat", "flock", "umask",
	    "fchmod", "fchmodat", "fchown", "utimensat", "copy_file_range", "sendfile"}},
    {SANDBOX_ACCEPT, {"accept4", "accept", "sendfile"}},
    {SANDBOX_INET | SANDBOX_UNIX | SANDBOX_NETLINK, {"connect"}},
    {SANDBOX_NETLINK, {"bind"}},
};

/* Allows name when the cmp conditions hold. Unknown here: nothing to allow. */
static int
allow(scmp_filter_ctx ctx, const char *name, unsigned n, const struct scmp_arg_cmp *cmp)
{
	int number = seccomp_syscall_resolve_name(name), r;

	if (number < 0)
		return 0;
	r = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, number, n, cmp);
	return r == -EEXIST ? 0 : r;
}

static int
allow_if(scmp_filter_ctx ctx, const char *name, struct scmp_arg_cmp cmp)
{
	return allow(ctx, name, 1, &cmp);
}

static int
allow_plain(scmp_filter_ctx ctx, unsigned calls)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if ((plain[i].group & calls) == 0)
			continue;
		for (const char *const *name = plain[i].names; *name != NULL; name++) {
			int r = allow(ctx, *name, 0, NULL);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* Threads of this process, never a process: clone3 hides its flags from us, so it does not exist
 * and libc falls back. */
static int
allow_threads(scmp_filter_ctx ctx)
{
	uint64_t self = (uint64_t)getpid();
	int r;

	r = allow_if(ctx, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
	if (r < 0)
		return r;
	r = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (r < 0)
		return r;
	if ((r = allow_if(ctx, "tgkill", SCMP_A0(SCMP_CMP_EQ, self))) < 0)
		return r;
	/* Limits may be read, also by libc's sysconf(), and only one's own. */
	if ((r = allow_if(ctx, "prlimit64", SCMP_A2(SCMP_CMP_EQ, 0))) < 0 ||
	    (r = allow_if(ctx, "prctl", SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME))) < 0)
		return r;
	return allow_if(ctx, "prctl", SCMP_A0(SCMP_CMP_EQ, PR_GET_NAME));
}

static int
allow_memory(scmp_filter_ctx ctx, unsigned calls)
{
	uint64_t mask = (calls & SANDBOX_LOAD) != 0 ? 0 : PROT_EXEC;
	int r;

	r = allow_if(ctx, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, mask, 0));
	if (r < 0)
		return r;
	return allow_if(ctx, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, mask, 0));
}

/* Of devices only those of USB (usbdevice_fs, type 'U'): a terminal's would let a room type
 * commands into it. */
static int
allow_ioctls(scmp_filter_ctx ctx, unsigned calls)
{
	static const unsigned numbers[] = {FIONREAD, FIONBIO, FIOCLEX, TCGETS};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int r = allow_if(ctx, "ioctl", SCMP_A1(SCMP_CMP_EQ, numbers[i]));

		if (r < 0)
			return r;
	}
	if ((calls & SANDBOX_DEVICE) == 0)
		return 0;
	return allow_if(ctx, "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, 0xff00, 'U' << 8));
}

/* Landlock decides where; this decides whether anything may be written or created at all. */
static int
allow_open(scmp_filter_ctx ctx, unsigned calls)
{
	uint64_t forbidden = TREE_WRITES | O_RDWR;
	int r;

	/* libc's fstat() is newfstatat(fd, "", AT_EMPTY_PATH). */
	if ((calls & SANDBOX_READ) == 0)
		return allow_if(
		    ctx, "newfstatat", SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	if ((calls & SANDBOX_DEVICE) != 0)
		forbidden = TREE_WRITES;
	if ((calls & SANDBOX_WRITE) != 0)
		forbidden = 0;
	r = allow_if(ctx, "open", SCMP_A1(SCMP_CMP_MASKED_EQ, forbidden, 0));
	if (r < 0)
		return r;
	return allow_if(ctx, "openat", SCMP_A2(SCMP_CMP_MASKED_EQ, forbidden, 0));
}

static int
allow_sockets(scmp_filter_ctx ctx, unsigned calls)
{
	static const struct {
		unsigned group, family;
	} rows[] = {{SANDBOX_INET, AF_INET}, {SANDBOX_INET, AF_INET6}, {SANDBOX_UNIX, AF_UNIX},
	    {SANDBOX_NETLINK, AF_NETLINK}};
	int r;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((rows[i].group & calls) == 0)
			continue;
		r = allow_if(ctx, "socket", SCMP_A0(SCMP_CMP_EQ, rows[i].family));
		if (r < 0)
			return r;
	}
	/* A pair is connected to itself only: libraries wake their own threads with it. */
	return allow_if(ctx, "socketpair", SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
}

static int
fill(scmp_filter_ctx ctx, unsigned calls)
{
	int r;

	if ((r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2)) < 0 ||
	    (r = allow_plain(ctx, calls)) < 0 || (r = allow_threads(ctx)) < 0 ||
	    (r = allow_memory(ctx, calls)) < 0 || (r = allow_ioctls(ctx, calls)) < 0 ||
	    (r = allow_open(ctx, calls)) < 0 || (r = allow_sockets(ctx, calls)) < 0)
		return r;
	return seccomp_load(ctx);
}

int
sandbox_filter(unsigned calls)
{
	scmp_filter_ctx ctx;
	int r;

	ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (ctx == NULL)
		return -ENOMEM;
	r = fill(ctx, calls);
	seccomp_release(ctx);
	return r;
}
