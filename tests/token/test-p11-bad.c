#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/ch-error.h"
#include "token/token-asker.h"
#include "token/token-world.h"

/* Modules that crash, hang and lie: our process lives on, waits no longer than it must, and believes nothing
 */

#define PIN      "648219"
#define SO_PIN   "3537363231383830"
#define LIMIT_MS 400

typedef enum
{
  NOTHING,    /* no token is shown */
  UNREADABLE, /* a token is shown that cannot be read */
  NO_CERT,    /* its key is shown, without the certificate */
  EMPTY,      /* a token is shown with nothing on it */
  WHOLE,      /* all of it is shown, and signs */
  UNSIGNING,  /* all of it is shown, and does not sign */
  ANYTHING,   /* whatever is shown, nothing breaks */
} Outcome;

/* clang-format off */
static const struct
{
  const char *faults;
  Outcome outcome;
} cases[] = {
  { "", WHOLE },
  { "no-function-list", NOTHING },
  { "C_Initialize=exit", NOTHING },
  { "C_Initialize=crash", NOTHING },
  { "C_Initialize=hang", NOTHING },
  { "C_GetSlotList=crash", NOTHING },
  { "C_GetSlotList=hang", NOTHING },
  { "C_GetTokenInfo=fail:6", NOTHING },
  { "C_GetMechanismList=fail:5", NOTHING },
  { "null-functions", NOTHING },
  { "old-version", ANYTHING },
  { "slots-huge", ANYTHING },
  { "slots-grow", ANYTHING },
  { "slots-overrun", ANYTHING },
  { "slots-change", ANYTHING },
  { "slots-twins", WHOLE },
  { "label-invalid-utf8", WHOLE },
  { "label-cut-utf8", WHOLE },
  { "label-control", WHOLE },
  { "label-bidi", WHOLE },
  { "label-zeros", WHOLE },
  { "serial-empty", WHOLE },
  { "serial-path", WHOLE },
  { "flags-all", ANYTHING },
  { "find-endless", ANYTHING },
  { "find-too-many", ANYTHING },
  { "handles-die", ANYTHING },
  { "attribute-huge", EMPTY },
  { "attribute-unavailable", EMPTY },
  { "attribute-grows", ANYTHING },
  { "attribute-overruns", ANYTHING },
  { "attribute-empty", ANYTHING },
  { "class-short", ANYTHING },
  { "cert-garbage", NO_CERT },
  { "cert-truncated", NO_CERT },
  { "cert-trailing", NO_CERT },
  { "cert-huge", NO_CERT },
  { "cert-of-other-key", ANYTHING },
  { "certs-many", ANYTHING },
  { "point-garbage", ANYTHING },
  { "signature-empty", UNSIGNING },
  { "signature-long", UNSIGNING },
  { "signature-wrong", UNSIGNING },
  { "signature-never-fits", UNSIGNING },
  { "login-forgotten", ANYTHING },
  { "C_Login=crash", UNSIGNING },
  { "C_Login=hang", UNSIGNING },
  { "C_Sign=crash", UNSIGNING },
  { "C_Sign=fail:80001234", UNSIGNING },
  { "C_FindObjects=fail:80001234", UNREADABLE },
  { "C_FindObjects=crash", UNREADABLE },
  { "C_FindObjects=hang", UNREADABLE },
  { "events-storm", WHOLE },
  { "events-strange", WHOLE },
  { "prints", WHOLE },
  { "unload-crashes", WHOLE },
};
/* clang-format on */

static ChTokenHub *
open_bad (const char *dir, const char *faults)
{
  g_autofree char *module = g_build_filename (g_getenv ("CERTHALL_FIXTURES"), "bad-module.so", NULL);
  ChTokenHub *hub;

  g_setenv ("CERTHALL_BAD_MODULE", faults, TRUE);
  hub = token_world_open_module (dir, module, LIMIT_MS);
  token_world_settle (hub);
  return hub;
}

static gboolean
is_text (const char *text)
{
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *p = text; *p != 0; p = g_utf8_next_char (p))
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

static gboolean
try_sign (ChToken *token, const char *key_id)
{
  static const char *const answers[] = { PIN, NULL };
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (GBytes) data = g_bytes_new_static ("data", 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signature = token_sign (token, key_id, data, asker, &error);

  if (signature == NULL)
    g_test_message ("%s: %s", ch_error_get_info (error)->id, error->message);
  return signature != NULL;
}

static void
check_token (ChToken *token, Outcome outcome)
{
  const ChTokenInfo *info = ch_token_get_info (token);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = NULL;
  const ChTokenObject *object = NULL;

  g_assert_true (is_text (info->label) && is_text (info->serial) && is_text (info->model));
  g_assert_cmpstr (info->serial, !=, "");
  objects = token_list (token, &error);
  g_assert_true ((objects == NULL) == (error != NULL));
  if (outcome == UNREADABLE)
    {
      g_assert_null (objects);
      g_assert_true (error->domain == CH_ERROR);
      return;
    }
  if (outcome != ANYTHING)
    g_assert_no_error (error);
  if (outcome == EMPTY)
    g_assert_cmpuint (objects->len, ==, 0);
  if (objects == NULL || objects->len == 0)
    {
      g_assert_true (outcome == EMPTY || outcome == ANYTHING);
      return;
    }

  object = objects->pdata[0];
  if (outcome == NO_CERT || outcome == WHOLE || outcome == UNSIGNING)
    {
      g_assert_cmpuint (objects->len, ==, 1);
      g_assert_true (object->has_key);
      g_assert_true ((object->cert == NULL) == (outcome == NO_CERT));
    }
  if (outcome == WHOLE || outcome == NO_CERT)
    g_assert_true (try_sign (token, object->key_id));
  else if (outcome == UNSIGNING)
    g_assert_false (try_sign (token, object->key_id));
  else
    try_sign (token, object->key_id);
}

static void
test_fault (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("certhall-bad-XXXXXX", &error);
  g_autoptr (ChTokenHub) hub = open_bad (dir, cases[i].faults);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (hub));
  g_autoptr (ChToken) token = g_list_model_get_item (G_LIST_MODEL (hub), 0);

  if (cases[i].outcome == NOTHING)
    g_assert_cmpuint (n, ==, 0);
  else if (cases[i].outcome != ANYTHING)
    g_assert_cmpuint (n, ==, 1);
  if (token != NULL)
    check_token (token, cases[i].outcome);

  g_clear_object (&token);
  g_clear_object (&hub);
  token_world_remove_dir (dir);
}

