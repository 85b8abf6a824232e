/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fumikurad: reads the configuration, opens the sockets, raises the rooms, and stays until told to
 * go. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/log.h"
#include "fumikurad.h"

#define SETTINGS_MAX 64 /* --set options */

struct options {
	const char *file;
	const char *settings[SETTINGS_MAX];
	size_t n_settings;
};

static const char usage[] =
    "使い方 / usage: fumikurad --config FILE [--set section.key=value ...]\n"
    "  --config FILE            設定ファイル / configuration file\n"
    "  --set section.key=value  設定を一つ上書きする / override one setting\n"
    "  --help-config            設定できる項目の一覧 / list every setting\n"
    "  --version  --help\n";

static void
print_config_help(void)
{
	const char *section = "";

	for (const struct config_key *k = config_keys; k->section != NULL; k++) {
		if (strcmp(section, k->section) != 0)
			printf("%s[%s]\n", section[0] == '\0' ? "" : "\n", k->section);
		section = k->section;
		printf("# %s\n", k->help);
		if (k->kind == CONFIG_UINT)
			printf("# %ju to %ju\n", (uintmax_t)k->min, (uintmax_t)k->max);
		printf("%s%s = %s\n", k->fallback == NULL ? "" : "# ", k->key,
		    k->fallback == NULL ? "" : k->fallback);
	}
}

/* 0: go on. 1: done, exit 0. -EINVAL: bad usage. */
static int
read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {{"config", required_argument, NULL, 'c'},
	    {"set", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'},
	    {"help-config", no_argument, NULL, 'k'}, {"version", no_argument, NULL, 'v'}, {0}};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) >= 0) {
		if (c == 'c')
			o->file = optarg;
		else if (c == 's' && o->n_settings < SETTINGS_MAX)
			o->settings[o->n_settings++] = optarg;
		else if (c == 'h')
			return fputs(usage, stdout), 1;
		else if (c == 'k')
			return print_config_help(), 1;
		else if (c == 'v')
			return printf("fumikurad %s\n", FUMIKURA_VERSION), 1;
		else
			return -EINVAL;
	}
	return o->file == NULL || optind != argc ? -EINVAL : 0;
}

static int
read_file(const char *path, char **ret_text, size_t *ret_size)
{
	_cleanup_(freep) char *text = malloc(CONFIG_MAX_BYTES + 1);
	size_t n;
	FILE *f;
	int r;

	if (text == NULL)
		return -ENOMEM;
	f = fopen(path, "re");
	if (f == NULL)
		return -errno;
	n = fread(text, 1, CONFIG_MAX_BYTES + 1, f);
	r = ferror(f) ? -EIO : 0;
	fclose(f);
	if (r < 0)
		return r;
	*ret_text = TAKE_PTR(text);
	*ret_size = n;
	return 0;
}

static int
load_config(const struct options *o, struct config **ret)
{
	_cleanup_(config_freep) struct config *config = NULL;
	_cleanup_(freep) char *text = NULL;
	const char *why = "";
	unsigned line = 0;
	size_t size = 0;
	int r;

	r = read_file(o->file, &text, &size);
	if (r < 0)
		return log_errno(r, "cannot read %s", o->file);
	r = config_parse(text, size, &config, &line, &why);
	if (r < 0) {
		log_error("%s line %u: %s; fumikurad --help-config lists every setting", o->file,
		    line, why);
		return r;
	}
	for (size_t i = 0; i < o->n_settings; i++) {
		r = config_set(config, o->settings[i]);
		if (r < 0)
			return log_errno(
			    r, "--set %s: no such setting or bad value", o->settings[i]);
	}
	r = config_derive(config);
	if (r < 0)
		return log_errno(r, "archive.data must be an absolute path");
	*ret = TAKE_PTR(config);
	return 0;
}

static int
find_own_dir(struct supervisor *s)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (n < 0)
		return -errno;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL)
		return -ENOENT;
	*slash = '\0';
	s->own_dir = strdup(path);
	if (s->own_dir == NULL)
		return -ENOMEM;
	s->bin_dir = config_get(s->config, "supervisor", "bin_dir");
	if (s->bin_dir[0] == '\0')
		s->bin_dir = s->own_dir;
	return 0;
}

static int
find_user(struct supervisor *s)
{
	const char *name = config_get(s->config, "supervisor", "user");
	const struct passwd *pw;

	if (name[0] == '\0' || geteuid() != 0)
		return 0;
	errno = 0;
	pw = getpwnam(name);
	if (pw == NULL)
		return log_errno(errno != 0 ? -errno : -ESRCH, "supervisor.user = %s", name);
	s->uid = pw->pw_uid;
	s->gid = pw->pw_gid;
	s->change_user = true;
	s->n_groups = SUPERVISOR_GROUPS;
	if (getgrouplist(name, s->gid, s->groups, &s->n_groups) < 0)
		return log_errno(-E2BIG, "supervisor.user = %s: too many groups", name);
	return 0;
}

static int
on_signal(sd_event_source *source, const struct signalfd_siginfo *si, void *userdata)
{
	children_stop(userdata);
	return 0;
}

/* It must fork and exec, so it cannot enter a fence; it can at least promise never to gain
 * anything. */
static int
prepare_process(struct supervisor *s)
{
	const struct rlimit none = {0};
	sigset_t set;
	int r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0 ||
	    setrlimit(RLIMIT_CORE, &none) < 0)
		return -errno;
	/* A closed descriptor 0–2 would be taken by the next socket. */
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
			return -errno;
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	if ((r = sd_event_new(&s->event)) < 0 ||
	    (r = sd_event_add_signal(s->event, NULL, SIGTERM, on_signal, s)) < 0 ||
	    (r = sd_event_add_signal(s->event, NULL, SIGINT, on_signal, s)) < 0)
		return r;
	return sd_event_set_watchdog(s->event, true);
}

static int
run(struct supervisor *s)
{
	int r;

	if ((r = find_user(s)) < 0 || (r = listeners_open(s)) < 0)
		return r;
	if ((r = find_own_dir(s)) < 0 || (r = prepare_process(s)) < 0 ||
	    (r = children_start(s)) < 0)
		return log_errno(r, "cannot start");
	return sd_event_loop(s->event);
}

int
main(int argc, char **argv)
{
	struct supervisor s = {0};
	struct options o = {0};
	int r;

	log_open("fumikurad");
	r = read_options(argc, argv, &o);
	if (r != 0) {
		if (r < 0)
			fputs(usage, stderr);
		return r < 0 ? 2 : 0;
	}
	r = load_config(&o, &s.config);
	if (r < 0)
		return 1;
	r = run(&s);
	listeners_close(&s);
	children_free(&s);
	sd_event_unref(s.event);
	config_free(s.config);
	free(s.own_dir);
	return r < 0 ? 1 : 0;
}
