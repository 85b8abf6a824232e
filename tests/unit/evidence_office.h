/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An office whose people sign, and a timestamp authority of the outer world: `openssl ts -reply`
 * with certificates of its own, in a temporary directory.
 */
#ifndef FUMIKURA_TESTS_EVIDENCE_OFFICE_H
#define FUMIKURA_TESTS_EVIDENCE_OFFICE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/account.h"
#include "store/evidence.h"
#include "store/secret.h"

#define MANIFEST "{\"document\":\"D000001\",\"fumikura\":\"manifest/v1\"}"
#define SIZE (sizeof(MANIFEST) - 1)

static char dir[] = "/tmp/fumikura-evidence-XXXXXX";
static struct ca *ca;
static uint8_t *person_key;
static size_t person_key_size;
static char *person_cert, *tsa_ca;

/* A certificate authority of the outer world and stamps of every kind: good, wrong usage, usage not
 * critical, two usages, none. */
static const char script[] =
    "cd \"$1\" && exec >/dev/null 2>&1 && set -e\n"
    "openssl ecparam -name prime256v1 -genkey -noout -out tsa-ca.key\n"
    "openssl req -x509 -new -key tsa-ca.key -subj '/O=Time/CN=Time CA' -days 3650 -out tsa-ca.pem\n"
    "stamp() {\n"
    "  openssl ecparam -name prime256v1 -genkey -noout -out $1.key\n"
    "  openssl req -new -key $1.key -subj \"/O=Time/CN=$1\" -out $1.csr\n"
    "  printf 'basicConstraints=critical,CA:FALSE\\nkeyUsage=critical,digitalSignature\\n%s' "
    "\"$2\" >$1.ext\n"
    "  openssl x509 -req -in $1.csr -CA tsa-ca.pem -CAkey tsa-ca.key -CAcreateserial -days 3650"
    " -extfile $1.ext -out $1.pem\n"
    "}\n"
    "stamp good 'extendedKeyUsage=critical,timeStamping'\n"
    "stamp soft 'extendedKeyUsage=timeStamping'\n"
    "stamp both 'extendedKeyUsage=critical,timeStamping,emailProtection'\n"
    "stamp mail 'extendedKeyUsage=critical,emailProtection'\n"
    "stamp none ''\n"
    "echo 01 >serial\n"
    "cat >tsa.conf <<END\n"
    "[tsa]\n"
    "default_tsa=t\n"
    "[t]\n"
    "serial=serial\n"
    "crypto_device=builtin\n"
    "signer_cert=good.pem\n"
    "signer_key=good.key\n"
    "signer_digest=sha256\n"
    "certs=tsa-ca.pem\n"
    "default_policy=1.2.3.4.1\n"
    "digests=sha256\n"
    "accuracy=secs:1\n"
    "ordering=no\n"
    "tsa_name=yes\n"
    "ess_cert_id_chain=no\n"
    "ess_cert_id_alg=sha256\n"
    "END\n";

static inline void
put(const char *name, const void *data, size_t n)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	fclose(f);
}

static inline struct bytes
get(const char *name)
{
	struct bytes b = {malloc(1 << 16), 0};
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	assert_non_null(f);
	b.size = fread(b.data, 1, (1 << 16) - 1, f);
	b.data[b.size] = 0;
	fclose(f);
	return b;
}

/* Runs a command line in the directory; its exit status. */
static inline int
run(const char *command)
{
	char line[1024];

	snprintf(line, sizeof(line), "cd %s && { %s; } >out.txt 2>&1", dir, command);
	return system(line);
}

static inline int
setup(void **state)
{
	_cleanup_(secret_freep) uint8_t *blob = NULL;
	char line[96];
	size_t size;

	if (mkdtemp(dir) == NULL)
		return -1;
	put("setup.sh", script, strlen(script));
	snprintf(line, sizeof(line), "sh %s/setup.sh %s", dir, dir);
	if (system(line) != 0 || ca_create("Office", &blob, &size) != 0 ||
	    ca_open(blob, size, &ca) != 0)
		return -1;
	put("ca.pem", ca_certificate_pem(ca), strlen(ca_certificate_pem(ca)));
	put("manifest.json", MANIFEST, SIZE);
	tsa_ca = (char *)get("tsa-ca.pem").data;
	return ca_issue_person(
	    ca, "hanako", "山田 花子", &person_key, &person_key_size, &person_cert);
}

static inline int
teardown(void **state)
{
	char line[96];

	ca_free(ca);
	secret_free(person_key);
	free(person_cert);
	free(tsa_ca);
	snprintf(line, sizeof(line), "rm -r %s", dir);
	return system(line);
}

/* A response of the stock authority over data. */
static inline struct bytes
stamp(const void *data, size_t n, uint64_t *ret_nonce)
{
	_cleanup_(bytes_free) struct bytes request = {0};

	assert_int_equal(evidence_tsq(data, n, &request, ret_nonce), 0);
	put("request.tsq", request.data, request.size);
	assert_int_equal(
	    run("openssl ts -reply -config tsa.conf -queryfile request.tsq -out timestamp.tsr"), 0);
	return get("timestamp.tsr");
}

#endif
