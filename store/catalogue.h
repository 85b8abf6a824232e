/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The catalogue: a SQLite projection of the log. Only catalogue_apply() changes tables, live and in
 * replay alike (rule 9); everything else reads. One writer connection (the writer thread), and one
 * connection per reading thread. All SQL is in catalogue*.c; the file is opened in one place
 * (catalogue_open.c).
 */
#ifndef FUMIKURA_STORE_CATALOGUE_H
#define FUMIKURA_STORE_CATALOGUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "eventlog.h"
#include "objects.h"

#define ID_TEXT 16 /* "B000001", "D000001", "P00000001" and NUL, with room to grow */

struct catalogue;

/* What apply needs besides the event: derived objects hold the recognised text. */
struct catalogue_sources {
	/* Plaintext of an object encrypted to identity number key of batch's ring. Caller:
	 * secret_free. -ENOENT, -EBADMSG, -EIO (objects_get): it is lost, which stops nothing; any
	 * other failure does, a key that cannot be had (store_fetch) among them. */
	int (*object)(void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret,
	    size_t *ret_size);
	void *ctx;
};

/* mode: 'w' creates or opens for the writer, 'r' read-only. path is DATA/catalogue.db. sources may
 * be NULL for readers. A writer brings an older schema up to date; -ESTALE: a reader must wait for
 * that. -EPROTONOSUPPORT: a newer schema, or none; -EBADMSG: it is damaged; anything else may
 * pass. */
int catalogue_open(
    const char *path, char mode, const struct catalogue_sources *sources, struct catalogue **ret);
void catalogue_free(struct catalogue *cat);
/*
 * Results of recognition that were lost when their events were applied, since it was opened: such a
 * page waits to be read again, and one that has lost only its further readings to be read further.
 */
unsigned catalogue_lost(const struct catalogue *cat);
DEFINE_CLEANUP(struct catalogue *, catalogue_free)
/* Removes database, WAL and shared memory files, for rebuild. */
int catalogue_remove(const char *path);

/* Writer: one transaction for a group, a savepoint for each request in it. */
int catalogue_begin(struct catalogue *cat);
int catalogue_commit(struct catalogue *cat);
void catalogue_rollback(struct catalogue *cat);
int catalogue_savepoint(struct catalogue *cat);
int catalogue_release(struct catalogue *cat);
void catalogue_rollback_to(struct catalogue *cat);

/* Index of the next event to apply, or negative errno. */
int64_t catalogue_next_event(struct catalogue *cat);
/*
 * Applies one event: dispatch by type through one table to apply_* functions. ev->index must equal
 * catalogue_next_event(). An unknown type or a missing member is -EINVAL: such an event must never
 * have been made. Every event also becomes a row of the log view.
 */
int catalogue_apply(struct catalogue *cat, const struct event_frame *ev);

/* ---- ids ---- */
int catalogue_next_batch(struct catalogue *cat, char ret[ID_TEXT]);
int catalogue_next_document(struct catalogue *cat, unsigned ahead,
    char ret[ID_TEXT]); /* ahead: 0 for the next, 1 for the one after … */
int catalogue_next_page(struct catalogue *cat, char ret[ID_TEXT]);

/* Whole seconds by which the newest event lies after now_ms; 0 when it does not. */
int64_t catalogue_ahead_s(struct catalogue *cat, uint64_t now_ms);

/* Until when a manager answers for the clock; 0 for not at all. A clock that was set back since is
 * not the one he answered for: by it the hours would last longer. */
uint64_t catalogue_time_override_ms(struct catalogue *cat);

/* ---- people ---- */
struct catalogue_user {
	char user[33], display[128], role[16], state[16]; /* state: active disabled */
	char file_sha256[65];
	bool must_change;
	unsigned failures;
	uint64_t locked_until_ms;
	char reset_asked_by[33]; /* "" when no reset is pending */
	uint64_t reset_asked_ms;
	char hand[33]; /* who set the present password, "" for the person's own (permit.h) */
	uint64_t hand_until_ms; /* 0: always */
};
int catalogue_user(
    struct catalogue *cat, const char *user, struct catalogue_user *ret); /* -ENOENT */
int catalogue_users_json(struct catalogue *cat, json_t **ret);
unsigned catalogue_users_with_role(struct catalogue *cat, const char *role); /* active ones */
/* Active ones that are not locked at now_ms, but user; UINT_MAX when it cannot be said. */
unsigned catalogue_other_users(
    struct catalogue *cat, const char *role, const char *user, uint64_t now_ms);
/* The account, the hand behind it at now_ms, the hand behind that one …, as struct person has them.
 * Returns how many; 0 when max do not reach an end, -ENOENT for no such account. */
int catalogue_hands(
    struct catalogue *cat, const char *user, uint64_t now_ms, char (*ret)[33], unsigned max);
