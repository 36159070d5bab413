#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-format.h"
#include "ui/ch-doc-row.h"
#include "ui/ch-thumbnail.h"
#include "ui/ch-tone.h"
#include "wire/ch-policy.h"

/* Twice the size it is shown at, for screens with fine pixels */
#define EDGE 128

struct _ChDocRow
{
  AdwPreferencesRow parent_instance;

  ChAttachment *attachment;  /* (owned) */
  ChPaper *pictured;         /* (owned) (nullable): the page the thumbnail is of, as it was turned then */
  ChPaper *first;            /* (unowned) (nullable): whose copy that is */
  GCancellable *cancellable; /* (owned) (nullable): of the thumbnail being read */

  GtkWidget *look;     /* template child */
  GtkStack *thumbnail; /* template child */
  GtkImage *icon;      /* template child */
  GtkPicture *picture; /* template child */
  GtkLabel *name;      /* template child */
  GtkProgressBar *bar; /* template child */
  GtkWidget *tick;     /* template child */
  GtkLabel *status;    /* template child */
  GtkButton *choose;   /* template child */
  GtkWidget *retry;    /* template child */
  GtkWidget *more;     /* template child */
  GSimpleAction *pages;
  GSimpleAction *open;
  GtkWidget *cancel; /* template child */
};

G_DEFINE_FINAL_TYPE (ChDocRow, ch_doc_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  SIGNAL_CHOOSE,
  SIGNAL_CANCEL,
  SIGNAL_CHANGED,
  SIGNAL_RETRY,
  SIGNAL_PAGES,
  SIGNAL_OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* File name and size, as far as they are known */
static char *
say_file (ChDocRow *self)
{
  const char *name = ch_attachment_get_name (self->attachment);
  GPtrArray *papers = ch_attachment_get_papers (self->attachment);
  g_autofree char *size = ch_format_size (ch_attachment_get_size (self->attachment));

  if (name == NULL)
    return g_strdup (_ ("No file yet"));
  if (ch_attachment_get_size (self->attachment) > 0)
    return g_strdup_printf ("%s · %s", name, size);
  if (papers != NULL && papers->len > 1)
    /* Translators: name of the first of several files */
    return g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", papers->len - 1), name,
                            papers->len - 1);
  return g_strdup (name);
}

static char *
say_status (ChDocRow *self)
{
  g_autofree char *file = say_file (self);

  switch (ch_attachment_get_state (self->attachment))
    {
    case CH_ATTACHMENT_UPLOADING:
      if (!ch_attachment_is_prepared (self->attachment))
        /* Translators: turned, shrunk, joined; %s is name of a file */
        return g_strdup_printf (_ ("Making it ready · %s"), file);
      /* Translators: %d is a percentage, %s name and size of a file */
      return g_strdup_printf (_ ("Uploading %d %% · %s"),
                              (int) (ch_attachment_get_progress (self->attachment) * 100), file);
    case CH_ATTACHMENT_DONE:
      /* Translators: %s is name and size of a file */
      return g_strdup_printf (_ ("Uploaded · %s"), file);
    default:
      return g_steal_pointer (&file);
    }
}

static void
on_thumbnail_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChDocRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkPaintable) picture = ch_thumbnail_load_finish (CH_PAPER (source), result, &error);

  if (picture == NULL || self->pictured != CH_PAPER (source))
    return;

  gtk_picture_set_paintable (self->picture, picture);
  gtk_stack_set_visible_child_name (self->thumbnail, "picture");
}

static const char *
pick_icon (ChDocRow *self)
{
  const char *name = ch_attachment_get_name (self->attachment);

  if (name == NULL)
    return "insert-image-symbolic";
  if (g_str_has_suffix (name, ".zip") || g_str_has_suffix (name, ".rar"))
    return "package-x-generic-symbolic";
  return "x-office-document-symbolic";
}

