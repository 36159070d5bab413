#pragma once

#include "ports/ch-token-hub.h"
#include "wire/ch-field.h"
#include "wire/messages-certificate.h"

G_BEGIN_DECLS

/* One thing that can be chosen for a field, in the user’s language */
typedef struct
{
  char *id; /* the answer */
  char *label;
  char *note; /* (nullable) */
  gint64 fen; /* of a term: its price; else 0 */
  gint64 end; /* of a term: when a certificate made now would end; else 0 */
  char *why;  /* (nullable): why it cannot be chosen now */
} ChChoice;

void ch_choice_free (ChChoice *self);
GPtrArray *
ch_choices_list (const ChField *field, const ChProfile *profile, const ChAxes *axes, GHashTable *answers);
GPtrArray *
ch_choices_list_certificates (GPtrArray *certificates, const ChProfile *profile, ChBusiness business);
GPtrArray *ch_choices_list_media (GPtrArray *media, ChTokenHub *hub, ChBusiness business);
char *
ch_choice_explain_closed (const ChCertificate *certificate, const ChProfile *profile, ChBusiness business);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChChoice, ch_choice_free)

G_END_DECLS
