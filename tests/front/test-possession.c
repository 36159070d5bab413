#include "config.h"

#include "base/ch-error.h"
#include "base/ch-worker.h"
#include "front/ch-possession.h"
#include "pki/ch-key.h"
#include "pki/ch-statement.h"
#include "unit/pki-world.h"

/* A token with one certificate that signs by whatever key it is given: a right one, or one that is not its
 * own */
#define TEST_TYPE_TOKEN (test_token_get_type ())
G_DECLARE_FINAL_TYPE (TestToken, test_token, TEST, TOKEN, GObject)

struct _TestToken
{
  GObject parent_instance;

  ChWorker *worker; /* (owned) */
  GBytes *cert;     /* (owned) */
  ChKey *key;       /* (owned) */
  GBytes *asked;    /* (owned) (nullable): what was signed last */
};

static const ChTokenInfo info = { .serial = (char *) "1", .label = (char *) "试用", .pin_tries = -1 };

static const ChTokenInfo *
get_info (ChToken *token)
{
  return &info;
}

static ChWorker *
get_worker (ChToken *token)
{
  return ((TestToken *) token)->worker;
}

static GPtrArray *
list_objects (ChToken *token, GCancellable *cancellable, GError **error)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_token_object_free);
  ChTokenObject *object = ch_token_object_new ();

  object->key_id = g_strdup ("aa");
  object->has_key = TRUE;
  object->cert = g_bytes_ref (((TestToken *) token)->cert);
  g_ptr_array_add (list, object);
  return list;
}

static GBytes *
sign (ChToken *token,
      const char *key_id,
      GBytes *data,
      const char *sm2_id,
      GTlsInteraction *asker,
      GCancellable *cancellable,
      GError **error)
{
  TestToken *self = (TestToken *) token;

  g_clear_pointer (&self->asked, g_bytes_unref);
  self->asked = g_bytes_ref (data);
  return ch_key_sign (self->key, data, sm2_id, error);
}

static void
token_init (ChTokenInterface *iface)
{
  iface->get_info = get_info;
  iface->get_worker = get_worker;
  iface->list_objects = list_objects;
  iface->sign = sign;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestToken,
                               test_token,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CH_TYPE_TOKEN, token_init))

static void
test_token_finalize (GObject *object)
{
  TestToken *self = TEST_TOKEN (object);

  ch_worker_free (self->worker);
  g_bytes_unref (self->cert);
  ch_key_unref (self->key);
  g_clear_pointer (&self->asked, g_bytes_unref);
  G_OBJECT_CLASS (test_token_parent_class)->finalize (object);
}

static void
test_token_class_init (TestTokenClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_token_finalize;
}

static void
test_token_init (TestToken *self)
{
  self->worker = ch_worker_new ("test", 1, 8);
}

/* The one token there is */
#define TEST_TYPE_HUB (test_hub_get_type ())
G_DECLARE_FINAL_TYPE (TestHub, test_hub, TEST, HUB, GObject)

struct _TestHub
{
  GObject parent_instance;

  TestToken *token; /* (unowned) (nullable) */
};

static GType
get_item_type (GListModel *list)
{
  return CH_TYPE_TOKEN;
}

static guint
get_n_items (GListModel *list)
{
  return ((TestHub *) list)->token != NULL ? 1 : 0;
}

static gpointer
get_item (GListModel *list, guint position)
{
  return position < get_n_items (list) ? g_object_ref (((TestHub *) list)->token) : NULL;
}

static void
list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
hub_init (ChTokenHubInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestHub,
                               test_hub,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_init)
                                   G_IMPLEMENT_INTERFACE (CH_TYPE_TOKEN_HUB, hub_init))

static void
test_hub_class_init (TestHubClass *klass)
{
}

static void
test_hub_init (TestHub *self)
{
}

/* -- Cases -------------------------------------------------------------------------------------------------
 */

typedef struct
{
  PkiWorld *world;
  TestToken *token;
  TestHub *hub;
  ChPorts *ports;
  ChVerifyItem *item;
  GAsyncResult *result;
} Desk;

