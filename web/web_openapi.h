/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenAPI 3.1 for the API, composed from web_routes[] and the bus contract. */
#ifndef FUMIKURA_WEB_OPENAPI_H
#define FUMIKURA_WEB_OPENAPI_H

/* JSON text; caller frees; NULL on no memory. */
char *web_openapi(void);

#endif