static void
refresh_thumbnail (ChDocRow *self)
{
  GPtrArray *papers = ch_attachment_get_papers (self->attachment);
  ChPaper *first = papers != NULL ? papers->pdata[0] : NULL;

  gtk_image_set_from_icon_name (self->icon, pick_icon (self));
  if (first == self->first
      && (first == NULL || ch_paper_get_turns (first) == ch_paper_get_turns (self->pictured)))
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->pictured);
  self->first = first;
  gtk_stack_set_visible_child_name (self->thumbnail, "icon");
  gtk_picture_set_paintable (self->picture, NULL);
  if (first == NULL)
    return;

  self->pictured = ch_paper_copy (first);
  self->cancellable = g_cancellable_new ();
  ch_thumbnail_load_async (self->pictured, EDGE, self->cancellable, on_thumbnail_cb, g_object_ref (self));
}

/* A broken line, not a wrong file */
static gboolean
may_retry (ChDocRow *self)
{
  const GError *error = ch_attachment_get_error (self->attachment);

  return error != NULL && ch_error_get_fields (error) == NULL
         && ch_attachment_get_papers (self->attachment) != NULL;
}

static void
refresh (ChDocRow *self)
{
  ChAttachmentState state = ch_attachment_get_state (self->attachment);
  gboolean going = state == CH_ATTACHMENT_UPLOADING;
  g_autofree char *status = say_status (self);
  const char *word = state == CH_ATTACHMENT_MISSING ? _ ("Choose…") : _ ("Replace…");
  g_autofree char *choose_name = NULL;
  g_autofree char *changes = NULL;

  refresh_thumbnail (self);
  gtk_label_set_label (self->status, status);
  gtk_progress_bar_set_fraction (self->bar, ch_attachment_get_progress (self->attachment));
  gtk_widget_set_visible (GTK_WIDGET (self->bar), going);
  gtk_widget_set_visible (self->cancel, going);
  gtk_widget_set_visible (self->tick, state == CH_ATTACHMENT_DONE);
  gtk_widget_set_visible (self->retry, may_retry (self));
  gtk_widget_set_visible (GTK_WIDGET (self->choose),
                          state == CH_ATTACHMENT_MISSING
                              || (state == CH_ATTACHMENT_FAILED && !may_retry (self)));
  gtk_widget_set_visible (self->more, state == CH_ATTACHMENT_DONE || state == CH_ATTACHMENT_FAILED);
  gtk_widget_set_sensitive (self->look, ch_attachment_get_name (self->attachment) != NULL);
  g_simple_action_set_enabled (self->pages, ch_attachment_get_papers (self->attachment) != NULL);
  g_simple_action_set_enabled (self->open, ch_attachment_get_name (self->attachment) != NULL);

  gtk_button_set_label (self->choose, word);
  choose_name = g_strdup_printf ("%s %s", word, gtk_label_get_label (self->name));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choose), GTK_ACCESSIBLE_PROPERTY_LABEL, choose_name,
                                  -1);
  changes = ch_format_document_changes ((const char *const *) ch_attachment_list_changes (self->attachment));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), *changes != 0 ? changes : NULL);

  ch_tone_apply (GTK_WIDGET (self), state == CH_ATTACHMENT_DONE ? CH_TONE_OK : CH_TONE_IDLE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->name), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  status, -1);
}

static void
on_notify_cb (ChAttachment *attachment, GParamSpec *pspec, ChDocRow *self)
{
  refresh (self);
  if (g_str_equal (pspec->name, "state"))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_look_clicked_cb (GtkButton *button, ChDocRow *self)
{
  g_signal_emit (self, signals[SIGNAL_OPEN], 0);
}

static void
on_choose_clicked_cb (GtkButton *button, ChDocRow *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOOSE], 0);
}

static void
on_cancel_clicked_cb (GtkButton *button, ChDocRow *self)
{
  g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
}

static void
on_retry_clicked_cb (GtkButton *button, ChDocRow *self)
{
  g_signal_emit (self, signals[SIGNAL_RETRY], 0);
}

