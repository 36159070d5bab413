#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "pki/ch-builder.h"
#include "pki/ch-cert.h"
#include "stage.h"
#include "steps/ch-catalog.h"
#include "token/ch-soft-hub.h"
#include "token/token-asker.h"

/* What becomes of the old key once the new one works: files may have been encrypted for it, and what is gone
 * is gone */

#define SIGNS     (CH_USAGE_DIGITAL_SIGNATURE | CH_USAGE_NON_REPUDIATION)
#define ENCIPHERS (SIGNS | CH_USAGE_KEY_ENCIPHERMENT)

typedef struct
{
  const char *name;
  guint usages;       /* of the old certificate */
  gboolean is_kept;   /* by the rule of the CA the old one stays good */
  const char *answer; /* what the user says; NULL: is not asked */
  gboolean is_there;  /* the old key, in the end */
  gboolean is_former;
} Case;

/* clang-format off */
static const Case cases[] = {
  { "signs",          SIGNS,     FALSE, NULL,     FALSE, FALSE },
  { "enciphers-keep", ENCIPHERS, FALSE, "keep",   TRUE,  TRUE },
  { "enciphers-gone", ENCIPHERS, FALSE, "delete", FALSE, FALSE },
  { "stays-good",     SIGNS,     TRUE,  NULL,     TRUE,  FALSE },
  { "agrees",         CH_USAGE_KEY_AGREEMENT, FALSE, "keep", TRUE, TRUE },
};
/* clang-format on */

typedef struct
{
  gboolean is_done;
  gpointer got;
} Waited;

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waited *waited = user_data;

  waited->got = ch_token_hub_create_finish (CH_TOKEN_HUB (source), result, NULL);
  waited->is_done = TRUE;
}

static void
on_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waited *waited = user_data;

  waited->got = ch_token_generate_key_finish (CH_TOKEN (source), result, NULL);
  waited->is_done = TRUE;
}

static void
on_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waited *waited = user_data;

  waited->got = GINT_TO_POINTER (ch_token_store_cert_finish (CH_TOKEN (source), result, NULL));
  waited->is_done = TRUE;
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waited *waited = user_data;

  waited->got = ch_token_list_objects_finish (CH_TOKEN (source), result, NULL);
  waited->is_done = TRUE;
}

