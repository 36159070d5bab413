#pragma once

#include "front/ch-front.h"
#include "ui/ch-ui.h"

G_BEGIN_DECLS

/* What an account’s owner does by filling in a few fields */
typedef enum
{
  CH_ACCOUNT_RESET, /* forgotten password: asks for a one-time password */
  CH_ACCOUNT_FRESH, /* came in with it: chooses another */
  CH_ACCOUNT_PASSWORD,
  CH_ACCOUNT_MOBILE,
  CH_ACCOUNT_EMAIL,
  CH_ACCOUNT_CLOSE,
  CH_N_ACCOUNT_DEEDS,
} ChAccountDeed;

/* A form in a window of its own. Signal: `done` (it was done; the window closes). */
#define CH_TYPE_ACCOUNT_FORM (ch_account_form_get_type ())
G_DECLARE_FINAL_TYPE (ChAccountForm, ch_account_form, CH, ACCOUNT_FORM, AdwWindow)

GtkWidget *ch_account_form_new (ChFront *front, ChAccountDeed deed, GtkWindow *parent);
void ch_account_form_add_note (ChAccountForm *self, const char *text);

G_END_DECLS
