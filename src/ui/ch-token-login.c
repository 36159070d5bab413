#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-given-asker.h"
#include "front/ch-pin-words.h"
#include "ui/ch-due-row.h"
#include "ui/ch-field-message.h"
#include "ui/ch-plan-row.h"
#include "ui/ch-secret-row.h"
#include "ui/ch-token-login.h"
#include "ui/ch-tone.h"

struct _ChTokenLogin
{
  GtkBox parent_instance;

  ChFront *front;     /* (owned) */
  char *medium;       /* (owned): id of the axis */
  GPtrArray *choices; /* (owned) (element-type ChCertItem) */
  GPtrArray *rows;    /* (unowned elements): ChPlanRow, of the choices */
  char *chosen;       /* (owned) (nullable): serial of the certificate */
  ChPlanRow *none;    /* (owned): of the same group, never shown: a single one is a choice too, and no box */

  /* Children */
  AdwPreferencesGroup *certificates;
  GtkWidget *missing; /* in `certificates`: nothing is plugged in */
  AdwPreferencesGroup *secrets;
  ChSecretRow *secret;
  ChFieldMessage *message;
  GtkLabel *tries;
  GtkCheckButton *sure;
  GtkWidget *locked;
};

enum
{
  SIGNAL_ACTIVATED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChTokenLogin, ch_token_login, GTK_TYPE_BOX)

static gboolean
is_ukey (ChTokenLogin *self)
{
  return g_str_equal (self->medium, "ukey");
}

static ChPinState
get_state (ChTokenLogin *self)
{
  ChCertItem *item = ch_token_login_get_chosen (self);

  return item != NULL && is_ukey (self) ? ch_token_get_pin_state (ch_cert_item_get_token (item))
                                        : CH_PIN_UNKNOWN;
}

static gboolean
has_pad (ChTokenLogin *self)
{
  ChCertItem *item = ch_token_login_get_chosen (self);

  return item != NULL
         && (ch_token_get_info (ch_cert_item_get_token (item))->abilities & CH_TOKEN_HAS_PIN_PAD) != 0;
}

static void
refresh_tries (ChTokenLogin *self)
{
  ChPinState state = get_state (self);
  const char *warning = ch_pin_state_get_warning (state);
  gboolean is_usable = self->choices->len > 0 && state != CH_PIN_LOCKED;
  const char *words = has_pad (self) && warning == NULL ? _ ("The PIN is entered at the reader.")
                      : warning != NULL                 ? _ (warning)
                                                        : "";

  gtk_widget_set_visible (GTK_WIDGET (self->secrets), is_usable && !has_pad (self));
  gtk_label_set_label (self->tries, words);
  gtk_widget_set_visible (GTK_WIDGET (self->tries), *words != 0 && self->choices->len > 0);
  ch_tone_apply (GTK_WIDGET (self->tries), ch_pin_state_get_tone (state));
  gtk_widget_set_visible (GTK_WIDGET (self->sure), is_usable && state == CH_PIN_FINAL);
  if (state != CH_PIN_FINAL)
    gtk_check_button_set_active (self->sure, FALSE);
  gtk_widget_set_visible (self->locked, state == CH_PIN_LOCKED);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_chosen_cb (ChPlanRow *row, ChTokenLogin *self)
{
  if (g_strcmp0 (self->chosen, ch_plan_row_get_id (row)) == 0)
    return;

  g_free (self->chosen);
  self->chosen = g_strdup (ch_plan_row_get_id (row));
  ch_secret_row_clear (self->secret);
  ch_field_message_set_text (self->message, NULL);
  refresh_tries (self);
}

static gboolean
is_choice (ChTokenLogin *self, ChCertItem *item)
{
  ChToken *token = ch_cert_item_get_token (item);

  return token != NULL && ch_cert_item_get_has_key (item)
         && g_strcmp0 (ch_token_get_info (token)->medium, self->medium) == 0;
}

/* Two of one name are told apart by the kind, the end and the number of the medium */
static char *
format_note (ChCertItem *item)
{
  const char *kind = ch_cert_item_get_kind (item);
  const char *serial = ch_token_get_info (ch_cert_item_get_token (item))->serial;
  g_autofree char *left = ch_cert_item_format_time_left (item);

  if (kind != NULL)
    return g_strdup_printf ("%s · %s · %s", _ (kind), left, serial);
  return g_strdup_printf ("%s · %s", left, serial);
}

static void
add_choice (ChTokenLogin *self, ChCertItem *item)
{
  g_autofree char *note = format_note (item);
  GtkWidget *row = ch_plan_row_new (ch_cert_item_get_serial (item), ch_cert_item_get_name (item), note, NULL);

  ch_plan_row_join (CH_PLAN_ROW (row), self->none);
  g_ptr_array_add (self->rows, row);
  g_ptr_array_add (self->choices, g_object_ref (item));
  adw_preferences_group_add (self->certificates, row);
}

/* The one that was chosen stays so; of what is new the first one is */
static void
refresh (ChTokenLogin *self)
{
  GListModel *certs = G_LIST_MODEL (ch_front_get_certs (self->front));
  guint wanted = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      g_signal_handlers_disconnect_by_data (self->rows->pdata[i], self);
      adw_preferences_group_remove (self->certificates, self->rows->pdata[i]);
    }
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->choices, 0);

  for (guint i = 0; i < g_list_model_get_n_items (certs); i++)
    {
      g_autoptr (ChCertItem) item = g_list_model_get_item (certs, i);

      if (!is_choice (self, item))
        continue;
      if (g_strcmp0 (self->chosen, ch_cert_item_get_serial (item)) == 0)
        wanted = self->rows->len;
      add_choice (self, item);
    }

  if (self->rows->len > 0)
    {
      ch_plan_row_set_chosen (self->rows->pdata[wanted], TRUE);
      if (g_strcmp0 (self->chosen, ch_plan_row_get_id (self->rows->pdata[wanted])) != 0)
        ch_secret_row_clear (self->secret);
      g_free (self->chosen);
      self->chosen = g_strdup (ch_plan_row_get_id (self->rows->pdata[wanted]));
      for (guint i = 0; i < self->rows->len; i++)
        g_signal_connect (self->rows->pdata[i], "chosen", G_CALLBACK (on_chosen_cb), self);
    }
  else
    ch_secret_row_clear (self->secret);
  gtk_widget_set_visible (self->missing, self->rows->len == 0);
  refresh_tries (self);
}

