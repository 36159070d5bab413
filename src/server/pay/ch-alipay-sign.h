#pragma once

#include "pki/ch-key.h"

G_BEGIN_DECLS

/* Alipay: what is signed of a request, an answer and a notice, and how it is verified */
char *ch_alipay_canonicalize (GHashTable *params, const char *const *without);
char *ch_alipay_sign_params (ChKey *key, GHashTable *params, GError **error);
GBytes *ch_alipay_cut_answer (GBytes *answer, const char *node);
GBytes *ch_alipay_verify_answer (GBytes *spki, GBytes *answer, const char *node, GError **error);
GHashTable *ch_alipay_verify_notice (GBytes *spki, GBytes *form, GError **error);

G_END_DECLS
