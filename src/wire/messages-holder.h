#pragma once

#include "wire/messages-account.h"

G_BEGIN_DECLS

/* Logging in by a certificate: a signature over certhall-login/1, made with a nonce of this server */
#define CH_HOLDER_LOGIN_FIELDS(F, S)                                                                         \
  F (S, certificate, BYTES, "certificate", REQUIRED, 8192, _)                                                \
  F (S, nonce, BYTES, "nonce", REQUIRED, 32, _)                                                              \
  F (S, signature, BYTES, "signature", REQUIRED, 1024, _)                                                    \
  F (S, consents, LIST, "consents", REQUIRED, 20, ChConsent)
CH_WIRE_DECLARE (ChHolderLogin, ch_holder_login, CH_HOLDER_LOGIN_FIELDS)

/* Who holds the session of a certificate. renewal-only: the certificate has ended, but may still be renewed
 */
#define CH_HOLDER_FIELDS(F, S)                                                                               \
  F (S, certificate, STRING, "certificate", REQUIRED, 64, _)                                                 \
  F (S, name, STRING, "name", REQUIRED, 256, _)                                                              \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, not_after, TIME, "not-after", REQUIRED, 0, _)                                                        \
  F (S, renewal_only, BOOL, "renewal-only", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChHolder, ch_holder, CH_HOLDER_FIELDS)

G_END_DECLS
