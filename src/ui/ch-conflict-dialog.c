#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "front/ch-format.h"
#include "ui/ch-conflict-dialog.h"

#define RESPONSE_THEIRS "theirs"
#define RESPONSE_MINE   "mine"

static void
on_response_cb (AdwMessageDialog *dialog, const char *response, ChRun *run)
{
  /* Meanwhile something else may have happened to the run */
  if (!g_error_matches (ch_run_get_error (run), CH_ERROR, CH_ERROR_CONFLICT))
    return;
  if (g_str_equal (response, RESPONSE_THEIRS))
    ch_run_take_theirs (run);
  else if (g_str_equal (response, RESPONSE_MINE))
    ch_run_next (run);
}

static char *
say_where (const GError *error)
{
  const char *place = ch_error_get_detail (error, "changed-by");
  const char *at = ch_error_get_detail (error, "changed-at");
  gint64 time = 0;
  g_autofree char *when = at != NULL && ch_clock_parse (at, &time) ? ch_format_time (time) : NULL;

  if (place == NULL || when == NULL)
    return g_strdup (_ ("In another window other values were saved meanwhile:"));
  /* Translators: the name of a PC, and a time */
  return g_strdup_printf (_ ("In another window on the PC “%s” other values were saved, %s:"), place, when);
}

/* A value in the user’s words, where it is one of a list */
static char *
name_value (ChRun *run, const ChField *field, const char *value)
{
  g_autoptr (GPtrArray) choices = ch_run_list_choices (run, field);

  for (guint i = 0; i < choices->len; i++)
    if (g_strcmp0 (((const ChChoice *) choices->pdata[i])->id, value) == 0)
      return g_strdup (((const ChChoice *) choices->pdata[i])->label);
  return g_strdup (value != NULL && *value != 0 ? value : _ ("nothing"));
}

static char *
say_what (ChRun *run, GPtrArray *conflicts)
{
  g_autofree char *where = say_where (ch_run_get_error (run));
  GString *text = g_string_new (where);

  for (guint i = 0; i < conflicts->len; i++)
    {
      const ChFieldReason *row = conflicts->pdata[i];
      const ChField *field = ch_field_lookup (row->field);
      g_autofree char *theirs = field != NULL ? name_value (run, field, row->remark) : NULL;
      g_autofree char *mine
          = field != NULL ? name_value (run, field, ch_run_get_answer (run, row->field)) : NULL;

      if (field == NULL)
        continue;
      g_string_append (text, "\n\n");
      /* Translators: name of a field, its value saved elsewhere, its value here */
      g_string_append_printf (text, _ ("%s: there “%s”, here “%s”"), _ (field->label), theirs, mine);
    }

  return g_string_free (text, FALSE);
}

/**
 * ch_conflict_dialog_ask:
 * @run: a run that has failed
 * @above: a widget of the window it is shown in
 *
 * If @run failed because the same fields were changed elsewhere, shows both values and asks which are to
 * stay. Closing the dialog decides nothing: both are still there.
 */
void
ch_conflict_dialog_ask (ChRun *run, GtkWidget *above)
{
  GtkRoot *root = gtk_widget_get_root (above);
  g_autoptr (GPtrArray) conflicts = ch_run_list_conflicts (run);
  g_autofree char *text = NULL;
  GtkWidget *dialog;

  if (conflicts->len == 0)
    return;

  text = say_what (run, conflicts);
  dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                   _ ("Changed in another window"), text);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close", _ ("Look again"), RESPONSE_THEIRS,
                                    _ ("Take over"), RESPONSE_MINE, _ ("Keep mine"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_MINE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_response_cb), run, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
