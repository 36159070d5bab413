#include "config.h"

#include "base/ch-error.h"
#include "server-outside.h"

#define MERCHANT    "test-merchant"
#define TRANSACTION "4200000000000000001"

struct _TestGateway
{
  GObject parent_instance;

  GMutex lock;
  GHashTable *trades;   /* (owned): number → ChTrade */
  GHashTable *paybacks; /* (owned): numbers under which money went back */
  char *dir;            /* (owned) (nullable) */
  gboolean is_broken;
  guint n_created;
};

static void test_gateway_iface_init (ChGatewayInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestGateway,
                               test_gateway,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_GATEWAY, test_gateway_iface_init))

static ChTrade *
copy_trade (const ChTrade *trade)
{
  ChTrade *copy = g_new0 (ChTrade, 1);

  *copy = *trade;
  copy->merchant = g_strdup (trade->merchant);
  copy->trade_no = g_strdup (trade->trade_no);
  copy->channel = g_strdup (trade->channel);
  copy->currency = g_strdup (trade->currency);
  copy->transaction = g_strdup (trade->transaction);
  return copy;
}

/* -- In a folder -- */

static void
save_trade (TestGateway *self, const ChTrade *trade)
{
  g_autofree char *path = self->dir != NULL ? g_build_filename (self->dir, trade->trade_no, NULL) : NULL;
  g_autofree char *text
      = g_strdup_printf ("%d %s %" G_GINT64_FORMAT, trade->state, trade->channel, trade->fen);

  if (path != NULL)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* As it was left by whoever wrote it last. Trades are never freed before the gateway: others hold them. */
static void
load_trade (TestGateway *self, const char *trade_no)
{
  g_autofree char *path = self->dir != NULL ? g_build_filename (self->dir, trade_no, NULL) : NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;
  ChTrade *trade = g_hash_table_lookup (self->trades, trade_no);

  if (path == NULL || !g_file_get_contents (path, &text, NULL, NULL))
    return;
  parts = g_strsplit (text, " ", 3);
  if (trade == NULL)
    {
      ChTrade new = { (char *) MERCHANT, (char *) trade_no, parts[1], 0, (char *) "CNY", CH_TRADE_OPEN };

      trade = copy_trade (&new);
      trade->fen = g_ascii_strtoll (parts[2], NULL, 10);
      g_hash_table_insert (self->trades, g_strdup (trade_no), trade);
    }
  trade->state = g_ascii_strtoll (parts[0], NULL, 10);
  if (trade->state == CH_TRADE_PAID && trade->transaction == NULL)
    {
      trade->transaction = g_strdup (TRANSACTION);
      trade->paid = g_get_real_time () / G_USEC_PER_SEC;
    }
}

static gboolean
check_working (TestGateway *self, GError **error)
{
  if (self->is_broken)
    g_set_error (error, CH_ERROR, CH_ERROR_GATEWAY, "the gateway does not answer");
  return !self->is_broken;
}

static char *
test_gateway_create (ChGateway *gateway,
                     const char *channel,
                     const char *trade_no,
                     gint64 fen,
                     const char *title,
                     gint64 expires,
                     GError **error)
{
  TestGateway *self = TEST_GATEWAY (gateway);
  ChTrade trade
      = { (char *) MERCHANT, (char *) trade_no, (char *) channel, fen, (char *) "CNY", CH_TRADE_OPEN };

  if (!check_working (self, error))
    return NULL;
  g_mutex_lock (&self->lock);
  self->n_created++;
  g_hash_table_insert (self->trades, g_strdup (trade_no), copy_trade (&trade));
  save_trade (self, &trade);
  g_mutex_unlock (&self->lock);
  return g_strdup_printf ("test://pay?no=%s", trade_no);
}

static ChTrade *
test_gateway_query (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  TestGateway *self = TEST_GATEWAY (gateway);
  ChTrade unknown = { (char *) MERCHANT, (char *) trade_no, (char *) channel, 0, NULL, CH_TRADE_UNKNOWN };
  const ChTrade *trade;

  if (!check_working (self, error))
    return NULL;
  trade = test_gateway_get (self, trade_no);
  return copy_trade (trade != NULL ? trade : &unknown);
}

static ChTrade *
test_gateway_close (ChGateway *gateway, const char *channel, const char *trade_no, GError **error)
{
  TestGateway *self = TEST_GATEWAY (gateway);
  ChTrade *trade = test_gateway_get (self, trade_no);

  if (trade != NULL && trade->state == CH_TRADE_OPEN && !self->is_broken)
    {
      trade->state = CH_TRADE_CLOSED;
      save_trade (self, trade);
    }
  return test_gateway_query (gateway, channel, trade_no, error);
}

static ChTrade *
test_gateway_verify (ChGateway *gateway, const ChNotice *notice, GError **error)
{
  gsize len = 0;
  const char *body = g_bytes_get_data (notice->body, &len);
  g_autofree char *trade_no = g_strndup (body != NULL ? body : "", len);
  const ChTrade *trade = test_gateway_get (TEST_GATEWAY (gateway), trade_no);

  if (trade != NULL)
    return copy_trade (trade);
  g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "the gateway did not say that");
  return NULL;
}

