#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Both providers of payments in one program, in a thread of its own behind TLS: speaks their protocols with
 * keys of its own, and refuses what is not signed as they want it. */
typedef struct _PayProvider PayProvider;

/* What a notice of WeChat Pay says; what is left out is as it should be */
typedef struct
{
  const char *merchant;
  const char *currency;
  gint64 fen;          /* 0: what was asked for */
  gint64 age;          /* seconds */
  gboolean is_forged;  /* signed with another key */
  gboolean is_foreign; /* enciphered with another key */
} PayNotice;

/* Called in the provider’s thread when something was done and before it is answered */
typedef void (*PayHook) (const char *what, gpointer user_data);

PayProvider *pay_provider_new (void);
void pay_provider_free (PayProvider *self);
void
pay_provider_write_setup (PayProvider *self, const char *dir, const char *passphrase, gboolean is_sandbox);

void pay_provider_pay (PayProvider *self, const char *trade_no);
GHashTable *
pay_provider_notify_wechat (PayProvider *self, const char *trade_no, const PayNotice *how, GBytes **body);
GBytes *pay_provider_notify_alipay (PayProvider *self,
                                    const char *trade_no,
                                    const char *field,
                                    const char *value,
                                    gboolean is_forged);

char *pay_provider_get_state (PayProvider *self, const char *trade_no);
gint64 pay_provider_get_refunded (PayProvider *self, const char *trade_no);
guint pay_provider_count (PayProvider *self, const char *what);
char *pay_provider_find_last (PayProvider *self);
void pay_provider_set_broken (PayProvider *self, gboolean is_broken);
void pay_provider_set_lying (PayProvider *self, gboolean is_lying);
void pay_provider_set_slow (PayProvider *self, gboolean is_slow);
void pay_provider_set_hook (PayProvider *self, PayHook hook, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PayProvider, pay_provider_free)

G_END_DECLS
