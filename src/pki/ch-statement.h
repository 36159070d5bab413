#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a signature of a token may be about. */
#define CH_STATEMENT_LOGIN      "certhall-login/1"
#define CH_STATEMENT_CONFIRM    "certhall-confirm/1"
#define CH_STATEMENT_POSSESSION "certhall-possession/1"

/* What is signed to try a key, and proves nothing to anybody */
#define CH_STATEMENT_TEST "certhall-test/1"

#define CH_STATEMENT_NONCE_SIZE 32

GBytes *ch_statement_build (const char *label,
                            GBytes *tls_cert,
                            GBytes *own_cert,
                            GBytes *nonce,
                            GBytes *confirmed_sha256,
                            GError **error);
GBytes *ch_statement_digest_unlock (const char *token_serial);
GBytes *ch_statement_build_possession (GBytes *own_cert, GError **error);
GBytes *ch_statement_build_test (GBytes *own_cert, GError **error);

G_END_DECLS
