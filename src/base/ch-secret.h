#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A PIN, passphrase, password, session or key: locked in memory, wiped when freed, never printable. */
typedef struct _ChSecret ChSecret;

typedef gboolean (*ChSecretFunc) (const guint8 *data, gsize len, gpointer user_data);

ChSecret *ch_secret_new (gconstpointer data, gsize len);
ChSecret *ch_secret_take_bytes (guint8 *data, gsize len);
ChSecret *ch_secret_take_text (char *text);
ChSecret *ch_secret_take_password (GTlsPassword *password);
ChSecret *ch_secret_ref (ChSecret *self);
void ch_secret_unref (ChSecret *self);
gsize ch_secret_get_size (ChSecret *self);
gboolean ch_secret_equal (ChSecret *a, ChSecret *b);
gboolean ch_secret_with (ChSecret *self, ChSecretFunc func, gpointer user_data);
void ch_secret_set_password (ChSecret *self, GTlsPassword *password);
void ch_secret_wipe (gpointer data, gsize len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChSecret, ch_secret_unref)

G_END_DECLS
