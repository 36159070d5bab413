#pragma once

#include "base/ch-reason.h"

G_BEGIN_DECLS

ChReason ch_validate_name (const char *value);
ChReason ch_validate_text (const char *value);
ChReason ch_validate_uscc (const char *value);
ChReason ch_validate_org_code (const char *value);
ChReason ch_validate_resident_id (const char *value);
ChReason ch_validate_document_number (const char *value);
ChReason ch_validate_mobile (const char *value);
ChReason ch_validate_phone (const char *value);
ChReason ch_validate_email (const char *value);
ChReason ch_validate_user_name (const char *value);
ChReason ch_validate_sms_code (const char *value);
ChReason ch_validate_passphrase (const guint8 *data, gsize len);

char *ch_normalize_text (const char *value);
char *ch_normalize_code (const char *value);
char *ch_fold_text (const char *text);

G_END_DECLS
