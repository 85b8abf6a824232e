/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One room's birth: a fresh process that inherits its control socket (3), its configuration (4),
 * standard error, and nothing else: no other descriptor, no environment, no signal mask, no
 * controlling terminal.
 */
#include "fumikurad.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memfd.h"
#include "base/room.h"

#define ENVIRONMENT_MAX 8
#define OCR_NICE 10 /* of 19 */

struct birth {
	char *path;
	int control, config; /* the child's ends */
	char timezone[128];
	char *environment[ENVIRONMENT_MAX];
	pid_t parent;
};

static void
fill_environment(struct birth *b, const struct child *child)
{
	const char *tz = getenv("TZ");
	size_t n = 0;

	/* Always set: with TZ unset libc looks for /etc/localtime again and again, which a fenced
	 * room may not open. */
	snprintf(b->timezone, sizeof(b->timezone), "TZ=%s",
	    tz != NULL && tz[0] != '\0' ? tz : ":/etc/localtime");
	b->environment[n++] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	b->environment[n++] = "LANG=C.UTF-8";
	b->environment[n++] = b->timezone;
	/* Before the library starts: several workers with several OpenMP threads each slow one
	 * another down many times over. */
	if (strcmp(child->executable, "ocr") == 0)
		b->environment[n++] = "OMP_THREAD_LIMIT=1";
#ifdef __SANITIZE_ADDRESS__
	/* The leak check stops the process with ptrace, which every room's fence refuses. */
	b->environment[n++] = "ASAN_OPTIONS=detect_leaks=0";
#endif
	b->environment[n] = NULL;
}

/* Descriptors 0–2 keep a place, 3 and 4 are the room's, all else is closed. */
static int
arrange_descriptors(const struct birth *b)
{
	int null = open("/dev/null", O_RDWR), control, config;

	/* First out of the way: either might be 3 or 4 itself. */
	control = fcntl(b->control, F_DUPFD, 10);
	config = fcntl(b->config, F_DUPFD, 10);
	if (null < 0 || control < 0 || config < 0)
		return -errno;
	if (dup2(null, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ||
	    dup2(control, ROOM_CONTROL_FD) < 0 || dup2(config, ROOM_CONFIG_FD) < 0)
		return -errno;
	return close_range(ROOM_CONFIG_FD + 1, ~0U, 0) < 0 ? -errno : 0;
}

static int
change_user(const struct supervisor *s, const struct child *child)
{
	bool scanner = strcmp(child->executable, "scanner") == 0;

	if (!s->change_user)
		return 0;
	if (setgroups(scanner ? (size_t)s->n_groups : 0, s->groups) < 0 ||
	    setresgid(s->gid, s->gid, s->gid) < 0 || setresuid(s->uid, s->uid, s->uid) < 0)
		return -errno;
	return 0;
}

/*
 * Recognition takes what paper and people leave of the processor: nobody waits at the scanner for
 * it. Where the kernel groups tasks by session, only the group's own weight counts. A wish: a
 * kernel that does not grant it is no reason not to read.
 */
static void
yield_processor(void)
{
	_cleanup_(closep) int group = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
	char text[8];
	int n = snprintf(text, sizeof(text), "%d", OCR_NICE);

	if (setpriority(PRIO_PROCESS, 0, OCR_NICE) < 0 ||
	    (group >= 0 && write(group, text, (size_t)n) < 0))
		log_warn("recognition keeps its share of the processor: %s", strerror(errno));
}

/* Runs in the child; returns only on failure. */
static int
be_born(const struct supervisor *s, const struct child *child, const struct birth *b)
{
	char *argv[] = {(char *)(uintptr_t)child->name, NULL};
	sigset_t none;
	int r;

	sigemptyset(&none);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(0077);
	/* Its own session: Ctrl-C in a terminal reaches the supervisor only, which stops rooms in
	 * their order. */
	if (setsid() < 0 || chdir("/") < 0)
		return -errno;
	if (strcmp(child->executable, "ocr") == 0)
		yield_processor();
	r = arrange_descriptors(b);
	if (r < 0)
		return r;
	r = change_user(s, child);
	if (r < 0)
		return r;
	/* After the change of user, which would clear it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -errno;
	if (getppid() != b->parent)
		return -ESRCH;
	execve(b->path, argv, b->environment);
	return -errno;
}

static int
config_descriptor(const struct supervisor *s, const char *section)
{
	_cleanup_(freep) char *text = NULL;
	int r;

	r = config_section_text(s->config, section, &text);
	if (r < 0)
		return r;
	return memfd_new_sealed("config", text, strlen(text));
}

int
spawn_room(struct supervisor *s, const struct child *child, pid_t *ret_pid, int *ret_control)
{
	_cleanup_(closep) int ours = -1, theirs = -1, config = -1;
	_cleanup_(freep) char *path = NULL;
	struct birth b = {.parent = getpid()};
	int pair[2], r;
	pid_t pid;

	config = config_descriptor(s, child->executable);
	if (config < 0)
		return config;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	ours = pair[0];
	theirs = pair[1];
	if (asprintf(&path, "%s/%s", s->bin_dir, child->executable) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	b.path = path;
	b.control = theirs;
	b.config = config;
	fill_environment(&b, child);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		r = be_born(s, child, &b);
		log_errno(r, "cannot start %s", b.path);
		_exit(127);
	}
	*ret_pid = pid;
	*ret_control = TAKE_FD(ours);
	return 0;
}
