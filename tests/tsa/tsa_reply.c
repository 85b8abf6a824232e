/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, certificates and replies of the test authority, on OpenSSL's own TS code: what we check
 * tokens with is not what makes them. */
#include "tsa.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define YEARS(n) ((long)(n)*365 * 24 * 3600)

struct tsa {
	char dir[3000], ca_path[3072];
	EVP_PKEY *key;
	X509 *cert, *ca;
	STACK_OF(X509) * chain;
};

static int
path_of(const struct tsa *tsa, const char *name, char path[4096])
{
	snprintf(path, 4096, "%s/%s", tsa->dir, name);
	return access(path, F_OK) == 0 ? 1 : 0;
}

static int
save(const struct tsa *tsa, const char *name, EVP_PKEY *key, X509 *cert)
{
	char path[4096];
	FILE *file;
	int ok, fd;

	path_of(tsa, name, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, key ? 0600 : 0644);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file == NULL)
		return -errno;
	ok = key ? PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL)
		 : PEM_write_X509(file, cert);
	return fclose(file) == 0 && ok ? 0 : -EIO;
}

static void *
load(const struct tsa *tsa, const char *name, bool key)
{
	char path[4096];
	void *got;
	FILE *file;

	path_of(tsa, name, path);
	file = fopen(path, "re");
	if (file == NULL)
		return NULL;
	got = key ? (void *)PEM_read_PrivateKey(file, NULL, NULL, NULL)
		  : (void *)PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	return got;
}

static int
extend(X509 *cert, X509 *issuer, const char *const (*list)[2])
{
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
	for (; (*list)[0] != NULL; list++) {
		X509_EXTENSION *extension =
		    X509V3_EXT_conf(NULL, &context, (char *)(*list)[0], (char *)(*list)[1]);
		int ok = extension && X509_add_ext(cert, extension, -1);

		X509_EXTENSION_free(extension);
		if (!ok)
			return -EIO;
	}
	return 0;
}

static X509 *
certify(EVP_PKEY *subject_key, const char *name, X509 *issuer, EVP_PKEY *issuer_key, long serial,
    const char *const (*extensions)[2])
{
	X509 *cert = X509_new();
	X509_NAME *subject = X509_get_subject_name(cert);

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), serial);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), YEARS(issuer ? 10 : 20));
	X509_NAME_add_entry_by_txt(
	    subject, "C", MBSTRING_ASC, (const unsigned char *)"JP", -1, -1, 0);
	X509_NAME_add_entry_by_txt(
	    subject, "O", MBSTRING_UTF8, (const unsigned char *)"文蔵 デモ（非認定）", -1, -1, 0);
	X509_NAME_add_entry_by_txt(
	    subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(cert, issuer ? X509_get_subject_name(issuer) : subject);
	X509_set_pubkey(cert, subject_key);
	if (extend(cert, issuer ? issuer : cert, extensions) < 0 ||
	    !X509_sign(cert, issuer_key, EVP_sha256())) {
		X509_free(cert);
		return NULL;
	}
	return cert;
}

static int
found(struct tsa *tsa) /* a new authority */
{
	static const char *const root[][2] = {{"basicConstraints", "critical,CA:TRUE,pathlen:0"},
	    {"keyUsage", "critical,keyCertSign,cRLSign"}, {"subjectKeyIdentifier", "hash"},
	    {NULL, NULL}};
	static const char *const leaf[][2] = {{"basicConstraints", "critical,CA:FALSE"},
	    {"keyUsage", "critical,digitalSignature,nonRepudiation"},
	    {"extendedKeyUsage", "critical,timeStamping"}, {"subjectKeyIdentifier", "hash"},
	    {"authorityKeyIdentifier", "keyid"}, {NULL, NULL}};
	EVP_PKEY *ca_key = EVP_EC_gen("P-256");
	int r = -EIO;

	tsa->key = EVP_EC_gen("P-256");
	tsa->ca = ca_key
		      ? certify(ca_key, "文蔵 デモ時刻認証ルート（非認定）", NULL, ca_key, 1, root)
		      : NULL;
	tsa->cert = tsa->key && tsa->ca ? certify(tsa->key, "文蔵 デモ時刻認証局（非認定）",
					      tsa->ca, ca_key, 2, leaf)
					: NULL;
	if (tsa->cert != NULL) {
		r = save(tsa, "ca.key", ca_key, NULL);
		r = r < 0 ? r : save(tsa, "tsa.key", tsa->key, NULL);
		r = r < 0 ? r : save(tsa, "ca.pem", NULL, tsa->ca);
		r = r < 0 ? r : save(tsa, "tsa.pem", NULL, tsa->cert);
	}
	EVP_PKEY_free(ca_key);
	return r;
}

