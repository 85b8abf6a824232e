/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Contract of the two rooms that make pages: `scanner` (SANE devices) and `import` (one foreign file). Both hand pages to store in
 * the same way. Store is the server side of the link.
 */
#ifndef FUMIKURA_SCANNER_BUS_H
#define FUMIKURA_SCANNER_BUS_H

/* ---- served by scanner ---- */
#define SCANNER_PATH "/jp/fumikura/scanner"
#define SCANNER_IFACE "jp.fumikura.Scanner1"
/* Devices() -> a(sssss) : SANE name, vendor, model, type, sources (comma-separated SANE source names, "" when it has none). The first is the
 * default: a feeder before flatbeds. */
/* Scan(s job, s device, u dpi, s mode, s source, u sheets) :
 *   starts a run; answers when the device has accepted the parameters. device "" is the default. mode "color" | "grey" | "lineart".
 *   source "" (feeder when there is one) | "feeder" | "duplex" | "flatbed". sheets 0: until the feeder is empty (flatbed: one).
 *   Then, later, Intake1.PutPage for each side and exactly one Intake1.Finish.
 *   Errors: busy (a run is under way), no_device, no_memory, device_hung, bad_parameter. */
/* Cancel(s job) : ends the run as soon as the device allows, in mid-page too; Finish says "cancelled". Unknown job: no error. */

/* ---- served by import ---- */
#define IMPORT_PATH "/jp/fumikura/import"
#define IMPORT_IFACE "jp.fumikura.Import1"
/* Convert(s job, s name, h file) : one foreign file (PDF, TIFF, JPEG, PNG, by content, never by name). Answers at once; then PutPage per
 * page and one Finish; then the process exits 0. */

/* ---- served by store, to scanner and import ---- */
#define INTAKE_PATH "/jp/fumikura/intake"
#define INTAKE_IFACE "jp.fumikura.Intake1"
/* PutPage(s job, u seq, h tiff, a{ss} params) -> s page :
 *   seq counts from 1 within the run. tiff: sealed memfd, one-page lossless TIFF. The answer comes only when the page is durable; at most
 *   INTAKE_WINDOW calls may be unanswered. An error answer (disk_full, cancelled …) ends the run. */
/* Finish(s job, s code, s ja, s en) : the run's end. Sent after the last PutPage was answered. code "ok" or one of INTAKE_CODES; ja/en: what
 * happened, what it means, what to do. Pages already answered stay. */
#define INTAKE_WINDOW 4

/*
 * PutPage params; every key is text. Measured, never what was asked for (G91-02):
 *   raw_sha256        hex, of the pixel bytes exactly as sane_read gave them (import: of the decoded pixel rows)
 *   width height      pixels      depth  bits per sample (1, 8, 16)      samples  1 or 3      dpi_x dpi_y  whole numbers
 *   mode source       what the device reports      sheet  from 1      side  "front" | "back"
 *   device vendor model        options  canonical JSON object: every readable SANE option and its value after sane_start
 *   import only:      file  name given      file_sha256      file_page  from 1      file_pages      format
 *   flags             comma-separated: double_feed short_page (scanner), dpi_assumed color_converted alpha_on_white depth_reduced (import)
 */

/*
 * Finish codes. scanner: feeder_empty feeder_jammed double_feed cover_open cancelled device_gone device_hung device_error
 * page_too_large store_refused.   import: not_supported corrupt encrypted too_large too_many_pages empty_file store_refused timed_out (set by store when the
 * process died of its limits).
 */

#endif
