#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-confirm-page.h"
#include "front/ch-format.h"
#include "ui/ch-page-header.h"
#include "ui/ch-property-row.h"
#include "wire/ch-policy.h"

#define STEP_KEY "ch-step"

struct _ChConfirmPage
{
  ChPage parent_instance;

  GtkBox *groups; /* in the content */
};

G_DEFINE_FINAL_TYPE (ChConfirmPage, ch_confirm_page, CH_TYPE_PAGE)

static void
on_change_clicked_cb (GtkButton *button, ChConfirmPage *self)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  const ChStep *step = g_object_get_data (G_OBJECT (button), STEP_KEY);

  if (ch_run_can_go_to (run, step))
    ch_run_go_to (run, step);
}

static AdwPreferencesGroup *
add_group (ChConfirmPage *self, const ChStep *step, const char *title)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  GtkWidget *change;
  g_autofree char *name = NULL;

  adw_preferences_group_set_title (group, title);
  gtk_box_append (self->groups, GTK_WIDGET (group));
  if (step == ch_page_get_step (CH_PAGE (self)) || !ch_run_can_go_to (run, step))
    return group;

  change = gtk_button_new_with_label (_ ("Change"));
  /* Translators: %s is the title of a group of fields: Change: Unit */
  name = g_strdup_printf (_ ("Change: %s"), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (change), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (change, "flat");
  g_object_set_data (G_OBJECT (change), STEP_KEY, (gpointer) step);
  g_signal_connect_object (change, "clicked", G_CALLBACK (on_change_clicked_cb), self, 0);
  adw_preferences_group_set_header_suffix (group, change);
  return group;
}

/* What was chosen is said in the words it was chosen by */
static char *
name_answer (ChRun *run, const ChField *field, const char *answer)
{
  g_autoptr (GPtrArray) choices = ch_run_list_choices (run, field);

  for (guint i = 0; i < choices->len; i++)
    {
      const ChChoice *choice = choices->pdata[i];

      if (g_strcmp0 (choice->id, answer) == 0)
        return g_strdup (choice->label);
    }

  return answer != NULL && *answer != 0 ? g_strdup (answer) : NULL;
}

/* What is to be changed says from what to what */
static char *
say_answer (ChRun *run, const ChForm *form, const ChField *field)
{
  const ChApplication *application = ch_run_get_application (run);
  GHashTable *before = application != NULL && (form->fact & (CH_FACT_SUBJECT | CH_FACT_HANDLER)) != 0
                           ? application->before
                           : NULL;
  g_autofree char *was
      = before != NULL ? name_answer (run, field, g_hash_table_lookup (before, field->id)) : NULL;
  g_autofree char *now = name_answer (run, field, ch_run_get_answer (run, field->id));
  char *text = ch_format_change (was, now, before != NULL);

  return text != NULL ? text : g_strdup (_ ("Not given"));
}

static void
add_form (ChConfirmPage *self, const ChStep *step)
{
  ChRun *run = ch_page_get_run (CH_PAGE (self));
  AdwPreferencesGroup *group = NULL;
  const char *title = NULL;

  for (gsize i = 0; step->form->fields[i] != NULL; i++)
    {
      const ChField *field = step->form->fields[i];
      g_autofree char *value = NULL;

      if (ch_field_is_secret (field) || !ch_field_is_asked (field, ch_run_get_answers (run)))
        continue;
      /* Of what is only shown, what is not there is no gap */
      if (step == ch_page_get_step (CH_PAGE (self)) && ch_run_get_answer (run, field->id) == NULL)
        continue;
      if (group == NULL || g_strcmp0 (title, field->group) != 0)
        group = add_group (self, step, _ (field->group));
      title = field->group;
      value = say_answer (run, step->form, field);
      adw_preferences_group_add (group, ch_property_row_new (_ (field->label), value, FALSE));
    }
}

static void
add_documents (ChConfirmPage *self, const ChStep *step)
{
  GListModel *attachments = ch_run_get_attachments (ch_page_get_run (CH_PAGE (self)));
  AdwPreferencesGroup *group = add_group (self, step, _ ("Documents"));

  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (attachments, i);
      const char *name = ch_attachment_get_name (attachment);

      adw_preferences_group_add (group,
                                 ch_property_row_new (ch_text_get (ch_attachment_get_rule (attachment)->name),
                                                      name != NULL ? name : _ ("Not given"), FALSE));
    }
}

static void
ch_confirm_page_refresh (ChPage *page)
{
  ch_page_set_busy (page, ch_run_get_state (ch_page_get_run (page)) == CH_RUN_BUSY);
}

/* Nothing to type here: the frame puts the focus on its button */
static void
ch_confirm_page_focus (ChPage *page)
{
}

static const char *
ch_confirm_page_get_next_label (ChPage *page)
{
  const ChStep *step = ch_page_get_step (page);

  return step->deed != NULL ? _ (step->deed) : _ ("Submit");
}

static void
ch_confirm_page_class_init (ChConfirmPageClass *klass)
{
  CH_PAGE_CLASS (klass)->refresh = ch_confirm_page_refresh;
  CH_PAGE_CLASS (klass)->focus = ch_confirm_page_focus;
  CH_PAGE_CLASS (klass)->get_next_label = ch_confirm_page_get_next_label;
}

static void
ch_confirm_page_init (ChConfirmPage *self)
{
}

/**
 * ch_confirm_page_new:
 * @run: the run
 * @step: the step that hands in
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
ch_confirm_page_new (ChRun *run, const ChStep *step)
{
  ChConfirmPage *self = g_object_new (CH_TYPE_CONFIRM_PAGE, NULL);
  GPtrArray *steps = ch_run_get_steps (run);
  g_autofree char *more = ch_run_explain (run, step);

  ch_page_set_up (CH_PAGE (self), run, step);
  self->groups = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 24));
  gtk_box_append (self->groups, ch_page_header_new (_ (step->title), more != NULL         ? more
                                                                     : step->lead != NULL ? _ (step->lead)
                                                                                          : NULL));

  /* What the step itself has to show comes first: nobody typed it, and it is what is to be checked */
  if (step->form != NULL)
    add_form (self, step);
  for (guint i = 0; i < steps->len && steps->pdata[i] != step; i++)
    {
      const ChStep *before = steps->pdata[i];

      if (before->form != NULL)
        add_form (self, before);
      else if (before->page == CH_PAGE_DOCUMENTS)
        add_documents (self, before);
    }
  ch_page_set_content (CH_PAGE (self), GTK_WIDGET (self->groups), 600);
  return GTK_WIDGET (self);
}
