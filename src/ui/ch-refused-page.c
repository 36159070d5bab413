#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-hero.h"
#include "ui/ch-reason-row.h"
#include "ui/ch-refused-page.h"
#include "wire/ch-policy.h"

struct _ChRefusedPage
{
  ChPage parent_instance;

  GPtrArray
      *reasons; /* (owned) (element-type ChFieldReason): all of this refusal, also those corrected by now */
  GPtrArray *rows; /* (element-type ChReasonRow): in @group, one for each */

  ChHero *hero;               /* template child */
  AdwPreferencesGroup *group; /* template child */
  GtkWidget *submit;          /* template child */
  GtkLabel *why;              /* template child */
};

G_DEFINE_FINAL_TYPE (ChRefusedPage, ch_refused_page, CH_TYPE_PAGE)

/* The server drops a reason once it is mended; the user wants to see what has been done. Kept with the run,
 * as pages come and go. */
#define REASONS_KEY "ch-refused-reasons"

static GPtrArray *
recall_reasons (ChRun *run)
{
  GPtrArray *kept = g_object_get_data (G_OBJECT (run), REASONS_KEY);
  GPtrArray *now = ch_run_get_application (run)->reasons;

  if (kept != NULL)
    return g_ptr_array_ref (kept);

  kept = ch_wire_list_new (&ChFieldReason_wire);
  for (guint i = 0; now != NULL && i < now->len; i++)
    g_ptr_array_add (kept, ch_wire_copy (&ChFieldReason_wire, now->pdata[i]));
  g_object_set_data_full (G_OBJECT (run), REASONS_KEY, kept, (GDestroyNotify) g_ptr_array_unref);
  return g_ptr_array_ref (kept);
}

/* The step on which field or document @id is given */
static const ChStep *
find_step (ChRun *run, const char *id)
{
  GPtrArray *steps = ch_run_get_steps (run);
  gboolean is_document = ch_field_lookup (id) == NULL;

  for (guint i = 0; i < steps->len; i++)
    {
      const ChStep *step = steps->pdata[i];

      if (is_document && step->page == CH_PAGE_DOCUMENTS)
        return step;
      for (gsize j = 0; step->form != NULL && step->form->fields[j] != NULL; j++)
        if (g_str_equal (step->form->fields[j]->id, id))
          return step;
    }

  return NULL;
}

static char *
name_of (ChRun *run, const char *id)
{
  const ChField *field = ch_field_lookup (id);
  const ChDocumentRule *rule = ch_profile_get_document (ch_run_get_profile (run), ch_run_get_axes (run), id);

  if (field != NULL)
    return g_strdup (_ (field->label));
  return g_strdup (rule != NULL ? ch_text_get (rule->name) : id);
}

static char *
say_given (ChRun *run, const char *id)
{
  const char *answer = ch_run_get_answer (run, id);

  if (ch_field_lookup (id) == NULL || answer == NULL || *answer == 0)
    return NULL;
  /* Translators: %s is what the user filled in */
  return g_strdup_printf (_ ("You filled in: %s"), answer);
}

static void
on_open_cb (ChReasonRow *row, ChRefusedPage *self)
{
  const ChStep *step = find_step (ch_page_get_run (CH_PAGE (self)), ch_reason_row_get_field (row));

  if (step != NULL)
    ch_page_ask_open (CH_PAGE (self), step);
}

static void
on_submit_clicked_cb (GtkButton *button, ChRefusedPage *self)
{
  /* The next refusal is another one */
  g_object_set_data (G_OBJECT (ch_page_get_run (CH_PAGE (self))), REASONS_KEY, NULL);
  ch_page_ask_next (CH_PAGE (self));
}

static void
add_rows (ChRefusedPage *self)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));

  self->reasons = recall_reasons (run);
  for (guint i = 0; i < self->reasons->len; i++)
    {
      const ChFieldReason *reason = self->reasons->pdata[i];
      gboolean is_document = ch_field_lookup (reason->field) == NULL;
      g_autofree char *name = name_of (run, reason->field);
      g_autofree char *given = say_given (run, reason->field);
      const char *text = reason->remark != NULL && *reason->remark != 0
                             ? reason->remark
                             : _ (ch_reason_get_text (ch_reason_from_id (reason->reason)));
      GtkWidget *row = ch_reason_row_new (reason->field, name, text, given,
                                          is_document ? _ ("Upload again") : _ ("Correct"));

      g_signal_connect_object (row, "open", G_CALLBACK (on_open_cb), self, 0);
      adw_preferences_group_add (self->group, row);
      g_ptr_array_add (self->rows, row);
    }
}

