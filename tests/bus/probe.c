/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The attempts, one function each; see probe.h. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

bool
probe_refused(int outcome)
{
	return outcome == -EPERM || outcome == -EACCES || outcome == -ENOSYS;
}

static int
result(long r)
{
	return r < 0 ? -errno : 0;
}

static int
try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int
in_dir(const char *dir, const char *name, int flags)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return try_open(path, flags);
}

/* ---- files ---- */

static int
read_outside(const struct probe_world *w)
{
	return try_open(w->outside, O_RDONLY);
}

static int
read_passwords(const struct probe_world *w)
{
	return try_open("/etc/passwd", O_RDONLY);
}

static int
read_processes(const struct probe_world *w)
{
	return try_open("/proc/1/status", O_RDONLY);
}

static int
list_root(const struct probe_world *w)
{
	return try_open("/", O_RDONLY | O_DIRECTORY);
}

static int
read_data(const struct probe_world *w)
{
	return in_dir(w->data, "inside", O_RDONLY);
}

static int
read_key(const struct probe_world *w)
{
	return try_open(w->key, O_RDONLY);
}

static int
read_sane(const struct probe_world *w)
{
	return in_dir(w->sane, "inside", O_RDONLY);
}

static int
write_sane(const struct probe_world *w)
{
	return in_dir(w->sane, "inside", O_WRONLY);
}

static int
read_library(const struct probe_world *w)
{
	return try_open("/usr/lib", O_RDONLY | O_DIRECTORY);
}

static int
read_resolver(const struct probe_world *w)
{
	return try_open("/etc/hosts", O_RDONLY);
}

static int
read_fonts(const struct probe_world *w)
{
	return try_open("/usr/share/fonts", O_RDONLY | O_DIRECTORY);
}

static int
write_outside(const struct probe_world *w)
{
	return try_open(w->outside, O_WRONLY);
}

static int
truncate_outside(const struct probe_world *w)
{
	return result(truncate(w->outside, 0));
}

static int
create_outside(const struct probe_world *w)
{
	return try_open(w->absent, O_WRONLY | O_CREAT);
}

static int
create_nameless(const struct probe_world *w)
{
	return try_open(w->dir, O_RDWR | O_TMPFILE);
}

static int
create_data(const struct probe_world *w)
{
	return in_dir(w->data, "new", O_WRONLY | O_CREAT);
}

static int
write_key(const struct probe_world *w)
{
	return try_open(w->key, O_WRONLY);
}

static int
carry_out_data(const struct probe_world *w)
{
	char from[256];

	snprintf(from, sizeof(from), "%s/inside", w->data);
	return result(rename(from, w->absent));
}

static int
remove_outside(const struct probe_world *w)
{
	return result(unlink(w->outside));
}

static int
make_directory(const struct probe_world *w)
{
	return result(mkdir(w->absent, 0700));
}

static int
make_symlink_in_data(const struct probe_world *w)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/link", w->data);
	return result(symlink(w->outside, path));
}

static int
make_device(const struct probe_world *w)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/device", w->data);
	return result(mknod(path, S_IFCHR | 0600, 0x0103));
}

static int
open_up_outside(const struct probe_world *w)
{
	return result(chmod(w->outside, 0666));
}

static int
change_root(const struct probe_world *w)
{
	return result(chroot(w->dir));
}

/* ---- sockets ---- */

static int
try_socket(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int
socket_inet(const struct probe_world *w)
{
	return try_socket(AF_INET, SOCK_STREAM);
}

static int
socket_inet6(const struct probe_world *w)
{
	return try_socket(AF_INET6, SOCK_DGRAM);
}

static int
socket_unix(const struct probe_world *w)
{
	return try_socket(AF_UNIX, SOCK_STREAM);
}

static int
socket_netlink(const struct probe_world *w)
{
	return try_socket(AF_NETLINK, SOCK_RAW);
}

static int
socket_packet(const struct probe_world *w)
{
	return try_socket(AF_PACKET, SOCK_RAW);
}

static int
socket_vsock(const struct probe_world *w)
{
	return try_socket(AF_VSOCK, SOCK_STREAM);
}

static int
connect_tcp(const struct probe_world *w)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)w->tcp_port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	_cleanup_(closep) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : result(connect(fd, (struct sockaddr *)&sa, sizeof(sa)));
}

/* Another process outside must not be able to reach a room that has network. */
static int
listen_tcp(const struct probe_world *w)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	_cleanup_(closep) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		return -errno;
	return result(listen(fd, 1));
}

static int
connect_unix(const struct probe_world *w)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	_cleanup_(closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", w->socket);
	return result(connect(fd, (struct sockaddr *)&sa, sizeof(sa)));
}

