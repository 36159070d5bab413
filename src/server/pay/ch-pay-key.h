#pragma once

#include "pki/ch-key.h"

G_BEGIN_DECLS

/* What both providers of payments do: RSA with SHA-256, in base64 */
ChKey *ch_pay_key_parse (ChSecret *pem, GError **error);
GBytes *ch_pay_spki_parse (GBytes *pem, GError **error);
char *ch_pay_sign (ChKey *key, const char *text, gsize len, GError **error);
gboolean ch_pay_verify (GBytes *spki, const char *text, gsize len, const char *signature);

char *ch_pay_format_yuan (gint64 fen);
gboolean ch_pay_parse_yuan (const char *text, gint64 *fen);
char *ch_pay_format_time (gint64 time, const char *format);
char *ch_pay_cut (const char *text, gsize max);

G_END_DECLS