/* Nothing was taken in yet and no reset asked for: 1, else 0. */
int catalogue_is_beginning(struct catalogue *cat);

/* ---- batches, pages, documents ---- */
struct catalogue_batch {
	char batch[ID_TEXT], state[16], opened_by[33], source[8], device[128], profile[32],
	    type[64];
	char ring_sha256[65];
	unsigned ring_count, keys_used,
	    pages; /* keys_used: identities already given to pages and documents */
	bool running;
};
int catalogue_batch(
    struct catalogue *cat, const char *batch, struct catalogue_batch *ret); /* -ENOENT */
/* Batches whose run was under way when store stopped. visit gets ids. */
int catalogue_running_batches(
    struct catalogue *cat, int (*visit)(void *ctx, const char *batch), void *ctx);

struct catalogue_page {
	char page[ID_TEXT], batch[ID_TEXT], document[ID_TEXT];
	unsigned seq, n,
	    key; /* n: number within the document, from 1, excluded pages not counted (0) */
	bool excluded;
	unsigned rotation, asked_rotation; /* recognised; asked for by a person */
	char state[16];                    /* stored reading read unreadable */
	char master[OBJECT_ID], result[OBJECT_ID], alto[OBJECT_ID], preview[OBJECT_ID],
	    thumb[OBJECT_ID], further[OBJECT_ID]; /* "" when not there */
	char tiff_sha256[65], raw_sha256[65];
	uint64_t tiff_size;
	char ring_sha256[65];
	unsigned width, height, dpi;
};
int catalogue_page(struct catalogue *cat, const char *page, struct catalogue_page *ret);
int catalogue_page_of_document(
    struct catalogue *cat, const char *document, unsigned n, struct catalogue_page *ret);
int catalogue_page_of_batch(
    struct catalogue *cat, const char *batch, unsigned seq, struct catalogue_page *ret);
/* Text of the shown reading; caller frees; "" when not read. */
int catalogue_page_text(struct catalogue *cat, const char *page, char **ret);

/*
 * Every place of the words of text on a page, in any of its readings: appends [x,y,w,h], pixels of
 * the upright page before a person's rotation, to ret; of a line that a person wrote all of it, of
 * one that was read with a margin of one glyph (catalogue_margin.h).
 * Folded as search folds. -EOVERFLOW: more places than can be told; -EINVAL, -E2BIG, -EILSEQ:
 * nothing, too much or no text to look for.
 */
int catalogue_places(struct catalogue *cat, const char *page, const char *text, json_t *ret);
/* {"lines":[{"text","box","corrected":{"raw","by","at"}}]}: what is shown of a page and where, as
 * it is turned; raw: what the machine read there. Lines without a place are left out. */
int catalogue_lines_json(struct catalogue *cat, const char *page, json_t **ret);
/* [{x,y,w,h,text}]: what people corrected, before a person's rotation. */
int catalogue_corrections(struct catalogue *cat, const char *page, json_t **ret);
/* 1: a person corrected the text of just this box; 0: not. */
int catalogue_is_corrected(struct catalogue *cat, const char *page, const uint32_t box[4]);
/* The field proposals of a page that have this key, as catalogue_follow.h says; their boxes with a
 * margin of one glyph. */
int catalogue_proposed(struct catalogue *cat, const char *page, const char *key, json_t **ret);

struct catalogue_document {
	char document[ID_TEXT], batch[ID_TEXT], state[24]; /* draft submitted confirmed */
	char submitted_by[33];
	unsigned version, pages;
	char manifest_sha256[65], manifest[OBJECT_ID], signature[OBJECT_ID], value[OBJECT_ID],
	    token[OBJECT_ID]; /* newest version; "" when none */
	unsigned evidence_key, token_key;
	char ring_sha256[65], signer[33];
	bool stamped;
};
int catalogue_document(struct catalogue *cat, const char *document, struct catalogue_document *ret);
/* Fields as {"client_name":…}. */
int catalogue_fields(struct catalogue *cat, const char *document, json_t **ret);
int catalogue_documents_of_batch(
    struct catalogue *cat, const char *batch, json_t **ret); /* ["D000001",…] */
int catalogue_all_documents(struct catalogue *cat, json_t **ret);
/* Pages of a document in order, not excluded: for manifests and exports. */
int catalogue_document_pages(struct catalogue *cat, const char *document,
    struct catalogue_page **ret, size_t *ret_count); /* caller frees */

/* Results in the exact shapes of store_bus.h. */
int catalogue_batch_json(struct catalogue *cat, const char *batch, json_t **ret);
int catalogue_batches_json(struct catalogue *cat, const char *state, unsigned limit, json_t **ret);
int catalogue_queue_json(struct catalogue *cat, const char *state, uint64_t now_ms, json_t **ret);
int catalogue_show_json(struct catalogue *cat, const char *document, json_t **ret);
/* Filters "" or 0 mean all. */
int catalogue_log_json(struct catalogue *cat, const char *since, const char *document,
    const char *user, const char *type, unsigned limit, json_t **ret);
