#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "front/ch-due-list.h"
#include "front/ch-format.h"
#include "front/ch-reminders.h"

struct _ChDueItem
{
  GObject parent_instance;

  char *title;      /* (owned) */
  char *detail;     /* (owned) */
  const char *deed; /* untranslated */
  ChTone tone;
  gboolean is_unfinished;
  ChCertItem *cert;               /* (owned) (nullable) */
  ChApplicationItem *application; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ChDueItem, ch_due_item, G_TYPE_OBJECT)

struct _ChDueList
{
  GObject parent_instance;

  ChCertList *certs;                /* (owned) */
  ChApplicationModel *applications; /* (owned) */
  GPtrArray *items;                 /* (owned): ChDueItem */
  int reminder_days;                /* before the end of a certificate; 0: when it can be renewed */
};

static void ch_due_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChDueList,
                               ch_due_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ch_due_list_model_init))

static void
ch_due_item_finalize (GObject *object)
{
  ChDueItem *self = CH_DUE_ITEM (object);

  g_free (self->title);
  g_free (self->detail);
  g_clear_object (&self->cert);
  g_clear_object (&self->application);

  G_OBJECT_CLASS (ch_due_item_parent_class)->finalize (object);
}

static void
ch_due_item_class_init (ChDueItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_due_item_finalize;
}

static void
ch_due_item_init (ChDueItem *self)
{
}

const char *
ch_due_item_get_title (ChDueItem *self)
{
  return self->title;
}

const char *
ch_due_item_get_detail (ChDueItem *self)
{
  return self->detail;
}

/**
 * ch_due_item_get_deed:
 *
 * Returns: (transfer none): what to do about it, untranslated
 */
const char *
ch_due_item_get_deed (ChDueItem *self)
{
  return self->deed;
}

ChTone
ch_due_item_get_tone (ChDueItem *self)
{
  return self->tone;
}

/**
 * ch_due_item_is_unfinished:
 *
 * Returns: whether all is done but that the key of a replaced certificate is to be put away
 */
gboolean
ch_due_item_is_unfinished (ChDueItem *self)
{
  return self->is_unfinished;
}

/**
 * ch_due_item_get_cert:
 *
 * Returns: (transfer none) (nullable): the certificate that is due
 */
ChCertItem *
ch_due_item_get_cert (ChDueItem *self)
{
  return self->cert;
}

/**
 * ch_due_item_get_application:
 *
 * Returns: (transfer none) (nullable): the application that is due
 */
ChApplicationItem *
ch_due_item_get_application (ChDueItem *self)
{
  return self->application;
}

/**
 * ch_due_is_reminded:
 * @reminder_days: from how many days before its end; 0 as soon as it can be renewed
 *
 * Returns: whether @cert is due; what has expired is in any case
 */
gboolean
ch_due_is_reminded (ChCertItem *cert, int reminder_days)
{
  ChCertStanding standing = ch_cert_item_get_standing (cert);
  gint64 days = ch_format_count_days (ch_clock_now (), ch_cert_item_get_not_after (cert));

  return standing == CH_CERT_EXPIRED
         || (standing == CH_CERT_EXPIRING && (reminder_days == 0 || days <= reminder_days));
}

/* The new certificate works already; what is left is the old key. It is told before all that ends */
static void
insert_unfinished (ChDueList *self, ChApplicationItem *application, ChCertItem *cert, const char *name)
{
  ChDueItem *item = g_object_new (CH_TYPE_DUE_ITEM, NULL);

  item->tone = CH_TONE_WARN;
  item->deed = N_ ("Finish");
  item->is_unfinished = TRUE;
  item->cert = cert != NULL ? g_object_ref (cert) : NULL;
  item->application = g_object_ref (application);
  /* Translators: %s is a business, as “Renew a certificate” */
  item->title = g_strdup_printf (_ ("%s: not finished"), _ (ch_application_item_get_title (application)));
  /* Translators: %s is the name of a holder, or of a USB key */
  item->detail = g_strdup_printf (_ ("%s · the old key is still there"), name);
  g_ptr_array_insert (self->items, 0, item);
}

static gboolean
add_unfinished (ChDueList *self, ChCertItem *cert)
{
  const char *id = ch_cert_item_get_unfinished (cert);
  ChApplicationItem *application = id != NULL ? ch_application_model_find (self->applications, id) : NULL;

  if (application == NULL)
    return FALSE;

  insert_unfinished (self, application, cert, ch_cert_item_get_name (cert));
  return TRUE;
}

/* Of one whose certificate is gone already */
static void
add_retiring (ChDueList *self, ChApplicationItem *application)
{
  g_autoptr (ChToken) token
      = ch_application_item_find_retiring (application, ch_cert_list_get_ports (self->certs));

  for (guint i = 0; token != NULL && i < self->items->len; i++)
    if (((ChDueItem *) self->items->pdata[i])->application == application)
      return;
  if (token != NULL)
    insert_unfinished (self, application, NULL, ch_token_get_info (token)->label);
}

