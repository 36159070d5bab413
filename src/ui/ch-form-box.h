#pragma once

#include "front/ch-front.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-field-row.h"

G_BEGIN_DECLS

/* A declared form outside a flow: its rows, the boxes of its agreements, a button that has a code sent, and
 * what is wrong beside the field it is wrong in.
 *
 * Signal: `done` (Enter in the last field). */
#define CH_TYPE_FORM_BOX (ch_form_box_get_type ())
G_DECLARE_FINAL_TYPE (ChFormBox, ch_form_box, CH, FORM_BOX, GtkBox)

/* How a code is had: the one a form asks for */
typedef struct
{
  gboolean by_mail;     /* to the address in `email` */
  const char *field;    /* (nullable): where the mobile stands; NULL for the account’s own */
  ChSmsPurpose purpose; /* of an SMS */
} ChFormCode;

GtkWidget *ch_form_box_new (ChFront *front, const ChForm *form, const ChFormCode *code, const char *consents);
void ch_form_box_set_error_bar (ChFormBox *self, ChErrorBar *bar);
void ch_form_box_add_consent (ChFormBox *self, const ChConsentText *text);
ChFieldRow *ch_form_box_get_row (ChFormBox *self, const char *field);
GHashTable *ch_form_box_collect (ChFormBox *self);
ChSecret *ch_form_box_copy_secret (ChFormBox *self, const char *field);
void ch_form_box_clear_secrets (ChFormBox *self);
gboolean ch_form_box_check (ChFormBox *self);
void ch_form_box_show_error (ChFormBox *self, const GError *error);
void ch_form_box_focus (ChFormBox *self);

G_END_DECLS
