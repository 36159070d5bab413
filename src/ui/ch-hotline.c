#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-hotline.h"
#include "ui/ch-window.h"
#include "wire/ch-policy.h"

/* Two buttons with a popover each, because a popover has one parent */
typedef struct
{
  GtkMenuButton *button;
  GtkLabel *number;
  GtkLabel *hours;
  GtkLabel *entry;
  GtkButton *copy;
} Variant;

struct _ChHotline
{
  AdwBin parent_instance;

  ChWindow *window; /* (unowned) (nullable): it is in */
  ChFront *front;   /* (owned) (nullable): of the window */
  gulong front_id;
  gulong state_id;
  gulong entries_id;

  AdwSqueezer *squeezer;     /* template child */
  AdwButtonContent *content; /* template child */
  GtkMenuButton *wide;       /* template child */
  GtkMenuButton *narrow;     /* template child */
  GtkLabel *wide_number;     /* template child */
  GtkLabel *wide_hours;      /* template child */
  GtkLabel *wide_entry;      /* template child */
  GtkButton *wide_copy;      /* template child */
  GtkLabel *narrow_number;   /* template child */
  GtkLabel *narrow_hours;    /* template child */
  GtkLabel *narrow_entry;    /* template child */
  GtkButton *narrow_copy;    /* template child */
};

G_DEFINE_FINAL_TYPE (ChHotline, ch_hotline, ADW_TYPE_BIN)

/* (transfer full) (nullable): what support asks on the telephone, where there is more than one answer */
static char *
format_entry (ChFront *front)
{
  ChEntries *entries = ch_front_get_entries (front);

  if (entries == NULL || ch_entries_get_n (entries) < 2)
    return NULL;
  /* Translators: %s is the name of an entry, e.g. “China Telecom entry” */
  return g_strdup_printf (_ ("Connected through: %s"),
                          ch_entry_row_get_title (ch_entries_get_current (entries)));
}

static void
refresh (ChHotline *self)
{
  const ChProfile *profile = self->front != NULL ? ch_front_get_profile (self->front) : NULL;
  Variant variants[] = {
    { self->wide, self->wide_number, self->wide_hours, self->wide_entry, self->wide_copy },
    { self->narrow, self->narrow_number, self->narrow_hours, self->narrow_entry, self->narrow_copy },
  };
  g_autofree char *tip = NULL;
  g_autofree char *entry = profile != NULL ? format_entry (self->front) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), profile != NULL);
  if (profile == NULL)
    return;

  /* Translators: %s is a telephone number */
  tip = g_strdup_printf (_ ("Hotline %s"), profile->hotline);
  adw_button_content_set_label (self->content, profile->hotline);
  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      gtk_widget_set_tooltip_text (GTK_WIDGET (variants[i].button), tip);
      gtk_label_set_label (variants[i].number, profile->hotline);
      gtk_label_set_label (variants[i].hours, ch_text_get (profile->hours));
      gtk_label_set_label (variants[i].entry, entry != NULL ? entry : "");
      gtk_widget_set_visible (GTK_WIDGET (variants[i].entry), entry != NULL);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (variants[i].copy), "s", profile->hotline);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (variants[i].copy), "win.copy");
    }
}

static void
on_state_notify_cb (ChFront *front, GParamSpec *pspec, ChHotline *self)
{
  refresh (self);
}

static void
on_entries_changed_cb (ChEntries *entries, ChHotline *self)
{
  refresh (self);
}

static void
take_front (ChHotline *self, ChFront *front)
{
  ChEntries *entries = front != NULL ? ch_front_get_entries (front) : NULL;

  if (self->front == front)
    return;

  if (self->front != NULL)
    {
      g_clear_signal_handler (&self->state_id, self->front);
      if (self->entries_id != 0)
        g_clear_signal_handler (&self->entries_id, ch_front_get_entries (self->front));
    }
  if (g_set_object (&self->front, front) && front != NULL)
    self->state_id = g_signal_connect (front, "notify::state", G_CALLBACK (on_state_notify_cb), self);
  if (entries != NULL)
    self->entries_id = g_signal_connect (entries, "changed", G_CALLBACK (on_entries_changed_cb), self);
}

static void
on_front_notify_cb (ChWindow *window, GParamSpec *pspec, ChHotline *self)
{
  take_front (self, ch_window_get_front (window));
  refresh (self);
}

static void
ch_hotline_root (GtkWidget *widget)
{
  ChHotline *self = CH_HOTLINE (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (ch_hotline_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  if (!CH_IS_WINDOW (root))
    return;

  /* The hall is in the window before the window has anything to show */
  self->window = CH_WINDOW (root);
  self->front_id = g_signal_connect (root, "notify::front", G_CALLBACK (on_front_notify_cb), self);
  take_front (self, ch_window_get_front (CH_WINDOW (root)));
  refresh (self);
}

static void
ch_hotline_unroot (GtkWidget *widget)
{
  ChHotline *self = CH_HOTLINE (widget);

  take_front (self, NULL);
  if (self->window != NULL)
    g_clear_signal_handler (&self->front_id, self->window);
  self->window = NULL;

  GTK_WIDGET_CLASS (ch_hotline_parent_class)->unroot (widget);
}

static void
ch_hotline_dispose (GObject *object)
{
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_HOTLINE);
  G_OBJECT_CLASS (ch_hotline_parent_class)->dispose (object);
}

static void
ch_hotline_class_init (ChHotlineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_hotline_dispose;
  widget_class->root = ch_hotline_root;
  widget_class->unroot = ch_hotline_unroot;

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-hotline"));
  gtk_widget_class_bind_template_child (widget_class, ChHotline, squeezer);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, content);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, wide);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, narrow);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, wide_number);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, wide_hours);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, wide_entry);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, wide_copy);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, narrow_number);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, narrow_hours);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, narrow_entry);
  gtk_widget_class_bind_template_child (widget_class, ChHotline, narrow_copy);
}

static void
ch_hotline_init (ChHotline *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_hotline_new:
 *
 * Returns: (transfer floating): the hotline, to be put at the end of a header bar
 */
GtkWidget *
ch_hotline_new (void)
{
  return g_object_new (CH_TYPE_HOTLINE, NULL);
}

/**
 * ch_hotline_set_front:
 * @front: (nullable): knows the CA
 *
 * For windows that are no #ChWindow, in which it finds this by itself.
 */
void
ch_hotline_set_front (ChHotline *self, ChFront *front)
{
  g_return_if_fail (CH_IS_HOTLINE (self));

  take_front (self, front);
  refresh (self);
}

/**
 * ch_hotline_open:
 *
 * Shows number and hours.
 */
void
ch_hotline_open (ChHotline *self)
{
  g_return_if_fail (CH_IS_HOTLINE (self));

  gtk_menu_button_popup (GTK_MENU_BUTTON (adw_squeezer_get_visible_child (self->squeezer)));
}

/**
 * ch_hotline_open_in:
 * @widget: a window, or what is in it
 *
 * Shows number and hours where @widget has a hotline that can be seen.
 *
 * Returns: whether it has
 */
gboolean
ch_hotline_open_in (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (CH_IS_HOTLINE (widget))
    {
      ch_hotline_open (CH_HOTLINE (widget));
      return TRUE;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (ch_hotline_open_in (child))
      return TRUE;
  return FALSE;
}
