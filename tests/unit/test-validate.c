#include "config.h"

#include <string.h>

#include "base/ch-validate.h"

typedef struct
{
  const char *name;
  ChReason (*validate) (const char *value);
  const char *value;
  ChReason reason;
} Case;

/* Numbers that the manuals print as samples are wrong on purpose or by misprint: they must be refused */
static const Case cases[] = {
  { "uscc/good", ch_validate_uscc, "91110108722619411A", CH_REASON_OK },
  { "uscc/sample", ch_validate_uscc, "999999999999999999", CH_REASON_USCC_CHECK },
  { "uscc/sample-short", ch_validate_uscc, "9133XXXXXXXXXXXX", CH_REASON_USCC_LENGTH },
  { "uscc/sample-long", ch_validate_uscc, "9999999999999999XXX", CH_REASON_USCC_LENGTH },
  { "uscc/letter-o", ch_validate_uscc, "9OPE12367836128361", CH_REASON_USCC_CHARACTERS },
  { "uscc/small", ch_validate_uscc, "91110108722619411a", CH_REASON_USCC_CHARACTERS },
  { "uscc/swapped", ch_validate_uscc, "91110108722691411A", CH_REASON_USCC_CHECK },
  { "uscc/empty", ch_validate_uscc, "", CH_REASON_USCC_LENGTH },
  { "org-code/good", ch_validate_org_code, "35353550-2", CH_REASON_OK },
  { "org-code/sample", ch_validate_org_code, "35353550-9", CH_REASON_ORG_CODE },
  { "org-code/no-dash", ch_validate_org_code, "722619411", CH_REASON_OK },
  { "resident-id/good", ch_validate_resident_id, "11010519491231002X", CH_REASON_OK },
  { "resident-id/sample", ch_validate_resident_id, "12010619910202131X", CH_REASON_ID_CHECK },
  { "resident-id/no-such-day", ch_validate_resident_id, "110105194902310023", CH_REASON_ID_DATE },
  { "resident-id/15-digits", ch_validate_resident_id, "110105491231002", CH_REASON_ID_LENGTH },
  { "resident-id/letter", ch_validate_resident_id, "1101051949123100AX", CH_REASON_CHARACTERS },
  { "mobile/good", ch_validate_mobile, "19912345678", CH_REASON_OK },
  { "mobile/ten-digits", ch_validate_mobile, "1300000000", CH_REASON_MOBILE },
  { "mobile/masked", ch_validate_mobile, "151****9192", CH_REASON_MOBILE },
  { "mobile/12", ch_validate_mobile, "12912345678", CH_REASON_MOBILE },
  { "phone/extension", ch_validate_phone, "022-59800000", CH_REASON_OK },
  { "phone/words", ch_validate_phone, "022-CALL-ME-0", CH_REASON_PHONE },
  { "email/good", ch_validate_email, "zhang.san+ca@example.com.cn", CH_REASON_OK },
  { "email/two-dots", ch_validate_email, "zhang..san@example.com", CH_REASON_EMAIL },
  { "email/no-host", ch_validate_email, "zhang@", CH_REASON_EMAIL },
  { "email/two-lines", ch_validate_email, "a@example.com\nBcc: b@example.com", CH_REASON_EMAIL },
  { "email/hyphen-end", ch_validate_email, "a@example-.com", CH_REASON_EMAIL },
  { "text/chinese", ch_validate_text, "天津市滨海数字认证测试单位（测试）", CH_REASON_OK },
  { "text/zero-width", ch_validate_text, "天津\342\200\213市", CH_REASON_INVISIBLE },
  { "text/right-to-left", ch_validate_text, "abc\342\200\256def", CH_REASON_INVISIBLE },
  { "text/private-use", ch_validate_text, "\356\200\200", CH_REASON_INVISIBLE },
  { "text/hangul-filler", ch_validate_text, "a\343\205\244b", CH_REASON_INVISIBLE },
  { "text/not-nfc", ch_validate_text, "e\314\201", CH_REASON_INVISIBLE },
  { "text/blank-first", ch_validate_text, " 天津", CH_REASON_BLANKS },
  { "text/wide-blank-last", ch_validate_text, "天津\343\200\200", CH_REASON_BLANKS },
  { "text/not-utf8", ch_validate_text, "\377\376", CH_REASON_CHARACTERS },
  { "name/one-character", ch_validate_name, "津", CH_REASON_TOO_SHORT },
  { "user-name/good", ch_validate_user_name, "zhang.san_1", CH_REASON_OK },
  { "user-name/blank", ch_validate_user_name, "zhang san", CH_REASON_USER_NAME },
  { "sms-code/good", ch_validate_sms_code, "012345", CH_REASON_OK },
  { "sms-code/five", ch_validate_sms_code, "12345", CH_REASON_CODE },
  { "document-number/good", ch_validate_document_number, "E12345678", CH_REASON_OK },
  { "document-number/chinese", ch_validate_document_number, "护照12345", CH_REASON_DOCUMENT_NUMBER },
};

static const struct
{
  const char *typed;
  ChReason reason;
} passphrases[] = {
  { "correct horse", CH_REASON_OK },           { "天津滨海证书软盾口令十一", CH_REASON_OK },
  { "short", CH_REASON_PASSWORD_SHORT },       { "1234567890", CH_REASON_PASSWORD_WEAK },
  { "aaaaaaaaaaaa", CH_REASON_PASSWORD_WEAK }, { "abcdefghijklm", CH_REASON_PASSWORD_WEAK },
  { "TimeVale123", CH_REASON_PASSWORD_WEAK },
};

static const struct
{
  const char *typed;
  const char *code;
} codes[] = {
  { " 9111 0108 7226 1941 1a ", "91110108722619411A" },
  { "９１１１０１０８７２２６１９４１１Ａ", "91110108722619411A" },
  { "\t\n", "" },
};

static void
test_case (gconstpointer data)
{
  const Case *self = data;

  g_assert_cmpstr (ch_reason_get_id (self->validate (self->value)), ==, ch_reason_get_id (self->reason));
}

static void
test_passphrases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (passphrases); i++)
    {
      const char *typed = passphrases[i].typed;
      ChReason reason = ch_validate_passphrase ((const guint8 *) typed, strlen (typed));

      g_test_message ("%s", typed);
      g_assert_cmpstr (ch_reason_get_id (reason), ==, ch_reason_get_id (passphrases[i].reason));
    }
}

static void
test_codes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autofree char *code = ch_normalize_code (codes[i].typed);

      g_assert_cmpstr (code, ==, codes[i].code);
    }
}

static void
test_text (void)
{
  g_autofree char *text = ch_normalize_text ("  e\314\201t \n");

  g_assert_cmpstr (text, ==, "\303\251t");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/validate/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/validate/passphrases", test_passphrases);
  g_test_add_func ("/normalize/codes", test_codes);
  g_test_add_func ("/normalize/text", test_text);

  return g_test_run ();
}
