#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-lookup-desk.h"
#include "ui/ch-application-detail.h"
#include "ui/ch-applications-view.h"
#include "ui/ch-form-box.h"
#include "ui/ch-hotline.h"
#include "ui/ch-lookup-page.h"
#include "ui/ch-page-header.h"
#include "ui/ch-side-list.h"

struct _ChLookupPage
{
  AdwBin parent_instance;

  ChFront *front;              /* (owned) */
  GCancellable *cancellable;   /* (owned): ends the waiting when the page goes */
  ChFormBox *fields;           /* (unowned) */
  GListStore *found;           /* (owned) (element-type ChApplicationItem) */
  ChApplicationDetail *detail; /* (unowned): in the list */
  gboolean is_busy;

  ChErrorBar *error_bar;  /* template child */
  GtkStack *stack;        /* template child */
  GtkWidget *form;        /* template child */
  ChPageHeader *header;   /* template child */
  GtkBox *groups;         /* template child */
  AdwWindowTitle *title;  /* template child */
  GtkStack *button_stack; /* template child */
  GtkButton *look_up;     /* template child */
  ChSideList *list;       /* template child */
  GtkWidget *again;       /* template child */
};

enum
{
  SIGNAL_BACK,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const ChFormCode code_by_sms = { .field = "handler-mobile", .purpose = CH_SMS_LOOKUP };

G_DEFINE_FINAL_TYPE (ChLookupPage, ch_lookup_page, ADW_TYPE_BIN)

static gboolean
shows_found (ChLookupPage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "found") == 0;
}

static void
set_busy (ChLookupPage *self, gboolean is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (self->form, !is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->look_up), !is_busy);
  gtk_stack_set_visible_child_name (self->button_stack, is_busy ? "busy" : "text");
}

static void
show_form (ChLookupPage *self)
{
  g_list_store_remove_all (self->found);
  ch_application_detail_set_item (self->detail, NULL);
  gtk_stack_set_visible_child_name (self->stack, "form");
  ch_form_box_focus (self->fields);
}

static const char *
get_key (gpointer item)
{
  return ch_application_item_get_id (item);
}

/* The first of them is looked at at once; when narrow the list comes first */
static void
show_found (ChLookupPage *self, const ChLookupList *list)
{
  g_autoptr (GPtrArray) items = ch_lookup_desk_make_items (ch_front_get_ports (self->front), list);

  g_list_store_splice (self->found, 0, g_list_model_get_n_items (G_LIST_MODEL (self->found)), items->pdata,
                       items->len);
  gtk_stack_set_visible_child_name (self->stack, "found");
  if (items->len > 0)
    gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_grab_focus (self->again);
}

static void
on_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChLookupPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChLookupList) list = ch_lookup_desk_find_finish (CH_PORTS (source), result, &error);

  /* Left meanwhile */
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  set_busy (self, FALSE);
  if (list == NULL)
    {
      ch_form_box_show_error (self->fields, error);
      return;
    }
  /* The code is used up */
  ch_form_box_clear_secrets (self->fields);
  show_found (self, list);
}

static void
start (ChLookupPage *self)
{
  g_autoptr (GHashTable) answers = NULL;
  g_autoptr (ChSecret) code = NULL;

  if (self->is_busy || !ch_form_box_check (self->fields))
    return;

  set_busy (self, TRUE);
  answers = ch_form_box_collect (self->fields);
  code = ch_form_box_copy_secret (self->fields, "sms-code");
  ch_lookup_desk_find_async (ch_front_get_ports (self->front),
                             g_hash_table_lookup (answers, "document-number"),
                             g_hash_table_lookup (answers, "handler-mobile"), code, self->cancellable,
                             on_found_cb, g_object_ref (self));
}

static void
on_look_up_clicked_cb (GtkButton *button, ChLookupPage *self)
{
  start (self);
}

static void
on_done_cb (ChFormBox *fields, ChLookupPage *self)
{
  start (self);
}

static void
on_retry_cb (ChErrorBar *bar, ChLookupPage *self)
{
  start (self);
}

static void
on_again_clicked_cb (GtkButton *button, ChLookupPage *self)
{
  show_form (self);
}