static gpointer
await (Waited *waited)
{
  while (!waited->is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (waited->got);
  return waited->got;
}

/* Returns: (transfer full): serial of a certificate that is made and stored on @token with its key */
static char *
add_certificate (ChToken *token, GTlsInteraction *asker, const char *label, guint usages)
{
  g_autoptr (ChBuilder) builder = ch_builder_new (CH_CERT_HOLDER);
  g_autoptr (ChSubject) subject = ch_subject_new ();
  g_autoptr (ChKey) ca_key = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (ChIssuer) ca = NULL;
  g_autoptr (GBytes) spki = NULL;
  g_autoptr (GBytes) cert = NULL;
  g_autoptr (ChCertInfo) info = NULL;
  Waited made = { 0 }, stored = { 0 };
  GError *error = NULL;

  ch_token_generate_key_async (token, CH_KEY_P256, label, asker, NULL, on_made_cb, &made);
  spki = await (&made);
  g_assert_true (ch_subject_add (subject, "CN", "甲公司", &error));
  ca = ch_issuer_new_self (ca_key, subject, NULL);
  ch_builder_set_subject (builder, subject);
  ch_builder_set_spki (builder, spki);
  ch_builder_set_usages (builder, usages);
  ch_builder_set_validity (builder, ch_clock_now (), ch_clock_now () + 1000);
  cert = ch_builder_issue (builder, ca, &error);
  g_assert_no_error (error);
  info = ch_cert_info_new (cert, &error);
  g_assert_no_error (error);
  ch_token_store_cert_async (token, info->key_id_hex, cert, asker, NULL, on_stored_cb, &stored);
  await (&stored);
  return g_strdup (info->serial);
}

static ChApplication *
make_application (const char *base, const char *certificate)
{
  ChApplication *application
      = stage_application (7, "done", ch_facts_of (CH_KEEPER_SERVER) & ~CH_FACT_DELIVERY);

  g_free (application->flow);
  application->flow = g_strdup ("renew.enterprise.soft.enterprise-pay");
  application->base = g_strdup (base);
  application->certificate = g_strdup (certificate);
  return application;
}

static void
set_fate (ChPorts *ports, gboolean is_kept)
{
  ChReplacingRule *rule
      = (ChReplacingRule *) ch_profile_get_replacing (ch_ports_get_profile (ports), CH_BUSINESS_RENEW);

  rule->old = is_kept ? CH_OLD_FATE_KEPT : CH_OLD_FATE_SUPERSEDED;
}

static void
spin (ChRun *run)
{
  while (ch_run_get_state (run) == CH_RUN_BUSY)
    g_main_context_iteration (NULL, TRUE);
  if (ch_run_get_error (run) != NULL)
    g_error ("%s", ch_run_get_error (run)->message);
}

static void
check_token (ChToken *token, const Case *what, const char *base, const char *certificate)
{
  Waited listed = { 0 };
  g_autoptr (GPtrArray) objects = NULL;
  gboolean is_there = FALSE, is_new_there = FALSE;

  ch_token_list_objects_async (token, NULL, on_listed_cb, &listed);
  objects = await (&listed);
  for (guint i = 0; i < objects->len; i++)
    {
      const ChTokenObject *object = objects->pdata[i];
      g_autoptr (ChCertInfo) info = ch_cert_info_new (object->cert, NULL);

      if (g_str_equal (info->serial, base))
        {
          is_there = TRUE;
          g_assert_cmpint (ch_token_object_is_former (object), ==, what->is_former);
        }
      else if (g_str_equal (info->serial, certificate))
        {
          is_new_there = TRUE;
          g_assert_false (ch_token_object_is_former (object));
        }
    }

  g_assert_true (is_new_there);
  g_assert_cmpint (is_there, ==, what->is_there);
}

static void
test_old_key (Stage *stage, gconstpointer data)
{
  const Case *what = data;
  const char *const answers[]
      = { "korrekt-pferd-batterie", "korrekt-pferd-batterie", "korrekt-pferd-batterie",
          "korrekt-pferd-batterie", "korrekt-pferd-batterie", NULL };
  g_autofree char *dir = g_build_filename (stage->dir, "tokens", NULL);
  g_autoptr (ChSoftHub) hub = ch_soft_hub_new (dir);
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (ChPorts) ports = ch_ports_new (CH_SERVER (stage->server), CH_TOKEN_HUB (hub),
                                            ch_ports_get_vault (stage->ports), NULL, asker);
  g_autoptr (ChSecret) passphrase = ch_secret_new (answers[0], strlen (answers[0]));
  Waited created = { 0 };
  g_autoptr (ChToken) token = NULL;
  g_autofree char *base = NULL;
  g_autofree char *certificate = NULL;
  g_autoptr (ChApplication) application = NULL;
  g_autoptr (ChRun) run = NULL;

  ch_ports_take_profile (ports, ch_wire_copy (&ChProfile_wire, ch_ports_get_profile (stage->ports)));
  set_fate (ports, what->is_kept);
  ch_token_hub_create_async (CH_TOKEN_HUB (hub), "soft", "甲公司", asker, NULL, on_created_cb, &created);
  token = await (&created);
  base = add_certificate (token, asker, "certhall:app-0", what->usages);
  certificate = add_certificate (token, asker, "certhall:app-1", SIGNS);

  application = make_application (base, certificate);
  run = ch_catalog_resume (ports, application, NULL);
  ch_run_set_secret (run, "passphrase", passphrase);
  ch_run_start (run);
  spin (run);
  if (what->answer != NULL)
    {
      g_assert_cmpstr (ch_run_get_step (run)->id, ==, "old-key");
      g_assert_cmpstr (ch_run_get_answer (run, "old-key"), ==, "keep"); /* what loses nothing is proposed */
      ch_run_set_answer (run, "old-key", what->answer);
      ch_run_next (run);
      spin (run);
    }
  g_assert_cmpstr (ch_run_get_step (run)->id, ==, "result");
  check_token (token, what, base, certificate);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/replace/old-key/", cases[i].name, NULL);

      g_test_add (path, Stage, &cases[i], stage_set_up, test_old_key, stage_tear_down);
    }

  return g_test_run ();
}
