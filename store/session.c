/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of sessions. Knows nothing of roles: they are read from the catalogue at each call, so
 * that a disabled account ends at once. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io.h"
#include "secret.h"
#include "session.h"
#include "session_file.h"
#include "text.h"

#define SEEN_BUCKETS 1024

struct seen {
	struct seen *next;
	char what[];
};

struct session {
	struct session *next;
	struct session_secret *secret; /* secret memory */
	char id[17];
	uint64_t opened_ms, used_ms, touched_ms;
	struct seen *seen[SEEN_BUCKETS];
	unsigned n_seen;
};

struct sessions {
	int dir;
	uint64_t idle_ms, max_ms;
	pthread_mutex_t lock;
	struct session *list;
	unsigned count;
};

static void
session_free(struct session *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < SEEN_BUCKETS; i++)
		for (struct seen *e = s->seen[i], *next; e != NULL; e = next) {
			next = e->next;
			free(e);
		}
	secret_free(s->secret);
	free(s);
}

int
sessions_new(int data_dir, unsigned idle_min, unsigned max_h, struct sessions **ret)
{
	struct sessions *sessions = calloc(1, sizeof(*sessions));

	if (sessions == NULL)
		return -ENOMEM;
	sessions->dir = io_open_dir(data_dir, "sessions");
	if (sessions->dir < 0) {
		int r = sessions->dir;
		free(sessions);
		return r;
	}
	sessions->idle_ms = (uint64_t)idle_min * 60000;
	sessions->max_ms = (uint64_t)max_h * 3600000;
	pthread_mutex_init(&sessions->lock, NULL);
	session_files_sweep(sessions->dir, time_now_ms() - sessions->max_ms);
	*ret = sessions;
	return 0;
}

void
sessions_free(struct sessions *sessions)
{
	if (sessions == NULL)
		return;
	for (struct session *s = sessions->list, *next; s != NULL; s = next) {
		next = s->next;
		session_free(s);
	}
	close(sessions->dir);
	pthread_mutex_destroy(&sessions->lock);
	free(sessions);
}

/* Takes s out of the table and removes its file. Lock held. */
static void
drop(struct sessions *sessions, struct session *s)
{
	for (struct session **p = &sessions->list; *p != NULL; p = &(*p)->next)
		if (*p == s) {
			*p = s->next;
			sessions->count--;
			break;
		}
	io_unlink(sessions->dir, s->id);
	session_free(s);
}

static void
insert(struct sessions *sessions, struct session *s)
{
	struct session *oldest = NULL;

	if (sessions->count >= SESSION_MAX) {
		for (struct session *p = sessions->list; p != NULL; p = p->next)
			if (oldest == NULL || p->used_ms < oldest->used_ms)
				oldest = p;
		drop(sessions, oldest);
	}
	s->next = sessions->list;
	sessions->list = s;
	sessions->count++;
}

static void
fill_actor(const struct session *s, struct actor *ret)
{
	memset(ret, 0, sizeof(*ret));
	memcpy(ret->user, s->secret->user, sizeof(ret->user));
	memcpy(ret->session, s->id, sizeof(ret->session));
	memcpy(ret->terminal, s->secret->terminal, sizeof(ret->terminal));
}

static uint64_t
expires(const struct sessions *sessions, const struct session *s)
{
	uint64_t idle = s->used_ms + sessions->idle_ms, end = s->opened_ms + sessions->max_ms;

	return idle < end ? idle : end;
}

int
session_open(struct sessions *sessions, const char *user, const char *terminal, const char *account,
    const uint8_t *key, size_t key_size, const char *cert_pem, char ret_token[SESSION_TOKEN_TEXT],
    struct actor *ret_actor, uint64_t *ret_expires_ms)
{
	struct session *s = calloc(1, sizeof(*s));
	uint8_t token[32];
	int r = -ENOMEM;

	if (s == NULL || (s->secret = secret_new(sizeof(*s->secret))) == NULL)
		goto out;
	random_bytes(token, sizeof(token));
	hex_encode(token, sizeof(token), ret_token);
	session_file_id(ret_token, s->id);
	s->opened_ms = s->used_ms = s->touched_ms = time_now_ms();
	r = session_secret_fill(
	    s->secret, user, terminal, account, s->opened_ms, key, key_size, cert_pem);
	if (r >= 0)
		r = session_file_write(sessions->dir, s->id, ret_token, s->secret);
	if (r < 0)
		goto out;
	pthread_mutex_lock(&sessions->lock);
	insert(sessions, s);
	fill_actor(s, ret_actor);
	*ret_expires_ms = expires(sessions, s);
	s = NULL;
	pthread_mutex_unlock(&sessions->lock);
out:
	session_free(s);
	explicit_bzero(token, sizeof(token));
	return r;
}

/* From memory, else from the file that a former process left. -ENOENT: there is none, or no whole
 * one. Lock held. */
