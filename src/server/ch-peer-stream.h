#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CH_TYPE_PEER_STREAM (ch_peer_stream_get_type ())
G_DECLARE_FINAL_TYPE (ChPeerStream, ch_peer_stream, CH, PEER_STREAM, GIOStream)

GIOStream *ch_peer_stream_new (GIOStream *base);
void ch_peer_stream_set_idle (ChPeerStream *self);

G_END_DECLS