static void
on_chosen_cb (ChSideList *list, GObject *object, ChLookupPage *self)
{
  ch_application_detail_set_item (self->detail, object != NULL ? CH_APPLICATION_ITEM (object) : NULL);
}

static void
on_back_clicked_cb (GtkButton *button, ChLookupPage *self)
{
  if (!ch_lookup_page_go_back (self))
    g_signal_emit (self, signals[SIGNAL_BACK], 0);
}

static void
ch_lookup_page_dispose (GObject *object)
{
  ChLookupPage *self = CH_LOOKUP_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->front);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_LOOKUP_PAGE);
  G_OBJECT_CLASS (ch_lookup_page_parent_class)->dispose (object);
}

static void
ch_lookup_page_finalize (GObject *object)
{
  ChLookupPage *self = CH_LOOKUP_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->found);
  G_OBJECT_CLASS (ch_lookup_page_parent_class)->finalize (object);
}

static void
ch_lookup_page_class_init (ChLookupPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_lookup_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_lookup_page_finalize;

  signals[SIGNAL_BACK]
      = g_signal_new ("back", CH_TYPE_LOOKUP_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (CH_TYPE_ERROR_BAR);
  g_type_ensure (CH_TYPE_HOTLINE);
  g_type_ensure (CH_TYPE_PAGE_HEADER);
  g_type_ensure (CH_TYPE_SIDE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-lookup-page"));
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, title);
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, stack);
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, form);
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, header);
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, groups);
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, button_stack);
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, look_up);
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, list);
  gtk_widget_class_bind_template_child (widget_class, ChLookupPage, again);
  gtk_widget_class_bind_template_callback (widget_class, on_look_up_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_again_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked_cb);
}

static void
ch_lookup_page_init (ChLookupPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->found = g_list_store_new (CH_TYPE_APPLICATION_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_page_header_set_title (self->header, _ (ch_form_lookup.title));
  ch_page_header_set_description (self->header, _ (ch_form_lookup.lead));
  self->detail = CH_APPLICATION_DETAIL (ch_application_detail_new ());
  ch_application_detail_set_read_only (self->detail);
  ch_side_list_set_detail (self->list, GTK_WIDGET (self->detail));
  ch_side_list_set_title (self->list, _ ("Applications found"));
  ch_side_list_set_model (self->list, G_LIST_MODEL (self->found), ch_applications_view_fill_row, get_key);
}

/**
 * ch_lookup_page_new:
 * @front: that knows the CA; who is logged in there stays so
 *
 * Returns: (transfer floating): a page
 */
GtkWidget *
ch_lookup_page_new (ChFront *front)
{
  ChLookupPage *self = g_object_new (CH_TYPE_LOOKUP_PAGE, NULL);
  const ChProfile *profile = ch_front_get_profile (front);

  self->front = g_object_ref (front);
  if (profile != NULL)
    adw_window_title_set_subtitle (self->title, ch_text_get (profile->short_name));
  self->fields = CH_FORM_BOX (ch_form_box_new (front, &ch_form_lookup, &code_by_sms, NULL));
  ch_form_box_set_error_bar (self->fields, self->error_bar);
  g_signal_connect_object (self->fields, "done", G_CALLBACK (on_done_cb), self, 0);
  gtk_box_append (self->groups, GTK_WIDGET (self->fields));
  set_busy (self, FALSE);
  return GTK_WIDGET (self);
}

/**
 * ch_lookup_page_focus:
 *
 * Puts the focus on the first field that is empty.
 */
void
ch_lookup_page_focus (ChLookupPage *self)
{
  g_return_if_fail (CH_IS_LOOKUP_PAGE (self));

  ch_form_box_focus (self->fields);
}

/**
 * ch_lookup_page_go_back:
 *
 * Goes one step back within the page: from one application to the list, from the list to the form.
 *
 * Returns: whether there was such a step
 */
gboolean
ch_lookup_page_go_back (ChLookupPage *self)
{
  g_return_val_if_fail (CH_IS_LOOKUP_PAGE (self), FALSE);

  if (!shows_found (self))
    return FALSE;
  if (ch_side_list_is_in_detail (self->list))
    ch_side_list_go_back (self->list);
  else
    show_form (self);
  return TRUE;
}
