#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "base/ch-mask.h"
#include "server/ch-receipt-draw.h"
#include "server/ch-receipt.h"
#include "wire/ch-field.h"

/* The CA’s clocks show China’s time, wherever its machine stands */
#define ZONE_SECONDS (8 * 60 * 60)

/* Half of these are enough that none is guessed */
#define N_CHECK_BYTES 8

/* A receipt is a paper of the CA: always Chinese, as its messages are, with English beside what is not
 * filled in */
static const char *const businesses[] = {
  [CH_BUSINESS_APPLY] = "证书新增",   [CH_BUSINESS_RENEW] = "证书延期",
  [CH_BUSINESS_CHANGE] = "证书变更",  [CH_BUSINESS_CHANGE_HANDLER] = "经办人变更",
  [CH_BUSINESS_REPLACE] = "证书补办", [CH_BUSINESS_REVOKE] = "证书注销",
  [CH_BUSINESS_UNLOCK] = "证书解锁",  [CH_BUSINESS_DOWNLOAD] = "远程下载",
  [CH_BUSINESS_VERIFY] = "证书校验",  [CH_BUSINESS_MAKE] = "UKey 制作",
};
G_STATIC_ASSERT (G_N_ELEMENTS (businesses) == CH_N_BUSINESSES);

static const char *const subjects[] = {
  [CH_SUBJECT_ENTERPRISE] = "机构证书",
  [CH_SUBJECT_LEGAL_PERSON] = "法人证书",
  [CH_SUBJECT_PERSON] = "个人证书",
};
G_STATIC_ASSERT (G_N_ELEMENTS (subjects) == CH_N_SUBJECTS);

static const char *const media[] = {
  [CH_MEDIUM_UKEY] = "UKey",
  [CH_MEDIUM_SOFT] = "软盾",
  [CH_MEDIUM_PHONE] = "手机",
};
G_STATIC_ASSERT (G_N_ELEMENTS (media) == CH_N_MEDIA);

static const char *const states[] = {
  [CH_APPLICATION_DRAFT] = "待提交",          [CH_APPLICATION_SUBMITTED] = "审核中",
  [CH_APPLICATION_REFUSED] = "审核未通过",    [CH_APPLICATION_APPROVED] = "审核通过，待安装",
  [CH_APPLICATION_ISSUED] = "已签发，待安装", [CH_APPLICATION_DONE] = "已完成",
  [CH_APPLICATION_WITHDRAWN] = "已撤回",
};
G_STATIC_ASSERT (G_N_ELEMENTS (states) == CH_N_APPLICATION_STATES);

static const struct
{
  const char *id;
  const char *title;
} channels[] = {
  { "wechat", "微信支付" },
  { "alipay", "支付宝" },
};

static char *
format_time (gint64 seconds)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (ZONE_SECONDS);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (local, "%Y-%m-%d %H:%M");
}

static char *
format_fen (gint64 fen)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%02d 元", fen / 100, (int) (fen % 100));
}

/* What is not there has no line. @value: (transfer full) (nullable) */
static void
add (GPtrArray *lines, const char *zh, const char *en, char *value)
{
  ChReceiptLine *line;

  if (value == NULL || *value == 0)
    {
      g_free (value);
      return;
    }
  line = g_new0 (ChReceiptLine, 1);
  line->zh = zh;
  line->en = en;
  line->value = value;
  g_ptr_array_add (lines, line);
}

static const char *
get_answer (const ChApplication *application, const char *field)
{
  return application->answers != NULL ? g_hash_table_lookup (application->answers, field) : NULL;
}

