#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "flow/ch-choice.h"
#include "front/ch-cert-item.h"
#include "front/ch-format.h"
#include "pki/ch-cert.h"
#include "wire/ch-axes.h"
#include "wire/ch-policy.h"

#define DAY                (24 * 60 * 60)
#define DEFAULT_RENEW_DAYS 90

struct _ChCertItem
{
  GObject parent_instance;

  ChCertInfo *info;         /* (owned) */
  ChToken *token;           /* (owned) (nullable): where it is, if that is here */
  gboolean has_key;         /* on @token */
  ChCertificateState state; /* as the server says */
  gboolean is_known;        /* to the server: @state counts */
  char *application;        /* (owned) (nullable) */
  char *successor;          /* (owned) (nullable): the application whose certificate took its place */
  char *flow;               /* (owned) (nullable): of the application */
  char *email;              /* (owned) (nullable): as it was applied for */
  char *trust_id;           /* (owned) (nullable) */
  ChCertificate *told;      /* (owned) (nullable): by the server */
  guint can;         /* businesses that can be begun about it now, as the server’s rules are: a bit each */
  gint64 renew_days; /* from how many days before its end it is to be renewed */
};

G_DEFINE_FINAL_TYPE (ChCertItem, ch_cert_item, G_TYPE_OBJECT)

static const struct
{
  const char *id;
  const char *title;
  ChTone tone;
} standings[] = {
#define S(code, id, tone, title) [CH_CERT_##code] = { id, title, CH_TONE_##tone },
  CH_CERT_STANDINGS (S)
#undef S
};

static void
ch_cert_item_finalize (GObject *object)
{
  ChCertItem *self = CH_CERT_ITEM (object);

  g_clear_pointer (&self->info, ch_cert_info_unref);
  g_clear_object (&self->token);
  g_clear_pointer (&self->told, ch_certificate_free);
  g_free (self->application);
  g_free (self->successor);
  g_free (self->flow);
  g_free (self->email);
  g_free (self->trust_id);

  G_OBJECT_CLASS (ch_cert_item_parent_class)->finalize (object);
}

static void
ch_cert_item_class_init (ChCertItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_cert_item_finalize;
}

static void
ch_cert_item_init (ChCertItem *self)
{
  self->renew_days = DEFAULT_RENEW_DAYS;
}

/* The value of the last row of @type that is not empty */
static const char *
find_in_subject (ChCertItem *self, const char *type)
{
  const char *value = ch_subject_find (self->info->subject, type);

  return value != NULL && *value != 0 ? value : NULL;
}

const char *
ch_cert_standing_get_id (ChCertStanding standing)
{
  return standings[standing].id;
}

/**
 * ch_cert_standing_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_cert_standing_get_title (ChCertStanding standing)
{
  return standings[standing].title;
}

ChTone
ch_cert_standing_get_tone (ChCertStanding standing)
{
  return standings[standing].tone;
}

/**
 * ch_cert_item_new:
 * @der: a certificate
 *
 * Returns: (transfer full): it as people see it; %NULL with @error set when it cannot be read
 */
ChCertItem *
ch_cert_item_new (GBytes *der, GError **error)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (der, error);
  ChCertItem *self;

  if (info == NULL)
    return NULL;

  self = g_object_new (CH_TYPE_CERT_ITEM, NULL);
  self->info = g_steal_pointer (&info);
  return self;
}

/**
 * ch_cert_item_set_certificate:
 * @certificate: what the server says of the same certificate
 */
void
ch_cert_item_set_certificate (ChCertItem *self, const ChCertificate *certificate)
{
  g_return_if_fail (CH_IS_CERT_ITEM (self));

  self->is_known = TRUE;
  g_clear_pointer (&self->told, ch_certificate_free);
  self->told = ch_wire_copy (&ChCertificate_wire, certificate);
  self->state = certificate->state;
  g_free (self->application);
  self->application = g_strdup (certificate->application);
  if (certificate->flow != NULL)
    {
      g_free (self->flow);
      self->flow = g_strdup (certificate->flow);
    }
}

/**
 * ch_cert_item_set_token:
 * @token: where it was found
 * @has_key: whether its key is there too
 */
void
ch_cert_item_set_token (ChCertItem *self, ChToken *token, gboolean has_key)
{
  g_return_if_fail (CH_IS_CERT_ITEM (self));

  g_set_object (&self->token, token);
  self->has_key = has_key;
}

/**
 * ch_cert_item_set_successor:
 * @application: (nullable): id of the one whose certificate has taken its place
 */
void
ch_cert_item_set_successor (ChCertItem *self, const char *application)
{
  g_return_if_fail (CH_IS_CERT_ITEM (self));

  if (g_strcmp0 (self->successor, application) == 0)
    return;
  g_free (self->successor);
  self->successor = g_strdup (application);
}

/* The number of the holder at the CA stands in an extension the profile names */
static char *
read_trust_id (ChCertItem *self, const ChProfile *profile)
{
  GPtrArray *rows = profile->issue->extensions;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const ChExtensionRow *row = rows->pdata[i];

      if (g_str_equal (row->value, "{trust-id}"))
        return ch_cert_info_find_extension_text (self->info, row->oid);
    }

  return NULL;
}

