#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-check-row.h"
#include "ui/ch-property-row.h"
#include "ui/ch-tone.h"

struct _ChCheckRow
{
  AdwExpanderRow parent_instance;

  ChCheckItem *item;  /* (owned) */
  GPtrArray *details; /* (unowned elements): rows inside */

  GtkImage *icon;      /* template child */
  GtkSpinner *spinner; /* template child */
  GtkLabel *word;      /* template child */
};

G_DEFINE_FINAL_TYPE (ChCheckRow, ch_check_row, ADW_TYPE_EXPANDER_ROW)

static const struct
{
  ChTone tone;
  const char *icon; /* NULL: that of the tone */
} looks[] = {
  [CH_CHECK_WAITING] = { CH_TONE_IDLE, NULL },
  [CH_CHECK_RUNNING] = { CH_TONE_INFO, NULL },
  [CH_CHECK_PASSED] = { CH_TONE_OK, NULL },
  [CH_CHECK_WARNING] = { CH_TONE_WARN, NULL },
  [CH_CHECK_FAILED] = { CH_TONE_BAD, NULL },
  [CH_CHECK_NOT_APPLICABLE] = { CH_TONE_IDLE, "list-remove-symbolic" },
  [CH_CHECK_NOT_RUN] = { CH_TONE_IDLE, "list-remove-symbolic" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (looks) == CH_N_CHECK_STATES);

static void
add_detail (ChCheckRow *self, const char *name, const char *value, gboolean copyable)
{
  GtkWidget *row;

  if (value == NULL || *value == 0)
    return;
  row = ch_property_row_new (name, value, copyable);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
  g_ptr_array_add (self->details, row);
}

static void
refresh_details (ChCheckRow *self)
{
  const ChCheckResult *result = ch_check_item_get_result (self->item);

  for (guint i = 0; i < self->details->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->details->pdata[i]);
  g_ptr_array_set_size (self->details, 0);

  if (result != NULL)
    {
      add_detail (self, _ ("What it means"), result->meaning, FALSE);
      add_detail (self, _ ("What to do"), result->todo, FALSE);
      if (result->action == CH_CHECK_ACTION_COPY_COMMAND
          || result->action == CH_CHECK_ACTION_START_CARD_SERVICE)
        add_detail (self, _ ("Command for the administrator"), result->subject, TRUE);
      add_detail (self, _ ("Details"), result->detail, TRUE);
    }
  /* What has nothing inside does not look as if it had */
  adw_expander_row_set_enable_expansion (ADW_EXPANDER_ROW (self), self->details->len > 0);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), result != NULL && result->state == CH_CHECK_FAILED);
}

static void
refresh (ChCheckRow *self)
{
  ChCheckState state = ch_check_item_get_state (self->item);
  const ChCheckResult *result = ch_check_item_get_result (self->item);
  const char *summary = result != NULL && result->summary != NULL ? result->summary : "";
  const char *title = ch_check_item_get_title (self->item);
  const char *word = _ (ch_check_state_get_word (state));
  const char *icon = looks[state].icon != NULL ? looks[state].icon : ch_tone_get_icon (looks[state].tone);
  g_autofree char *name = g_strdup_printf ("%s: %s", title, word);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), summary);
  ch_tone_apply (GTK_WIDGET (self), looks[state].tone);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), state != CH_CHECK_RUNNING);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), state == CH_CHECK_RUNNING);
  gtk_spinner_set_spinning (self->spinner, state == CH_CHECK_RUNNING);
  gtk_label_set_label (self->word, word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, summary, -1);
  refresh_details (self);
}

static void
on_state_notify_cb (ChCheckItem *item, GParamSpec *pspec, ChCheckRow *self)
{
  refresh (self);
}

static void
ch_check_row_dispose (GObject *object)
{
  ChCheckRow *self = CH_CHECK_ROW (object);

  g_clear_object (&self->item);
  g_clear_pointer (&self->details, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_CHECK_ROW);
  G_OBJECT_CLASS (ch_check_row_parent_class)->dispose (object);
}

static void
ch_check_row_class_init (ChCheckRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_check_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-check-row"));
  gtk_widget_class_bind_template_child (widget_class, ChCheckRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ChCheckRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ChCheckRow, word);
}

static void
ch_check_row_init (ChCheckRow *self)
{
  self->details = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_check_row_new:
 * @item: what it shows
 *
 * Returns: (transfer floating): a row that follows @item
 */
GtkWidget *
ch_check_row_new (ChCheckItem *item)
{
  ChCheckRow *self = g_object_new (CH_TYPE_CHECK_ROW, NULL);

  self->item = g_object_ref (item);
  g_signal_connect_object (item, "notify::state", G_CALLBACK (on_state_notify_cb), self, 0);
  refresh (self);
  return GTK_WIDGET (self);
}

ChCheckItem *
ch_check_row_get_item (ChCheckRow *self)
{
  return self->item;
}
