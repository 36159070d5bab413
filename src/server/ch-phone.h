#pragma once

#include "server/ch-service.h"
#include "wire/messages-phone.h"

G_BEGIN_DECLS

/* Wrong PINs in a row before a code to the account’s mobile is asked for */
#define CH_PHONE_TRIES 6

/* A browser on a phone that belongs to an account */
typedef struct
{
  char *id;
  char *account;
  GBytes *salt;
  GBytes *verifier; /* HMAC */
  gint64 n_wrong;
} ChPhoneRow;

ChPhoneRow *ch_phone_load (ChDbTx *tx, const char *id, GError **error);
void ch_phone_row_free (ChPhoneRow *self);
ChPhoneShare *
ch_phone_add (ChDbTx *tx, ChService *service, const char *account, const ChPhoneNew *request, GError **error);
ChPhoneShare *
ch_phone_open (ChDbTx *tx, ChService *service, ChPhoneRow *self, GBytes *verifier, GError **error);
gboolean ch_phone_unlock (ChDbTx *tx, const char *id, GError **error);
gboolean ch_phone_check_key (ChService *service, const ChPhoneNew *request, GError **error);
ChPhoneList *ch_phones_list (ChDbTx *tx, const char *account, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPhoneRow, ch_phone_row_free)

G_END_DECLS
