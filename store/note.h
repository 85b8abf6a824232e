/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * C2SP signed notes (signed-note.md) with one Ed25519 key, and the checkpoint (tlog-checkpoint.md)
 * that the log signs with it. A key's name is the log's origin. Text forms are those of the public
 * tools: verifier "NAME+HASH+BASE64", signer "PRIVATE+KEY+NAME+HASH+BASE64".
 */
#ifndef FUMIKURA_STORE_NOTE_H
#define FUMIKURA_STORE_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

#define NOTE_NAME_MAX 200           /* bytes of a name; printable ASCII without space and '+' */
#define NOTE_VERIFIER_MAX 300       /* bytes of a verifier's text and NUL */
#define NOTE_MAX ((size_t)64 << 10) /* bytes of a note that we read */

struct note_verifier {
	char name[NOTE_NAME_MAX + 1];
	uint8_t id[4], public[32];
};

struct note_signer;

/* New key called name, as signer text in secret memory (secret_free). -EINVAL: no such name. */
int note_signer_create(const char *name, char **ret_text);
int note_signer_parse(const char *text, struct note_signer **ret);
void note_signer_free(struct note_signer *signer);
DEFINE_CLEANUP(struct note_signer *, note_signer_free)

const struct note_verifier *note_signer_verifier(const struct note_signer *signer); /* borrowed */
const char *note_signer_verifier_text(const struct note_signer *signer);            /* borrowed */
int note_verifier_parse(const char *text, struct note_verifier *ret);

/* body ends in a newline and holds no empty last line. ret_note: whole note, caller frees. */
int note_sign(const struct note_signer *signer, const char *body, char **ret_note);
/* -EBADMSG: malformed, altered, or not signed by verifier. ret_body: bytes of the signed text,
 * which begins the note. Signatures by others are passed over. */
int note_verify(
    const struct note_verifier *verifier, const char *note, size_t size, size_t *ret_body);

struct checkpoint {
	char origin[NOTE_NAME_MAX + 1];
	uint64_t size;
	uint8_t root[32];
};
/* Signs origin (the signer's name), size and root. */
int checkpoint_sign(
    const struct note_signer *signer, uint64_t size, const uint8_t root[32], char **ret_note);
/* Verifies and reads; -EBADMSG also when its origin is not the verifier's name. */
int checkpoint_read(
    const struct note_verifier *verifier, const char *note, size_t size, struct checkpoint *ret);

#endif
