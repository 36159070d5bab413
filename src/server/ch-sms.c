#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "server/ch-sms.h"

G_DEFINE_INTERFACE (ChSms, ch_sms, G_TYPE_OBJECT)

typedef struct
{
  const char *id;
  const char *text; /* as it is registered with the provider: always Chinese */
  guint n_args;
} TemplateInfo;

static const TemplateInfo templates[] = {
  [CH_SMS_TEMPLATE_CODE] = { "code", "验证码 {1}，{2} 分钟内有效。请勿告诉他人。", 2 },
  [CH_SMS_TEMPLATE_APPROVED] = { "approved", "您的申请 {1} 已通过审核，请打开程序安装证书。", 1 },
  [CH_SMS_TEMPLATE_REFUSED] = { "refused", "您的申请 {1} 未通过审核，请打开程序查看原因并修改。", 1 },
  [CH_SMS_TEMPLATE_ONCE]
  = { "once", "用户名 {1} 的一次性密码 {2}，{3} 分钟内有效，登录后须立即修改。如非本人操作，请联系我们。",
      3 },
  [CH_SMS_TEMPLATE_MOBILE_CHANGED]
  = { "mobile-changed", "您账号的手机号码已更换为 {1}。如非本人操作，请立即联系我们。", 1 },
  [CH_SMS_TEMPLATE_PASSWORD_CHANGED]
  = { "password-changed", "您账号的密码已修改，其他设备已退出登录。如非本人操作，请立即联系我们。", 0 },
  [CH_SMS_TEMPLATE_CLOSED] = { "closed", "您的账号已注销。依法须保存的资料到期后删除。", 0 },
  [CH_SMS_TEMPLATE_UNLOCKING]
  = { "unlocking", "尾号 {1} 的 UKey 正在解锁并设置新的 PIN 码。如非本人操作，请立即联系我们。", 1 },
  [CH_SMS_TEMPLATE_CARRIED_OUT] = { "carried-out", "您的申请 {1} 已通过审核并办理完毕。", 1 },
  [CH_SMS_TEMPLATE_HANDLER_ASKED]
  = { "handler-asked",
      "有人申请将“{1}”证书的经办人手机号码更换为 {2}，正在审核。如非贵单位办理，请立即联系我们。", 2 },
  [CH_SMS_TEMPLATE_HANDLER_CHANGED]
  = { "handler-changed",
      "“{1}”证书的经办人手机号码已更换为 {2}，今后解锁等业务以新号码为准。如非贵单位办理，请立即联系我们。",
      2 },
  [CH_SMS_TEMPLATE_MAKING]
  = { "making", "您的申请 {1} 已通过审核，我们正在为您制作 UKey，寄出或可领取时另行通知。", 1 },
  [CH_SMS_TEMPLATE_FIRST_PIN]
  = { "first-pin", "{1} 的 UKey 初始 PIN 码为 {2}，首次使用时请立即修改，请勿告诉他人。", 2 },
  [CH_SMS_TEMPLATE_SENT] = { "sent", "您的申请 {1} 的 UKey 已由{2}寄出，单号 {3}，运费到付。", 3 },
  [CH_SMS_TEMPLATE_READY] = { "ready", "您的申请 {1} 的 UKey 已制作完成，请到{2}领取。", 2 },
  [CH_SMS_TEMPLATE_ISSUED] = { "issued", "“{1}”的证书已签发。如非本人办理，请立即联系我们。", 1 },
};

G_STATIC_ASSERT (G_N_ELEMENTS (templates) == CH_N_SMS_TEMPLATES);

static void
ch_sms_default_init (ChSmsInterface *iface)
{
}

/**
 * ch_sms_send:
 * @self: (nullable): %NULL when nobody is set up, which is a failure
 * @mobile: to whom
 * @template_id: what
 * @args: (array zero-terminated=1): what stands for {1}, {2}, …
 *
 * Sends a message. Blocks; never within a transaction: what is sent cannot be rolled back.
 */
gboolean
ch_sms_send (ChSms *self,
             const char *mobile,
             ChSmsTemplate template_id,
             const char *const *args,
             GError **error)
{
  g_return_val_if_fail (template_id < CH_N_SMS_TEMPLATES, FALSE);
  g_return_val_if_fail (g_strv_length ((GStrv) args) == templates[template_id].n_args, FALSE);

  if (self == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_SERVER_UNREACHABLE, "nobody is set up to send messages");
      return FALSE;
    }
  return CH_SMS_GET_IFACE (self)->send (self, mobile, template_id, args, error);
}

const char *
ch_sms_template_get_id (ChSmsTemplate template_id)
{
  g_return_val_if_fail (template_id < CH_N_SMS_TEMPLATES, "");

  return templates[template_id].id;
}

/**
 * ch_message_format:
 * @pattern: with {1}, {2}, …
 *
 * Returns: (transfer full): @pattern with @args in their places
 */
char *
ch_message_format (const char *pattern, const char *const *args)
{
  GString *text = g_string_new (NULL);

  for (const char *p = pattern; *p != 0; p++)
    {
      if (p[0] == '{' && p[1] >= '1' && p[1] <= '9' && p[2] == '}')
        {
          g_string_append (text, args[p[1] - '1']);
          p += 2;
        }
      else
        g_string_append_c (text, *p);
    }

  return g_string_free (text, FALSE);
}

/**
 * ch_sms_template_format:
 *
 * Returns: (transfer full): the text as it arrives
 */
char *
ch_sms_template_format (ChSmsTemplate template_id, const char *const *args)
{
  g_return_val_if_fail (template_id < CH_N_SMS_TEMPLATES, NULL);

  return ch_message_format (templates[template_id].text, args);
}
