#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-entry-group.h"

#include "base/ch-error.h"

struct _ChEntryGroup
{
  AdwPreferencesGroup parent_instance;

  ChFront *front;            /* (owned) */
  GCancellable *cancellable; /* (owned): ends with the group */
  AdwComboRow *choice;       /* (unowned) */
  GtkWidget *again;          /* (unowned) */
  gboolean is_filling;       /* the list is made, nobody chooses */
  guint fill_id;             /* source, 0 when none */
};

G_DEFINE_FINAL_TYPE (ChEntryGroup, ch_entry_group, ADW_TYPE_PREFERENCES_GROUP)

static char *
format_entry (const ChEntryRow *row)
{
  const char *title = ch_entry_row_get_title (row);

  if (row->state == CH_ENTRY_SILENT)
    /* Translators: %s is the name of an entry, e.g. “China Telecom entry” */
    return g_strdup_printf (_ ("%s · does not answer"), title);
  if (row->state == CH_ENTRY_ANSWERS && row->milliseconds != 0)
    /* Translators: %1$s is the name of an entry, %2$u how long it took to answer */
    return g_strdup_printf (_ ("%1$s · %2$u ms"), title, row->milliseconds);
  return g_strdup (title);
}

/* The first row is for who does not care: it says which one that is now */
static void
fill (ChEntryGroup *self)
{
  ChEntries *entries = ch_front_get_entries (self->front);
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  const char *chosen = ch_entries_get_chosen (entries);
  /* Translators: %s is the name of an entry, e.g. “China Telecom entry” */
  g_autofree char *automatic = g_strdup_printf (_ ("The quickest (now %s)"),
                                                ch_entry_row_get_title (ch_entries_get_current (entries)));
  guint selected = 0;

  gtk_string_list_append (labels, chosen == NULL ? automatic : _ ("The quickest"));
  for (guint i = 0; i < ch_entries_get_n (entries); i++)
    {
      const ChEntryRow *row = ch_entries_get (entries, i);
      g_autofree char *label = format_entry (row);

      gtk_string_list_append (labels, label);
      if (g_strcmp0 (row->id, chosen) == 0)
        selected = i + 1;
    }

  self->is_filling = TRUE;
  adw_combo_row_set_model (self->choice, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (self->choice, selected);
  self->is_filling = FALSE;
}

static gboolean
on_fill_cb (gpointer user_data)
{
  ChEntryGroup *self = user_data;

  self->fill_id = 0;
  fill (self);
  return G_SOURCE_REMOVE;
}

/* Not at once: it may be the list itself that somebody has just chosen from, and GTK goes on with that */
static void
on_changed_cb (ChEntries *entries, ChEntryGroup *self)
{
  if (self->fill_id == 0)
    self->fill_id = g_idle_add (on_fill_cb, self);
}

static void
on_selected_cb (AdwComboRow *choice, GParamSpec *pspec, ChEntryGroup *self)
{
  ChEntries *entries = ch_front_get_entries (self->front);
  guint selected = adw_combo_row_get_selected (choice);
  g_autofree char *id = NULL;

  if (self->is_filling || selected == GTK_INVALID_LIST_POSITION)
    return;
  if (selected > 0)
    id = g_strdup (ch_entries_get (entries, selected - 1)->id);
  ch_entries_choose (entries, id);
}

static void
on_measured_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChEntryGroup) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!ch_server_measure_finish (CH_SERVER (source), result, &error))
    g_info ("%s", error->message);
  if (!g_cancellable_is_cancelled (self->cancellable))
    gtk_widget_set_sensitive (self->again, TRUE);
}

static void
on_again_clicked_cb (GtkButton *button, ChEntryGroup *self)
{
  gtk_widget_set_sensitive (self->again, FALSE);
  ch_server_measure_async (ch_ports_get_server (ch_front_get_ports (self->front)), self->cancellable,
                           on_measured_cb, g_object_ref (self));
}

static void
ch_entry_group_dispose (GObject *object)
{
  ChEntryGroup *self = CH_ENTRY_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->fill_id, g_source_remove);
  g_clear_object (&self->front);
  G_OBJECT_CLASS (ch_entry_group_parent_class)->dispose (object);
}

static void
ch_entry_group_finalize (GObject *object)
{
  g_clear_object (&CH_ENTRY_GROUP (object)->cancellable);
  G_OBJECT_CLASS (ch_entry_group_parent_class)->finalize (object);
}

static void
ch_entry_group_class_init (ChEntryGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_entry_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_entry_group_finalize;
}

static void
ch_entry_group_init (ChEntryGroup *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);

  self->cancellable = g_cancellable_new ();
  adw_preferences_group_set_title (group, _ ("Way to the CA"));
  adw_preferences_group_set_description (
      group, _ ("The CA answers at several addresses, which lead to the same accounts. When one does not "
                "answer, the program goes on through another."));

  self->choice = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->choice), _ ("Entry"));
  /* Below the title, where there is room for it */
  adw_combo_row_set_use_subtitle (self->choice, TRUE);
  g_signal_connect (self->choice, "notify::selected", G_CALLBACK (on_selected_cb), self);
  adw_preferences_group_add (group, GTK_WIDGET (self->choice));

  self->again = gtk_button_new_from_icon_name ("view-refresh-symbolic");
  gtk_widget_set_tooltip_text (self->again, _ ("Measure again"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->again), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Measure again"), -1);
  gtk_widget_set_valign (self->again, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->again, "flat");
  g_signal_connect (self->again, "clicked", G_CALLBACK (on_again_clicked_cb), self);
  adw_preferences_group_set_header_suffix (group, self->again);
}

/**
 * ch_entry_group_new:
 * @front: of a CA that answers at several addresses
 *
 * Returns: (transfer floating): the choice between them
 */
GtkWidget *
ch_entry_group_new (ChFront *front)
{
  ChEntryGroup *self = g_object_new (CH_TYPE_ENTRY_GROUP, NULL);

  self->front = g_object_ref (front);
  g_signal_connect_object (ch_front_get_entries (front), "changed", G_CALLBACK (on_changed_cb), self, 0);
  fill (self);
  return GTK_WIDGET (self);
}