static void
on_open_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_OPEN], 0);
}

static void
on_pages_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_PAGES], 0);
}

static void
on_replace_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_CHOOSE], 0);
}

static gboolean
ch_doc_row_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (widget)), direction);
}

static void
ch_doc_row_dispose (GObject *object)
{
  ChDocRow *self = CH_DOC_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->pictured);
  g_clear_object (&self->attachment);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  G_OBJECT_CLASS (ch_doc_row_parent_class)->dispose (object);
}

static void
ch_doc_row_class_init (ChDocRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const names[] = { "choose", "cancel", "changed", "retry", "pages", "open" };

  G_OBJECT_CLASS (klass)->dispose = ch_doc_row_dispose;
  widget_class->focus = ch_doc_row_focus;

  for (gsize i = 0; i < N_SIGNALS; i++)
    signals[i]
        = g_signal_new (names[i], CH_TYPE_DOC_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-doc-row"));
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, look);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, picture);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, name);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, bar);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, tick);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, status);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, choose);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, cancel);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, retry);
  gtk_widget_class_bind_template_child (widget_class, ChDocRow, more);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_look_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked_cb);
}

static void
ch_doc_row_init (ChDocRow *self)
{
  static const GActionEntry entries[]
      = { { "open", on_open_cb }, { "pages", on_pages_cb }, { "replace", on_replace_cb } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  self->open = G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (actions), "open"));
  self->pages = G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (actions), "pages"));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "doc", G_ACTION_GROUP (actions));
}

/**
 * ch_doc_row_new:
 * @attachment: what is shown; the row follows it
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ch_doc_row_new (ChAttachment *attachment)
{
  ChDocRow *self = g_object_new (CH_TYPE_DOC_ROW, NULL);
  const ChDocumentRule *rule = ch_attachment_get_rule (attachment);
  /* Translators: for the screen reader, %s is the name of a document */
  g_autofree char *look_name = g_strdup_printf (_ ("Look at %s"), ch_text_get (rule->name));

  /* Translators: for the screen reader, %s is the name of a document */
  g_autofree char *more_name = g_strdup_printf (_ ("More for %s"), ch_text_get (rule->name));

  self->attachment = g_object_ref (attachment);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_PROPERTY_LABEL, more_name, -1);
  gtk_label_set_label (self->name, ch_text_get (rule->name));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), ch_text_get (rule->note));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->look), GTK_ACCESSIBLE_PROPERTY_LABEL, look_name, -1);
  g_signal_connect_object (attachment, "notify", G_CALLBACK (on_notify_cb), self, 0);
  refresh (self);
  return GTK_WIDGET (self);
}

/**
 * ch_doc_row_get_attachment:
 *
 * Returns: (transfer none): what is shown
 */
ChAttachment *
ch_doc_row_get_attachment (ChDocRow *self)
{
  g_return_val_if_fail (CH_IS_DOC_ROW (self), NULL);

  return self->attachment;
}

/**
 * ch_doc_row_set_message:
 * @message: (nullable): the row below that says what is wrong; %NULL: nothing is
 */
void
ch_doc_row_set_message (ChDocRow *self, GtkWidget *message)
{
  g_return_if_fail (CH_IS_DOC_ROW (self));

  if (message == NULL)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self), "ch-has-message");
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->choose), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
      return;
    }

  gtk_widget_add_css_class (GTK_WIDGET (self), "ch-has-message");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->choose), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  message, NULL, -1);
}

/**
 * ch_doc_row_focus_button:
 *
 * Puts the focus on the button that chooses a file.
 */
void
ch_doc_row_focus_button (ChDocRow *self)
{
  g_return_if_fail (CH_IS_DOC_ROW (self));

  gtk_widget_grab_focus (gtk_widget_get_visible (self->retry) ? self->retry : GTK_WIDGET (self->choose));
}
