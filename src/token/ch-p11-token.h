#pragma once

#include "ports/ch-token.h"
#include "token/ch-p11-module.h"

G_BEGIN_DECLS

/* A key medium behind a PKCS#11 module. It is named by serial and label; in which slot it is found may
 * change. */
#define CH_TYPE_P11_TOKEN (ch_p11_token_get_type ())
G_DECLARE_FINAL_TYPE (ChP11Token, ch_p11_token, CH, P11_TOKEN, GObject)

ChP11Token *
ch_p11_token_new (ChP11Host *host, const ChP11TokenInfo *info, GArray *mechanisms, const char *lock_dir);
char *ch_p11_token_make_serial (const ChP11TokenInfo *info);
gboolean ch_p11_token_see (ChP11Token *self, const ChP11TokenInfo *info);
void ch_p11_token_miss (ChP11Token *self);
gboolean ch_p11_token_is_remade (ChP11Token *self);

G_END_DECLS
