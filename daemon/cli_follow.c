/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Following a batch while its pages arrive and are read. Store answers when something changed; a
 * restarted room only costs a new connection. */
#include "cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>

#include "store/store_bus.h"

struct follow {
	const char *token, *batch;
	bool stored_only, cancelled, stop;
	uint64_t seen;
	unsigned stored, read;
	sigset_t before;
};

/* Ctrl-C: the first cancels the run, whose end is then followed; the second ends the command. */
static void
on_tick(struct cli *cli, void *userdata)
{
	struct follow *f = userdata;
	struct signalfd_siginfo si;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	if (f->stop || read(cli->signals, &si, sizeof(si)) != (ssize_t)sizeof(si))
		return;
	if (f->cancelled) {
		f->stop = true;
		sd_bus_close(cli->bus); /* ends the wait */
		return;
	}
	f->cancelled = true;
	cli_progress(cli,
	    cli_words(cli, "中止しています。保存済みのページは残ります。",
		"Cancelling; stored pages are kept."),
	    true);
	if (sd_bus_message_new_method_call(cli->bus, &m, NULL, STORE_PATH, STORE_IFACE, "Cancel") >=
		0 &&
	    sd_bus_message_append(m, "ss", f->token, f->batch) >= 0)
		sd_bus_send(cli->bus, m, NULL);
}

static int
catch_interrupt(struct cli *cli, struct follow *f)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, &f->before) < 0)
		return -errno;
	cli->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (cli->signals < 0)
		return -errno;
	cli->tick = on_tick;
	cli->tick_userdata = f;
	return 0;
}

static void
release_interrupt(struct cli *cli, struct follow *f)
{
	cli->tick = NULL;
	closep(&cli->signals);
	sigprocmask(SIG_SETMASK, &f->before, NULL);
}

/* Pages that count: those a person has not put aside. */
static void
count(struct follow *f, const json_t *batch)
{
	const json_t *pages = json_object_get(batch, "pages"), *page;
	size_t i;

	f->stored = f->read = 0;
	for (i = 0; i < json_array_size(pages); i++) {
		const char *state;

		page = json_array_get(pages, i);
		if (json_is_true(json_object_get(page, "excluded")))
			continue;
		state = json_string_value(json_object_get(page, "state"));
		f->stored++;
		f->read +=
		    state != NULL && strcmp(state, "stored") != 0 && strcmp(state, "reading") != 0;
	}
}

static void
show(struct cli *cli, const struct follow *f)
{
	char text[160];

	snprintf(text, sizeof(text),
	    cli_words(cli, "束 %s: 保存 %u ページ、読み取り %u ページ",
		"batch %s: %u pages stored, %u recognised"),
	    f->batch, f->stored, f->read);
	cli_progress(cli, text, false);
}

static time_t
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static bool
over(const struct follow *f, const json_t *batch)
{
	const char *state =
	    json_string_value(json_object_get(json_object_get(batch, "run"), "state"));

	if (state != NULL && strcmp(state, "running") == 0)
		return false;
	return f->stored_only || f->read == f->stored;
}

static int
look_once(struct cli *cli, const struct follow *f, json_t **ret)
{
	if (cli->bus == NULL)
		return -ECONNRESET;
	return cli_request(cli, "BatchShow", ret, "sst", f->token, f->batch, f->seen);
}

/* One BatchShow; when the connection is lost, again on new ones until one answers or
 * CLI_RECONNECT_S have passed. */
static int
look(struct cli *cli, const struct follow *f, json_t **ret)
{
	int r = look_once(cli, f, ret);
	time_t since = 0, now;

	while (r == -ECONNRESET && !f->stop) {
		now = seconds();
		if (since == 0)
			since = now;
		if (now - since > (time_t)CLI_RECONNECT_S)
			return -ETIMEDOUT;
		cli_reconnect(cli);
		/* A batch that changed meanwhile, or a store that counts anew: ask for its state at
		 * once. */
		r = f->stop ? -ECANCELED
			    : look_once(
				  cli, &(struct follow){.token = f->token, .batch = f->batch}, ret);
	}
	return r;
}

static int
follow(struct cli *cli, struct follow *f, json_t **ret)
{
	for (;;) {
		_cleanup_(cli_json_decref) json_t *batch = NULL;
		const unsigned stored = f->stored, read_before = f->read;
		int r = look(cli, f, &batch);

		if (r < 0)
			return r;
		count(f, batch);
		if (f->seen == 0 || stored != f->stored || read_before != f->read)
			show(cli, f);
		f->seen = (uint64_t)json_integer_value(json_object_get(batch, "change"));
		if (over(f, batch)) {
			*ret = TAKE_PTR(batch);
			return 0;
		}
	}
}

int
cli_follow(struct cli *cli, const char *token, const char *batch, bool stored_only, json_t **ret)
{
	struct follow f = {.token = token, .batch = batch, .stored_only = stored_only};
	int r = catch_interrupt(cli, &f);

	if (r == 0)
		r = follow(cli, &f, ret);
	release_interrupt(cli, &f);
	if (cli->live)
		fputc('\n', stderr);
	cli->live = false;
	if (f.stop)
		cli_set_error(cli, "interrupted",
		    "待つのをやめました。取込の結果は batch show で確かめてください。",
		    "Waiting was ended. See batch show for what became of the scan.");
	return r < 0 ? CLI_FAILED : CLI_DONE;
}
