#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-format.h"
#include "front/ch-verify-item.h"
#include "pki/ch-cert.h"

struct _ChVerifyItem
{
  GObject parent_instance;

  char *source;           /* (owned): a file, or what else it came from */
  char *title;            /* (owned): whose certificate it is */
  GBytes *der;            /* (owned) (nullable) */
  GError *error;          /* (owned) (nullable): why there is none */
  ChVerifyReport *report; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ChVerifyItem, ch_verify_item, G_TYPE_OBJECT)

enum
{
  PROP_REPORT = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void
ch_verify_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_REPORT)
    g_value_set_pointer (value, CH_VERIFY_ITEM (object)->report);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ch_verify_item_finalize (GObject *object)
{
  ChVerifyItem *self = CH_VERIFY_ITEM (object);

  g_free (self->source);
  g_free (self->title);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->report, ch_verify_report_free);

  G_OBJECT_CLASS (ch_verify_item_parent_class)->finalize (object);
}

static void
ch_verify_item_class_init (ChVerifyItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ch_verify_item_get_property;
  object_class->finalize = ch_verify_item_finalize;

  props[PROP_REPORT] = g_param_spec_pointer (
      "report", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ch_verify_item_init (ChVerifyItem *self)
{
}

/**
 * ch_verify_item_new:
 * @source: where it came from, for people: a file’s name
 * @der: a certificate
 *
 * Returns: (transfer full): the item
 */
ChVerifyItem *
ch_verify_item_new (const char *source, GBytes *der)
{
  ChVerifyItem *self = g_object_new (CH_TYPE_VERIFY_ITEM, NULL);
  g_autoptr (ChCertInfo) info = ch_cert_info_new (der, &self->error);

  self->source = g_strdup (source);
  self->der = info != NULL ? g_bytes_ref (der) : NULL;
  if (info != NULL)
    self->title = g_strdup (ch_subject_find (info->subject, "CN"));
  if (self->title == NULL)
    self->title = g_strdup (info != NULL ? info->subject_text : source);
  return self;
}

/**
 * ch_verify_item_new_error:
 * @source: where it came from
 * @error: (transfer full): why there is no certificate
 *
 * Returns: (transfer full): the item
 */
ChVerifyItem *
ch_verify_item_new_error (const char *source, GError *error)
{
  ChVerifyItem *self = g_object_new (CH_TYPE_VERIFY_ITEM, NULL);

  self->source = g_strdup (source);
  self->title = g_strdup (source);
  self->error = error;
  return self;
}

const char *
ch_verify_item_get_source (ChVerifyItem *self)
{
  return self->source;
}

/**
 * ch_verify_item_get_title:
 *
 * Returns: whose certificate it is, else the file
 */
const char *
ch_verify_item_get_title (ChVerifyItem *self)
{
  return self->title;
}

/**
 * ch_verify_item_get_der:
 *
 * Returns: (transfer none) (nullable): %NULL when there is an error
 */
GBytes *
ch_verify_item_get_der (ChVerifyItem *self)
{
  return self->der;
}

/**
 * ch_verify_item_get_error:
 *
 * Returns: (transfer none) (nullable): why there is no certificate
 */
const GError *
ch_verify_item_get_error (ChVerifyItem *self)
{
  return self->error;
}

/**
 * ch_verify_item_get_report:
 *
 * Returns: (transfer none) (nullable): %NULL until it was looked at
 */
const ChVerifyReport *
ch_verify_item_get_report (ChVerifyItem *self)
{
  return self->report;
}

/**
 * ch_verify_item_take_report:
 * @report: (transfer full): what was found
 */
void
ch_verify_item_take_report (ChVerifyItem *self, ChVerifyReport *report)
{
  g_return_if_fail (CH_IS_VERIFY_ITEM (self));

  g_clear_pointer (&self->report, ch_verify_report_free);
  self->report = report;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REPORT]);
}

/**
 * ch_verify_item_add_check:
 * @id: kebab-case, static
 * @label: untranslated, static: what was looked at
 * @text: (transfer full): what came out, in the user’s language
 * @reason: kebab-case, static: what is wrong, should it have failed
 * @sentence: untranslated, static: the same for people
 *
 * Adds a thing that was looked at later to the report, in the place of one of that id.
 */
void
ch_verify_item_add_check (ChVerifyItem *self,
                          const char *id,
                          const char *label,
                          ChVerifyOutcome outcome,
                          char *text,
                          const char *reason,
                          const char *sentence)
{
  g_return_if_fail (CH_IS_VERIFY_ITEM (self) && self->report != NULL);

  for (guint i = 0; i < self->report->checks->len; i++)
    if (g_str_equal (((ChVerifyCheck *) self->report->checks->pdata[i])->id, id))
      g_ptr_array_remove_index (self->report->checks, i--);
  ch_verify_report_add (self->report, id, label, outcome, text);
  if (outcome == CH_VERIFY_FAILED)
    ch_verify_report_fail (self->report, reason, sentence);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REPORT]);
}

/**
 * ch_verify_item_get_verdict:
 *
 * Returns: failed for a file without certificate, unknown until it was looked at
 */
ChVerifyOutcome
ch_verify_item_get_verdict (ChVerifyItem *self)
{
  g_return_val_if_fail (CH_IS_VERIFY_ITEM (self), CH_VERIFY_UNKNOWN);

  if (self->error != NULL)
    return CH_VERIFY_FAILED;
  return self->report != NULL ? self->report->verdict : CH_VERIFY_UNKNOWN;
}

/**
 * ch_verify_item_get_sentence:
 *
 * Returns: (transfer none): in the user’s language: what is to be thought of it
 */
const char *
ch_verify_item_get_sentence (ChVerifyItem *self)
{
  g_return_val_if_fail (CH_IS_VERIFY_ITEM (self), "");

  if (self->error != NULL)
    return _ (ch_error_get_info (self->error)->title);
  return self->report != NULL ? _ (self->report->sentence) : _ ("Being looked at…");
}

/**
 * ch_verify_item_list_properties:
 *
 * Returns: (transfer full) (element-type ChProperty): what the certificate says of itself
 */
GPtrArray *
ch_verify_item_list_properties (ChVerifyItem *self)
{
  GPtrArray *list = ch_property_list_new ();
  g_autoptr (ChCertInfo) info = NULL;

  g_return_val_if_fail (CH_IS_VERIFY_ITEM (self), list);

  info = self->der != NULL ? ch_cert_info_new (self->der, NULL) : NULL;
  ch_property_list_add (list, "source", N_ ("From"), FALSE, self->source);
  if (info == NULL)
    return list;

  ch_property_list_add (list, "name", N_ ("Holder"), FALSE, info->subject_text);
  ch_property_list_add (list, "issuer", N_ ("Issuer"), FALSE, info->issuer_text);
  ch_property_list_add (list, "serial", N_ ("Serial number"), TRUE, info->serial);
  ch_property_list_add (list, "key", N_ ("Key"), FALSE, info->key_text);
  ch_property_list_add (list, "signature", N_ ("Signature"), FALSE, info->signature_text);
  ch_property_list_add (list, "sha256", N_ ("Fingerprint (SHA-256)"), TRUE, info->sha256);
  return list;
}
