#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "front/ch-format.h"
#include "front/ch-verify-list.h"
#include "ui/ch-fact-row.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-hero.h"
#include "ui/ch-hotline.h"
#include "ui/ch-page-header.h"
#include "ui/ch-possession-group.h"
#include "ui/ch-property-row.h"
#include "ui/ch-tone.h"
#include "ui/ch-verify-row.h"
#include "ui/ch-verify-window.h"

struct _ChVerifyWindow
{
  AdwWindow parent_instance;

  ChFront *front;            /* (owned) (nullable) */
  ChVerifier *verifier;      /* (owned): knows whom to trust */
  ChVerifyList *list;        /* (owned) */
  GCancellable *cancellable; /* (owned): ends with the window */
  GPtrArray *mine_rows;      /* (unowned elements): in their group */
  guint n_trusted;           /* CAs that are trusted */
  ChVerifyItem *shown;       /* (owned) (nullable): the one whose page was shown last */
  gulong report_id;          /* handler on @shown, 0 when none */
  gboolean is_by_list;       /* Back from a certificate leads to the list */
  gboolean is_waiting;       /* to know whom to trust, before anything is looked at */

  AdwToastOverlay *toasts;   /* template child */
  GtkWidget *back;           /* template child */
  GtkWidget *save;           /* template child */
  ChHotline *hotline;        /* template child */
  GtkStack *stack;           /* template child */
  GtkWidget *drop;           /* template child */
  GtkWidget *choose;         /* template child */
  AdwPreferencesGroup *mine; /* template child */
  AdwActionRow *trusted;     /* template child */
  GtkWidget *summary;        /* template child */
  GtkImage *summary_glyph;   /* template child */
  GtkLabel *headline;        /* template child */
  GtkLabel *sentence;        /* template child */
  GtkSpinner *spinner;       /* template child */
  GtkListView *view;         /* template child */
  GtkBox *detail;            /* template child */
};

G_DEFINE_FINAL_TYPE (ChVerifyWindow, ch_verify_window, ADW_TYPE_WINDOW)

/* What a file of certificates is mostly called */
static const char *const formats[] = { "cer", "crt", "pem", "der", "p7b", "p7c", "crl", NULL };

static void
tell (ChVerifyWindow *self, const char *text)
{
  adw_toast_overlay_add_toast (self->toasts, ch_ui_make_toast (text));
}

static void
show_page (ChVerifyWindow *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->back, !g_str_equal (name, "start"));
  gtk_widget_set_visible (self->save, g_str_equal (name, "list"));
  gtk_window_set_title (GTK_WINDOW (self), _ ("Verify certificates"));
}

/* -- One certificate ------------------------------------------------------------------------------------- */

static GtkWidget *
make_checks (const ChVerifyReport *report)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("What was looked at"));
  for (guint i = 0; i < report->checks->len; i++)
    {
      const ChVerifyCheck *check = report->checks->pdata[i];
      GtkWidget *row = ch_fact_row_new (_ (check->label));

      /* The words are sentences here: they stand below, and the state beside */
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), check->text);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
      ch_fact_row_set (CH_FACT_ROW (row), ch_verify_outcome_get_tone (check->outcome),
                       check->outcome == CH_VERIFY_PASSED   ? ""
                       : check->outcome == CH_VERIFY_FAILED ? _ ("Wrong")
                                                            : _ ("Not known"));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  return group;
}

static GtkWidget *
make_properties (ChVerifyItem *item)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr (GPtrArray) list = ch_verify_item_list_properties (item);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("What it says"));
  for (guint i = 0; i < list->len; i++)
    {
      const ChProperty *property = list->pdata[i];

      adw_preferences_group_add (
          ADW_PREFERENCES_GROUP (group),
          ch_property_row_new (_ (property->label), property->value, property->is_code));
    }
  return group;
}

/* What follows from the verdict, for somebody who has to decide */
static const char *
get_advice (ChVerifyItem *item)
{
  const GError *error = ch_verify_item_get_error (item);

  if (error != NULL)
    return _ (ch_error_get_info (error)->todo);
  switch (ch_verify_item_get_verdict (item))
    {
    case CH_VERIFY_PASSED:
      return _ ("Its chain, dates and usage are right, and it was not revoked.");
    case CH_VERIFY_FAILED:
      return _ ("Do not rely on it. Ask its holder for a valid certificate.");
    case CH_VERIFY_UNKNOWN:
    default:
      return _ ("Nothing is wrong with it, but not everything could be found out. Try again with a network.");
    }
}

