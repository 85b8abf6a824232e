/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of documents: fields, confirmation (確定), timestamp. */
#include <errno.h>
#include <string.h>

#include "catalogue_apply.h"

static int
set_field(struct apply *a, const char *key, const char *value)
{
	_cleanup_(query_end) struct query set = query_new(a->cat,
	    "INSERT INTO field (document, key, value) VALUES (:document, :key, :value)"
	    " ON CONFLICT (document, key) DO UPDATE SET value = excluded.value");
	_cleanup_(query_end) struct query clear =
	    query_new(a->cat, "DELETE FROM field WHERE document = :document AND key = :key");
	_cleanup_(query_end) struct query type =
	    query_new(a->cat, "UPDATE document SET type = :value WHERE no = :document");
	const bool is_type = strcmp(key, "type") == 0;
	struct query *q = is_type ? &type : value[0] == '\0' ? &clear : &set;

	query_int(q, ":document", a->document);
	if (!is_type)
		query_text(q, ":key", key);
	if (q != &clear)
		query_text(q, ":value", value);
	return query_run(q);
}

int
apply_doc_set(struct apply *a)
{
	const char *key;
	json_t *value;
	int r;

	r = apply_one(a, "UPDATE document SET indexed_by = :actor"
			 " WHERE no = $document AND state IN ('draft', 'submitted')");
	json_object_foreach((json_t *)json_object_get(a->event, "fields"), key, value)
	{
		if (r >= 0)
			r = json_is_string(value) ? set_field(a, key, json_string_value(value))
						  : -EINVAL;
	}
	return r < 0 ? r : index_document(a->cat, a->document);
}

int
apply_doc_confirm(struct apply *a)
{
	const char *manifest_sha256 = apply_text(a, "manifest_sha256");
	const int64_t key = apply_int(a, "key");
	int r;

	r = apply_one(a,
	    "UPDATE document SET state = 'confirmed', version = :version"
	    " WHERE no = $document AND state = 'submitted' AND version = :version - 1");
	if (r >= 0)
		r = apply_one(a,
		    "INSERT INTO version (document, version, at, confirmed_by, signer, cert_serial,"
		    " same_person, waivers, key, manifest_sha256, manifest, signature, value)"
		    " VALUES ($document, :version, :at, :actor, :signer, :cert_serial, "
		    ":same_person,"
		    " :waivers, :key, :manifest_sha256, :manifest__id, :signature__id, "
		    ":value__id)");
	if (r >= 0)
		r = apply_document_batch(a);
	if (r >= 0)
		r = apply_key_used(a, a->batch, key);
	if (r >= 0)
		r = apply_object(a, a->event, "manifest", a->batch, key, manifest_sha256);
	if (r >= 0)
		r = apply_object(a, a->event, "signature", a->batch, key, "");
	if (r >= 0)
		r = apply_object(a, a->event, "value", a->batch, key, "");
	if (r >= 0)
		r = apply_batch_settle(a);
	return r < 0 ? r : 0;
}

int
apply_doc_timestamp(struct apply *a)
{
	const int64_t key = apply_int(a, "key");
	int r;

	r = apply_one(a,
	    "UPDATE version SET token = :object__id, token_key = :key, stamped_at = :stamped_at,"
	    " tsa = :tsa, tsa_serial = :serial, policy = :policy, accredited = :accredited,"
	    " signature = :signature__id, waiting_why = ''"
	    " WHERE document = $document AND version = :version AND token = ''");
	if (r >= 0)
		r = apply_document_batch(a);
	if (r >= 0)
		r = apply_key_used(a, a->batch, key);
	if (r >= 0)
		r = apply_object(a, a->event, "object", a->batch, key, "");
	return r < 0 ? r : apply_object(a, a->event, "signature", a->batch, key, "");
}

int
apply_doc_timestamp_failed(struct apply *a)
{
	return apply_one(a, "UPDATE version SET waiting_why = :why"
			    " WHERE document = $document AND version = :version AND token = ''");
}