/* What the user sees of it has a name, and the next call gets a new module */
static void
test_errors (void)
{
  static const struct
  {
    const char *faults;
    ChErrorCode code;
  } kinds[] = {
    { "C_Sign=crash@2", CH_ERROR_TOKEN_GONE },
    { "C_Sign=hang@2", CH_ERROR_MODULE_HANGS },
    { "C_Sign=fail:80001234@2", CH_ERROR_TOKEN_FAILED },
  };
  static const char *const answers[] = { PIN, PIN, PIN, NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *dir = g_dir_make_tmp ("certhall-bad-XXXXXX", &error);
      g_autoptr (ChTokenHub) hub = open_bad (dir, kinds[i].faults);
      g_autoptr (ChToken) token = g_list_model_get_item (G_LIST_MODEL (hub), 0);
      g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
      g_autoptr (GPtrArray) objects = token_list (token, &error);
      const char *key_id = ((ChTokenObject *) objects->pdata[0])->key_id;
      g_autoptr (GBytes) data = g_bytes_new_static ("data", 4);
      g_autoptr (GBytes) first = token_sign (token, key_id, data, asker, &error);
      g_autoptr (GBytes) second = NULL;
      g_autoptr (GBytes) third = NULL;

      g_assert_no_error (error);
      second = token_sign (token, key_id, data, asker, &error);
      g_assert_error (error, CH_ERROR, (int) kinds[i].code);
      g_assert_null (second);
      g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 1);
      g_clear_error (&error);

      if (kinds[i].code != CH_ERROR_TOKEN_FAILED)
        {
          /* The PIN was forgotten with the module, and so was the key of this one */
          g_clear_pointer (&objects, g_ptr_array_unref);
          objects = token_list (token, &error);
          g_assert_no_error (error);
          key_id = ((ChTokenObject *) objects->pdata[0])->key_id;
          third = token_sign (token, key_id, data, asker, &error);
          g_assert_no_error (error);
          g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 2);
        }
      g_clear_object (&token);
      g_clear_object (&hub);
      token_world_remove_dir (dir);
    }
}

/* A medium with a keypad is unlocked: the new PIN is chosen there, and somebody is told so meanwhile. Another
 * PIN of the officer’s opens nothing. */
static void
test_unlock_at_pad (void)
{
  static const char script[] = "[token]\nflags=0x50c\n";
  static const char *const answers[] = { "", "", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("certhall-bad-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "script", NULL);
  g_autoptr (ChSecret) so_pin = ch_secret_new (SO_PIN, strlen (SO_PIN));
  g_autoptr (ChSecret) wrong = ch_secret_new ("3030303030303030", 16);
  g_autoptr (GTlsInteraction) asker = token_asker_new (answers);
  g_autoptr (ChTokenHub) hub = NULL;
  g_autoptr (ChToken) token = NULL;

  g_assert_true (g_file_set_contents (path, script, -1, &error));
  g_setenv ("CERTHALL_BAD_MODULE_SCRIPT", path, TRUE);
  hub = open_bad (dir, "");
  token = g_list_model_get_item (G_LIST_MODEL (hub), 0);
  g_assert_nonnull (token);
  g_assert_true ((ch_token_get_info (token)->abilities & CH_TOKEN_HAS_PIN_PAD) != 0);

  g_assert_false (token_unlock (token, wrong, NULL, asker, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_SO_PIN_WRONG);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 0);
  g_clear_error (&error);

  g_assert_true (token_unlock (token, so_pin, NULL, asker, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (token_asker_get_n_asked (asker), ==, 1);
  g_assert_cmpint (token_asker_get_kind (asker, 0), ==, CH_ASK_PIN_PAD_NEW);
  g_assert_true (token_asker_was_at_pad (asker, 0));

  g_unsetenv ("CERTHALL_BAD_MODULE_SCRIPT");
  g_clear_object (&token);
  g_clear_object (&hub);
  token_world_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path
          = g_strdup_printf ("/token/bad/%s", *cases[i].faults != 0 ? cases[i].faults : "none");

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_fault);
    }
  g_test_add_func ("/token/bad/errors", test_errors);
  g_test_add_func ("/token/bad/unlock-at-pad", test_unlock_at_pad);
  return g_test_run ();
}