static void
add_cert (ChDueList *self, ChCertItem *cert)
{
  ChCertStanding standing = ch_cert_item_get_standing (cert);
  gint64 days = ch_format_count_days (ch_clock_now (), ch_cert_item_get_not_after (cert));
  g_autofree char *day = ch_format_date (ch_cert_item_get_not_after (cert));
  ChDueItem *item;

  if (add_unfinished (self, cert) || !ch_due_is_reminded (cert, self->reminder_days))
    return;

  item = g_object_new (CH_TYPE_DUE_ITEM, NULL);
  item->tone = ch_cert_standing_get_tone (standing);
  item->deed = ch_cert_item_get_can_renew (cert) ? N_ ("Renew") : N_ ("View");
  item->cert = g_object_ref (cert);
  item->detail = g_strdup_printf ("%s · %s", ch_cert_item_get_name (cert), day);
  if (standing == CH_CERT_EXPIRED)
    item->title = g_strdup (_ ("A certificate has expired"));
  else
    item->title = ch_reminder_format_title (days);
  g_ptr_array_add (self->items, item);
}

static char *
describe_application (ChApplicationItem *application, ChStanding standing)
{
  const ChOrder *order = ch_application_item_get_order (application);
  GPtrArray *reasons = ch_application_item_get_application (application)->reasons;
  guint n = reasons != NULL ? reasons->len : 0;
  g_autofree char *amount = NULL;

  if (standing == CH_STANDING_REFUSED && n > 0)
    /* Translators: %u is at least 1 */
    return g_strdup_printf (ngettext ("%u thing to correct", "%u things to correct", n), n);
  if (standing == CH_STANDING_TO_PAY && order != NULL)
    {
      amount = ch_format_fen (order->fen);
      return g_steal_pointer (&amount);
    }

  return ch_application_item_format_what (application);
}

static void
add_application (ChDueList *self, ChApplicationItem *application)
{
  ChStanding standing = ch_application_item_get_standing (application);
  ChDueItem *item;

  add_retiring (self, application);
  if (standing == CH_STANDING_DONE || standing == CH_STANDING_WITHDRAWN)
    return;

  item = g_object_new (CH_TYPE_DUE_ITEM, NULL);
  item->tone = ch_standing_get_tone (standing);
  item->deed = ch_standing_get_deed (standing);
  item->application = g_object_ref (application);
  /* Translators: first the business, then where it stands: “New certificate: to be paid” */
  item->title = g_strdup_printf (_ ("%s: %s"), _ (ch_application_item_get_title (application)),
                                 _ (ch_standing_get_title (standing)));
  item->detail = describe_application (application, standing);
  g_ptr_array_add (self->items, item);
}

static void
rebuild (ChDueList *self)
{
  guint n_before = self->items->len;
  guint n_certs = g_list_model_get_n_items (G_LIST_MODEL (self->certs));
  guint n_applications = g_list_model_get_n_items (G_LIST_MODEL (self->applications));

  g_ptr_array_set_size (self->items, 0);
  for (guint i = 0; i < n_certs; i++)
    {
      g_autoptr (ChCertItem) cert = g_list_model_get_item (G_LIST_MODEL (self->certs), i);

      add_cert (self, cert);
    }
  for (guint i = 0; i < n_applications; i++)
    {
      g_autoptr (ChApplicationItem) application
          = g_list_model_get_item (G_LIST_MODEL (self->applications), i);

      add_application (self, application);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->items->len);
}

static void
on_source_changed_cb (GListModel *source, guint position, guint removed, guint added, ChDueList *self)
{
  rebuild (self);
}

static GType
ch_due_list_get_item_type (GListModel *model)
{
  return CH_TYPE_DUE_ITEM;
}

static guint
ch_due_list_get_n_items (GListModel *model)
{
  return CH_DUE_LIST (model)->items->len;
}

static gpointer
ch_due_list_get_item (GListModel *model, guint position)
{
  ChDueList *self = CH_DUE_LIST (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
ch_due_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = ch_due_list_get_item_type;
  iface->get_n_items = ch_due_list_get_n_items;
  iface->get_item = ch_due_list_get_item;
}

static void
ch_due_list_finalize (GObject *object)
{
  ChDueList *self = CH_DUE_LIST (object);

  g_clear_object (&self->certs);
  g_clear_object (&self->applications);
  g_ptr_array_unref (self->items);

  G_OBJECT_CLASS (ch_due_list_parent_class)->finalize (object);
}

static void
ch_due_list_class_init (ChDueListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_due_list_finalize;
}

static void
ch_due_list_init (ChDueList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * ch_due_list_new:
 * @certs: the certificates
 * @applications: the applications
 *
 * Returns: (transfer full): what of both waits for the user
 */
ChDueList *
ch_due_list_new (ChCertList *certs, ChApplicationModel *applications)
{
  ChDueList *self = g_object_new (CH_TYPE_DUE_LIST, NULL);

  self->certs = g_object_ref (certs);
  self->applications = g_object_ref (applications);
  g_signal_connect_object (certs, "items-changed", G_CALLBACK (on_source_changed_cb), self, 0);
  g_signal_connect_object (applications, "items-changed", G_CALLBACK (on_source_changed_cb), self, 0);
  rebuild (self);
  return self;
}

/**
 * ch_due_list_set_reminder_days:
 * @days: from how many days before its end a certificate is due; 0 as soon as it can be renewed
 *
 * What has expired is due in any case.
 */
void
ch_due_list_set_reminder_days (ChDueList *self, int days)
{
  g_return_if_fail (CH_IS_DUE_LIST (self));

  if (self->reminder_days == days)
    return;
  self->reminder_days = days;
  rebuild (self);
}
