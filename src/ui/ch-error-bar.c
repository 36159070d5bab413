#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-error-bar.h"

#include "envcheck/ch-failure.h"

struct _ChErrorBar
{
  AdwBin parent_instance;

  const ChErrorInfo *info; /* of what is shown, NULL when hidden */

  GtkInfoBar *bar;   /* template child */
  GtkLabel *text;    /* template child */
  GtkButton *more;   /* template child */
  GtkButton *check;  /* template child */
  GtkButton *action; /* template child */
};

G_DEFINE_FINAL_TYPE (ChErrorBar, ch_error_bar, ADW_TYPE_BIN)

enum
{
  SIGNAL_RETRY,
  SIGNAL_LOG_IN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Without a label there is no button: the sentence says what to do */
static const char *const labels[] = {
  [CH_ADVICE_NONE] = NULL,
  [CH_ADVICE_RETRY] = N_ ("Try again"),
  [CH_ADVICE_BACK] = NULL,
  [CH_ADVICE_LOG_IN] = N_ ("Log in"),
  [CH_ADVICE_REPLUG] = N_ ("Try again"),
  [CH_ADVICE_UNLOCK] = N_ ("Unlock"),
  [CH_ADVICE_CHECK_NETWORK] = N_ ("Try again"),
  [CH_ADVICE_CONTACT] = N_ ("Copy id"),
};

/* The window that has the businesses; ours may be one of its own before it */
static void
unlock (ChErrorBar *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  while (gtk_window_get_transient_for (window) != NULL)
    {
      GtkWindow *below = gtk_window_get_transient_for (window);

      gtk_window_close (window);
      window = below;
    }
  gtk_widget_activate_action (GTK_WIDGET (window), "win.unlock", NULL);
}

static void
on_action_clicked_cb (GtkButton *button, ChErrorBar *self)
{
  if (self->info == NULL)
    return;

  switch (self->info->advice)
    {
    case CH_ADVICE_CONTACT:
      gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->info->id);
      gtk_button_set_label (button, _ ("Copied"));
      break;
    case CH_ADVICE_UNLOCK:
      unlock (self);
      break;
    case CH_ADVICE_LOG_IN:
      g_signal_emit (self, signals[SIGNAL_LOG_IN], 0);
      break;
    default:
      g_signal_emit (self, signals[SIGNAL_RETRY], 0);
    }
}

static void
ch_error_bar_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  G_OBJECT_CLASS (ch_error_bar_parent_class)->dispose (object);
}

static void
ch_error_bar_class_init (ChErrorBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_error_bar_dispose;

  signals[SIGNAL_RETRY]
      = g_signal_new ("retry", CH_TYPE_ERROR_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOG_IN]
      = g_signal_new ("log-in", CH_TYPE_ERROR_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-error-bar"));
  gtk_widget_class_bind_template_child (widget_class, ChErrorBar, bar);
  gtk_widget_class_bind_template_child (widget_class, ChErrorBar, text);
  gtk_widget_class_bind_template_child (widget_class, ChErrorBar, more);
  gtk_widget_class_bind_template_child (widget_class, ChErrorBar, check);
  gtk_widget_class_bind_template_child (widget_class, ChErrorBar, action);
  gtk_widget_class_bind_template_callback (widget_class, on_action_clicked_cb);
}

static void
ch_error_bar_init (ChErrorBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_error_bar_new:
 *
 * Returns: (transfer floating): a bar that is not shown yet
 */
GtkWidget *
ch_error_bar_new (void)
{
  return g_object_new (CH_TYPE_ERROR_BAR, NULL);
}

/**
 * ch_error_bar_show:
 * @error: any error; those that are not of our domain are translated
 *
 * Says what happened and what to do, and offers the one action that helps.
 */
void
ch_error_bar_show (ChErrorBar *self, const GError *error)
{
  g_autofree char *id = NULL;
  g_autofree char *markup = NULL;
  const char *check;

  g_return_if_fail (CH_IS_ERROR_BAR (self));
  g_return_if_fail (error != NULL);

  self->info = ch_error_get_info (error);
  /* Translators: %s is the name of an error, for support: server-unreachable */
  id = g_strdup_printf (_ ("Id %s"), self->info->id);
  markup = g_markup_printf_escaped ("<b>%s</b>\n%s<span size=\"small\" alpha=\"70%%\"> %s</span>",
                                    _ (self->info->title), _ (self->info->todo), id);
  gtk_label_set_markup (self->text, markup);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->more), "s", self->info->id);
  check = ch_failure_find_check (self->info->id);
  gtk_widget_set_visible (GTK_WIDGET (self->check), check != NULL);
  if (check != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->check), "s", check);
  gtk_widget_set_visible (GTK_WIDGET (self->action), labels[self->info->advice] != NULL);
  if (labels[self->info->advice] != NULL)
    gtk_button_set_label (self->action, _ (labels[self->info->advice]));
  gtk_info_bar_set_revealed (self->bar, TRUE);
}

/**
 * ch_error_bar_hide:
 *
 * The cause is gone.
 */
void
ch_error_bar_hide (ChErrorBar *self)
{
  g_return_if_fail (CH_IS_ERROR_BAR (self));

  self->info = NULL;
  gtk_info_bar_set_revealed (self->bar, FALSE);
}