static void
refresh_hero (ChRefusedPage *self, guint n_open)
{
  g_autofree char *text = NULL;
  g_autofree char *why = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->why), n_open > 0);
  if (n_open == 0)
    {
      ch_hero_set (self->hero, CH_TONE_OK, NULL, _ ("Everything is corrected"),
                   _ ("Submit it again. You need not pay again."));
      return;
    }

  /* Translators: %u is how many fields and documents */
  text = g_strdup_printf (
      ngettext ("%u thing must be corrected. All else was accepted: it need not be filled in "
                "again, and you need not pay again.",
                "%u things must be corrected. All else was accepted: it need not be filled in "
                "again, and you need not pay again.",
                self->rows->len),
      self->rows->len);
  ch_hero_set (self->hero, CH_TONE_BAD, NULL, _ ("The review found mistakes"), text);

  /* Translators: %u is how many fields and documents are still to be corrected */
  why = g_strdup_printf (ngettext ("You can submit again when the %u thing above is corrected.",
                                   "You can submit again when the %u things above are corrected.", n_open),
                         n_open);
  gtk_label_set_label (self->why, why);
}

static void
ch_refused_page_refresh (ChPage *page)
{
  ChRefusedPage *self = CH_REFUSED_PAGE (page);
  ChRun *run = ch_page_get_run (page);
  guint n_open = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const char *field = ch_reason_row_get_field (self->rows->pdata[i]);
      const ChStep *step = find_step (run, field);
      gboolean mended = step == NULL || ch_run_is_done (run, step) || ch_run_get_reason (run, field) == NULL;

      ch_reason_row_set_mended (self->rows->pdata[i], mended);
      ch_reason_row_set_can_open (self->rows->pdata[i],
                                  step != NULL
                                      && (step == ch_run_get_step (run) || ch_run_can_go_to (run, step)));
      n_open += !mended;
    }

  refresh_hero (self, n_open);
  gtk_widget_set_sensitive (self->submit, n_open == 0 && ch_run_get_state (run) != CH_RUN_BUSY);
}

static void
ch_refused_page_focus (ChPage *page)
{
  ChRefusedPage *self = CH_REFUSED_PAGE (page);

  if (gtk_widget_get_sensitive (self->submit))
    {
      gtk_widget_grab_focus (self->submit);
      return;
    }
  for (guint i = 0; i < self->rows->len; i++)
    if (ch_reason_row_grab_button (self->rows->pdata[i]))
      return;
}

static void
ch_refused_page_dispose (GObject *object)
{
  ChRefusedPage *self = CH_REFUSED_PAGE (object);

  adw_bin_set_child (ADW_BIN (object), NULL);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->reasons, g_ptr_array_unref);
  G_OBJECT_CLASS (ch_refused_page_parent_class)->dispose (object);
}

static void
ch_refused_page_class_init (ChRefusedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_refused_page_dispose;
  CH_PAGE_CLASS (klass)->refresh = ch_refused_page_refresh;
  CH_PAGE_CLASS (klass)->focus = ch_refused_page_focus;

  g_type_ensure (CH_TYPE_HERO);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-refused-page"));
  gtk_widget_class_bind_template_child (widget_class, ChRefusedPage, hero);
  gtk_widget_class_bind_template_child (widget_class, ChRefusedPage, group);
  gtk_widget_class_bind_template_child (widget_class, ChRefusedPage, submit);
  gtk_widget_class_bind_template_child (widget_class, ChRefusedPage, why);
  gtk_widget_class_bind_template_callback (widget_class, on_submit_clicked_cb);
}

static void
ch_refused_page_init (ChRefusedPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_refused_page_new:
 * @run: a run whose application was refused
 * @step: where it stands
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
ch_refused_page_new (ChRun *run, const ChStep *step)
{
  ChRefusedPage *self = g_object_new (CH_TYPE_REFUSED_PAGE, NULL);

  ch_page_set_up (CH_PAGE (self), run, step);
  add_rows (self);
  return GTK_WIDGET (self);
}
