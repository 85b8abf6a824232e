/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people may ask of the archive: the one contract that `web` and the command line share. Every call is authenticated by the session token in its first
 * argument, authorised by permit(), and recorded before anything leaves. Results are JSON text in exactly the shape that the command line's --json prints
 * and the HTTP API returns, so it is composed once, here. Errors: jp.fumikura.Error.CODE (daemon/base/link.h).
 *
 * One row per method: X(Member, in signature, "argument names", out signature, "what it does"). web routes and CLI commands are tables over these rows. A token ""
 * stands for "console" on the local socket only (root or the daemon's own user), and is refused elsewhere.
 */
#ifndef FUMIKURA_STORE_BUS_H
#define FUMIKURA_STORE_BUS_H

#define STORE_PATH "/jp/fumikura/store"
#define STORE_IFACE "jp.fumikura.Store1"

/* Seconds that store itself may wait for other rooms before it answers: who asks must wait longer. */
#define STORE_SCAN_S 80    /* Scan: a lamp may have to warm up; then its end, when it did not begin */
#define STORE_DEVICES_S 60 /* Devices: SANE asks every bus */
#define STORE_ALTO_S 50    /* Page, BatchPage: its text as people corrected it */
#define STORE_PDF_S 580    /* Export, ExportRedacted: PDFs, all that are asked for together */

/* clang-format off */
#define STORE_METHODS(X)                                                                                                                   \
	/* sessions and people */                                                                                                              \
	X(Login,        "ssss", "user password code terminal", "s", "{token,user,display,role,must_change,expires}; terminal: where from, for the log") \
	X(Logout,       "s",    "token", "s", "{}")                                                                                            \
	X(Whoami,       "s",    "token", "s", "{user,display,role,must_change,expires,language,permissions:[…]}")                              \
	X(Passwd,       "sss",  "token old new", "s", "{}; re-wraps the signing key")                                                          \
	X(UserAdd,      "sssss","token user display role password", "s", "{user}; the password is for the first sign-in and must then be changed") \
	X(UserList,     "s",    "token", "s", "{users:[{user,display,role,state,locked_until,last_login,reset_asked_by,hand}]}; hand: who set the present password, \"\" for the person's own")                                   \
	X(UserDisable,  "ss",   "token user", "s", "{}")                                                                                       \
	X(UserReset,    "sss",  "token user password", "s", "{state:requested|done}; asked by one person, carried out when a second person asks the same (permit.h); the console alone for the only administrator") \
	/* the box */                                                                                                                          \
	X(Status,       "s",    "token", "s", "{rooms:[{name,pid,restarts,rss_kb}],name,version,queue:{recognition,further,confirmation[,recognition_s,further_s]},pending_timestamps:{count,oldest},disk:{free,low},log:{size},clock:{synchronised,max_error_ms,override_until},swap,warnings:[{code,row,ja,en}],waivers:[…]}") \
	X(Devices,      "s",    "token", "s", "{devices:[{name,vendor,model,type,sources:[…]}]}")                                              \
	X(Profiles,     "s",    "token", "s", "{profiles:[{id,ja,en,dpi,mode,source}]}")                                                       \
	X(Types,        "s",    "token", "s", "{types:[{id,ja,en,regime,legal_retention,basis}]}")                                             \
	X(TimeOverride, "sus",  "token hours reason", "s", "{until}; a manager answers for the clock: 確定 goes on for so long (1 to 24 h; 0 ends it) though it is not known to be synchronised, and each record says so") \
	/* intake */                                                                                                                           \
	X(Scan,         "sssssu","token device profile type batch sheets", "s", "{batch}; batch \"\" opens a new one, else the run goes on in it")    \
	X(ImportOpen,   "ss",   "token type", "s", "{batch}")                                                                                  \
	X(ImportFile,   "sssh", "token batch name file", "s", "{batch,document,pages} when the file is stored whole; error code says why it was refused") \
	X(ImportClose,  "ss",   "token batch", "s", "{batch,documents,refused}")                                                               \
	X(Cancel,       "ss",   "token batch", "s", "{}; ends a running scan, keeps its pages")                                                \
	X(BatchList,    "ssu",  "token state limit", "s", "{batches:[{id,state,opened,by,pages,documents:[…]}]}; state \"\" is all")             \
	X(BatchShow,    "sst",  "token batch seen", "s", "{id,state,change,opened,by,device,profile,pages:[{id,seq,n,document,excluded,rotation,state,why,width,height,dpi,thumb,findings,flags}],documents:[{id,state,pages,fields,proposals}],refused:[{file,code,message}],run:{state,code,message_ja,message_en}}; flags: what the device said of a page, as double_feed short_page; why: a code word, of an unreadable page; waits up to 20 s while change equals seen (0: answers at once)") \
	X(BatchSubmit,  "ss",   "token batch", "s", "{batch,documents:[{id,state}]}")                                                          \
	X(BatchExclude, "ssuss","token batch page on reason", "s", "{}; page: its seq, on: exclude/include")                                   \
	X(BatchRotate,  "ssui", "token batch page degrees", "s", "{}; page: its seq, clockwise, multiple of 90")                               \
	X(BatchCut,     "ssu",  "token batch page", "s", "{documents:[…]}; a new document begins at this seq")                                 \
	/* records */                                                                                                                          \
	X(DocSet,       "ssa{ss}","token document fields", "s", "{id,fields}; keys: type client_id client_name date received title")              \
	X(Confirm,      "sas",  "token documents", "s", "{confirmed:[{id,state,timestamp:{state}}],refused:[{id,code,message,message_ja,message_en}]}; 確定, each document by itself; a single one that is refused is an error")                                   \
	X(Queue,        "ss",   "token state", "s", "{documents:[{id,state,type,fields,pages,submitted,by,age_s}]}")                           \
	X(Search,       "ssuu", "token query limit offset", "s", "{total,total_exact,hits:[{document,page,page_id,reading,snippet,marks:[[x,y,w,h],…],width,height,fields,state}]}") \
	X(Show,         "ss",   "token document", "s", "the record: contract of architecture §5, plus history:[{index,at,type,actor}]")      \
	X(Page,         "ssus", "token document n kind", "hs", "file and {type,name,width,height}; kind: master preview thumb text alto lines; lines: JSON {lines:[{text,box[,corrected:{raw,by,at}]}]}, boxes in pixels as in Show; text, alto and lines as people corrected them")      \
	X(BatchPage,    "ssus", "token batch seq kind", "hs", "as Page, for a page that is still in a batch; kind: preview thumb")             \
	X(Export,       "sass", "token documents kind", "a(sh)s", "files (relative name, content) and {…}; kind: pdf evidence")                 \
	X(PageCorrect,  "ssuuuuus","token document n x y w h text", "s", "{id,page}; the line at this place (pixels as in Show) as it stands on the paper; \"\" takes the correction back. Kept over new readings") \
	X(ExportRedacted, "ssas", "token document redact", "a(sh)s", "one PDF with places blacked out and their text left out, and {documents,kind,boxes:[of page 1,…]}; redact: PAGE:x,y,w,h (pixels as in Show) or a field's name") \
	X(RedactPreview, "ssas", "token document redact", "s", "{document,pages:[{n,width,height,boxes:[[x,y,w,h],…]}]}: what ExportRedacted would black out, pixels as in Show")      \
	/* proof */                                                                                                                            \
	X(Log,          "sssssu","token since document user type limit", "s", "{entries:[{index,at,type,actor,document,terminal,summary_ja,summary_en,data}],size}") \
	X(Verify,       "ss",   "token document", "s", "{ok,checked:{documents,pages,signatures,timestamps,objects,events},faults:[{code,where,ja,en}]}; document \"\": all") \
	X(Checkpoint,   "s",    "token", "s", "{origin,size,root,note}")                                                                       \
	X(Doctor,       "s",    "token", "s", "{ok,checked:{…},faults:[{code,where,ja,en}]}")                                                    \
	X(Rebuild,      "s",    "token", "s", "{events,pages,lost,seconds}")                                                                        \
	/* console, on a box that has no archive yet (fumikura init) */                                                                        \
	X(Init,         "ssss", "name key_file admin password", "s", "{name,origin,recovery,recovery_recipient,admin}; the only time the recovery identity is shown")
/* clang-format on */

/* Served to `web` only: a certificate for its own freshly made key, from the archive's CA. */
/* SignWebKey(ay csr_der, as names) -> (ay certificate_pem, ay ca_pem) */
#define STORE_SIGN_WEB_KEY "SignWebKey"

#define STORE_MAX_TEXT 4096u /* bytes of any one text argument (passwords, fields, queries) */

#endif