static void on_report_cb (ChVerifyWindow *self);

static void
follow_item (ChVerifyWindow *self, ChVerifyItem *item)
{
  if (self->shown != NULL)
    g_clear_signal_handler (&self->report_id, self->shown);
  g_set_object (&self->shown, item);
  if (item != NULL)
    self->report_id = g_signal_connect_swapped (item, "notify::report", G_CALLBACK (on_report_cb), self);
}

static void
show_item (ChVerifyWindow *self, ChVerifyItem *item)
{
  const ChVerifyReport *report = ch_verify_item_get_report (item);
  ChTone tone = ch_verify_outcome_get_tone (ch_verify_item_get_verdict (item));
  GtkWidget *hero = ch_hero_new ();
  GtkWidget *possession
      = self->front != NULL ? ch_possession_group_new (self->front, item, self->cancellable) : NULL;
  GtkWidget *child;

  follow_item (self, item);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->detail))) != NULL)
    gtk_box_remove (self->detail, child);

  ch_hero_set (CH_HERO (hero), tone, ch_tone_get_icon (tone), ch_verify_item_get_sentence (item),
               get_advice (item));
  gtk_box_append (self->detail, hero);
  if (report != NULL)
    gtk_box_append (self->detail, make_checks (report));
  if (possession != NULL)
    gtk_box_append (self->detail, possession);
  gtk_box_append (self->detail, make_properties (item));
  show_page (self, "detail");
  /* So that one of several windows is found again */
  if (ch_verify_item_get_der (item) != NULL)
    gtk_window_set_title (GTK_WINDOW (self), ch_verify_item_get_source (item));
  gtk_widget_grab_focus (self->back);
}

/* Something was added to what is shown */
static void
on_report_cb (ChVerifyWindow *self)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "detail") != 0)
    return;
  if (!ch_verify_list_is_busy (self->list))
    ch_verify_list_recount (self->list);
  show_item (self, self->shown);
}

/* -- The list -------------------------------------------------------------------------------------------- */

static void
refresh_summary (ChVerifyWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  guint n_good = ch_verify_list_count (self->list, CH_VERIFY_PASSED);
  guint n_bad = ch_verify_list_count (self->list, CH_VERIFY_FAILED);
  guint n_open = ch_verify_list_count (self->list, CH_VERIFY_UNKNOWN);
  gboolean is_busy = self->is_waiting || ch_verify_list_is_busy (self->list);
  ChTone tone = is_busy ? CH_TONE_INFO : n_bad > 0 ? CH_TONE_BAD : n_open > 0 ? CH_TONE_WARN : CH_TONE_OK;
  g_autofree char *sentence = NULL;
  g_autofree char *headline = NULL;

  if (is_busy)
    headline = g_strdup (_ ("Being looked at…"));
  else if (n_bad > 0)
    headline = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u certificate is not valid", "%u certificates are not valid", n_bad),
        n_bad);
  else if (n_open > 0)
    headline = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u certificate is not certain",
                                             "%u certificates are not certain", n_open),
                                n_open);
  else
    headline = g_strdup (_ ("All certificates are valid"));
  /* Translators: numbers of certificates */
  sentence = g_strdup_printf (_ ("%1$u of %2$u looked at: %3$u valid, %4$u not valid, %5$u not certain"),
                              n_good + n_bad + n_open, n, n_good, n_bad, n_open);

  ch_tone_apply (self->summary, tone);
  gtk_image_set_from_icon_name (self->summary_glyph, ch_tone_get_icon (tone));
  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->sentence, sentence);
  gtk_spinner_set_spinning (self->spinner, is_busy);
  gtk_widget_set_sensitive (self->save, !is_busy);
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChVerifyWindow) self = user_data;
  ChVerifyList *list = CH_VERIFY_LIST (source);
  gboolean is_done = ch_verify_list_check_finish (list, result, NULL);

  /* Gone, or something else is looked at by now */
  if (!is_done || list != self->list)
    return;
  refresh_summary (self);
  if (g_list_model_get_n_items (G_LIST_MODEL (list)) == 1)
    {
      g_autoptr (ChVerifyItem) single = g_list_model_get_item (G_LIST_MODEL (list), 0);

      self->is_by_list = FALSE;
      show_item (self, single);
    }
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* Opened by a file, the window is there before it is known whom to trust */
static gboolean
is_connecting (ChVerifyWindow *self)
{
  return self->front != NULL && self->n_trusted == 0
         && (ch_front_get_state (self->front) == CH_FRONT_IDLE
             || ch_front_get_state (self->front) == CH_FRONT_CONNECTING);
}

