#pragma once

#include "server/ch-picture.h"
#include "server/ch-service.h"
#include "server/ch-store-accounts.h"

G_BEGIN_DECLS

/* Whether there is anything left to be asked of who gave the right password */
typedef gboolean (*ChLoginCheck) (const ChLoginRow *row, gpointer data, GError **error);

/* A try to log in by a password; everything is borrowed */
typedef struct
{
  const char *name;
  gboolean is_staff;
  ChSecret *password;
  const char *address;    /* (nullable): where it came from */
  ChSecret *installation; /* (nullable): what the program made up on that PC */
  ChSecret *sms_code;     /* (nullable): lifts the delay */
  ChProof proof;
  ChLoginCheck check; /* (nullable) */
  gpointer check_data;
} ChLoginTry;

ChLoginRow *ch_login_by_password (ChService *service, const ChLoginTry *try, GError **error);
gboolean ch_login_confirm (ChService *service, const char *account, ChSecret *password, GError **error);
GBytes *ch_login_make_number (ChService *service, const char *account, ChSecret *installation);
GBytes *ch_login_once_mac (ChService *service, const char *account, ChSecret *password);
gboolean ch_login_check_consents (ChService *service, const char *where, GPtrArray *given, GError **error);

G_END_DECLS
