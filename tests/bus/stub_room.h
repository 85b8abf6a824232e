/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that stub_room.c and supervisor_box.h share. */
#ifndef FUMIKURA_STUB_ROOM_H
#define FUMIKURA_STUB_ROOM_H

#define STUB_PATH "/jp/fumikura/stub"
#define STUB_IFACE "jp.fumikura.Stub1"

#endif