/* Goes back at once, once for each number */
static ChPaybackAnswer *
test_gateway_pay_back (ChGateway *gateway, const ChPayback *payback, GError **error)
{
  TestGateway *self = TEST_GATEWAY (gateway);
  ChPaybackAnswer *answer;

  if (!check_working (self, error))
    return NULL;
  g_mutex_lock (&self->lock);
  g_hash_table_add (self->paybacks, g_strdup (payback->refund_no));
  g_mutex_unlock (&self->lock);
  answer = g_new0 (ChPaybackAnswer, 1);
  answer->state = CH_PAYBACK_DONE;
  answer->fen = payback->fen;
  return answer;
}

static const char *
test_gateway_get_merchant (ChGateway *gateway, const char *channel)
{
  return MERCHANT;
}

static void
test_gateway_iface_init (ChGatewayInterface *iface)
{
  iface->create = test_gateway_create;
  iface->query = test_gateway_query;
  iface->close = test_gateway_close;
  iface->verify = test_gateway_verify;
  iface->pay_back = test_gateway_pay_back;
  iface->query_payback = test_gateway_pay_back;
  iface->get_merchant = test_gateway_get_merchant;
}

static void
test_gateway_finalize (GObject *object)
{
  g_hash_table_unref (TEST_GATEWAY (object)->trades);
  g_hash_table_unref (TEST_GATEWAY (object)->paybacks);
  g_free (TEST_GATEWAY (object)->dir);
  g_mutex_clear (&TEST_GATEWAY (object)->lock);
  G_OBJECT_CLASS (test_gateway_parent_class)->finalize (object);
}

static void
test_gateway_class_init (TestGatewayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_gateway_finalize;
}

static void
test_gateway_init (TestGateway *self)
{
  g_mutex_init (&self->lock);
  self->trades = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ch_trade_free);
  self->paybacks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

TestGateway *
test_gateway_new (void)
{
  return g_object_new (TEST_TYPE_GATEWAY, NULL);
}

ChTrade *
test_gateway_get (TestGateway *self, const char *trade_no)
{
  ChTrade *trade;

  g_mutex_lock (&self->lock);
  load_trade (self, trade_no);
  trade = g_hash_table_lookup (self->trades, trade_no);
  g_mutex_unlock (&self->lock);
  return trade;
}

void
test_gateway_pay (TestGateway *self, const char *trade_no)
{
  ChTrade *trade = test_gateway_get (self, trade_no);

  g_assert_nonnull (trade);
  trade->state = CH_TRADE_PAID;
  trade->paid = g_get_real_time () / G_USEC_PER_SEC;
  g_free (trade->transaction);
  trade->transaction = g_strdup (TRANSACTION);
  save_trade (self, trade);
}

void
test_gateway_set_broken (TestGateway *self, gboolean is_broken)
{
  self->is_broken = is_broken;
}

