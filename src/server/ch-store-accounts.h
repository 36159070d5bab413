#pragma once

#include "server/ch-caller.h"
#include "server/ch-service.h"
#include "wire/messages-account.h"

G_BEGIN_DECLS

/* An account in the making; everything is borrowed */
typedef struct
{
  GHashTable *answers;  /* the checked answers of the form */
  const char *password; /* its hash */
  GPtrArray *consents;  /* (element-type ChConsent) */
} ChAccountDraft;

/* What is needed to let somebody in; everything is owned */
typedef struct
{
  char *id;            /* of the account, or the name of the member of staff */
  char *name;          /* as it is shown */
  char *password;      /* (nullable): its hash */
  GBytes *certificate; /* (nullable): of a member of staff, in DER */
  guint roles;         /* ChPrincipals of a member of staff, 0 of an account */
  char *serial;        /* (nullable): of the certificate it was done by, if it was issued here */
  gboolean is_late;    /* of a holder: the certificate has ended */
  char *mobile;        /* (nullable): of an account */
  GBytes *once;        /* (nullable): HMAC of a one-time password */
  gint64 once_expires;
  gboolean is_once; /* came in with it */
  GBytes *number;   /* (nullable): of the PC, to be known from now on */
} ChLoginRow;

ChAccount *ch_accounts_add (ChDbTx *tx, const ChAccountDraft *draft, GError **error);
ChAccount *ch_accounts_get (ChDbTx *tx, const char *id, GError **error);
gboolean ch_accounts_add_consents (ChDbTx *tx, const char *account, GPtrArray *consents, GError **error);
char *ch_accounts_get_mobile (ChDbTx *tx, const char *id, GError **error);

gboolean ch_staff_add (ChService *service,
                       const char *name,
                       guint roles,
                       ChSecret *password,
                       GBytes *certificate,
                       GError **error);
guint ch_staff_role_from_id (const char *id);

ChLoginRow *ch_login_row_find (ChService *service, const char *name, gboolean is_staff, GError **error);
void ch_login_row_free (ChLoginRow *self);

ChSession *ch_session_start (ChService *service,
                             const ChLoginRow *row,
                             const char *installation_name,
                             GPtrArray *consents,
                             GError **error);
gboolean ch_session_end (ChService *service, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChLoginRow, ch_login_row_free)

G_END_DECLS