static void
look (ChVerifyWindow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  if (n == 0)
    {
      show_page (self, "start");
      tell (self, _ ("There are only lists of revoked certificates; they will be used"));
      return;
    }
  self->is_by_list = n > 1;
  show_page (self, "list");
  self->is_waiting = is_connecting (self);
  if (self->is_waiting)
    return;
  ch_verify_list_check_async (self->list, self->cancellable, on_looked_cb, g_object_ref (self));
  refresh_summary (self);
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChVerifyWindow) self = user_data;
  ChVerifyList *list = CH_VERIFY_LIST (source);

  if (ch_verify_list_add_paths_finish (list, result, NULL) && list == self->list)
    look (self);
}

static void
on_setup_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  gtk_list_item_set_child (item, ch_verify_row_new ());
}

static void
on_bind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  ch_verify_row_set_item (CH_VERIFY_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
on_unbind_cb (GtkListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  ch_verify_row_set_item (CH_VERIFY_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
on_row_activated_cb (GtkListView *view, guint position, ChVerifyWindow *self)
{
  g_autoptr (ChVerifyItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (item != NULL && (ch_verify_item_get_report (item) != NULL || ch_verify_item_get_error (item) != NULL))
    show_item (self, item);
}

/* What was looked at before is over; a thread that is still at it keeps its own list */
static void
begin (ChVerifyWindow *self)
{
  g_autoptr (GtkSingleSelection) selection = NULL;

  g_set_object (&self->list, NULL);
  self->list = ch_verify_list_new (self->verifier);
  g_signal_connect_object (self->list, "notify::busy", G_CALLBACK (refresh_summary), self, G_CONNECT_SWAPPED);
  selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->list)));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

/* -- Where certificates come from ------------------------------------------------------------------------ */

static void
look_at_files (ChVerifyWindow *self, GListModel *files)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) paths = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      if (g_file_peek_path (file) != NULL)
        g_strv_builder_add (builder, g_file_peek_path (file));
    }
  paths = g_strv_builder_end (builder);
  if (paths[0] != NULL)
    ch_verify_window_look_at_files (self, (const char *const *) paths);
}

static void
on_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GListModel) files = ch_file_picker_open_finish (GTK_WIDGET (source), result, NULL);

  if (files != NULL)
    look_at_files (CH_VERIFY_WINDOW (source), files);
}

static void
on_choose_clicked_cb (GtkButton *button, ChVerifyWindow *self)
{
  ch_file_picker_open_async (GTK_WIDGET (self), _ ("Choose certificates"), formats, on_chosen_cb, NULL);
}

static gboolean
on_drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, ChVerifyWindow *self)
{
  GSList *dropped = g_value_get_boxed (value);
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);

  for (GSList *l = dropped; l != NULL; l = l->next)
    g_list_store_append (files, l->data);
  look_at_files (self, G_LIST_MODEL (files));
  return TRUE;
}

static void
on_drop_enter_cb (GtkDropTarget *target, GParamSpec *pspec, ChVerifyWindow *self)
{
  if (gtk_drop_target_get_current_drop (target) != NULL)
    gtk_widget_add_css_class (self->drop, "active");
  else
    gtk_widget_remove_css_class (self->drop, "active");
}

static void
on_mine_clicked_cb (GtkButton *button, ChVerifyWindow *self)
{
  ch_verify_window_look_at_cert (self, g_object_get_data (G_OBJECT (button), "cert"));
}

