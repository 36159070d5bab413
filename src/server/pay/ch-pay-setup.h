#pragma once

#include "base/ch-secret.h"
#include "server/ch-gateway.h"

G_BEGIN_DECLS

/* What a store’s folder says of the payment providers: payment.conf and what it names. Secrets lie sealed in
 * keys/NAME.sealed, under the passphrase of the CA’s keys, or in systemd’s credentials; never in the
 * database. */
#define CH_PAY_SETUP_FILE "payment.conf"

gboolean ch_pay_setup_load (const char *dir,
                            ChSecret *passphrase,
                            gboolean is_trial,
                            ChGateway **gateway,
                            GError **error);
GPtrArray *ch_pay_setup_list_files (const char *dir, GError **error);
gboolean
ch_pay_setup_seal (const char *dir, const char *name, ChSecret *secret, ChSecret *passphrase, GError **error);

G_END_DECLS
