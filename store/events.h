/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every event type with its members: the vocabulary of the log, and so of the archive's whole history. An event is canonical JSON with the WHOLE effect of an act:
 * apply needs nothing else (but the derived objects it names), asks no clock and makes no choice. Common members:
 *
 *	v 1 · at RFC 3339 ms UTC · type · actor account name, "console" or "system" · session (short id, when signed in) · terminal (when known)
 *
 * Ids: batch B000001, document D000001, page P00000001, counted by the catalogue. object = {"id","size"}; key = number of the identity in the batch's ring.
 *
 * archive.init     name origin master recovery log_verifier ca_pem files:{NAME:sha256}
 * archive.start    version build                                                (each start of store)
 * user.add         user display role file sha256 cert_pem must_change [hand]      (hand: whose hand set the password, "" for the person's own; permit.h)
 * user.password    user sha256 must_change
 * user.disable     user
 * user.enable      user                                                         (only by the console, with a reset)
 * user.reset_asked user               (actor asked; a second person must ask the same)
 * user.reset       user sha256 cert_pem asked_by must_change [hand hand_until]  (asked_by "": by the console alone)
 * session.open     user session terminal                                        (resets the failure count, withdraws an asked reset)
 * session.close    user session why
 * session.fail     user terminal known failures locked_until                    (locked_until "" or RFC 3339)
 * batch.open       batch source:"scan"|"import" device profile [document_type] ring:{sha256,count}
 * batch.ring       batch sha256 count                                           (refill)
 * batch.run        batch device profile requested:{dpi,mode,source,sheets}      (a scan run starts)
 * page.add         batch page seq key object tiff_sha256 tiff_size raw_sha256 params:{…as PutPage…}
 * batch.refuse     batch file code message_ja message_en                        (one import that was refused)
 * batch.end        batch code message_ja message_en documents:[{document,pages:[page…],new:bool}]   (a run ended; its pages become documents; new false: appended)
 * page.correct     page box:[x,y,w,h] text                                      (a line as it stands on the upright page before a person's rotation; "" takes the correction back)
 * page.exclude     batch page on:bool reason
 * page.rotate      batch page degrees                                           (absolute, clockwise, added to the recognised rotation)
 * page.turned      page preview thumb                                           (derivatives of the turned page; objects)
 * batch.cut        batch documents:[{document,pages:[…],new}]                   (every draft that changes, each with all its pages; a draft left without any is void)
 * page.read        page key reading:{effort,engine,width,height,dpi,rotation,skew_mdeg,confidence,findings,form_type,codes}
 *                  result [alto preview thumb] (objects; readings and boxes are in result, whose plaintext apply reads)   result_sha256
 *                  [further:true]   (a page that was read before gets further readings for search; nothing else of it changes)
 * page.unreadable  page why attempts
 * doc.set          document fields:{…only the changed ones; "" removes}
 * batch.submit     batch documents:[…]
 * doc.confirm      document version manifest_sha256 key manifest signature value (objects) signer cert_serial same_person:bool waivers:[…]
 * doc.timestamp    document version object key stamped_at tsa serial policy accredited:bool signature
 *                                                                        (object: the TimeStampResp; stamped_at: its time; signature: CAdES-T, object)
 * doc.timestamp_failed document version why                                     (first failure of a waiting spell only)
 * search           query total hits:[[document,page]…]
 * view             document page kind | document kind | batch kind | kind      (once per session and page; page: number within the document; kind alone: the queue)
 * export           documents kind [redacted:[[page,x,y,w,h]…]]                   (page: number within the document; pixels of the upright page before a person's rotation)
 * log.view         filter
 * verify           scope ok faults
 * checkpoint       size root
 * denied           action object code
 * room.fault       room what [page [further:bool]]              (a peer broke the contract or died in a job; page: the page it was recognising, further: for search)
 * time.step        seconds
 * time.override    until reason                                 (until "": ended; the newest counts, until the clock is set back)
 */
#ifndef FUMIKURA_STORE_EVENTS_H
#define FUMIKURA_STORE_EVENTS_H

#define EVENT_VERSION 1

#endif