static void
refresh_mine (ChVerifyWindow *self)
{
  GListModel *certs = self->front != NULL ? G_LIST_MODEL (ch_front_get_certs (self->front)) : NULL;

  for (guint i = 0; i < self->mine_rows->len; i++)
    adw_preferences_group_remove (self->mine, self->mine_rows->pdata[i]);
  g_ptr_array_set_size (self->mine_rows, 0);

  for (guint i = 0; certs != NULL && i < g_list_model_get_n_items (certs); i++)
    {
      g_autoptr (ChCertItem) cert = g_list_model_get_item (certs, i);
      g_autofree char *until = NULL;
      g_autofree char *name = NULL;
      GtkWidget *row, *button;

      if (ch_cert_item_get_der (cert) == NULL)
        continue;
      until = ch_format_iso_date (ch_cert_item_get_not_after (cert));
      row = adw_action_row_new ();
      button = gtk_button_new_with_label (_ ("Verify"));
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_object_set_data_full (G_OBJECT (button), "cert", g_object_ref (cert), g_object_unref);
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_mine_clicked_cb), self, 0);
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), ch_cert_item_get_name (cert));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), until);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
      /* Translators: %s is the holder of a certificate */
      name = g_strdup_printf (_ ("Verify the certificate of %s"), ch_cert_item_get_name (cert));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      adw_preferences_group_add (self->mine, row);
      g_ptr_array_add (self->mine_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->mine), self->mine_rows->len > 0);
}

/* -- Whom to trust --------------------------------------------------------------------------------------- */

static void
refresh_trusted (ChVerifyWindow *self)
{
  const ChProfile *profile = self->front != NULL ? ch_front_get_profile (self->front) : NULL;
  g_autofree char *count = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u CA certificate", "%u CA certificates", self->n_trusted),
      self->n_trusted);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->trusted),
                                 profile != NULL ? ch_text_get (profile->name) : _ ("No CA is connected"));
  adw_action_row_set_subtitle (
      self->trusted, self->n_trusted > 0 ? count
                                         : _ ("Without a trusted CA no certificate is valid: add its "
                                              "certificate, or connect to the CA."));
}

static void
on_profile_cb (ChVerifyWindow *self)
{
  const ChProfile *profile = ch_front_get_profile (self->front);

  if (profile != NULL && profile->roots != NULL && self->n_trusted == 0)
    for (guint i = 0; i < profile->roots->len; i++)
      {
        const ChTrustedRoot *root = profile->roots->pdata[i];

        ch_verifier_add_trusted (self->verifier, root->der);
        self->n_trusted++;
      }
  refresh_trusted (self);
  if (self->is_waiting && !is_connecting (self))
    look (self);
}

static void
on_trust_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChVerifyWindow *self = CH_VERIFY_WINDOW (source);
  g_autoptr (GListModel) files = ch_file_picker_open_finish (GTK_WIDGET (self), result, NULL);

  for (guint i = 0; files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) certs = ch_verifier_read_certs (g_file_peek_path (file), &error);

      for (guint k = 0; certs != NULL && k < certs->len; k++)
        ch_verifier_add_trusted (self->verifier, certs->pdata[k]);
      if (certs != NULL)
        self->n_trusted += certs->len;
      else
        tell (self, _ (ch_error_get_info (error)->title));
    }
  refresh_trusted (self);
}

static void
on_trust_clicked_cb (GtkButton *button, ChVerifyWindow *self)
{
  ch_file_picker_open_async (GTK_WIDGET (self), _ ("Choose the CA’s certificate"), formats,
                             on_trust_chosen_cb, NULL);
}

/* -- Deeds ----------------------------------------------------------------------------------------------- */

static void
go_back (ChVerifyWindow *self)
{
  gboolean is_detail = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "detail") == 0;

  show_page (self, is_detail && self->is_by_list ? "list" : "start");
  gtk_widget_grab_focus (is_detail && self->is_by_list ? GTK_WIDGET (self->view) : self->choose);
}

static void
on_back (GtkWidget *widget, const char *name, GVariant *target)
{
  go_back (CH_VERIFY_WINDOW (widget));
}

static void
on_back_clicked_cb (GtkButton *button, ChVerifyWindow *self)
{
  go_back (self);
}

static void
on_copy (GtkWidget *widget, const char *name, GVariant *target)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (target, NULL));
  tell (CH_VERIFY_WINDOW (widget), _ ("Copied"));
}

static void
on_save_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChVerifyWindow *self = CH_VERIFY_WINDOW (source);
  g_autoptr (GFile) file = ch_file_picker_save_finish (GTK_WIDGET (self), result, NULL);
  g_autoptr (GError) error = NULL;

  if (file == NULL)
    return;
  if (g_file_peek_path (file) != NULL
      && ch_verify_list_save_csv (self->list, g_file_peek_path (file), &error))
    tell (self, _ ("Table saved"));
  else
    tell (self, _ (ch_error_code_get_info (CH_ERROR_FILE)->title));
}

