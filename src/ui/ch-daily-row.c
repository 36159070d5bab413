#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-daily.h"
#include "ui/ch-daily-row.h"

struct _ChDailyRow
{
  AdwActionRow parent_instance;

  ChVault *vault;            /* (owned) */
  GtkSwitch *toggle;         /* (unowned): a child */
  GCancellable *cancellable; /* (owned): of what is asked of the system */
};

G_DEFINE_FINAL_TYPE (ChDailyRow, ch_daily_row, ADW_TYPE_ACTION_ROW)

static gboolean on_toggled_cb (GtkSwitch *toggle, gboolean is_on, ChDailyRow *self);

static void
explain (ChDailyRow *self, const GError *error)
{
  const ChErrorInfo *info = error != NULL ? ch_error_get_info (error) : NULL;
  g_autofree char *text
      = info != NULL
            ? g_strdup_printf ("%s. %s", _ (info->title), _ (info->todo))
            : g_strdup (_ ("90, 30, 7 and 1 days before the end, while the USB key lies in the drawer. Your "
                           "system looks once a day; nothing of this program stays running."));

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
}

/* As the system has it, without asking for it again */
static void
show_state (ChDailyRow *self, gboolean is_on)
{
  g_signal_handlers_block_by_func (self->toggle, on_toggled_cb, self);
  gtk_switch_set_active (self->toggle, is_on);
  gtk_switch_set_state (self->toggle, is_on);
  g_signal_handlers_unblock_by_func (self->toggle, on_toggled_cb, self);
}

/* @refused: (nullable): why it was not done as wished */
static void
show_answer (ChDailyRow *self, GAsyncResult *result, const GError *refused)
{
  g_autoptr (GError) error = NULL;
  gboolean is_on = FALSE;

  ch_daily_get_finish (result, &is_on, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  show_state (self, is_on);
  gtk_widget_set_sensitive (GTK_WIDGET (self->toggle), error == NULL);
  explain (self, error != NULL ? error : refused);
}

static void
on_known_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDailyRow) self = user_data;

  show_answer (self, result, NULL);
}

/* A wish that is under way: how the system stands afterwards is asked of it */
typedef struct
{
  ChDailyRow *row; /* (owned) */
  GError *refused; /* (owned) (nullable) */
} Wish;

static void
on_known_after_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wish *wish = user_data;

  show_answer (wish->row, result, wish->refused);
  g_object_unref (wish->row);
  g_clear_error (&wish->refused);
  g_free (wish);
}

static void
on_set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Wish *wish = user_data;

  ch_daily_set_finish (result, &wish->refused);
  ch_daily_get_async (wish->row->vault, wish->row->cancellable, on_known_after_cb, wish);
}

static gboolean
on_toggled_cb (GtkSwitch *toggle, gboolean is_on, ChDailyRow *self)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->row = g_object_ref (self);
  gtk_widget_set_sensitive (GTK_WIDGET (toggle), FALSE);
  ch_daily_set_async (self->vault, is_on, self->cancellable, on_set_cb, wish);
  return TRUE;
}

static void
ch_daily_row_dispose (GObject *object)
{
  g_cancellable_cancel (CH_DAILY_ROW (object)->cancellable);
  G_OBJECT_CLASS (ch_daily_row_parent_class)->dispose (object);
}

static void
ch_daily_row_finalize (GObject *object)
{
  ChDailyRow *self = CH_DAILY_ROW (object);

  g_clear_object (&self->vault);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (ch_daily_row_parent_class)->finalize (object);
}

static void
ch_daily_row_class_init (ChDailyRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_daily_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_daily_row_finalize;
}

static void
ch_daily_row_init (ChDailyRow *self)
{
  self->cancellable = g_cancellable_new ();
  self->toggle = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->toggle), GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (GTK_WIDGET (self->toggle), FALSE);
  g_signal_connect_object (self->toggle, "state-set", G_CALLBACK (on_toggled_cb), self, 0);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Remind while the program is closed"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->toggle));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->toggle));
  explain (self, NULL);
}

/**
 * ch_daily_row_new:
 * @vault: of the CA
 *
 * Returns: (transfer floating): the switch; the system is asked at once how it stands
 */
GtkWidget *
ch_daily_row_new (ChVault *vault)
{
  ChDailyRow *self = g_object_new (CH_TYPE_DAILY_ROW, NULL);

  self->vault = g_object_ref (vault);
  ch_daily_get_async (vault, self->cancellable, on_known_cb, g_object_ref (self));
  return GTK_WIDGET (self);
}
