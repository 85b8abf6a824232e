/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page with a person's name at known places, its clerk, its checker and its manager. */
#ifndef STORE_PAGE_H
#define STORE_PAGE_H

#include "store_play.h"

/* 髙橋 beside its label and twice in the text, once in another reading and with another 髙; its
 * owner's sheet is 100 × 140. */
static const char reading[] =
    "{\"engine\":{\"name\":\"fake\"},\"width\":100,\"height\":140,\"dpi\":75,\"rotation\":0,"
    "\"skew_mdeg\":0,\"codes\":[],\"form_type\":\"\",\"findings\":[],\"fields\":[{\"label\":"
    "\"氏名\",\"value\":\"高橋様\",\"normal\":\"高橋\",\"key\":\"client_name\",\"confidence\":90,"
    "\"box\":[40,10,30,10]}],\"readings\":[{\"id\":\"a\",\"shown\":true,\"confidence\":90,\"text\":"
    "\"高橋様\\n髙橋\\n\",\"boxes\":[40,10,10,10,50,10,10,10,60,10,10,10,0,0,0,0,"
    "10,50,10,10,20,50,10,10,0,0,0,0]},{\"id\":\"b\",\"shown\":false,\"confidence\":50,\"text\":"
    "\"髙橋\",\"boxes\":[70,90,10,10,80,90,10,10]}]}";

static inline int
read_name(sd_bus_message *m, struct play *p)
{
	return reply_reading(m, reading, strlen(reading));
}

static inline void
make_document_of(
    int (*read)(sd_bus_message *m, struct play *p), char ret_batch[16], char ret_document[16])
{
	json_t *answer;

	play.on_read = read;
	strcpy(ret_batch, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", ret_batch, 1, "read");
	play.on_read = NULL;
	answer = json_of(call_store(
	    &play, play.web, "BatchShow", "sst", token(&play, "haruka"), ret_batch, (uint64_t)0));
	snprintf(ret_document, 16, "%s",
	    json_string_value(
		json_object_get(json_array_get(json_object_get(answer, "documents"), 0), "id")));
	json_decref(answer);
}

static inline void
make_document(char ret_batch[16], char ret_document[16])
{
	make_document_of(read_name, ret_batch, ret_document);
}

static inline sd_bus_message *
redact(const char *document, const char *what)
{
	return call_store(
	    &play, play.web, "ExportRedacted", "ssas", token(&play, "masao"), document, 1, what);
}

static inline int
set_up(void **state)
{
	static const struct person who[] = {
	    {"haruka", "clerk", ""}, {"masao", "checker", ""}, {"kimiko", "manager", ""}};

	begin(&play, "[ocr]\npage_time_limit_s = 1\n[tsa]\nca_file = "
		     "/etc/ssl/certs/ca-certificates.crt\n");
	people(&play, who, 3);
	attach_scanner(&play);
	attach_ocr(&play, 0);
	return 0;
}

#endif
