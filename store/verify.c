/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verification of records. Trusts the log's digests and the certificates, nothing else that is
 * stored. */
#include <errno.h>
#include <string.h>

#include "canon.h"
#include "evidence.h"
#include "secret.h"
#include "text.h"
#include "verify.h"

struct check {
	struct store *store;
	struct catalogue_document document;
	struct catalogue_page *pages;
	size_t n_pages;
	json_t *expected; /* the manifest as the catalogue would write it */
	struct verified *count;
	struct faults *faults;
};

static int
read_object(struct check *c, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	int r = store_object(c->store, c->document.batch, key, id, ret, ret_size);

	if (r < 0)
		faults_add(c->faults, fault_of_object(r), id, c->document.document);
	else
		c->count->objects++;
	return r;
}

/* What recognition made of a page is not signed, but people read and search it. */
static void
check_derived(struct check *c, const struct catalogue_page *page)
{
	const char *const ids[] = {
	    page->result, page->alto, page->preview, page->thumb, page->further};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		_cleanup_(secret_freep) uint8_t *plain = NULL;
		size_t size;

		if (ids[i][0] != '\0')
			read_object(c, page->key, ids[i], &plain, &size);
	}
}

static void
check_page(struct check *c, const struct catalogue_page *page)
{
	_cleanup_(secret_freep) uint8_t *tiff = NULL;
	char digest[65];
	size_t size;

	c->count->pages++;
	check_derived(c, page);
	if (read_object(c, page->key, page->master, &tiff, &size) < 0)
		return;
	canon_sha256(tiff, size, digest);
	if (strcmp(digest, page->tiff_sha256) != 0)
		faults_add(c->faults, "digest_mismatch", page->page, page->master);
}

/* The signed text is what was confirmed, and says of fields and pages what the record says. */
static int
check_manifest(struct check *c, const uint8_t *text, size_t size)
{
	static const char *const compared[] = {"document", "fields", "pages"};
	json_t *signed_json;
	char digest[65];
	int r = 0;

	canon_sha256(text, size, digest);
	if (strcmp(digest, c->document.manifest_sha256) != 0)
		r = -EBADMSG;
	signed_json = json_loadb((const char *)text, size, JSON_REJECT_DUPLICATES, NULL);
	for (size_t i = 0; r == 0 && i < sizeof(compared) / sizeof(compared[0]); i++)
		if (!json_equal(json_object_get(signed_json, compared[i]),
			json_object_get(c->expected, compared[i])))
			r = -EBADMSG;
	json_decref(signed_json);
	if (r < 0)
		faults_add(
		    c->faults, "manifest_mismatch", c->document.document, c->document.manifest);
	return r;
}

/* What of a record's evidence could be read; each part that cannot is named of its own. */
struct evidence {
	uint8_t *manifest, *cms, *value, *tsr;
	size_t manifest_size, cms_size, value_size, tsr_size;
	bool whole;
};

static void
evidence_end(struct evidence *e)
{
	secret_free(e->manifest);
	secret_free(e->cms);
	secret_free(e->value);
	secret_free(e->tsr);
}

static void
read_evidence(struct check *c, struct evidence *e)
{
	const struct catalogue_document *d = &c->document;
	const struct {
		const char *id;
		unsigned key;
		uint8_t **data;
		size_t *size;
	} parts[] = {
	    {d->manifest, d->evidence_key, &e->manifest, &e->manifest_size},
	    {d->signature, d->evidence_key, &e->cms, &e->cms_size},
	    {d->value, d->evidence_key, &e->value, &e->value_size},
	    {d->token, d->token_key, &e->tsr, &e->tsr_size},
	};

	e->whole = true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if ((parts[i].data != &e->tsr || d->stamped) &&
		    read_object(c, parts[i].key, parts[i].id, parts[i].data, parts[i].size) < 0)
			e->whole = false;
}

static void
check_time(struct check *c, const struct evidence *e, uint64_t *ret_at_ms)
{
	struct evidence_time time;
	const char *why = "";

	*ret_at_ms = 0;
	if (!c->document.stamped)
		return;
	if (c->store->tsa_trust_pem == NULL)
		faults_add(c->faults, "timestamp_invalid", c->document.document,
		    "no trust anchor configured");
	else if (evidence_tsr_verify(e->value, e->value_size, e->tsr, e->tsr_size, 0,
		     c->store->tsa_trust_pem, &time, &why) < 0)
		faults_add(c->faults, "timestamp_invalid", c->document.document, why);
	else
		*ret_at_ms = time.at_ms;
}

static void
check_signature(struct check *c)
{
	_cleanup_(evidence_end) struct evidence e = {0};
	struct bytes signature, inner = {0};
	struct evidence_signature who;
	const char *why = "";
	uint64_t at_ms;

	c->count->signatures++;
	c->count->timestamps += c->document.stamped;
	read_evidence(c, &e);
	if (!e.whole || check_manifest(c, e.manifest, e.manifest_size) < 0)
		return;
	signature = (struct bytes){.data = e.cms, .size = e.cms_size};
	check_time(c, &e, &at_ms);
	if (evidence_verify(e.manifest, e.manifest_size, &signature,
		ca_certificate_pem(c->store->ca), at_ms, &who, &why) < 0)
		faults_add(c->faults, "signature_invalid", c->document.document, why);
	else if (evidence_signature_value(&signature, &inner) < 0 || inner.size != e.value_size ||
		 memcmp(inner.data, e.value, inner.size) != 0)
		faults_add(c->faults, "signature_invalid", c->document.document,
		    "the timestamped value is not the signature's");
	free(inner.data);
}

int
verify_document(
    struct store *store, const char *document, struct verified *count, struct faults *faults)
{
	struct check c = {.store = store, .count = count, .faults = faults};
	int r;

	{
		_cleanup_(loan_end) struct loan loan = loan_start(store);

		r = loan.cat == NULL ? -EIO : catalogue_document(loan.cat, document, &c.document);
		if (r >= 0)
			r = catalogue_document_pages(loan.cat, document, &c.pages, &c.n_pages);
		if (r >= 0)
			r = catalogue_manifest_json(loan.cat, document, &c.expected);
	}
	if (r >= 0) {
		count->documents++;
		for (size_t i = 0; i < c.n_pages; i++)
			check_page(&c, &c.pages[i]);
		if (strcmp(c.document.state, "confirmed") == 0)
			check_signature(&c);
	}
	free(c.pages);
	json_decref(c.expected);
	return r < 0 ? r : 0;
}

struct log_check {
	struct store *store;
	struct verified *count;
	struct faults *faults;
};

static int
no_visit(void *ctx, const struct event_frame *event)
{
	return 0;
}

static int
check_log(struct catalogue **cat, struct eventlog *log, void *arg)
{
	struct log_check *c = arg;
	int64_t n =
	    eventlog_check(c->store->data_dir, c->store->keys, no_visit, faults_add, c->faults);

	if (n < 0)
		return (int)n;
	c->count->events = (uint64_t)n;
	if (n < catalogue_next_event(*cat))
		faults_add(c->faults, "log_truncated", "log/events", NULL);
	return 0;
}

int
verify_log(struct store *store, struct verified *count, struct faults *faults)
{
	struct log_check c = {store, count, faults};

	return writer_exclusive(store->writer, check_log, &c);
}