/* Name, document and mobile of a person, both numbers masked; parts that are not there are left out */
static char *
say_person (const ChApplication *application, const char *name, const char *number, const char *mobile)
{
  const char *const fields[] = { name, number, mobile };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *value = fields[i] != NULL ? get_answer (application, fields[i]) : NULL;
      g_autofree char *shown = NULL;

      if (value == NULL)
        continue;
      shown = i == 0 ? g_strdup (value) : ch_mask_number (value);
      g_string_append_printf (text, "%s%s", text->len > 0 ? "　" : "", shown);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
say_project (const ChProfile *profile, const ChAxes *axes, const ChApplication *application)
{
  const ChProject *project = ch_profile_get_project (profile, application->project);
  const char *id = ch_profile_has_term (profile, axes->business) ? get_answer (application, "term") : NULL;
  const ChTerm *term = project != NULL && id != NULL ? ch_project_get_term (project, id) : NULL;

  if (project == NULL)
    return NULL;
  return term != NULL ? g_strdup_printf ("%s，%s", project->name->zh, term->name->zh)
                      : g_strdup (project->name->zh);
}

static char *
say_payment (const ChAxes *axes, const ChOrder *order)
{
  g_autofree char *amount = NULL, *paid = NULL;
  const char *channel = "";

  if (axes->settlement == CH_SETTLEMENT_ENTERPRISE_PAY)
    return g_strdup ("大客户统一结算");
  if (order == NULL || order->state != CH_ORDER_PAID)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
    if (g_strcmp0 (order->channel, channels[i].id) == 0)
      channel = channels[i].title;
  amount = format_fen (order->fen);
  paid = format_time (order->paid);
  return g_strdup_printf ("%s　%s　%s", amount, channel, paid);
}

/* To whom it goes: the address is the applicant’s own business */
static char *
say_delivery (const ChApplication *application)
{
  const char *way = get_answer (application, "delivery-way");
  g_autofree char *whom = NULL;

  if (way == NULL)
    return NULL;
  if (g_str_equal (way, "hall"))
    return g_strdup ("营业厅领取");
  whom = say_person (application, "delivery-name", NULL, "delivery-phone");
  return g_strdup_printf ("邮寄配送（货到付款）　%s", whom);
}

static char *
say_documents (const ChProfile *profile, const ChAxes *axes, const ChApplication *application)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; application->documents != NULL && i < application->documents->len; i++)
    {
      const ChDocument *document = application->documents->pdata[i];
      const ChDocumentRule *rule = ch_profile_get_document (profile, axes, document->id);

      g_string_append_printf (text, "%s%s", text->len > 0 ? "、" : "",
                              rule != NULL ? rule->name->zh : document->id);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Only the server can make it, and makes the same for the same hand-in whenever it is asked */
static char *
make_check_code (ChService *service, const ChApplication *application, const ChOrder *order, gint64 submitted)
{
  g_autofree char *said = g_strdup_printf ("%s\n%" G_GINT64_FORMAT "\n%s\n%" G_GINT64_FORMAT, application->id,
                                           submitted, application->applicant,
                                           order != NULL && order->state == CH_ORDER_PAID ? order->fen : 0);
  g_autoptr (GBytes) mac = ch_service_make_mac (service, "receipt", said, strlen (said));
  const guint8 *bytes = g_bytes_get_data (mac, NULL);
  GString *code = g_string_new (NULL);

  for (guint i = 0; i < N_CHECK_BYTES; i++)
    g_string_append_printf (code, "%s%02X", i > 0 && i % 2 == 0 ? "-" : "", bytes[i]);
  return g_string_free (code, FALSE);
}

static GPtrArray *
list_lines (const ChProfile *profile,
            const ChAxes *axes,
            const ChApplication *application,
            const ChOrder *order,
            gint64 submitted,
            const char *code)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_receipt_line_free);

  add (lines, "申请编号", "Application number", g_strdup (application->id));
  add (lines, "办理业务", "Business",
       g_strdup_printf ("%s　%s　%s", businesses[axes->business], subjects[axes->subject],
                        media[axes->medium]));
  add (lines, "项目", "Project", say_project (profile, axes, application));
  add (lines, "申请单位（人）", "Applicant", g_strdup (application->applicant));
  if (axes->subject == CH_SUBJECT_LEGAL_PERSON)
    add (lines, "单位名称", "Name of the unit", g_strdup (get_answer (application, "unit-name")));
  add (lines, "统一社会信用代码", "Unified social credit code",
       g_strdup (get_answer (application, "unit-code")));
  if (axes->subject == CH_SUBJECT_LEGAL_PERSON)
    add (
        lines, "法定代表人", "Legal person",
        say_person (application, "legal-person-name", "legal-person-document-number", "legal-person-mobile"));
  if (axes->subject == CH_SUBJECT_PERSON)
    add (lines, "申请人", "Person",
         say_person (application, "person-name", "person-document-number", "person-mobile"));
  add (lines, "经办人", "Handler",
       say_person (application, "handler-name", "handler-document-number", "handler-mobile"));
  add (lines, "证书领取方式", "Delivery", say_delivery (application));
  add (lines, "提交时间", "Handed in", format_time (submitted));
  add (lines, "已付金额", "Amount paid", say_payment (axes, order));
  add (lines, "已提交资料", "Documents handed in", say_documents (profile, axes, application));
  add (lines, "当前状态", "State", g_strdup (states[application->state]));
  if (application->state == CH_APPLICATION_SUBMITTED && application->review_by > 0)
    add (lines, "最迟审核时间", "Reviewed by", format_time (application->review_by));
  add (lines, "校验码", "Check code", g_strdup (code));
  return lines;
}

/**
 * ch_receipt_make:
 * @application: whole, as its owner sees it
 * @order: (nullable): of it
 * @error: %CH_ERROR_NOT_SUBMITTED when it never was handed in
 *
 * Returns: (transfer full): the receipt, of the state it is in now
 */
ChReceipt *
ch_receipt_make (ChService *service, const ChApplication *application, const ChOrder *order, GError **error)
{
  const ChProfile *profile = ch_service_get_profile (service);
  gint64 submitted = ch_application_find_submission (application);
  g_autoptr (GPtrArray) lines = NULL;
  g_autofree char *now = format_time (ch_clock_now ());
  g_autofree char *foot = NULL;
  g_autofree char *issuer = NULL;
  gboolean is_trial = ch_service_is_trial (service);
  ChReceiptSheet sheet;
  ChReceipt *receipt;
  ChAxes axes;

  if (submitted == 0 || !ch_axes_parse (application->flow, &axes))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_SUBMITTED, "application %s was never submitted",
                   application->id);
      return NULL;
    }

  receipt = ch_wire_new (&ChReceipt_wire);
  receipt->name = g_strdup_printf ("受理回执-%s.pdf", application->id);
  receipt->check_code = make_check_code (service, application, order, submitted);
  lines = list_lines (profile, &axes, application, order, submitted, receipt->check_code);
  foot = g_strdup_printf ("%s本回执证明上述申请已收到，不代表审核通过；证件号码和手机号码已部分隐去。"
                          "本机构可凭申请编号重新出具，校验码一致即为真。\n"
                          "出具时间 %s　客服热线 %s　%s",
                          is_trial ? "演示 DEMO：由演示系统出具，不具任何效力。\n" : "", now,
                          profile->hotline, profile->website);
  issuer = g_strconcat (profile->name->zh, is_trial ? "（演示 DEMO）" : NULL, NULL);
  sheet = (ChReceiptSheet){ issuer, application->id, lines, foot };
  receipt->bytes = ch_receipt_draw (&sheet);
  return receipt;
}
