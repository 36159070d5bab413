#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "front/ch-format.h"
#include "front/ch-pin-words.h"
#include "ui/ch-due-row.h"
#include "ui/ch-fact-row.h"
#include "ui/ch-keys-window.h"
#include "ui/ch-token-menu.h"
#include "wire/ch-axes.h"

/* How much of a serial number tells keys apart that look alike */
#define N_DIGITS 4

struct _ChKeysWindow
{
  AdwWindow parent_instance;

  ChFront *front;    /* (owned) */
  GPtrArray *groups; /* (unowned elements): in `tokens` */
  char *pins;        /* (owned) (nullable): how they stand, as shown */

  GtkStack *stack; /* template child */
  GtkBox *tokens;  /* template child */
};

G_DEFINE_FINAL_TYPE (ChKeysWindow, ch_keys_window, ADW_TYPE_WINDOW)

/* What is done in the window this one stands before; what is shown there is not to be hidden by this one */
static const struct
{
  const char *name;
  const char *type; /* (nullable) */
  gboolean closes;
} deeds[] = {
  { "token", "(ss)", FALSE },
  { "show-certificate", "s", TRUE },
  { "renew", "s", TRUE },
  { "unlock", NULL, TRUE },
};

static char *
describe (ChToken *token)
{
  const ChTokenInfo *info = ch_token_get_info (token);
  gsize length = strlen (info->serial);
  const char *end = info->serial + (length > N_DIGITS ? length - N_DIGITS : 0);
  int medium;
  const char *kind = ch_wire_enum_from_id (&ChMedium_enum, info->medium, &medium)
                         ? _ (ch_medium_get_title (medium))
                         : info->medium;
  /* Translators: %s are the last digits of a serial number */
  g_autofree char *number = g_strdup_printf (_ ("number ending in %s"), end);

  /* Some modules tell no more than how the card is read */
  return info->model != NULL && *info->model != 0 && !g_str_has_prefix (info->model, "PKCS#")
             ? g_strjoin (" · ", kind, number, info->model, NULL)
             : g_strjoin (" · ", kind, number, NULL);
}

/* In words; a number of tries where the medium knows one */
static GtkWidget *
make_pin_row (ChToken *token)
{
  gboolean is_key = g_str_equal (ch_token_get_info (token)->medium, "ukey");
  ChPinState state = ch_token_get_pin_state (token);
  int tries = ch_token_get_tries (token);
  const char *title = is_key ? _ ("PIN") : _ ("Passphrase");
  g_autofree char *left = NULL;
  GtkWidget *row;

  if (state == CH_PIN_LOCKED)
    {
      row = ch_due_row_new ("dialog-password-symbolic", title, _ (ch_pin_state_get_title (state)),
                            CH_TONE_BAD);
      ch_due_row_set_action (CH_DUE_ROW (row), _ ("Unlock"), "win.unlock", NULL);
      return row;
    }

  row = ch_fact_row_new (title);
  if (state == CH_PIN_UNKNOWN && tries >= 0)
    {
      left = g_strdup_printf (ngettext ("%d try left", "%d tries left", (gulong) tries), tries);
      ch_fact_row_set (CH_FACT_ROW (row), CH_TONE_OK, left);
    }
  else
    ch_fact_row_set (CH_FACT_ROW (row), ch_pin_state_get_tone (state), _ (ch_pin_state_get_title (state)));
  return row;
}

static GtkWidget *
make_certificate_row (ChCertItem *item)
{
  ChCertStanding standing = ch_cert_item_get_standing (item);
  g_autofree char *from = ch_format_iso_date (ch_cert_item_get_not_before (item));
  g_autofree char *to = ch_format_iso_date (ch_cert_item_get_not_after (item));
  /* Translators: first and last day, then where the certificate stands: “Valid” */
  g_autofree char *subtitle
      = g_strdup_printf (_ ("%s to %s · %s"), from, to, _ (ch_cert_standing_get_title (standing)));
  GtkWidget *row = ch_due_row_new ("application-certificate-symbolic", ch_cert_item_get_name (item), subtitle,
                                   ch_cert_standing_get_tone (standing));

  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  ch_due_row_set_action (CH_DUE_ROW (row), _ ("Show"), "win.show-certificate",
                         ch_cert_item_get_serial (item));
  return row;
}

static void
add_certificates (ChKeysWindow *self, AdwPreferencesGroup *group, const char *serial)
{
  GListModel *certs = G_LIST_MODEL (ch_front_get_certs (self->front));
  guint n_rows = 0;

  for (guint i = 0; i < g_list_model_get_n_items (certs); i++)
    {
      g_autoptr (ChCertItem) item = g_list_model_get_item (certs, i);
      ChToken *holder = ch_cert_item_get_token (item);

      if (holder == NULL || g_strcmp0 (ch_token_get_info (holder)->serial, serial) != 0)
        continue;
      adw_preferences_group_add (group, make_certificate_row (item));
      n_rows++;
    }
  if (n_rows == 0)
    adw_preferences_group_add (group,
                               ch_due_row_new ("application-certificate-symbolic", _ ("No certificate yet"),
                                               _ ("Apply for one, or download it"), CH_TONE_IDLE));
}