static int
find(struct sessions *sessions, const char *token, struct session **ret)
{
	char id[17];
	struct session *s;
	int r;

	if (strlen(token) != SESSION_TOKEN_TEXT - 1)
		return -ENOENT;
	session_file_id(token, id);
	for (s = sessions->list; s != NULL; s = s->next)
		if (strcmp(s->id, id) == 0) {
			*ret = s;
			return session_secret_matches(s->secret, token) ? 0 : -ENOENT;
		}
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return -ENOMEM;
	memcpy(s->id, id, sizeof(id));
	s->secret = secret_new(sizeof(*s->secret));
	r = s->secret == NULL ? -ENOMEM
			      : session_file_read(sessions->dir, id, token, s->secret, &s->used_ms);
	if (r < 0) {
		session_free(s);
		return r == -EBADMSG || r == -EFBIG || r == -EINVAL ? -ENOENT : r;
	}
	s->opened_ms = s->secret->opened_ms;
	s->touched_ms = s->used_ms;
	insert(sessions, s);
	*ret = s;
	return 0;
}

int
session_find(struct sessions *sessions, const char *token, struct actor *ret_actor,
    char ret_account[SESSION_ACCOUNT], uint64_t *ret_expires_ms)
{
	const uint64_t now = time_now_ms();
	struct session *s;
	int r;

	pthread_mutex_lock(&sessions->lock);
	r = find(sessions, token, &s);
	if (r >= 0 && now >= expires(sessions, s)) {
		fill_actor(s, ret_actor);
		drop(sessions, s);
		r = -ETIME;
	}
	if (r >= 0) {
		s->used_ms = now;
		if (now - s->touched_ms > 60000) {
			utimensat(sessions->dir, s->id, NULL, 0);
			s->touched_ms = now;
		}
		fill_actor(s, ret_actor);
		memcpy(ret_account, s->secret->account, SESSION_ACCOUNT);
		*ret_expires_ms = expires(sessions, s);
	}
	pthread_mutex_unlock(&sessions->lock);
	return r;
}

int
session_renew(struct sessions *sessions, const char *token, const char *account)
{
	struct session *s;
	int r = strlen(account) < SESSION_ACCOUNT ? 0 : -ENOENT;

	pthread_mutex_lock(&sessions->lock);
	if (r >= 0)
		r = find(sessions, token, &s);
	if (r >= 0) {
		memcpy(s->secret->account, account, strlen(account) + 1);
		r = session_file_write(sessions->dir, s->id, token, s->secret);
	}
	pthread_mutex_unlock(&sessions->lock);
	return r;
}

static struct session *
find_id(struct sessions *sessions, const char *session)
{
	for (struct session *s = sessions->list; s != NULL; s = s->next)
		if (strcmp(s->id, session) == 0)
			return s;
	return NULL;
}

int
session_signing_key(struct sessions *sessions, const char *session, uint8_t **ret_key,
    size_t *ret_size, char **ret_cert_pem)
{
	const struct session *s;
	uint8_t *key = NULL;
	char *cert = NULL;
	int r = -ENOENT;

	pthread_mutex_lock(&sessions->lock);
	s = find_id(sessions, session);
	if (s != NULL && s->secret->key_size > 0) {
		key = secret_new(s->secret->key_size);
		cert = strdup(s->secret->cert_pem);
		r = key != NULL && cert != NULL ? 0 : -ENOMEM;
	}
	if (r == 0) {
		memcpy(key, s->secret->key, s->secret->key_size);
		*ret_size = s->secret->key_size;
		*ret_key = key;
		*ret_cert_pem = cert;
	} else {
		secret_free(key);
		free(cert);
	}
	pthread_mutex_unlock(&sessions->lock);
	return r;
}

void
session_close(struct sessions *sessions, const char *token)
{
	struct session *s;

	pthread_mutex_lock(&sessions->lock);
	if (find(sessions, token, &s) >= 0)
		drop(sessions, s);
	pthread_mutex_unlock(&sessions->lock);
}

void
session_close_user(struct sessions *sessions, const char *user, const char *except)
{
	pthread_mutex_lock(&sessions->lock);
	for (struct session *s = sessions->list, *next; s != NULL; s = next) {
		next = s->next;
		if (strcmp(s->secret->user, user) == 0 && strcmp(s->id, except) != 0)
			drop(sessions, s);
	}
	pthread_mutex_unlock(&sessions->lock);
}

static unsigned
bucket(const char *what)
{
	unsigned h = 2166136261u;

	for (; *what != '\0'; what++)
		h = (h ^ (unsigned char)*what) * 16777619u;
	return h % SEEN_BUCKETS;
}

static const struct seen *
find_seen(const struct session *s, const char *what)
{
	const struct seen *e = s != NULL ? s->seen[bucket(what)] : NULL;

	while (e != NULL && strcmp(e->what, what) != 0)
		e = e->next;
	return e;
}

bool
session_has_viewed(struct sessions *sessions, const char *session, const char *what)
{
	bool seen;

	pthread_mutex_lock(&sessions->lock);
	seen = find_seen(find_id(sessions, session), what) != NULL;
	pthread_mutex_unlock(&sessions->lock);
	return seen;
}

void
session_note_view(struct sessions *sessions, const char *session, const char *what)
{
	const unsigned b = bucket(what);
	struct session *s;
	struct seen *e;

	pthread_mutex_lock(&sessions->lock);
	s = find_id(sessions, session);
	if (s != NULL && find_seen(s, what) == NULL && s->n_seen < SESSION_SEEN_MAX &&
	    (e = malloc(sizeof(*e) + strlen(what) + 1)) != NULL) {
		memcpy(e->what, what, strlen(what) + 1);
		e->next = s->seen[b];
		s->seen[b] = e;
		s->n_seen++;
	}
	pthread_mutex_unlock(&sessions->lock);
}
