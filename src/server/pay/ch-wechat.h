#pragma once

#include "pki/ch-key.h"
#include "server/ch-gateway.h"

G_BEGIN_DECLS

/* Who we are at WeChat Pay, and how we know it. All owned. */
typedef struct
{
  GStrv urls; /* where it answers; the second where the first does not */
  char *merchant;
  char *app;
  char *serial; /* of our certificate */
  char *notify_url;
  char *trust_file; /* (nullable) */
  char *platform;   /* number of the key that answers are to be signed with */
  GHashTable *keys; /* number of a key of theirs → SubjectPublicKeyInfo */
  ChKey *key;       /* ours */
  ChSecret *v3;     /* the API v3 key: 32 bytes */
} ChWechatSettings;

void ch_wechat_settings_free (ChWechatSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChWechatSettings, ch_wechat_settings_free)

/* WeChat Pay API v3, Native: a code that is scanned with WeChat */
#define CH_TYPE_WECHAT (ch_wechat_get_type ())
G_DECLARE_FINAL_TYPE (ChWechat, ch_wechat, CH, WECHAT, GObject)

ChWechat *ch_wechat_new (ChWechatSettings *settings);

G_END_DECLS
