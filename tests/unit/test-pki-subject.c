#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki-world.h"

static char *
look_up (const char *placeholder, gpointer user_data)
{
  static const char *const values[][2] = {
    { "name", "天津市滨海数字认证有限公司测试" },
    { "uscc", "91110108722619411A" },
    { "province", "天津市" },
    { "district", "东丽区" },
    { "empty", "" },
    { "long", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_str_equal (values[i][0], placeholder))
      return g_strdup (values[i][1]);
  return NULL;
}

/* manuals.md 7.2: the name of the sample of the Binhai CA, read from the end */
static void
test_template (void)
{
  static const char *const rows[]
      = { "C=CN",      "O=TJCA", "L={district}", "ST={province}", "OU=i{number}", "OU={empty}", "OU={uscc}",
          "CN={name}", NULL };
  static const char *const wrong[] = { "XX=1", NULL };
  static const char *const no_value[] = { "CN", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChSubject) subject = ch_subject_new_from_template (rows, look_up, NULL, &error);
  g_autoptr (GBytes) der = ch_subject_to_der (subject);
  g_autoptr (ChSubject) read = ch_subject_new_from_der (der, &error);
  g_autofree char *text = ch_subject_format (read);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==,
                   "CN=天津市滨海数字认证有限公司测试,OU=91110108722619411A,ST=天津市,L=东丽区,O=TJCA,C=CN");
  g_assert_cmpuint (ch_subject_get_n_rows (read), ==, 6);
  g_assert_cmpstr (ch_subject_get_type_at (read, 0), ==, "C");
  g_assert_cmpstr (ch_subject_get_value_at (read, 0), ==, "CN");
  g_assert_cmpstr (ch_subject_find (read, "OU"), ==, "91110108722619411A");
  g_assert_null (ch_subject_find (read, "SN"));

  g_assert_null (ch_subject_new_from_template (wrong, look_up, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_null (ch_subject_new_from_template (no_value, look_up, NULL, &error));
}

static void
test_encoding (void)
{
  static const guint8 expected[]
      = { 0x30, 0x1b, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02, 'C', 'N',
          0x31, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x03, 0xe7, 0x94, 0xb2 };
  g_autoptr (ChSubject) subject = ch_subject_new ();
  g_autoptr (GBytes) der = NULL;
  g_autoptr (GError) error = NULL;

  ch_subject_add (subject, "C", "CN", &error);
  ch_subject_add (subject, "CN", "甲", &error);
  g_assert_no_error (error);
  der = ch_subject_to_der (subject);
  g_assert_cmpmem (g_bytes_get_data (der, NULL), g_bytes_get_size (der), expected, sizeof expected);
}

static void
test_limits (void)
{
  g_autoptr (ChSubject) subject = ch_subject_new ();
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = 0; i < 64; i++)
    g_string_append (name, "公");
  g_assert_true (ch_subject_add (subject, "CN", name->str, NULL));
  g_string_append (name, "司");
  g_assert_false (ch_subject_add (subject, "CN", name->str, NULL));
  g_assert_false (ch_subject_add (subject, "CN", "", NULL));
  g_assert_false (ch_subject_add (subject, "CN", "\xff", NULL));
  g_assert_false (ch_subject_add (subject, "C", "CHN", NULL));
  g_assert_false (ch_subject_add (subject, "C", "中", NULL));
  g_assert_false (ch_subject_add (subject, "serialNumber", "a_b", NULL));
  g_assert_false (ch_subject_add (subject, "emailAddress", "甲@example.com", NULL));
  g_assert_true (ch_subject_add (subject, "emailAddress", "a@example.com", NULL));
  g_assert_cmpuint (ch_subject_get_n_rows (subject), ==, 2);
}

static void
test_format (void)
{
  g_autoptr (ChSubject) subject = ch_subject_new ();
  g_autofree char *text = NULL;

  ch_subject_add (subject, "O", " A, B+C ", NULL);
  ch_subject_add (subject, "OU", "#1", NULL);
  ch_subject_add (subject, "CN", "a\\\"<>;#", NULL);
  text = ch_subject_format (subject);
  g_assert_cmpstr (text, ==, "CN=a\\\\\\\"\\<\\>\\;#,OU=\\#1,O=\\ A\\, B\\+C\\ ");
}

/* What others wrote: old string types, an unknown part, and a name that shows less than it holds. */
static void
test_foreign (void)
{
  static const struct
  {
    const char *hex;
    const char *text; /* NULL: refused */
  } cases[] = {
    { "3000", "" },
    /* BMPString */
    { "300d310b300906035504031e027532", "CN=甲" },
    /* TeletexString, taken for Latin-1 */
    { "300c310a300806035504031401e9", "CN=é" },
    /* 1.2.3.4 */
    { "300c310a300806032a03040c0141", "1.2.3.4=A" },
    /* a NUL inside */
    { "300e310c300a06035504030c03410042", NULL },
    { "300e310c300a06035504030c03414243ff", NULL },
    { "30", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) der = ch_bytes_from_hex (cases[i].hex);
      g_autoptr (GError) error = NULL;
      g_autoptr (ChSubject) subject = ch_subject_new_from_der (der, &error);
      g_autofree char *text = subject != NULL ? ch_subject_format (subject) : NULL;

      g_test_message ("%s", cases[i].hex);
      g_assert_cmpstr (text, ==, cases[i].text);
      if (cases[i].text == NULL)
        g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/subject/template", test_template);
  g_test_add_func ("/pki/subject/encoding", test_encoding);
  g_test_add_func ("/pki/subject/limits", test_limits);
  g_test_add_func ("/pki/subject/format", test_format);
  g_test_add_func ("/pki/subject/foreign", test_foreign);
  return g_test_run ();
}