static void
on_items_changed_cb (GListModel *certs, guint position, guint removed, guint added, ChTokenLogin *self)
{
  refresh (self);
}

/* A PIN stands otherwise now */
static void
on_tokens_changed_cb (GListModel *hub, guint position, guint removed, guint added, ChTokenLogin *self)
{
  refresh_tries (self);
}

static void
on_secret_changed_cb (ChSecretRow *row, ChTokenLogin *self)
{
  ch_field_message_set_text (self->message, NULL);
  ch_secret_row_set_wrong (self->secret, NULL);
}

static void
on_secret_activated_cb (ChSecretRow *row, ChTokenLogin *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

static void
ch_token_login_dispose (GObject *object)
{
  ChTokenLogin *self = CH_TOKEN_LOGIN (object);

  for (guint i = 0; i < self->rows->len; i++)
    g_signal_handlers_disconnect_by_data (self->rows->pdata[i], self);
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->choices, 0);
  g_clear_object (&self->front);
  g_clear_object (&self->none);
  G_OBJECT_CLASS (ch_token_login_parent_class)->dispose (object);
}

static void
ch_token_login_finalize (GObject *object)
{
  ChTokenLogin *self = CH_TOKEN_LOGIN (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->choices);
  g_free (self->medium);
  g_free (self->chosen);
  G_OBJECT_CLASS (ch_token_login_parent_class)->finalize (object);
}

static void
ch_token_login_class_init (ChTokenLoginClass *klass)
{
  static const char *const names[] = { "activated", "changed" };

  G_OBJECT_CLASS (klass)->dispose = ch_token_login_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_token_login_finalize;
  for (gsize i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], CH_TYPE_TOKEN_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
ch_token_login_init (ChTokenLogin *self)
{
  self->rows = g_ptr_array_new ();
  self->choices = g_ptr_array_new_with_free_func (g_object_unref);
  self->none = g_object_ref_sink (CH_PLAN_ROW (ch_plan_row_new ("", "", NULL, NULL)));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

static void
build (ChTokenLogin *self)
{
  self->certificates = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->certificates), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Certificate"), -1);
  self->missing = ch_due_row_new ("media-removable-symbolic", _ ("No USB key is plugged in"),
                                  _ ("Plug in the one your certificate is on"), CH_TONE_IDLE);
  ch_due_row_set_action (CH_DUE_ROW (self->missing), _ ("Not found?"), "app.check", NULL);
  adw_preferences_group_add (self->certificates, self->missing);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->certificates));

  self->secrets = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->secret = CH_SECRET_ROW (ch_secret_row_new (is_ukey (self) ? _ ("PIN") : _ ("Passphrase")));
  self->message = CH_FIELD_MESSAGE (ch_field_message_new ());
  ch_field_message_set_text (self->message, NULL);
  g_signal_connect_object (self->secret, "changed", G_CALLBACK (on_secret_changed_cb), self, 0);
  g_signal_connect_object (self->secret, "activated", G_CALLBACK (on_secret_activated_cb), self, 0);
  adw_preferences_group_add (self->secrets, GTK_WIDGET (self->secret));
  adw_preferences_group_add (self->secrets, GTK_WIDGET (self->message));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->secrets));

  self->tries = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->tries, TRUE);
  gtk_widget_set_halign (GTK_WIDGET (self->tries), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->tries), "ch-strip");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->tries));

  self->sure = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_ ("I am sure that I remember the PIN")));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->sure));

  self->locked = gtk_button_new_with_label (_ ("Unlock"));
  gtk_widget_set_halign (self->locked, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->locked, "pill");
  gtk_widget_add_css_class (self->locked, "suggested-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->locked), "win.unlock");
  gtk_box_append (GTK_BOX (self), self->locked);
}

