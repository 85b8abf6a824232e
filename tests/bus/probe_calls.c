/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attempts at sockets, processes and the kernel, one function each; see probe.h. */
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
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "probe.h"

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

	return fd < 0 ? -errno : probe_result(connect(fd, (struct sockaddr *)&sa, sizeof(sa)));
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
	return probe_result(listen(fd, 1));
}

static int
connect_unix(const struct probe_world *w)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	_cleanup_(closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", w->socket);
	return probe_result(connect(fd, (struct sockaddr *)&sa, sizeof(sa)));
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

	return probe_result(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
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
	return probe_result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int
read_memory_of_others(const struct probe_world *w)
{
	return probe_result(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0));
}

static int
signal_others(const struct probe_world *w)
{
	return probe_result(kill(getppid(), 0));
}

static int
change_user(const struct probe_world *w)
{
	return probe_result(syscall(SYS_setuid, 65534));
}

static int
raise_limits(const struct probe_world *w)
{
	struct rlimit limit = {64, 64};

	return probe_result(setrlimit(RLIMIT_NPROC, &limit));
}

static int
new_namespace(const struct probe_world *w)
{
	return probe_result(unshare(CLONE_NEWUSER));
}

/* ---- kernel ---- */

static int
mount_anything(const struct probe_world *w)
{
	return probe_result(mount("none", w->absent, "tmpfs", 0, NULL));
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
	return probe_result(ioctl(w->listener, TIOCSTI, "x"));
}

#define KERNEL_CALL(name, ...)                                                                     \
	static int name(const struct probe_world *w)                                               \
	{                                                                                          \
		return probe_result(syscall(__VA_ARGS__));                                         \
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
	return probe_result(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
}

const struct probe probe_calls[] = {
    PROBE(socket_inet),
    PROBE(socket_inet6),
    PROBE(socket_unix),
    PROBE(socket_netlink),
    PROBE(socket_packet),
    PROBE(socket_vsock),
    PROBE(connect_tcp),
    PROBE(listen_tcp),
    PROBE(connect_unix),
    PROBE(accept_inherited),
    PROBE(make_pair),
    PROBE(execute),
    PROBE(execute_memory),
    PROBE(make_process),
    PROBE(make_thread),
    PROBE(trace),
    PROBE(read_memory_of_others),
    PROBE(signal_others),
    PROBE(change_user),
    PROBE(raise_limits),
    PROBE(new_namespace),
    PROBE(mount_anything),
    PROBE(map_code),
    PROBE(type_into_terminal),
    PROBE(load_program),
    PROBE(use_keyring),
    PROBE(watch_performance),
    PROBE(catch_faults),
    PROBE(make_ring),
    PROBE(load_module),
    PROBE(read_kernel_log),
    PROBE(set_host_name),
    PROBE(set_clock),
    PROBE(watch_files),
    PROBE(open_by_handle),
    PROBE(steal_descriptor),
    PROBE(make_memory_file),
    {0},
};
