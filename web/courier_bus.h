/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contract of the `courier` room: bytes out, bytes in, to the few endpoints that its configuration names. Store is the server side. */
#ifndef FUMIKURA_COURIER_BUS_H
#define FUMIKURA_COURIER_BUS_H

#define COURIER_PATH "/jp/fumikura/courier"
#define COURIER_IFACE "jp.fumikura.Courier1"
/*
 * Post(s endpoint, s content_type, h body) -> (u status, s content_type, h body)
 *   endpoint: a name from the configuration ("tsa" → courier.tsa_url), never a URL: store cannot be talked into fetching elsewhere. Redirects are not
 *   followed; TLS is verified (courier.tsa_ca_file when set). Answer at most COURIER_MAX_BODY, within courier.timeout_s.
 *   Errors: no_endpoint, unreachable, timed_out, too_large, busy, bad_request.
 */
#define COURIER_MAX_BODY ((size_t)1 << 20)
#define COURIER_TIMEOUT_S 20 /* default of courier.timeout_s */

#endif