static int
accept_inherited(const struct probe_world *w)
{
	int fd = accept4(w->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int
make_pair(const struct probe_world *w)
{
	int pair[2];

	return result(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
}

/* ---- processes ---- */

static int
execute(const struct probe_world *w)
{
	static char *const argv[] = {"true", NULL};

	/* A successful exec ends with true's own status 0. */
	execve("/bin/true", argv, NULL);
	return -errno;
}

static int
execute_memory(const struct probe_world *w)
{
	static char *const argv[] = {"x", NULL};
	static const char script[] = "#!/bin/true\n";
	int fd = memfd_create("x", 0);

	if (fd < 0 || write(fd, script, sizeof(script) - 1) < 0)
		return -errno;
	fexecve(fd, argv, argv + 1);
	return -errno;
}

static int
make_process(const struct probe_world *w)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	return 0;
}

static void *
idle(void *arg)
{
	return arg;
}

static int
make_thread(const struct probe_world *w)
{
	pthread_t thread;
	int r = pthread_create(&thread, NULL, idle, NULL);

	return r != 0 ? -r : -pthread_join(thread, NULL);
}

static int
trace(const struct probe_world *w)
{
	return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int
read_memory_of_others(const struct probe_world *w)
{
	return result(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
}

static int
signal_others(const struct probe_world *w)
{
	return result(kill(getppid(), 0));
}

static int
change_user(const struct probe_world *w)
{
	return result(syscall(SYS_setuid, 65534));
}

static int
raise_limits(const struct probe_world *w)
{
	struct rlimit limit = {64, 64};

	return result(setrlimit(RLIMIT_NPROC, &limit));
}

static int
new_namespace(const struct probe_world *w)
{
	return result(unshare(CLONE_NEWUSER));
}

/* ---- kernel ---- */

static int
mount_anything(const struct probe_world *w)
{
	return result(mount("none", w->absent, "tmpfs", 0, NULL));
}

static int
map_code(const struct probe_world *w)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -errno : 0;
}

static int
type_into_terminal(const struct probe_world *w)
{
	return result(ioctl(w->listener, TIOCSTI, "x"));
}

#define KERNEL_CALL(name, ...)                                                                     \
	static int name(const struct probe_world *w)                                               \
	{                                                                                          \
		return result(syscall(__VA_ARGS__));                                               \
	}

KERNEL_CALL(load_program, SYS_bpf, -1, NULL, 0)
KERNEL_CALL(use_keyring, SYS_keyctl, -1, 0, 0, 0, 0)
KERNEL_CALL(watch_performance, SYS_perf_event_open, NULL, 0, -1, -1, 0)
KERNEL_CALL(catch_faults, SYS_userfaultfd, -1)
KERNEL_CALL(make_ring, SYS_io_uring_setup, 0, NULL)
KERNEL_CALL(load_module, SYS_init_module, NULL, 0, NULL)
KERNEL_CALL(read_kernel_log, SYS_syslog, 3, NULL, 0)
KERNEL_CALL(set_host_name, SYS_sethostname, NULL, -1)
KERNEL_CALL(set_clock, SYS_clock_settime, -1, NULL)
KERNEL_CALL(watch_files, SYS_inotify_init1, -1)
KERNEL_CALL(open_by_handle, SYS_open_by_handle_at, -1, NULL, 0)
KERNEL_CALL(steal_descriptor, SYS_pidfd_getfd, -1, 0, 0)

static int
make_memory_file(const struct probe_world *w)
{
	_cleanup_(closep) int fd = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	if (write(fd, "x", 1) != 1 || ftruncate(fd, 1 << 20) < 0)
		return -errno;
	return result(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
}

#define ROW(name)                                                                                  \
	{                                                                                          \
#name, name                                                                        \
	}
const struct probe probes[] = {
    ROW(read_outside),
    ROW(read_passwords),
    ROW(read_processes),
    ROW(list_root),
    ROW(read_data),
    ROW(read_key),
    ROW(read_sane),
    ROW(write_sane),
    ROW(read_library),
    ROW(read_resolver),
    ROW(read_fonts),
    ROW(write_outside),
    ROW(truncate_outside),
    ROW(create_outside),
    ROW(create_nameless),
    ROW(create_data),
    ROW(write_key),
    ROW(carry_out_data),
    ROW(open_up_outside),
    ROW(make_directory),
    ROW(make_symlink_in_data),
    ROW(make_device),
    ROW(change_root),
    ROW(socket_inet),
    ROW(socket_inet6),
    ROW(socket_unix),
    ROW(socket_netlink),
    ROW(socket_packet),
    ROW(socket_vsock),
    ROW(connect_tcp),
    ROW(listen_tcp),
    ROW(connect_unix),
    ROW(accept_inherited),
    ROW(make_pair),
    ROW(execute),
    ROW(execute_memory),
    ROW(make_process),
    ROW(make_thread),
    ROW(trace),
    ROW(read_memory_of_others),
    ROW(signal_others),
    ROW(change_user),
    ROW(raise_limits),
    ROW(new_namespace),
    ROW(mount_anything),
    ROW(map_code),
    ROW(type_into_terminal),
    ROW(load_program),
    ROW(use_keyring),
    ROW(watch_performance),
    ROW(catch_faults),
    ROW(make_ring),
    ROW(load_module),
    ROW(read_kernel_log),
    ROW(set_host_name),
    ROW(set_clock),
    ROW(watch_files),
    ROW(open_by_handle),
    ROW(steal_descriptor),
    ROW(make_memory_file),
    ROW(remove_outside),
    {0},
};
