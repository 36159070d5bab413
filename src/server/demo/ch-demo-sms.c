#include "config.h"

#include "base/ch-clock.h"
#include "server/demo/ch-demo-sms.h"

/* What is older is forgotten */
#define MAX_MESSAGES 1000

/* Sends nothing: keeps messages in memory, where the desk reads them. They are gone with the program. */
struct _ChDemoSms
{
  GObject parent_instance;

  GMutex lock;
  GPtrArray *messages; /* (owned) (element-type ChDemoMessage), oldest first */
};

static void sms_init (ChSmsInterface *iface);
static void mail_init (ChMailInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChDemoSms,
                               ch_demo_sms,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_SMS, sms_init)
                                   G_IMPLEMENT_INTERFACE (CH_TYPE_MAIL, mail_init))

static void
keep (ChDemoSms *self, const char *target, char *text, const char *code)
{
  ChDemoMessage *message = ch_wire_new (&ChDemoMessage_wire);

  message->mobile = g_strdup (target);
  message->text = text;
  message->code = g_strdup (code);
  message->at = ch_clock_now ();

  g_mutex_lock (&self->lock);
  if (self->messages->len >= MAX_MESSAGES)
    g_ptr_array_remove_index (self->messages, 0);
  g_ptr_array_add (self->messages, message);
  g_mutex_unlock (&self->lock);
}

static gboolean
send_sms (ChSms *sms, const char *mobile, ChSmsTemplate template_id, const char *const *args, GError **error)
{
  keep (CH_DEMO_SMS (sms), mobile, ch_sms_template_format (template_id, args),
        template_id == CH_SMS_TEMPLATE_CODE ? args[0] : NULL);
  return TRUE;
}

static gboolean
send_mail (ChMail *mail,
           const char *address,
           ChMailTemplate template_id,
           const char *const *args,
           const ChMailFile *file,
           GError **error)
{
  g_autofree char *text = ch_mail_template_format (template_id, args);

  /* What goes with it is named, not kept */
  keep (CH_DEMO_SMS (mail), address,
        file != NULL ? g_strdup_printf ("%s [%s]", text, file->name) : g_steal_pointer (&text),
        template_id == CH_MAIL_TEMPLATE_CODE ? args[0] : NULL);
  return TRUE;
}

static void
sms_init (ChSmsInterface *iface)
{
  iface->send = send_sms;
}

static void
mail_init (ChMailInterface *iface)
{
  iface->send = send_mail;
}

static void
ch_demo_sms_finalize (GObject *object)
{
  ChDemoSms *self = CH_DEMO_SMS (object);

  g_ptr_array_unref (self->messages);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (ch_demo_sms_parent_class)->finalize (object);
}

static void
ch_demo_sms_class_init (ChDemoSmsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_demo_sms_finalize;
}

static void
ch_demo_sms_init (ChDemoSms *self)
{
  g_mutex_init (&self->lock);
  self->messages = ch_wire_list_new (&ChDemoMessage_wire);
}

ChDemoSms *
ch_demo_sms_new (void)
{
  return g_object_new (CH_TYPE_DEMO_SMS, NULL);
}

/**
 * ch_demo_sms_list:
 * @mobile: (nullable): to whom; %NULL for all
 *
 * Returns: (transfer full): the messages, newest first, and the newest code
 */
ChDemoOutbox *
ch_demo_sms_list (ChDemoSms *self, const char *mobile)
{
  ChDemoOutbox *outbox = ch_wire_new (&ChDemoOutbox_wire);

  outbox->messages = ch_wire_list_new (&ChDemoMessage_wire);
  g_mutex_lock (&self->lock);
  for (guint i = self->messages->len; i > 0; i--)
    {
      const ChDemoMessage *message = self->messages->pdata[i - 1];

      if (mobile != NULL && !g_str_equal (message->mobile, mobile))
        continue;
      if (outbox->code == NULL)
        outbox->code = g_strdup (message->code);
      g_ptr_array_add (outbox->messages, ch_wire_copy (&ChDemoMessage_wire, message));
    }
  g_mutex_unlock (&self->lock);
  return outbox;
}
