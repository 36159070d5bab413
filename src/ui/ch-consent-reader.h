#pragma once

#include "ui/ch-ui.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* Shows the text of an agreement */
#define CH_TYPE_CONSENT_READER (ch_consent_reader_get_type ())
G_DECLARE_FINAL_TYPE (ChConsentReader, ch_consent_reader, CH, CONSENT_READER, AdwWindow)

GtkWidget *ch_consent_reader_new (const ChConsentText *consent, GtkWindow *parent);

G_END_DECLS