/**
 * ch_token_login_new:
 * @front: whose certificates
 * @medium: id of the axis: on what they are
 *
 * Returns: (transfer floating): what a page asks who logs in by certificate
 */
GtkWidget *
ch_token_login_new (ChFront *front, const char *medium)
{
  ChTokenLogin *self = g_object_new (CH_TYPE_TOKEN_LOGIN, NULL);

  self->front = g_object_ref (front);
  self->medium = g_strdup (medium);
  build (self);
  g_signal_connect_object (ch_front_get_certs (front), "items-changed", G_CALLBACK (on_items_changed_cb),
                           self, 0);
  g_signal_connect_object (ch_ports_get_hub (ch_front_get_ports (front)), "items-changed",
                           G_CALLBACK (on_tokens_changed_cb), self, 0);
  refresh (self);
  return GTK_WIDGET (self);
}

guint
ch_token_login_get_n_choices (ChTokenLogin *self)
{
  g_return_val_if_fail (CH_IS_TOKEN_LOGIN (self), 0);

  return self->choices->len;
}

/**
 * ch_token_login_get_chosen:
 *
 * Returns: (transfer none) (nullable): by which certificate
 */
ChCertItem *
ch_token_login_get_chosen (ChTokenLogin *self)
{
  g_return_val_if_fail (CH_IS_TOKEN_LOGIN (self), NULL);

  for (guint i = 0; i < self->choices->len; i++)
    if (g_strcmp0 (ch_cert_item_get_serial (self->choices->pdata[i]), self->chosen) == 0)
      return self->choices->pdata[i];
  return NULL;
}

/**
 * ch_token_login_is_locked:
 *
 * Returns: whether the PIN of the chosen one must be unlocked first, which is offered in place of logging in
 */
gboolean
ch_token_login_is_locked (ChTokenLogin *self)
{
  g_return_val_if_fail (CH_IS_TOKEN_LOGIN (self), FALSE);

  return get_state (self) == CH_PIN_LOCKED;
}

static gboolean
fail (ChTokenLogin *self, const char *words)
{
  ch_field_message_set_text (self->message, words);
  ch_secret_row_set_wrong (self->secret, GTK_WIDGET (self->message));
  gtk_widget_grab_focus (GTK_WIDGET (self->secret));
  return FALSE;
}

/**
 * ch_token_login_check:
 *
 * Marks what is missing; the focus goes to it.
 *
 * Returns: whether one can try to log in
 */
gboolean
ch_token_login_check (ChTokenLogin *self)
{
  g_return_val_if_fail (CH_IS_TOKEN_LOGIN (self), FALSE);

  if (ch_token_login_get_chosen (self) == NULL || get_state (self) == CH_PIN_LOCKED)
    return FALSE;
  if (has_pad (self))
    return TRUE;
  if (ch_secret_row_get_length (self->secret) == 0)
    return fail (self,
                 is_ukey (self) ? _ ("The PIN is still missing.") : _ ("The passphrase is still missing."));
  if (get_state (self) != CH_PIN_FINAL || gtk_check_button_get_active (self->sure))
    return TRUE;
  gtk_widget_grab_focus (GTK_WIDGET (self->sure));
  return FALSE;
}

/**
 * ch_token_login_make_asker:
 *
 * Returns: (transfer full): answers with what was typed, once
 */
GTlsInteraction *
ch_token_login_make_asker (ChTokenLogin *self)
{
  GTlsInteraction *asker = ch_given_asker_new ();
  g_autoptr (ChSecret) secret = NULL;

  g_return_val_if_fail (CH_IS_TOKEN_LOGIN (self), asker);

  secret = ch_secret_row_copy (self->secret);
  ch_given_asker_give (asker, CH_ASK_EXISTING, secret);
  ch_given_asker_set_next (asker, ch_ports_get_asker (ch_front_get_ports (self->front)));
  if (gtk_check_button_get_active (self->sure))
    ch_given_asker_confirm_last_try (asker);
  return asker;
}

/**
 * ch_token_login_show_failure:
 * @error: why it did not go
 *
 * Shows what concerns the PIN; it is to be typed again.
 */
void
ch_token_login_show_failure (ChTokenLogin *self, const GError *error)
{
  g_return_if_fail (CH_IS_TOKEN_LOGIN (self));

  ch_secret_row_clear (self->secret);
  gtk_check_button_set_active (self->sure, FALSE);
  refresh_tries (self);
  if (g_error_matches (error, CH_ERROR, CH_ERROR_PIN_WRONG))
    fail (self, is_ukey (self) ? _ ("The PIN is not right.") : _ ("The passphrase is not right."));
}

/**
 * ch_token_login_clear:
 *
 * Wipes what was typed.
 */
void
ch_token_login_clear (ChTokenLogin *self)
{
  g_return_if_fail (CH_IS_TOKEN_LOGIN (self));

  ch_secret_row_clear (self->secret);
}

void
ch_token_login_focus (ChTokenLogin *self)
{
  g_return_if_fail (CH_IS_TOKEN_LOGIN (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self->secrets)))
    gtk_widget_grab_focus (GTK_WIDGET (self->secret));
}