static guint
list_open_businesses (const ChCertificate *certificate, const ChProfile *profile)
{
  guint open = 0;

  for (guint i = 0; i < CH_N_BUSINESSES; i++)
    if (ch_business_is_about (i))
      {
        g_autofree char *why = ch_choice_explain_closed (certificate, profile, i);

        open |= why == NULL ? 1u << i : 0;
      }
  return open;
}

/**
 * ch_cert_item_set_context:
 * @profile: (nullable): of the CA
 * @application: (nullable): on which it was issued
 *
 * Tells what is not in the certificate itself: when it is to be renewed, of what kind it is.
 */
void
ch_cert_item_set_context (ChCertItem *self, const ChProfile *profile, const ChApplication *application)
{
  g_return_if_fail (CH_IS_CERT_ITEM (self));

  if (profile != NULL)
    {
      self->renew_days = profile->limits->renew_days;
      g_free (self->trust_id);
      self->trust_id = read_trust_id (self, profile);
      self->can = self->told != NULL ? list_open_businesses (self->told, profile) : 0;
    }
  if (application != NULL)
    {
      const char *email
          = application->answers != NULL ? g_hash_table_lookup (application->answers, "unit-email") : NULL;

      g_free (self->flow);
      self->flow = g_strdup (application->flow);
      g_free (self->email);
      self->email = g_strdup (email);
    }
}

const char *
ch_cert_item_get_serial (ChCertItem *self)
{
  return self->info->serial;
}

/**
 * ch_cert_item_get_name:
 *
 * Returns: (transfer none): whose it is
 */
const char *
ch_cert_item_get_name (ChCertItem *self)
{
  const char *name = find_in_subject (self, "CN");

  return name != NULL ? name : self->info->subject_text;
}

/**
 * ch_cert_item_get_kind:
 *
 * Returns: (transfer none) (nullable): untranslated: enterprise, legal person or person, where known
 */
const char *
ch_cert_item_get_kind (ChCertItem *self)
{
  ChAxes axes;

  return self->flow != NULL && ch_axes_parse (self->flow, &axes) ? ch_subject_get_title (axes.subject) : NULL;
}

/**
 * ch_cert_item_get_medium:
 *
 * Returns: (transfer none) (nullable): id of the axis
 */
const char *
ch_cert_item_get_medium (ChCertItem *self)
{
  ChAxes axes;

  if (self->token != NULL)
    return ch_token_get_info (self->token)->medium;

  return self->flow != NULL && ch_axes_parse (self->flow, &axes)
             ? ch_wire_enum_get_id (&ChMedium_enum, axes.medium)
             : NULL;
}

GBytes *
ch_cert_item_get_der (ChCertItem *self)
{
  return self->info->der;
}

gint64
ch_cert_item_get_not_before (ChCertItem *self)
{
  return self->info->not_before;
}

gint64
ch_cert_item_get_not_after (ChCertItem *self)
{
  return self->info->not_after;
}

/**
 * ch_cert_item_get_can_renew:
 *
 * Returns: whether it may be renewed now, and nobody is at it yet
 */
gboolean
ch_cert_item_get_can_renew (ChCertItem *self)
{
  g_return_val_if_fail (CH_IS_CERT_ITEM (self), FALSE);

  return ch_cert_item_can (self, CH_BUSINESS_RENEW);
}

/**
 * ch_cert_item_can:
 * @business: one that is about a certificate
 *
 * Returns: whether it can be begun about this one now
 */
gboolean
ch_cert_item_can (ChCertItem *self, ChBusiness business)
{
  g_return_val_if_fail (CH_IS_CERT_ITEM (self), FALSE);

  return (self->can & (1u << business)) != 0;
}

/**
 * ch_cert_item_get_token:
 *
 * Returns: (transfer none) (nullable): the token it is on, if that is here
 */
ChToken *
ch_cert_item_get_token (ChCertItem *self)
{
  return self->token;
}

/**
 * ch_cert_item_get_has_key:
 *
 * Returns: whether its key is on the token, too: one can log in by it
 */
gboolean
ch_cert_item_get_has_key (ChCertItem *self)
{
  return self->has_key;
}

/**
 * ch_cert_item_dup_key_id:
 *
 * Returns: (transfer full): as tokens name its key
 */
char *
ch_cert_item_dup_key_id (ChCertItem *self)
{
  return g_strdup (self->info->key_id_hex);
}

/**
 * ch_cert_item_get_application:
 *
 * Returns: (transfer none) (nullable): id of the application it was issued on, if it is the account’s
 */
const char *
ch_cert_item_get_application (ChCertItem *self)
{
  return self->application;
}

/**
 * ch_cert_item_get_unfinished:
 *
 * Its place was taken, and its key is still on a token here, not marked as one that is kept: replacing it was
 * broken off before its end. A key that is kept and cannot be marked, because its token has no labels that
 * could be changed, does not count: it may have been put away.
 *
 * Returns: (transfer none) (nullable): id of the application that is to be gone on with
 */