static void
set_up (Desk *desk, gconstpointer data)
{
  g_autoptr (ChVerifier) verifier = ch_verifier_new (NULL);
  ChKeySpec spec = GPOINTER_TO_UINT (data);
  g_autoptr (ChKey) key = ch_key_generate (spec, NULL);

  desk->world = pki_world_new (spec);
  desk->token = g_object_new (TEST_TYPE_TOKEN, NULL);
  desk->token->cert = pki_issue (desk->world, ch_key_get_spki (key), "甲单位");
  desk->token->key = ch_key_ref (key);
  desk->hub = g_object_new (TEST_TYPE_HUB, NULL);
  desk->hub->token = desk->token;
  desk->ports = ch_ports_new (NULL, CH_TOKEN_HUB (desk->hub), NULL, NULL, NULL);
  desk->item = ch_verify_item_new ("甲.cer", desk->token->cert);

  ch_verifier_add_trusted (verifier, desk->world->root);
  ch_verifier_add_helper (verifier, desk->world->ca);
  ch_verifier_set_no_revocation (verifier);
  ch_verify_item_take_report (desk->item,
                              ch_verifier_check (verifier, desk->token->cert, CH_VERIFY_ALONE, NULL, NULL));
  g_assert_cmpint (ch_verify_item_get_verdict (desk->item), ==, CH_VERIFY_PASSED);
}

static void
tear_down (Desk *desk, gconstpointer data)
{
  g_object_unref (desk->item);
  g_object_unref (desk->ports);
  g_object_unref (desk->hub);
  g_object_unref (desk->token);
  pki_world_free (desk->world);
}

static void
on_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Desk *) user_data)->result = g_object_ref (result);
}

static gboolean
prove (Desk *desk, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ch_possession_prove_async (desk->ports, desk->item, NULL, NULL, on_result_cb, desk);
  while (desk->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = g_steal_pointer (&desk->result);
  return ch_possession_prove_finish (desk->ports, result, error);
}

static const ChVerifyCheck *
get_last (Desk *desk)
{
  GPtrArray *checks = ch_verify_item_get_report (desk->item)->checks;

  return checks->pdata[checks->len - 1];
}

/* What is signed is a statement of possession about this certificate, another one each time */
static void
test_right_key (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = NULL;
  guint n;

  g_assert_true (prove (desk, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (get_last (desk)->id, ==, "possession");
  g_assert_cmpint (get_last (desk)->outcome, ==, CH_VERIFY_PASSED);
  g_assert_cmpint (ch_verify_item_get_verdict (desk->item), ==, CH_VERIFY_PASSED);
  g_assert_cmpstr (g_bytes_get_data (desk->token->asked, NULL), ==, CH_STATEMENT_POSSESSION);

  first = g_bytes_ref (desk->token->asked);
  n = ch_verify_item_get_report (desk->item)->checks->len;
  g_assert_true (prove (desk, &error));
  g_assert_false (g_bytes_equal (first, desk->token->asked));
  g_assert_cmpuint (ch_verify_item_get_report (desk->item)->checks->len, ==, n);
}

static void
test_other_key (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  ch_key_unref (desk->token->key);
  desk->token->key = ch_key_generate (GPOINTER_TO_UINT (data), &error);
  g_assert_true (prove (desk, &error));
  g_assert_cmpint (get_last (desk)->outcome, ==, CH_VERIFY_FAILED);
  g_assert_cmpint (ch_verify_item_get_verdict (desk->item), ==, CH_VERIFY_FAILED);
  g_assert_cmpstr (ch_verify_item_get_report (desk->item)->reason, ==, "possession");
}

static void
test_not_here (Desk *desk, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_bytes_unref (desk->token->cert);
  desk->token->cert = pki_issue (desk->world, ch_key_get_spki (desk->token->key), "乙单位");
  g_assert_false (prove (desk, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_KEY_MISSING);
  g_clear_error (&error);
  desk->hub->token = NULL;
  g_assert_false (prove (desk, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_KEY_MISSING);
  g_assert_null (desk->token->asked);
  g_assert_cmpint (ch_verify_item_get_verdict (desk->item), ==, CH_VERIFY_PASSED);
}

int
main (int argc, char **argv)
{
  static const ChKeySpec specs[] = { CH_KEY_RSA_2048, CH_KEY_P256, CH_KEY_SM2 };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (specs); i++)
    {
      g_autofree char *right
          = g_strconcat ("/front/possession/right-key/", ch_key_spec_get_id (specs[i]), NULL);
      g_autofree char *other
          = g_strconcat ("/front/possession/other-key/", ch_key_spec_get_id (specs[i]), NULL);

      g_test_add (right, Desk, GUINT_TO_POINTER (specs[i]), set_up, test_right_key, tear_down);
      g_test_add (other, Desk, GUINT_TO_POINTER (specs[i]), set_up, test_other_key, tear_down);
    }
  g_test_add ("/front/possession/not-here", Desk, GUINT_TO_POINTER (CH_KEY_P256), set_up, test_not_here,
              tear_down);

  return g_test_run ();
}