static void
add_token (ChKeysWindow *self, ChToken *token)
{
  const ChTokenInfo *info = ch_token_get_info (token);
  g_autofree char *about = describe (token);
  g_autoptr (GMenuModel) menu = ch_token_menu_new (token);
  /* Both come from the token, and are not markup */
  g_autofree char *title = g_markup_escape_text (info->label, -1);
  g_autofree char *description = g_markup_escape_text (about, -1);
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), description);
  if (menu != NULL)
    {
      GtkWidget *button = gtk_menu_button_new ();
      /* Translators: %s describes a key: “USB key · number ending in 1234” */
      g_autofree char *name = g_strdup_printf (_ ("What can be done: %s"), about);

      gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _ ("Manage"));
      gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), button);
    }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_pin_row (token));
  add_certificates (self, ADW_PREFERENCES_GROUP (group), info->serial);
  gtk_box_append (self->tokens, group);
  g_ptr_array_add (self->groups, group);
}

static char *
describe_pins (ChKeysWindow *self)
{
  GListModel *hub = G_LIST_MODEL (ch_ports_get_hub (ch_front_get_ports (self->front)));
  GString *pins = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);

      g_string_append_printf (pins, "%d %d, ", ch_token_get_pin_state (token), ch_token_get_tries (token));
    }
  return g_string_free (pins, FALSE);
}

static void
refresh (ChKeysWindow *self)
{
  GListModel *hub = G_LIST_MODEL (ch_ports_get_hub (ch_front_get_ports (self->front)));
  guint n = g_list_model_get_n_items (hub);

  /* What goes must not have the focus */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  for (guint i = 0; i < self->groups->len; i++)
    gtk_box_remove (self->tokens, self->groups->pdata[i]);
  g_ptr_array_set_size (self->groups, 0);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);

      add_token (self, token);
    }
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "tokens" : "empty");
  g_free (self->pins);
  self->pins = describe_pins (self);
}

static void
on_changed_cb (GListModel *model, guint position, guint removed, guint added, ChKeysWindow *self)
{
  refresh (self);
}

/* Somebody comes back from a dialog or another window: a PIN may stand otherwise now. A menu that is opened
 * takes the focus and gives it back too, and is not to be taken away. */
static void
on_active_cb (GtkWindow *window, GParamSpec *pspec, gpointer user_data)
{
  ChKeysWindow *self = CH_KEYS_WINDOW (window);
  g_autofree char *pins = NULL;

  if (self->front == NULL || !gtk_window_is_active (window))
    return;
  pins = describe_pins (self);
  if (!g_str_equal (pins, self->pins))
    refresh (self);
}

static void
on_deed_cb (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChKeysWindow *self = user_data;
  const char *name = g_action_get_name (G_ACTION (action));
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  g_action_group_activate_action (G_ACTION_GROUP (parent), name, target);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (g_str_equal (deeds[i].name, name) && deeds[i].closes)
      {
        gtk_window_close (GTK_WINDOW (self));
        return;
      }
}

static void
add_deeds (ChKeysWindow *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (
          deeds[i].name, deeds[i].type != NULL ? G_VARIANT_TYPE (deeds[i].type) : NULL);

      g_signal_connect_object (action, "activate", G_CALLBACK (on_deed_cb), self, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "win", G_ACTION_GROUP (group));
}

static void
ch_keys_window_dispose (GObject *object)
{
  ChKeysWindow *self = CH_KEYS_WINDOW (object);

  g_clear_object (&self->front);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_KEYS_WINDOW);
  G_OBJECT_CLASS (ch_keys_window_parent_class)->dispose (object);
}

static void
ch_keys_window_finalize (GObject *object)
{
  ChKeysWindow *self = CH_KEYS_WINDOW (object);

  g_ptr_array_unref (self->groups);
  g_free (self->pins);
  G_OBJECT_CLASS (ch_keys_window_parent_class)->finalize (object);
}

static void
ch_keys_window_class_init (ChKeysWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ch_keys_window_dispose;
  object_class->finalize = ch_keys_window_finalize;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-keys-window"));
  gtk_widget_class_bind_template_child (widget_class, ChKeysWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ChKeysWindow, tokens);
}

static void
ch_keys_window_init (ChKeysWindow *self)
{
  self->groups = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_deeds (self);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (on_active_cb), NULL);
}

/**
 * ch_keys_window_new:
 * @front: whose tokens
 * @parent: the window it stands before, which does what is asked for
 *
 * Returns: (transfer none): a window, not shown yet
 */
GtkWidget *
ch_keys_window_new (ChFront *front, GtkWindow *parent)
{
  ChKeysWindow *self = g_object_new (CH_TYPE_KEYS_WINDOW, "transient-for", parent, "application",
                                     gtk_window_get_application (parent), NULL);

  self->front = g_object_ref (front);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "app",
                                  G_ACTION_GROUP (gtk_window_get_application (parent)));
  g_signal_connect_object (ch_ports_get_hub (ch_front_get_ports (front)), "items-changed",
                           G_CALLBACK (on_changed_cb), self, 0);
  g_signal_connect_object (ch_front_get_certs (front), "items-changed", G_CALLBACK (on_changed_cb), self, 0);
  refresh (self);
  return GTK_WIDGET (self);
}
