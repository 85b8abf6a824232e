/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request of a person, from the bus to a handler and back. serve.c reads the arguments by the
 * signature in store_bus.h, finds the session, asks permit(), and runs the handler on a pool
 * thread; the handler (an act_* function) is a straight line that may block: read, decide, commit,
 * fill the result. call.c is what handlers stand on.
 */
#ifndef FUMIKURA_STORE_CALL_H
#define FUMIKURA_STORE_CALL_H

#include <jansson.h>
#include <stdint.h>

#include "permit.h"
#include "refusal.h"
#include "store.h"

#define CALL_MAX_ARGS 8
#define CALL_MAX_FILES 250 /* files of one export: the kernel passes 253 in one message */
#define CALL_MAX_LIST 1000 /* entries of an array argument */

struct arg {
	char type;   /* s u t i h, 'l' for as, 'd' for a{ss} */
	char *text;  /* s */
	uint32_t u;  /* u */
	uint64_t t;  /* t */
	int32_t i;   /* i */
	int fd;      /* h */
	char **list; /* l: n texts; d: n keys and n values alternating */
	size_t n;
};

struct call_file {
	char *name;
	int fd;
};

struct call {
	struct store *store;
	const struct act *act;
	/* who */
	enum role role;
	struct actor actor;
	struct catalogue_user user; /* of a signed-in person */
	uint64_t expires_ms;
	/* what */
	struct arg args[CALL_MAX_ARGS];
	unsigned n_args;
	/* answer */
	struct refusal refusal;
	json_t *result; /* NULL answers {} */
	struct call_file *files;
	size_t n_files;
	/* private to serve.c */
	void *message;
	struct serving *serving;
	bool console;
	int r;
};

struct act {
	const char *member;
	enum action action;
	int (*run)(struct call *call);
	unsigned flags;
};
#define ACT_NO_SESSION 1u    /* Login, Init: the first argument is no token */
#define ACT_BEFORE_CHANGE 2u /* allowed while the first password has not been changed */
#define ACT_MUST_CONSOLE 4u
#define ACT_OFFLINE 8u     /* works without a box, on an archive that is not open */
#define ACT_HASHES 16u     /* hashes a password: slow on purpose, and 64 MiB each */
#define ACT_SLOW 32u       /* waits for another room or reads much of the archive */
#define ACT_URGENT 64u     /* gets through however many calls are under way */
#define ACT_SLOW_ALTO 128u /* as ACT_SLOW when its kind, the fourth argument, is alto */

/* The tables of handlers, one per file. */
extern const struct act acts_session[], acts_people[], acts_reset[], acts_box[], acts_intake[],
    acts_batch[], acts_record[], acts_find[], acts_place[], acts_proof[], acts_init[];

/* Commits on behalf of the call's actor. */
int call_commit(struct call *call, decide_fn decide, void *arg);
/* Refuses unless the document is a draft, or submitted and the person a checker: nobody signs what
 * changed under his hand. */
int txn_may_edit(struct txn *txn, const char *document, bool checker);
/* Commits a view event (payload is taken) the first time this session sees what; -errno: then
 * nothing may be shown. */
int call_note_view(struct call *call, const char *what, json_t *payload);
/* Adds a file to the answer; fd is taken. */
int call_add_file(struct call *call, const char *name, int fd);
/* Copies data into a sealed memfd and adds it. */
int call_add_data(struct call *call, const char *name, const void *data, size_t n);

#endif
