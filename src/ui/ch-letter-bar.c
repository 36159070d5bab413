#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-file.h"
#include "front/ch-desk.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-letter-bar.h"
#include "ui/ch-letter-print.h"

struct _ChLetterBar
{
  AdwBin parent_instance;

  ChRun *run;       /* (owned) (nullable) */
  gboolean is_kept; /* it was printed or saved */

  GtkLabel *words; /* template child */
};

G_DEFINE_FINAL_TYPE (ChLetterBar, ch_letter_bar, ADW_TYPE_BIN)

static const ChPinLetter *
get_letter (ChLetterBar *self)
{
  return self->run != NULL ? ch_desk_get_letter (self->run) : NULL;
}

static void
say (ChLetterBar *self, const char *text)
{
  gtk_label_set_label (self->words, text);
}

/* The first time there is a letter */
static void
refresh (ChLetterBar *self)
{
  gboolean is_there = get_letter (self) != NULL;

  if (is_there == gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  if (is_there)
    say (self, _ ("The first PIN is in this letter and nowhere else. Print it on both sides of one sheet, "
                  "fold it and seal it."));
  gtk_widget_set_visible (GTK_WIDGET (self), is_there);
}

static void
on_run_notify_cb (ChRun *run, GParamSpec *pspec, ChLetterBar *self)
{
  refresh (self);
}

static void
on_printed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChLetterBar) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_sent = ch_letter_print_finish (GTK_WINDOW (source), result, &error);

  /* Somebody thought better of it, or the key it belongs to is done with */
  if (get_letter (self) == NULL || (!is_sent && error == NULL))
    return;
  self->is_kept = self->is_kept || is_sent;
  if (is_sent)
    say (self, _ ("The letter was sent to the printer. Look whether it came out before you go on."));
  else
    {
      g_message ("the letter is not printed: %s", error->message);
      say (self, _ ("The letter could not be printed. Choose another printer, or save it."));
    }
}

/* Readable by nobody else; whoever saves it is told to delete it */
static void
on_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChLetterBar) self = user_data;
  const ChPinLetter *letter = get_letter (self);
  g_autoptr (GFile) file = ch_file_picker_save_finish (GTK_WIDGET (source), result, NULL);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;
  gconstpointer data;
  gsize size;

  if (path == NULL || letter == NULL)
    return;
  data = g_bytes_get_data (letter->bytes, &size);
  if (!ch_file_write_durably (path, data, size, 0600, &error))
    {
      g_message ("the letter is not saved: %s", error->message);
      say (self, _ ("The letter could not be saved there. Choose another folder."));
      return;
    }
  self->is_kept = TRUE;
  say (self, _ ("Saved. Print it, then delete the file: the PIN is in it."));
}

static void
ch_letter_bar_dispose (GObject *object)
{
  ch_letter_bar_set_run (CH_LETTER_BAR (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), CH_TYPE_LETTER_BAR);
  G_OBJECT_CLASS (ch_letter_bar_parent_class)->dispose (object);
}

static void
ch_letter_bar_class_init (ChLetterBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_letter_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-letter-bar"));
  gtk_widget_class_bind_template_child (widget_class, ChLetterBar, words);
  gtk_widget_class_bind_template_callback (widget_class, ch_letter_bar_print);
  gtk_widget_class_bind_template_callback (widget_class, ch_letter_bar_save);
}

static void
ch_letter_bar_init (ChLetterBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ch_letter_bar_set_run:
 * @run: (nullable): of the staff
 *
 * Follows @run until it has a letter; that of the run before is forgotten.
 */
void
ch_letter_bar_set_run (ChLetterBar *self, ChRun *run)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, run);
  self->is_kept = FALSE;
  if (run != NULL)
    g_signal_connect_object (run, "notify", G_CALLBACK (on_run_notify_cb), self, 0);
  refresh (self);
}

/**
 * ch_letter_bar_is_waiting:
 *
 * Returns: whether there is a letter that nobody has printed or saved
 */
gboolean
ch_letter_bar_is_waiting (ChLetterBar *self)
{
  return get_letter (self) != NULL && !self->is_kept;
}

/**
 * ch_letter_bar_print:
 *
 * Asks for a printer. Without a letter nothing happens.
 */
void
ch_letter_bar_print (ChLetterBar *self)
{
  const ChPinLetter *letter = get_letter (self);

  if (letter != NULL)
    ch_letter_print_async (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("Print the letter"),
                           letter->name, letter->bytes, on_printed_cb, g_object_ref (self));
}

/**
 * ch_letter_bar_save:
 *
 * Asks for a file. Without a letter nothing happens.
 */
void
ch_letter_bar_save (ChLetterBar *self)
{
  const ChPinLetter *letter = get_letter (self);

  if (letter != NULL)
    ch_file_picker_save_async (GTK_WIDGET (self), _ ("Save the letter"), letter->name, on_saved_cb,
                               g_object_ref (self));
}