int
tsa_open(const char *dir, struct tsa **ret)
{
	struct tsa *tsa = calloc(1, sizeof *tsa);
	char path[4096];
	int r = 0;

	if (tsa == NULL)
		return -ENOMEM;
	snprintf(tsa->dir, sizeof tsa->dir, "%s", dir);
	snprintf(tsa->ca_path, sizeof tsa->ca_path, "%s/ca.pem", dir);
	if (path_of(tsa, "tsa.pem", path)) {
		tsa->key = load(tsa, "tsa.key", true);
		tsa->cert = load(tsa, "tsa.pem", false);
		tsa->ca = load(tsa, "ca.pem", false);
		r = tsa->key && tsa->cert && tsa->ca ? 0 : -EIO;
	} else {
		r = found(tsa);
	}
	tsa->chain = sk_X509_new_null();
	if (r < 0 || tsa->chain == NULL || !X509_up_ref(tsa->ca) ||
	    !sk_X509_push(tsa->chain, tsa->ca)) {
		tsa_free(tsa);
		return r < 0 ? r : -ENOMEM;
	}
	*ret = tsa;
	return 0;
}

const char *
tsa_ca_path(const struct tsa *tsa)
{
	return tsa->ca_path;
}

void
tsa_free(struct tsa *tsa)
{
	if (tsa == NULL)
		return;
	EVP_PKEY_free(tsa->key);
	X509_free(tsa->cert);
	X509_free(tsa->ca);
	sk_X509_pop_free(tsa->chain, X509_free);
	free(tsa);
}

/* The next number, on disk before it is used: no two tokens of this authority share one, also after
 * a restart. */
static ASN1_INTEGER *
next_serial(TS_RESP_CTX *context, void *data)
{
	struct tsa *tsa = data;
	unsigned long long serial = 0;
	ASN1_INTEGER *number;
	char path[4096], fresh[4096];
	FILE *file;
	bool ok;

	if (path_of(tsa, "serial", path)) {
		file = fopen(path, "re");
		ok = file && fscanf(file, "%llu", &serial) == 1;
		if (file)
			fclose(file);
		if (!ok)
			return NULL;
	}
	path_of(tsa, "serial.new", fresh);
	file = fopen(fresh, "we");
	ok = file && fprintf(file, "%llu\n", ++serial) > 0;
	ok = file && fclose(file) == 0 && ok;
	if (!ok || rename(fresh, path) < 0) {
		TS_RESP_CTX_set_status_info(context, TS_STATUS_REJECTION, "serial number");
		TS_RESP_CTX_add_failure_info(context, TS_INFO_ADD_INFO_NOT_AVAILABLE);
		return NULL;
	}
	number = ASN1_INTEGER_new();
	if (number)
		ASN1_INTEGER_set_uint64(number, serial);
	return number;
}

