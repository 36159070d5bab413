#include "config.h"

#include <glib/gi18n.h>

#include "programs/certhall-demo-desk-refusal.h"
#include "wire/ch-field.h"

#define RESPONSE_REFUSE "refuse"

/* The dialog in which a reviewer says what is wrong */
typedef struct
{
  char *application;
  GtkStringList *ids; /* (owned): fields and documents, beside what the row shows */
  AdwComboRow *field;
  AdwEntryRow *remark;
  ChDeskRefusalFunc func;
  gpointer user_data;
} Refusal;

static void
refusal_free (gpointer data, GClosure *closure)
{
  Refusal *self = data;

  g_free (self->application);
  g_object_unref (self->ids);
  g_free (self);
}

static void
on_response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Refusal *self = user_data;
  g_autoptr (GPtrArray) reasons = NULL;
  ChFieldReason *reason;
  const char *remark = gtk_editable_get_text (GTK_EDITABLE (self->remark));

  if (!g_str_equal (response, RESPONSE_REFUSE))
    return;

  reasons = ch_wire_list_new (&ChFieldReason_wire);
  reason = ch_wire_new (&ChFieldReason_wire);
  reason->field = g_strdup (gtk_string_list_get_string (self->ids, adw_combo_row_get_selected (self->field)));
  reason->reason = g_strdup (ch_reason_get_id (CH_REASON_REVIEW));
  reason->remark = *remark != 0 ? g_strdup (remark) : NULL;
  g_ptr_array_add (reasons, reason);
  self->func (self->application, reasons, self->user_data);
}

static void
add_form (const ChForm *form, GtkStringList *ids, GtkStringList *names)
{
  for (gsize i = 0; form->fields[i] != NULL; i++)
    {
      gtk_string_list_append (ids, form->fields[i]->id);
      gtk_string_list_append (names, _ (form->fields[i]->label));
    }
}

static void
add_documents (const ChApplication *application, GtkStringList *ids, GtkStringList *names)
{
  for (guint i = 0; application->documents != NULL && i < application->documents->len; i++)
    {
      const ChDocument *document = application->documents->pdata[i];

      gtk_string_list_append (ids, document->id);
      gtk_string_list_append (names, document->name);
    }
}

/**
 * ch_desk_refusal_ask:
 * @parent: above which window
 * @application: what is refused
 * @func: called when the reviewer refuses, and not when the dialog is closed
 */
void
ch_desk_refusal_ask (GtkWindow *parent,
                     const ChApplication *application,
                     ChDeskRefusalFunc func,
                     gpointer user_data)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, _ ("What is to be corrected?"),
                                              _ ("The applicant reads your words."));
  GtkStringList *names = gtk_string_list_new (NULL);
  GtkWidget *group = adw_preferences_group_new ();
  Refusal *self = g_new0 (Refusal, 1);
  ChAxes axes;

  self->application = g_strdup (application->id);
  self->func = func;
  self->user_data = user_data;
  self->ids = gtk_string_list_new (NULL);
  if (ch_axes_parse (application->flow, &axes))
    {
      add_form (ch_form_of_fact (CH_FACT_SUBJECT, &axes), self->ids, names);
      add_form (ch_form_of_fact (CH_FACT_HANDLER, &axes), self->ids, names);
      if (ch_form_of_fact (CH_FACT_DELIVERY, &axes) != NULL)
        add_form (ch_form_of_fact (CH_FACT_DELIVERY, &axes), self->ids, names);
    }
  add_documents (application, self->ids, names);

  self->field = ADW_COMBO_ROW (adw_combo_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->field), _ ("Field"));
  adw_combo_row_set_model (self->field, G_LIST_MODEL (names));
  g_object_unref (names);
  self->remark = ADW_ENTRY_ROW (adw_entry_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->remark), _ ("Reason"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->field));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->remark));

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), group);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"), RESPONSE_REFUSE,
                                    _ ("Refuse"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_REFUSE,
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response_cb), self, refusal_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
