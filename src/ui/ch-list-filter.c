#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-list-filter.h"

struct _ChListFilter
{
  AdwBin parent_instance;

  gboolean is_silent; /* several things change at once: told in the end */

  GtkSearchEntry *search; /* template child */
  GtkWidget *choices;     /* template child */
  GtkDropDown *part;      /* template child */
  GtkDropDown *sort;      /* template child */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChListFilter, ch_list_filter, ADW_TYPE_BIN)

static void
tell_changed (ChListFilter *self)
{
  if (!self->is_silent)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_search_changed_cb (GtkSearchEntry *entry, ChListFilter *self)
{
  tell_changed (self);
}

static void
on_selected_cb (GtkDropDown *drop_down, GParamSpec *pspec, ChListFilter *self)
{
  tell_changed (self);
}

/* Esc takes the search away first, then leaves the entry */
static void
on_stop_search_cb (GtkSearchEntry *entry, ChListFilter *self)
{
  if (*ch_list_filter_get_text (self) != 0)
    gtk_editable_set_text (GTK_EDITABLE (entry), "");
  else
    gtk_widget_child_focus (gtk_widget_get_parent (GTK_WIDGET (self)), GTK_DIR_TAB_FORWARD);
}

static void
fill (GtkDropDown *drop_down, const char *(*get_title) (int value), int n)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (int i = 0; i < n; i++)
    gtk_string_list_append (titles, _ (get_title (i)));
  gtk_drop_down_set_model (drop_down, G_LIST_MODEL (titles));
}

static const char *
get_part_title (int part)
{
  return ch_list_part_get_title (part);
}

static const char *
get_sort_title (int sort)
{
  return ch_list_sort_get_title (sort);
}

static void
ch_list_filter_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_LIST_FILTER);
  G_OBJECT_CLASS (ch_list_filter_parent_class)->dispose (object);
}

static void
ch_list_filter_class_init (ChListFilterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_list_filter_dispose;

  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", CH_TYPE_LIST_FILTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-list-filter"));
  gtk_widget_class_bind_template_child (widget_class, ChListFilter, search);
  gtk_widget_class_bind_template_child (widget_class, ChListFilter, choices);
  gtk_widget_class_bind_template_child (widget_class, ChListFilter, part);
  gtk_widget_class_bind_template_child (widget_class, ChListFilter, sort);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search_cb);
}

/* Of all the lists of a window, the one that is seen */
static gboolean
on_find_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  ch_list_filter_focus (CH_LIST_FILTER (widget));
  return TRUE;
}

static void
ch_list_filter_init (ChListFilter *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  self->is_silent = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>f"),
                                                          gtk_callback_action_new (on_find_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  fill (self->part, get_part_title, CH_N_LIST_PARTS);
  fill (self->sort, get_sort_title, CH_N_LIST_SORTS);
  self->is_silent = FALSE;
}

/**
 * ch_list_filter_new:
 * @has_parts: whether more than a search is offered
 *
 * Returns: (transfer floating): a filter that lets everything through
 */
GtkWidget *
ch_list_filter_new (gboolean has_parts)
{
  ChListFilter *self = g_object_new (CH_TYPE_LIST_FILTER, NULL);

  gtk_widget_set_visible (self->choices, has_parts);
  return GTK_WIDGET (self);
}

/**
 * ch_list_filter_get_text:
 *
 * Returns: (transfer none): what is looked for, never %NULL
 */
const char *
ch_list_filter_get_text (ChListFilter *self)
{
  g_return_val_if_fail (CH_IS_LIST_FILTER (self), "");

  return gtk_editable_get_text (GTK_EDITABLE (self->search));
}

/**
 * ch_list_filter_make_query:
 *
 * Returns: (transfer full): what is wanted of the list
 */
ChListQuery *
ch_list_filter_make_query (ChListFilter *self)
{
  ChListQuery *query = ch_wire_new (&ChListQuery_wire);
  const char *text = ch_list_filter_get_text (self);

  /* What is longer than any name finds nothing anyway */
  query->text = *text != 0 ? g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 60)) : NULL;
  query->part = (ChListPart) gtk_drop_down_get_selected (self->part);
  query->sort = (ChListSort) gtk_drop_down_get_selected (self->sort);
  return query;
}

/**
 * ch_list_filter_is_set:
 *
 * Returns: whether anything is left out
 */
gboolean
ch_list_filter_is_set (ChListFilter *self)
{
  g_return_val_if_fail (CH_IS_LIST_FILTER (self), FALSE);

  return *ch_list_filter_get_text (self) != 0 || gtk_drop_down_get_selected (self->part) != CH_LIST_PART_ALL;
}

/**
 * ch_list_filter_set_part:
 * @part: of the list, with nothing looked for in it
 */
void
ch_list_filter_set_part (ChListFilter *self, ChListPart part)
{
  g_return_if_fail (CH_IS_LIST_FILTER (self));

  self->is_silent = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_drop_down_set_selected (self->part, part);
  self->is_silent = FALSE;
  tell_changed (self);
}

/**
 * ch_list_filter_clear:
 *
 * Lets everything through again.
 */
void
ch_list_filter_clear (ChListFilter *self)
{
  ch_list_filter_set_part (self, CH_LIST_PART_ALL);
}

void
ch_list_filter_focus (ChListFilter *self)
{
  g_return_if_fail (CH_IS_LIST_FILTER (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