static TS_RESP_CTX *
context_of(struct tsa *tsa)
{
	TS_RESP_CTX *context = TS_RESP_CTX_new();
	ASN1_OBJECT *policy = OBJ_txt2obj(TSA_POLICY, 1);
	bool ok = context && policy && TS_RESP_CTX_set_signer_cert(context, tsa->cert) &&
		  TS_RESP_CTX_set_signer_key(context, tsa->key) &&
		  TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) &&
		  TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()) &&
		  TS_RESP_CTX_set_def_policy(context, policy) &&
		  TS_RESP_CTX_set_certs(context, tsa->chain) &&
		  TS_RESP_CTX_add_md(context, EVP_sha256()) &&
		  TS_RESP_CTX_add_md(context, EVP_sha384()) &&
		  TS_RESP_CTX_add_md(context, EVP_sha512()) &&
		  TS_RESP_CTX_set_accuracy(context, 1, 0, 0) &&
		  TS_RESP_CTX_set_clock_precision_digits(context, 3);

	ASN1_OBJECT_free(policy);
	if (!ok) {
		TS_RESP_CTX_free(context);
		return NULL;
	}
	TS_RESP_CTX_add_flags(context, TS_TSA_NAME);
	TS_RESP_CTX_set_serial_cb(context, next_serial, tsa);
	return context;
}

/* The request as a dishonest authority would have liked it: another nonce, or another hash. */
static int
twist(TS_REQ *request, enum tsa_fault fault)
{
	if (fault == TSA_WRONG_NONCE) {
		ASN1_INTEGER *nonce = ASN1_INTEGER_new();
		int ok = nonce && ASN1_INTEGER_set_uint64(nonce, 0x0123456789abcdefULL) &&
			 TS_REQ_set_nonce(request, nonce);

		ASN1_INTEGER_free(nonce);
		return ok ? 0 : -EIO;
	}
	if (fault == TSA_WRONG_IMPRINT) {
		const ASN1_OCTET_STRING *imprint =
		    TS_MSG_IMPRINT_get_msg(TS_REQ_get_msg_imprint(request));

		((unsigned char *)ASN1_STRING_get0_data(imprint))[0] ^= 0xff;
	}
	return 0;
}

static BIO *
request_of(const void *data, size_t n, enum tsa_fault fault)
{
	const unsigned char *at = data;
	TS_REQ *request;
	BIO *bio = BIO_new(BIO_s_mem());

	if (bio == NULL)
		return NULL;
	request = fault == TSA_WRONG_NONCE || fault == TSA_WRONG_IMPRINT
		      ? d2i_TS_REQ(NULL, &at, (long)n)
		      : NULL;
	if (request == NULL) { /* also a malformed one: the reply says so */
		BIO_write(bio, data, (int)n);
	} else if (twist(request, fault) < 0 || !i2d_TS_REQ_bio(bio, request)) {
		BIO_free(bio);
		bio = NULL;
	}
	TS_REQ_free(request);
	return bio;
}

static TS_RESP *
refusal(void)
{
	TS_RESP *reply = TS_RESP_new();
	TS_STATUS_INFO *status = TS_STATUS_INFO_new();

	if (reply && status) {
		TS_STATUS_INFO_set_status(status, TS_STATUS_REJECTION);
		TS_RESP_set_status_info(reply, status);
	}
	TS_STATUS_INFO_free(status);
	return reply;
}

int
tsa_reply(struct tsa *tsa, const void *data, size_t n, enum tsa_fault fault, uint8_t **ret,
    size_t *ret_size)
{
	TS_RESP_CTX *context = NULL;
	BIO *request = NULL;
	TS_RESP *reply = NULL;
	unsigned char *der = NULL;
	int size = -1;

	if (fault == TSA_REFUSE) {
		reply = refusal();
	} else {
		context = context_of(tsa);
		request = context ? request_of(data, n, fault) : NULL;
		reply = request ? TS_RESP_create_response(context, request) : NULL;
	}
	if (reply)
		size = i2d_TS_RESP(reply, &der);
	ERR_clear_error();
	TS_RESP_free(reply);
	BIO_free(request);
	TS_RESP_CTX_free(context);
	if (size < 0)
		return -EIO;
	*ret = der;
	*ret_size = (size_t)size;
	return 0;
}
