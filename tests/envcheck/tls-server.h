#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server over TLS that answers one request a connection, each connection in a thread of its own. Not
 * SoupServer: it forgets the sockets of connections that the other side closes first, which is what a probe
 * does. */
typedef struct _TlsServer TlsServer;

/* What is sent for a request’s head, status line and all */
typedef char *(*TlsServerFunc) (const char *head, gconstpointer data);

TlsServer *tls_server_new (GTlsCertificate *certificate, TlsServerFunc func, gconstpointer data);
void tls_server_free (TlsServer *self);
const char *tls_server_get_url (TlsServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsServer, tls_server_free)

G_END_DECLS