/*
 * The manifest of a document as it would be confirmed now:
 * {"fumikura":"manifest/v1","document","version","previous","archive","batch","fields",…,"pages":[{n,page,
 * "tiff_sha256","tiff_size","raw_sha256","object","rotation","params",…}],"excluded":[…],"people":{scanned_by,indexed_by,submitted_by}}:
 * all that the signature must cover (G91-12, G71-02). Caller adds confirmed_by and times.
 */
int catalogue_manifest_json(struct catalogue *cat, const char *document, json_t **ret);

/* ---- search ---- */
#define SEARCH_MAX_QUERY 256 /* code points */
/*
 * Pages that contain every term of query (terms are separated by white space), newest first. Exact:
 * NFKC, case, width, dash and name variants (髙/高) folded, white space ignored; no term is ever
 * dropped. Each term may be in any reading of the page or in the fields of its document; a document
 * that has all terms in its fields alone is given once, by its first page. Pages that are excluded
 * or in no document yet are not found.
 *
 * ret: {"total","total_exact","hits":[…]} as in store_bus.h; totals are exact up to 1000, beyond
 * that total is 1000 and total_exact false. In a hit, reading is "" when the shown reading has all
 * terms, else the id of a further reading, or "fields"; highlight [[start,length],…] counts code
 * points of snippet; marks, width and height are of the upright page, turned as a person asked.
 * At most 500 hits. -EINVAL: nothing to look for; -E2BIG: over SEARCH_MAX_QUERY or 16 terms;
 * -EILSEQ: not UTF-8.
 */
int catalogue_search(
    struct catalogue *cat, const char *query, unsigned limit, unsigned offset, json_t **ret);

/* ---- work that waits ---- */
/* The next page to recognise: interactive batches first, then oldest; pages in `busy` (ids,
 * NULL-terminated) are passed over. 1, or 0 for none. */
int catalogue_recognition_next(
    struct catalogue *cat, const char *const *busy, struct catalogue_page *ret);
/* As above: the next page to read further for search, newest first but those that failed at it
 * after all others, which was read once and did not fail FURTHER_ATTEMPTS times at this. None while
 * a scan runs: its next page comes in a moment. */
#define FURTHER_ATTEMPTS 3
int catalogue_further_next(
    struct catalogue *cat, const char *const *busy, struct catalogue_page *ret);
/* Pages that somebody turned and whose preview was not made again since. visit gets ids. */
int catalogue_unturned(struct catalogue *cat, int (*visit)(void *ctx, const char *page), void *ctx);
int catalogue_recognition_attempts(
    struct catalogue *cat, const char *page); /* from room.fault events naming the page */
/* The oldest confirmed version without a timestamp; -ENOENT. waiting/oldest for status. */
int catalogue_untimed_next(struct catalogue *cat, unsigned offset, char ret_document[ID_TEXT]);
int catalogue_status_json(struct catalogue *cat,
    json_t **
	ret); /* {"queue":{recognition,further,confirmation},"pending_timestamps":{count,oldest},"documents","pages"}
	       */

/* ---- proof ---- */
/* Digest of a key file ("users/hanako.json", "rings/B000001.age", "ca.age") as the log has it;
 * -ENOENT. */
int catalogue_key_digest(struct catalogue *cat, const char *name, char ret[65]);
int catalogue_key_files(struct catalogue *cat,
    int (*visit)(void *ctx, const char *name, const char *sha256), void *ctx);
/* Every object that an event named: batch and key say which identity opens it; sha256 is that of
 * the plaintext, or "". */
int catalogue_objects(struct catalogue *cat,
    int (*visit)(void *ctx, const char *id, const char *kind, const char *batch, unsigned key,
	const char *sha256),
    void *ctx);
/* SQLite's own integrity check and ours; fault as in eventlog.h. Changes nothing. Comparing the
 * search index with the texts takes the writer's connection: on a reader's that part is left out.
 */
int catalogue_check(struct catalogue *cat, fault_fn fault, void *ctx);
/* SHA-256 over every row of every table in a fixed order: two catalogues with equal digests give
 * equal answers (rebuild, doctor). */
int catalogue_digest(struct catalogue *cat, char ret[65]);
/* Compares cat with the right one, which holds the same number of events: each table that differs
 * is named, with its first row that does. What rests on results of recognition is left out while
 * the right one waits for any that was lost to be read again. Changes nothing. */
int catalogue_compare(struct catalogue *right, struct catalogue *cat, fault_fn fault, void *ctx);
/* Brings everything applied so far from the WAL into the database, durably. Nobody may read
 * meanwhile. */
int catalogue_settle(struct catalogue *cat);
/* Archive facts from archive.init: {"name","origin","ca_pem",…}. */
int catalogue_archive_json(struct catalogue *cat, json_t **ret);

#endif
