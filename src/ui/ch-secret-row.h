#pragma once

#include "ui/ch-ui.h"

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* The only field for PINs, passphrases, passwords and codes. It looks like an AdwEntryRow, but holds a bare
 * GtkText with a buffer of its own: what is typed never gets to the accessibility bus.
 *
 * Property: `title`. Signals: `changed`; `activated` (Enter); `left` (the focus went elsewhere). */
#define CH_TYPE_SECRET_ROW (ch_secret_row_get_type ())
G_DECLARE_FINAL_TYPE (ChSecretRow, ch_secret_row, CH, SECRET_ROW, AdwPreferencesRow)

GtkWidget *ch_secret_row_new (const char *title);
void ch_secret_row_set_max_length (ChSecretRow *self, guint max);
void ch_secret_row_set_digits (ChSecretRow *self, gboolean digits);
void ch_secret_row_add_suffix (ChSecretRow *self, GtkWidget *widget);
guint ch_secret_row_get_length (ChSecretRow *self);
gboolean ch_secret_row_is_equal (ChSecretRow *self, ChSecretRow *other);
ChSecret *ch_secret_row_copy (ChSecretRow *self);
ChSecret *ch_secret_row_take (ChSecretRow *self);
void ch_secret_row_clear (ChSecretRow *self);
void ch_secret_row_set_wrong (ChSecretRow *self, GtkWidget *message);

G_END_DECLS