static void
on_save_clicked_cb (GtkButton *button, ChVerifyWindow *self)
{
  ch_file_picker_save_async (GTK_WIDGET (self), _ ("Save the table"), "certificates.csv", on_save_chosen_cb,
                             NULL);
}

/* -- GObject -----------------------------------------------------------------------------------------------
 */

static gboolean
ch_verify_window_close_request (GtkWindow *window)
{
  g_cancellable_cancel (CH_VERIFY_WINDOW (window)->cancellable);
  return GTK_WINDOW_CLASS (ch_verify_window_parent_class)->close_request (window);
}

static void
ch_verify_window_dispose (GObject *object)
{
  ChVerifyWindow *self = CH_VERIFY_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  follow_item (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_VERIFY_WINDOW);
  G_OBJECT_CLASS (ch_verify_window_parent_class)->dispose (object);
}

static void
ch_verify_window_finalize (GObject *object)
{
  ChVerifyWindow *self = CH_VERIFY_WINDOW (object);

  g_clear_object (&self->front);
  g_clear_object (&self->verifier);
  g_clear_object (&self->list);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->mine_rows);

  G_OBJECT_CLASS (ch_verify_window_parent_class)->finalize (object);
}

static void
ch_verify_window_class_init (ChVerifyWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_verify_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_verify_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = ch_verify_window_close_request;

  g_type_ensure (CH_TYPE_HOTLINE);
  g_type_ensure (CH_TYPE_PAGE_HEADER);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-verify-window"));
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, back);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, save);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, hotline);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, drop);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, choose);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, mine);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, trusted);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, summary_glyph);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, headline);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, sentence);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, view);
  gtk_widget_class_bind_template_child (widget_class, ChVerifyWindow, detail);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_trust_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_install_action (widget_class, "verify.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "win.copy", "s", on_copy);
}

static void
ch_verify_window_init (ChVerifyWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->cancellable = g_cancellable_new ();
  self->mine_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind_cb), NULL);
  gtk_list_view_set_factory (self->view, factory);
  g_object_unref (factory);

  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop_cb), self, 0);
  g_signal_connect_object (target, "notify::current-drop", G_CALLBACK (on_drop_enter_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  show_page (self, "start");
}

/**
 * ch_verify_window_new:
 * @front: (nullable): knows the CA and the certificates here
 *
 * Returns: (transfer full): the window
 */
GtkWidget *
ch_verify_window_new (GtkApplication *application, ChFront *front)
{
  ChVerifyWindow *self = g_object_new (CH_TYPE_VERIFY_WINDOW, "application", application, NULL);
  ChFetcher *fetcher = front != NULL ? ch_ports_get_fetcher (ch_front_get_ports (front)) : NULL;

  self->verifier = ch_verifier_new (fetcher);
  begin (self);
  if (front != NULL)
    {
      self->front = g_object_ref (front);
      ch_hotline_set_front (self->hotline, front);
      g_signal_connect_object (front, "notify::state", G_CALLBACK (on_profile_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (ch_front_get_certs (front), "items-changed", G_CALLBACK (refresh_mine), self,
                               G_CONNECT_SWAPPED);
      on_profile_cb (self);
    }
  refresh_trusted (self);
  refresh_mine (self);
  return GTK_WIDGET (self);
}

/**
 * ch_verify_window_look_at_files:
 * @paths: files and folders
 *
 * Begins anew with what is in them.
 */
void
ch_verify_window_look_at_files (ChVerifyWindow *self, const char *const *paths)
{
  g_return_if_fail (CH_IS_VERIFY_WINDOW (self));

  begin (self);
  self->is_by_list = TRUE;
  show_page (self, "list");
  ch_verify_list_add_paths_async (self->list, paths, self->cancellable, on_read_cb, g_object_ref (self));
  refresh_summary (self);
}

/**
 * ch_verify_window_look_at_cert:
 * @item: a certificate on a token here, or of the account
 *
 * Begins anew with that one.
 */
void
ch_verify_window_look_at_cert (ChVerifyWindow *self, ChCertItem *item)
{
  g_return_if_fail (CH_IS_VERIFY_WINDOW (self));

  begin (self);
  ch_verify_list_add_cert (self->list, _ ("This PC"), ch_cert_item_get_der (item));
  look (self);
}