guint
test_gateway_get_n_created (TestGateway *self)
{
  return self->n_created;
}

/* Its trades are kept in @dir */
void
test_gateway_keep_in (TestGateway *self, const char *dir)
{
  self->dir = g_strdup (dir);
}

struct _TestPhone
{
  GObject parent_instance;

  GMutex lock;
  GHashTable *texts; /* (owned): mobile → newest text */
  char *dir;         /* (owned) (nullable) */
};

static void test_phone_iface_init (ChSmsInterface *iface);
static void test_phone_mail_init (ChMailInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestPhone,
                               test_phone,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_SMS, test_phone_iface_init)
                                   G_IMPLEMENT_INTERFACE (CH_TYPE_MAIL, test_phone_mail_init))

static gboolean
test_phone_send (ChSms *sms,
                 const char *mobile,
                 ChSmsTemplate template_id,
                 const char *const *args,
                 GError **error)
{
  TestPhone *self = TEST_PHONE (sms);
  const char *first = template_id == CH_SMS_TEMPLATE_ONCE ? args[1] : args[0];
  char *text = g_strdup_printf ("%s %s", ch_sms_template_get_id (template_id), first != NULL ? first : "");

  g_autofree char *path = self->dir != NULL ? g_build_filename (self->dir, mobile, NULL) : NULL;

  if (path != NULL)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->texts, g_strdup (mobile), text);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
test_phone_iface_init (ChSmsInterface *iface)
{
  iface->send = test_phone_send;
}

static gboolean
test_phone_mail (ChMail *mail,
                 const char *address,
                 ChMailTemplate template_id,
                 const char *const *args,
                 const ChMailFile *file,
                 GError **error)
{
  TestPhone *self = TEST_PHONE (mail);

  g_mutex_lock (&self->lock);
  g_hash_table_insert (
      self->texts, g_strdup (address),
      g_strdup_printf ("mail %s%s%s", args[0], file != NULL ? " " : "", file != NULL ? file->name : ""));
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
test_phone_mail_init (ChMailInterface *iface)
{
  iface->send = test_phone_mail;
}

static void
test_phone_finalize (GObject *object)
{
  g_hash_table_unref (TEST_PHONE (object)->texts);
  g_free (TEST_PHONE (object)->dir);
  g_mutex_clear (&TEST_PHONE (object)->lock);
  G_OBJECT_CLASS (test_phone_parent_class)->finalize (object);
}

static void
test_phone_class_init (TestPhoneClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_phone_finalize;
}

static void
test_phone_init (TestPhone *self)
{
  g_mutex_init (&self->lock);
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

TestPhone *
test_phone_new (void)
{
  return g_object_new (TEST_TYPE_PHONE, NULL);
}

const char *
test_phone_get_text (TestPhone *self, const char *mobile)
{
  g_autofree char *path = self->dir != NULL ? g_build_filename (self->dir, mobile, NULL) : NULL;
  char *kept = NULL;
  const char *text;

  g_mutex_lock (&self->lock);
  if (path != NULL && g_file_get_contents (path, &kept, NULL, NULL))
    g_hash_table_insert (self->texts, g_strdup (mobile), kept);
  text = g_hash_table_lookup (self->texts, mobile);
  g_mutex_unlock (&self->lock);
  return text;
}

/* What it gets is kept in @dir */
void
test_phone_keep_in (TestPhone *self, const char *dir)
{
  self->dir = g_strdup (dir);
}

/* The same where somebody else may just be sending the next one */
char *
test_phone_dup_text (TestPhone *self, const char *mobile)
{
  char *text;

  g_mutex_lock (&self->lock);
  text = g_strdup (g_hash_table_lookup (self->texts, mobile));
  g_mutex_unlock (&self->lock);
  return text;
}

/* What came before is not to be taken for what is awaited */
void
test_phone_clear (TestPhone *self, const char *mobile)
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->texts, mobile);
  g_mutex_unlock (&self->lock);
}
