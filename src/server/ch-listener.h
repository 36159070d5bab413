#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The accept loop: sockets with a time-out, TLS, caps, and a limit to how long a request may take to arrive
 */
typedef struct _ChListener ChListener;

typedef struct
{
  guint max_total;       /* connections in all */
  guint max_per_address; /* connections from one address */
  guint silence;         /* seconds without a byte */
  guint arrival;         /* seconds until a request must have arrived whole */
} ChListenerLimits;

ChListener *ch_listener_new (const ChListenerLimits *limits);
GSocketAddress *ch_listener_listen (ChListener *self, const char *address, GError **error);
void ch_listener_start (ChListener *self, SoupServer *soup, GTlsCertificate *certificate);
guint ch_listener_get_n_connections (ChListener *self);
void ch_listener_free (ChListener *self);

void ch_listener_drop (SoupServerMessage *message);
void ch_listener_set_tls_floor (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChListener, ch_listener_free)

G_END_DECLS
