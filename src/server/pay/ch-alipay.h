#pragma once

#include "pki/ch-key.h"
#include "server/ch-gateway.h"

G_BEGIN_DECLS

/* Who we are at Alipay, and how we know it. All owned. */
typedef struct
{
  char *url;
  char *app;
  char *seller; /* (nullable): who gets the money, if it is not the app’s owner by itself */
  char *notify_url;
  char *trust_file;   /* (nullable) */
  char *app_cert_sn;  /* (nullable): where certificates are used instead of bare keys */
  char *root_cert_sn; /* (nullable) */
  GBytes *spki;       /* Alipay’s key */
  ChKey *key;         /* ours */
} ChAlipaySettings;

void ch_alipay_settings_free (ChAlipaySettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChAlipaySettings, ch_alipay_settings_free)

/* alipay.trade.precreate: a code that is scanned with Alipay */
#define CH_TYPE_ALIPAY (ch_alipay_get_type ())
G_DECLARE_FINAL_TYPE (ChAlipay, ch_alipay, CH, ALIPAY, GObject)

ChAlipay *ch_alipay_new (ChAlipaySettings *settings);

G_END_DECLS
