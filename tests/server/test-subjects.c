#include "config.h"

#include <string.h>

#include "base/ch-error.h"
#include "pki/ch-cert.h"
#include "server-world.h"
#include "wire/messages-certificate.h"

/* The three subjects, each as the server makes its certificate out of what was approved */

#define CODE_OID "1.2.156.10260.4.1.4"

typedef struct
{
  const char *subject;
  const char *begin; /* how the name begins and ends; between them stands the time */
  const char *end;
  const char *name; /* as it is called in lists */
  const char *code; /* (nullable): of the unit, in an extension */
} Row;

static const Row rows[] = {
  { "enterprise", "CN=天津市滨海测试单位,OU=91110108722619411A,OU=i", ",ST=天津市,L=东丽区,O=TJCA,C=CN",
    "天津市滨海测试单位", "91110108722619411A" },
  { "legal-person", "CN=李四,OU=91110108722619411A,OU=i", ",ST=天津市,L=东丽区,O=天津市滨海测试单位,C=CN",
    "李四", "91110108722619411A" },
  { "person", "CN=王五,OU=i", ",ST=天津市,L=东丽区,O=星星科技,C=CN", "王五", NULL },
};

static void
test_subject (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autofree char *application = server_bring_to_approval_for (world, token, row->subject);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_RSA_2048, &error);
  g_autoptr (ChCertificate) certificate = server_issue (world, token, application, key, &error);
  g_autoptr (ChCertInfo) info = NULL;
  g_autoptr (ChApplication) after = NULL;
  g_autofree char *code = NULL;

  g_assert_no_error (error);
  info = ch_cert_info_new (certificate->der, &error);
  g_assert_no_error (error);
  g_test_message ("%s", info->subject_text);
  g_assert_true (g_str_has_prefix (info->subject_text, row->begin));
  g_assert_true (g_str_has_suffix (info->subject_text, row->end));
  /* The number of an identity document is nobody’s who reads a certificate */
  g_assert_null (strstr (info->subject_text, "11010519491231002X"));
  code = ch_cert_info_find_extension_text (info, CODE_OID);
  g_assert_cmpstr (code, ==, row->code);
  g_assert_cmpstr (certificate->name, ==, row->name);

  after = server_get (world, token, application);
  g_assert_cmpstr (after->applicant, ==, row->name);
}

/* What belongs to another type is no field and no document of this one */
static void
test_nothing_of_another (void)
{
  g_autoptr (ServerWorld) world = server_world_new ();
  g_autofree char *token = server_register (world, "13800000000");
  g_autoptr (ChApplication) draft = server_apply_for (world, token, "person", "self-pay");
  g_autoptr (GBytes) picture = server_make_document ("licence");
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (g_hash_table_lookup (draft->answers, "certificate-type"), ==, "person");
  g_assert_null (server_save (world, token, draft, "unit-code", "91110108722619411A", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_null (server_save (world, token, draft, "certificate-type", "enterprise", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  g_clear_error (&error);
  g_assert_null (server_upload (world, token, draft->id, "licence", picture, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  int status;

  server_world_init (&argc, &argv);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/subjects/", rows[i].subject, NULL);

      g_test_add_data_func (path, &rows[i], test_subject);
    }
  g_test_add_func ("/subjects/nothing-of-another", test_nothing_of_another);

  status = g_test_run ();
  server_world_clean_up ();
  return status;
}
