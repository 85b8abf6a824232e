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
		faults_add(c->faults, r == -ENOENT ? "object_missing" : "object_damaged", id,
		    c->document.document);
	else
		c->count->objects++;
	return r;
}

static void
check_page(struct check *c, const struct catalogue_page *page)
{
	_cleanup_(secret_freep) uint8_t *tiff = NULL;
	char digest[65];
	size_t size;

	c->count->pages++;
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

static void
check_time(struct check *c, const struct bytes *value, uint64_t *ret_at_ms)
{
	_cleanup_(secret_freep) uint8_t *tsr = NULL;
	struct evidence_time time;
	const char *why = "";
	size_t size;

	*ret_at_ms = 0;
	if (!c->document.stamped)
		return;
	c->count->timestamps++;
	if (read_object(c, c->document.token_key, c->document.token, &tsr, &size) < 0)
		return;
	if (c->store->tsa_trust_pem == NULL)
		faults_add(c->faults, "timestamp_invalid", c->document.document,
		    "no trust anchor configured");
	else if (evidence_tsr_verify(value->data, value->size, tsr, size, 0,
		     c->store->tsa_trust_pem, &time, &why) < 0)
		faults_add(c->faults, "timestamp_invalid", c->document.document, why);
	else
		*ret_at_ms = time.at_ms;
}

static void
check_signature(struct check *c)
{
	_cleanup_(secret_freep) uint8_t *manifest = NULL, *cms = NULL, *value = NULL;
	struct bytes signature = {0}, stored_value = {0}, inner = {0};
	struct evidence_signature who;
	const char *why = "";
	uint64_t at_ms;
	size_t size;

	c->count->signatures++;
	if (read_object(c, c->document.evidence_key, c->document.manifest, &manifest, &size) < 0 ||
	    read_object(c, c->document.evidence_key, c->document.signature, &cms, &signature.size) <
		0 ||
	    read_object(
		c, c->document.evidence_key, c->document.value, &value, &stored_value.size) < 0)
		return;
	signature.data = cms;
	stored_value.data = value;
	if (check_manifest(c, manifest, size) < 0)
		return;
	check_time(c, &stored_value, &at_ms);
	if (evidence_verify(manifest, size, &signature, ca_certificate_pem(c->store->ca), at_ms,
		&who, &why) < 0)
		faults_add(c->faults, "signature_invalid", c->document.document, why);
	else if (evidence_signature_value(&signature, &inner) < 0 ||
		 inner.size != stored_value.size ||
		 memcmp(inner.data, stored_value.data, inner.size) != 0)
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
	if ((uint64_t)n < catalogue_next_event(*cat))
		faults_add(c->faults, "log_truncated", "log/events", NULL);
	return 0;
}

int
verify_log(struct store *store, struct verified *count, struct faults *faults)
{
	struct log_check c = {store, count, faults};

	return writer_exclusive(store->writer, check_log, &c);
}
