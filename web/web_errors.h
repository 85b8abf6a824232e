/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refusals as HTTP sees them: a stable code word, its status, and a sentence in both languages
 * (what happened, what it means, what to do). */
#ifndef FUMIKURA_WEB_ERRORS_H
#define FUMIKURA_WEB_ERRORS_H

/* HTTP status for a code word of store or of web itself; 400 for a refusal that is not in the
 * table: store said no, for a reason that its text gives. */
unsigned web_error_status(const char *code);

/* Fixed sentences for the codes that web itself makes; NULL for both when code is not one of those.
 */
void web_error_text(const char *code, const char **ret_ja, const char **ret_en);

/*
 * {"error":{"code","message_ja","message_en"}}. message is "Japanese\nEnglish" as link_error()
 * makes it, or NULL for web's own sentence of code. Caller frees; NULL on no memory.
 */
char *web_error_json(const char *code, const char *message);

#endif