const char *
ch_cert_item_get_unfinished (ChCertItem *self)
{
  g_return_val_if_fail (CH_IS_CERT_ITEM (self), NULL);

  return self->token != NULL && self->has_key
                 && (ch_token_can_set_label (self->token) || !ch_cert_info_can_encipher (self->info))
             ? self->successor
             : NULL;
}

/**
 * ch_cert_item_get_standing:
 *
 * Returns: where it stands now, by the server’s word and the clock
 */
ChCertStanding
ch_cert_item_get_standing (ChCertItem *self)
{
  gint64 now = ch_clock_now ();

  if (self->is_known ? self->state == CH_CERTIFICATE_REVOKED : self->successor != NULL)
    return CH_CERT_REVOKED;
  if (self->is_known && self->state == CH_CERTIFICATE_ON_HOLD)
    return CH_CERT_ON_HOLD;
  if (now > self->info->not_after)
    return CH_CERT_EXPIRED;
  if (self->is_known && self->state == CH_CERTIFICATE_ISSUED)
    return CH_CERT_WAITING;
  if (now < self->info->not_before)
    return CH_CERT_EARLY;

  return self->info->not_after - now <= self->renew_days * DAY ? CH_CERT_EXPIRING : CH_CERT_VALID;
}

/**
 * ch_cert_item_format_time_left:
 *
 * Returns: (transfer full): how long it still lasts, or since when it does not
 */
char *
ch_cert_item_format_time_left (ChCertItem *self)
{
  gint64 days = ch_format_count_days (ch_clock_now (), self->info->not_after);

  if (days < 0)
    /* Translators: of a certificate; %d days */
    return g_strdup_printf (ngettext ("ended %d day ago", "ended %d days ago", (gulong) -days), (int) -days);
  if (days == 0)
    return g_strdup (_ ("ends today"));

  /* Translators: of a certificate; %d days */
  return g_strdup_printf (ngettext ("%d day left", "%d days left", (gulong) days), (int) days);
}

/**
 * ch_cert_item_list_properties:
 *
 * Returns: (transfer full) (element-type ChProperty): what the certificate says, by the names people know
 */
GPtrArray *
ch_cert_item_list_properties (ChCertItem *self)
{
  g_autofree char *from = ch_format_iso_time (self->info->not_before);
  g_autofree char *to = ch_format_iso_time (self->info->not_after);
  g_autofree char *place = NULL;
  const char *province = find_in_subject (self, "ST"), *city = find_in_subject (self, "L");
  const char *country = find_in_subject (self, "C");
  const char *email = self->email != NULL && *self->email != 0 ? self->email : _ ("Not given");
  const char *kind = ch_cert_item_get_kind (self);
  GPtrArray *list = ch_property_list_new ();

  if (province != NULL && city != NULL)
    place = g_strdup_printf ("%s · %s", province, city);
  else
    place = g_strdup (province != NULL ? province : city);

  ch_property_list_add (list, "name", N_ ("Common name"), FALSE, ch_cert_item_get_name (self));
  ch_property_list_add (list, "organisation", N_ ("Organisation"), FALSE, find_in_subject (self, "O"));
  ch_property_list_add (list, "kind", N_ ("Kind of certificate"), FALSE, kind != NULL ? _ (kind) : NULL);
  ch_property_list_add (list, "email", N_ ("E-mail"), FALSE, email);
  ch_property_list_add (list, "country", N_ ("Country"), FALSE,
                        g_strcmp0 (country, "CN") == 0 ? _ ("China") : country);
  ch_property_list_add (list, "place", N_ ("Province / city"), FALSE, place);
  ch_property_list_add (list, "not-before", N_ ("Valid from"), FALSE, from);
  ch_property_list_add (list, "not-after", N_ ("Valid until"), FALSE, to);
  ch_property_list_add (list, "serial", N_ ("Serial number"), TRUE, self->info->serial);
  ch_property_list_add (list, "token", N_ ("Number of the medium"), TRUE,
                        self->token != NULL ? ch_token_get_info (self->token)->serial : NULL);
  ch_property_list_add (list, "trust-id", N_ ("Trust service number"), TRUE, self->trust_id);
  ch_property_list_add (list, "key", N_ ("Key"), FALSE, self->info->key_text);
  ch_property_list_add (list, "issuer", N_ ("Issued by"), FALSE, ch_subject_find (self->info->issuer, "CN"));
  return list;
}

/**
 * ch_cert_item_compare:
 *
 * Returns: negative when @a is to stand before @b: what needs attention, then what ends first
 */
int
ch_cert_item_compare (ChCertItem *a, ChCertItem *b)
{
  int order = (int) ch_cert_item_get_standing (a) - (int) ch_cert_item_get_standing (b);

  if (order != 0)
    return order;
  if (a->info->not_after != b->info->not_after)
    return a->info->not_after < b->info->not_after ? -1 : 1;

  return g_strcmp0 (a->info->serial, b->info->serial);
}
