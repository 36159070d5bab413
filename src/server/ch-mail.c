#include "config.h"

#include "base/ch-error.h"
#include "server/ch-mail.h"
#include "server/ch-sms.h"

G_DEFINE_INTERFACE (ChMail, ch_mail, G_TYPE_OBJECT)

typedef struct
{
  const char *id;
  const char *text; /* as messages to the customers of a Chinese CA are */
  guint n_args;
} TemplateInfo;

static const TemplateInfo templates[] = {
  [CH_MAIL_TEMPLATE_CODE]
  = { "email-code", "您正在确认电子邮箱，验证码 {1}，{2} 分钟内有效。如非本人操作，请忽略。", 2 },
  [CH_MAIL_TEMPLATE_INVOICE]
  = { "invoice-made",
      "您申请的电子发票已开具，发票号码 {1}，见附件；申请编号 {2}。也可在程序“我的申请”中保存。", 2 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (templates) == CH_N_MAIL_TEMPLATES);

static void
ch_mail_default_init (ChMailInterface *iface)
{
}

/**
 * ch_mail_send:
 * @self: (nullable): %NULL when nobody is set up, which is a failure
 * @address: to whom
 * @template_id: what
 * @args: (array zero-terminated=1): what stands for {1}, {2}, …
 * @file: (nullable): what goes with it
 *
 * Sends a message. Blocks; never within a transaction: what is sent cannot be rolled back.
 */
gboolean
ch_mail_send (ChMail *self,
              const char *address,
              ChMailTemplate template_id,
              const char *const *args,
              const ChMailFile *file,
              GError **error)
{
  g_return_val_if_fail (template_id < CH_N_MAIL_TEMPLATES, FALSE);
  g_return_val_if_fail (g_strv_length ((GStrv) args) == templates[template_id].n_args, FALSE);

  if (self == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_SERVER_UNREACHABLE, "nobody is set up to send mail");
      return FALSE;
    }
  return CH_MAIL_GET_IFACE (self)->send (self, address, template_id, args, file, error);
}

const char *
ch_mail_template_get_id (ChMailTemplate template_id)
{
  g_return_val_if_fail (template_id < CH_N_MAIL_TEMPLATES, "");

  return templates[template_id].id;
}

/**
 * ch_mail_template_format:
 *
 * Returns: (transfer full): the text as it arrives
 */
char *
ch_mail_template_format (ChMailTemplate template_id, const char *const *args)
{
  g_return_val_if_fail (template_id < CH_N_MAIL_TEMPLATES, NULL);

  return ch_message_format (templates[template_id].text, args);
}
