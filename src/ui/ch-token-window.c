#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "front/ch-given-asker.h"
#include "front/ch-sign-test.h"
#include "ui/ch-error-bar.h"
#include "ui/ch-file-picker.h"
#include "ui/ch-pin-rules.h"
#include "ui/ch-secret-row.h"
#include "ui/ch-token-window.h"

#define MAX_FILE (1024 * 1024)

/* What a deed wants to know */
typedef enum
{
  WANTS_PRESENT = 1 << 0,  /* the passphrase of the token */
  WANTS_CHANGED = 1 << 1,  /* its new one, twice */
  WANTS_OF_NEW = 1 << 2,   /* the one of a token that is made of a file, twice */
  WANTS_FILE_NEW = 1 << 3, /* one for a file, twice */
  WANTS_OF_FILE = 1 << 4,  /* the one of a file */
  WANTS_SERIAL = 1 << 5,   /* the serial number, typed again */
  WANTS_CODE = 1 << 6,     /* the code of the other PC */
  WANTS_SAVE = 1 << 7,     /* where a file is written */
  WANTS_OPEN = 1 << 8,     /* a file */
  IS_HARMFUL = 1 << 9,
  IS_PIN = 1 << 10, /* of a USB key */
} Wants;

typedef struct
{
  const char *id;
  const char *title;
  const char *about;
  const char *button;
  const char *done;
  const char *ending; /* of the file’s name */
  Wants wants;
} Deed;

static const Deed deeds[] = {
  { "change-passphrase", N_ ("Change the passphrase"),
    N_ ("The passphrase opens the keys of this software token on this PC. Take 10 characters or more that "
        "nobody "
        "would guess, and none you use elsewhere."),
    N_ ("Change"),
    N_ ("The passphrase is changed. Back-ups made before are still opened by the old one: make a new one."),
    NULL, WANTS_PRESENT | WANTS_CHANGED },
  { "change-pin", N_ ("Change the PIN"),
    N_ ("The PIN opens the keys of this USB key. Take one that nobody would guess, and none you use "
        "elsewhere."),
    N_ ("Change"), N_ ("The PIN is changed. From now on the new one opens the key."), NULL,
    WANTS_PRESENT | WANTS_CHANGED | IS_PIN },
  { "back-up", N_ ("Back up"),
    N_ ("The software token with its keys and certificates is written into one encrypted file. Keep it where "
        "a "
        "broken PC does not matter, e.g. on a memory stick in the safe. The passphrase the token has now "
        "opens it."),
    N_ ("Back up…"),
    N_ ("The back-up is written. Without the passphrase nobody can do anything with it, not even "
        "you: keep both, but not together."),
    ".certhall-backup", WANTS_PRESENT | WANTS_SAVE },
  { "export", N_ ("Export for other programs"),
    N_ ("Key and certificate are written into a PKCS#12 file (.p12), as browsers, mail and office programs "
        "import "
        "it. The file gets a passphrase of its own. Who has both can sign for the unit: delete the file "
        "after "
        "importing it."),
    N_ ("Export…"), N_ ("The file is written. Import it in the other program, then delete it."), ".p12",
    WANTS_PRESENT | WANTS_FILE_NEW | WANTS_SAVE },
  { "move", N_ ("Move to another PC"),
    N_ ("1. Here a file is written, opened by the passphrase of the token.\n2. On the other PC choose "
        "“Import a "
        "software token” in the main menu and open the file. The keys are tried there, and a code of eight "
        "digits is "
        "shown.\n3. Back here choose “Finish the move” and enter the code: only then the token is removed "
        "from this "
        "PC.\nUntil then it works on both."),
    N_ ("Write the file…"),
    N_ ("The file is written. Now open it on the other PC: main menu, “Import a software token”."),
    ".certhall-backup", WANTS_PRESENT | WANTS_SAVE },
  { "moved", N_ ("Finish the move"),
    N_ ("Enter the code the other PC showed after it had imported the file. It proves that the keys work "
        "there. "
        "Then they are removed here."),
    N_ ("Remove here"), N_ ("The software token is no longer on this PC. Delete the file it was moved with."),
    NULL, WANTS_CODE | WANTS_PRESENT | IS_HARMFUL },
  { "import", N_ ("Import"),
    N_ ("Takes over a back-up of a software token, or a PKCS#12 file (.p12, .pfx) another program made. A "
        "back-up "
        "keeps its passphrase; for a PKCS#12 file you choose a new one for the token."),
    N_ ("Choose the file…"), N_ ("The software token is on this PC now. Its keys were tried, and they sign."),
    NULL, WANTS_OF_FILE | WANTS_OF_NEW | WANTS_OPEN },
  { "test", N_ ("Sign a test"),
    N_ ("The key signs a test that this program makes up, and the certificate judges the signature. Nothing "
        "is sent "
        "anywhere, and what is signed is good for nothing else."),
    N_ ("Sign"), N_ ("The key signed, and the certificate confirms the signature. It works."), NULL,
    WANTS_PRESENT },
  { "delete", N_ ("Delete"),
    N_ ("This deletes the keys for ever. Without a back-up nobody can sign with these certificates again, "
        "nor read "
        "what was encrypted for them. To be sure, type the serial number of the token."),
    N_ ("Delete"), N_ ("The software token is no longer on this PC."), NULL,
    WANTS_SERIAL | WANTS_PRESENT | IS_HARMFUL },
};

/* Secrets a deed may want, in the order of the window */
static const struct
{
  Wants want;
  ChAskKind kind;
  gboolean is_optional;
  const char *title;
  const char *again; /* (nullable) */
} secrets[] = {
  { WANTS_PRESENT, CH_ASK_EXISTING, FALSE, N_ ("Passphrase of the token"), NULL },
  { WANTS_CHANGED, CH_ASK_CHANGED, FALSE, N_ ("New passphrase"), N_ ("New passphrase again") },
  { WANTS_FILE_NEW, CH_ASK_FILE_NEW, FALSE, N_ ("Passphrase for the file"),
    N_ ("Passphrase for the file again") },
  { WANTS_OF_FILE, CH_ASK_FILE, FALSE, N_ ("Passphrase of the file"), NULL },
  { WANTS_OF_NEW, CH_ASK_NEW, TRUE, N_ ("New passphrase, for a PKCS#12 file"), N_ ("New passphrase again") },
};

/* Positions in it */
#define PRESENT 0
#define CHANGED 1

struct _ChTokenWindow
{
  AdwWindow parent_instance;

  ChFront *front;   /* (owned) */
  ChToken *token;   /* (owned) (nullable): there is none yet to import */
  const Deed *deed; /* static */
  char *path;       /* (owned) (nullable): what is written, or was chosen */
  gboolean is_busy;
  gboolean is_done;

  ChSecretRow *first[G_N_ELEMENTS (secrets)];  /* (unowned) (nullable) */
  ChSecretRow *second[G_N_ELEMENTS (secrets)]; /* (unowned) (nullable) */
  AdwEntryRow *typed;                          /* (unowned) (nullable): serial number or code */
  ChPinRules *rules;                           /* (unowned) (nullable): of a new PIN */
  GtkCheckButton *sure;                        /* (unowned) (nullable): before the last try of a USB key */

  ChErrorBar *error_bar;     /* template child */
  GtkLabel *about;           /* template child */
  GtkLabel *note;            /* template child */
  AdwPreferencesGroup *rows; /* template child */
  GtkSpinner *spinner;       /* template child */
  GtkButton *button;         /* template child */
};

G_DEFINE_FINAL_TYPE (ChTokenWindow, ch_token_window, ADW_TYPE_WINDOW)

static gboolean
is_ukey (ChTokenWindow *self)
{
  return self->token != NULL && g_str_equal (ch_token_get_info (self->token)->medium, "ukey");
}

static gboolean
has_pad (ChTokenWindow *self)
{
  return self->token != NULL && (ch_token_get_info (self->token)->abilities & CH_TOKEN_HAS_PIN_PAD) != 0;
}

/* How the PIN of a USB key stands: said before it is typed, and the last try wants a tick */
static const char *
refresh_pin (ChTokenWindow *self)
{
  ChPinState state = ch_token_get_pin_state (self->token);
  const char *warning = ch_pin_state_get_warning (state);

  if (self->sure != NULL)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->sure), state == CH_PIN_FINAL && !self->is_done);
      if (state != CH_PIN_FINAL)
        gtk_check_button_set_active (self->sure, FALSE);
    }
  if (self->is_done || self->is_busy)
    return NULL;
  return warning != NULL ? warning : has_pad (self) ? N_ ("The PIN is entered at the reader.") : NULL;
}

static void
refresh (ChTokenWindow *self)
{
  int tries = self->token != NULL && (self->deed->wants & WANTS_PRESENT) != 0
                  ? ch_token_get_tries (self->token)
                  : -1;
  g_autofree char *note = NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->rows), !self->is_busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), !self->is_busy);
  gtk_spinner_set_spinning (self->spinner, self->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->is_busy);
  if (self->rules != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->rules), !self->is_done);
  if (is_ukey (self))
    {
      const char *words = refresh_pin (self);

      note = words != NULL ? g_strdup (_ (words)) : NULL;
    }
  else if (self->is_busy)
    note = g_strdup (_ ("This takes some seconds: guessing is made slow on purpose."));
  else if (!self->is_done && tries >= 0 && tries < 5)
    note = g_strdup_printf (ngettext ("%d more try, then each wrong one makes you wait.",
                                      "%d more tries, then each wrong one makes you wait.", tries),
                            tries);
  gtk_label_set_label (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}

static void
finish_well (ChTokenWindow *self, const char *more)
{
  g_autofree char *text = more != NULL ? g_strconcat (_ (self->deed->done), "\n\n", more, NULL)
                                       : g_strdup (_ (self->deed->done));

  self->is_busy = FALSE;
  self->is_done = TRUE;
  ch_error_bar_hide (self->error_bar);
  gtk_label_set_label (self->about, text);
  gtk_widget_set_visible (GTK_WIDGET (self->rows), FALSE);
  gtk_button_set_label (self->button, _ ("Close"));
  gtk_widget_remove_css_class (GTK_WIDGET (self->button), "destructive-action");
  refresh (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->button));
  ch_front_refresh (self->front);
}

static void
finish_badly (ChTokenWindow *self, const GError *error)
{
  self->is_busy = FALSE;
  refresh (self);
  ch_error_bar_show (self->error_bar, error);
  if (is_ukey (self) && self->first[PRESENT] != NULL)
    ch_secret_row_clear (self->first[PRESENT]);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (self->first[i] != NULL)
      {
        gtk_widget_grab_focus (GTK_WIDGET (self->first[i]));
        break;
      }
}

static void
write_file (ChTokenWindow *self, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;

  if (ch_file_write_durably (self->path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0600,
                             &error))
    finish_well (self, self->path);
  else
    finish_badly (self, error);
}

static void
on_file_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChTokenWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_str_equal (self->deed->id, "export")
                                 ? ch_token_export_bundle_finish (CH_TOKEN (source), result, &error)
                                 : ch_token_back_up_finish (CH_TOKEN (source), result, &error);

  if (bytes != NULL)
    write_file (self, bytes);
  else
    finish_badly (self, error);
}

static void
on_changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChTokenWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (ch_token_change_pin_finish (CH_TOKEN (source), result, &error))
    finish_well (self, NULL);
  else if (g_error_matches (error, CH_ERROR, CH_ERROR_CANCELLED))
    {
      self->is_busy = FALSE;
      refresh (self);
    }
  else
    finish_badly (self, error);
}

static void
on_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChTokenWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (ch_token_remove_finish (CH_TOKEN (source), result, &error))
    finish_well (self, NULL);
  else
    finish_badly (self, error);
}

static void
on_tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChTokenWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *kind = ch_sign_test_finish (CH_PORTS (source), result, &error);

  if (kind != NULL)
    finish_well (self, kind);
  else
    finish_badly (self, error);
}

static void
on_imported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChTokenWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL;
  g_autofree char *more = NULL;
  g_autoptr (ChToken) token = ch_token_hub_import_finish (CH_TOKEN_HUB (source), result, &code, &error);

  if (token == NULL)
    {
      finish_badly (self, error);
      return;
    }
  if (code != NULL)
    /* Translators: two halves of a code of eight digits */
    more = g_strdup_printf (_ ("To finish the move, enter this code on the other PC: %.4s %s"), code,
                            code + 4);
  finish_well (self, more);
}

static GTlsInteraction *
make_asker (ChTokenWindow *self)
{
  GTlsInteraction *asker = ch_given_asker_new ();

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (self->first[i] != NULL && ch_secret_row_get_length (self->first[i]) > 0)
      {
        g_autoptr (ChSecret) secret = ch_secret_row_copy (self->first[i]);

        ch_given_asker_give (asker, secrets[i].kind, secret);
      }
  ch_given_asker_set_next (asker, ch_ports_get_asker (ch_front_get_ports (self->front)));
  if (self->sure != NULL && gtk_check_button_get_active (self->sure))
    ch_given_asker_confirm_last_try (asker);
  return asker;
}

static void
do_import (ChTokenWindow *self, GTlsInteraction *asker)
{
  ChTokenHub *hub = ch_ports_get_hub (ch_front_get_ports (self->front));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = ch_file_read (self->path, MAX_FILE, &error);

  if (file == NULL)
    finish_badly (self, error);
  else
    ch_token_hub_import_async (hub, file, NULL, asker, NULL, on_imported_cb, g_object_ref (self));
}

/* Everything is known now */
static void
start (ChTokenWindow *self)
{
  g_autoptr (GTlsInteraction) asker = make_asker (self);
  const char *id = self->deed->id;

  /* What is about to become insensitive must not have the focus */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  self->is_busy = TRUE;
  ch_error_bar_hide (self->error_bar);
  refresh (self);
  if (g_str_equal (id, "change-passphrase") || g_str_equal (id, "change-pin"))
    ch_token_change_pin_async (self->token, asker, NULL, on_changed_cb, g_object_ref (self));
  else if (g_str_equal (id, "export"))
    ch_token_export_bundle_async (self->token, NULL, asker, NULL, on_file_made_cb, g_object_ref (self));
  else if (g_str_equal (id, "back-up") || g_str_equal (id, "move"))
    ch_token_back_up_async (self->token, g_str_equal (id, "move"), asker, NULL, on_file_made_cb,
                            g_object_ref (self));
  else if (g_str_equal (id, "test"))
    ch_sign_test_async (ch_front_get_ports (self->front), self->token, NULL, asker, NULL, on_tested_cb,
                        g_object_ref (self));
  else if (g_str_equal (id, "import"))
    do_import (self, asker);
  else
    ch_token_remove_async (
        self->token, g_str_equal (id, "moved") ? gtk_editable_get_text (GTK_EDITABLE (self->typed)) : NULL,
        asker, NULL, on_removed_cb, g_object_ref (self));
}

static void
on_save_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChTokenWindow) self = user_data;
  g_autoptr (GFile) file = ch_file_picker_save_finish (GTK_WIDGET (source), result, NULL);

  if (file == NULL)
    return;
  g_free (self->path);
  self->path = g_file_get_path (file);
  start (self);
}

static void
on_open_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChTokenWindow) self = user_data;
  g_autoptr (GListModel) files = ch_file_picker_open_finish (GTK_WIDGET (source), result, NULL);
  g_autoptr (GFile) file = files != NULL ? g_list_model_get_item (files, 0) : NULL;

  if (file == NULL)
    return;
  g_free (self->path);
  self->path = g_file_get_path (file);
  start (self);
}

static gboolean
look_at_rules (ChTokenWindow *self)
{
  g_autoptr (ChSecret) old = ch_secret_row_copy (self->first[PRESENT]);
  g_autoptr (ChSecret) pin = ch_secret_row_copy (self->first[CHANGED]);
  g_autoptr (ChSecret) again = ch_secret_row_copy (self->second[CHANGED]);

  return ch_pin_rules_look (self->rules, pin, again, old);
}

static void
on_pin_changed_cb (ChSecretRow *row, ChTokenWindow *self)
{
  look_at_rules (self);
}

/* Marks the first thing that is missing or does not fit, and says what is the matter */
static gboolean
check (ChTokenWindow *self)
{
  const char *text = self->typed != NULL ? gtk_editable_get_text (GTK_EDITABLE (self->typed)) : NULL;
  GtkWidget *wrong = NULL;
  const char *words = NULL;

  for (guint i = 0; wrong == NULL && i < G_N_ELEMENTS (secrets); i++)
    {
      if (self->first[i] == NULL)
        continue;
      if (ch_secret_row_get_length (self->first[i]) == 0 && !secrets[i].is_optional)
        {
          wrong = GTK_WIDGET (self->first[i]);
          words = is_ukey (self) ? _ ("The PIN is still missing.") : _ ("The passphrase is still missing.");
        }
      else if (self->second[i] != NULL && !ch_secret_row_is_equal (self->first[i], self->second[i]))
        {
          wrong = GTK_WIDGET (self->second[i]);
          words = _ ("The two entries are not the same.");
        }
    }
  if (wrong == NULL && self->rules != NULL && !look_at_rules (self))
    {
      wrong = GTK_WIDGET (self->first[CHANGED]);
      words = _ ("The new PIN does not fit yet: see what it must be.");
    }
  if (wrong == NULL && self->sure != NULL && ch_token_get_pin_state (self->token) == CH_PIN_FINAL
      && !gtk_check_button_get_active (self->sure))
    {
      wrong = GTK_WIDGET (self->sure);
      words = _ ("1 try is left");
    }
  if (wrong == NULL && (self->deed->wants & WANTS_SERIAL) != 0
      && g_strcmp0 (text, ch_token_get_info (self->token)->serial) != 0)
    {
      wrong = GTK_WIDGET (self->typed);
      words = _ ("This is not the serial number of the token.");
    }
  if (wrong == NULL && (self->deed->wants & WANTS_CODE) != 0 && *text == 0)
    {
      wrong = GTK_WIDGET (self->typed);
      words = _ ("The code is still missing.");
    }
  if (wrong == NULL)
    return TRUE;

  gtk_label_set_label (self->note, words);
  gtk_widget_set_visible (GTK_WIDGET (self->note), TRUE);
  gtk_widget_grab_focus (wrong);
  return FALSE;
}

static void
go_on (ChTokenWindow *self)
{
  static const char *const formats[] = { "certhall-backup", "p12", "pfx", "pem", NULL };
  g_autofree char *name = NULL;

  if (self->is_busy || !check (self))
    return;
  if ((self->deed->wants & WANTS_SAVE) != 0)
    {
      name = g_strconcat (ch_token_get_info (self->token)->serial, self->deed->ending, NULL);
      ch_file_picker_save_async (GTK_WIDGET (self), _ (self->deed->title), name, on_save_chosen_cb,
                                 g_object_ref (self));
    }
  else if ((self->deed->wants & WANTS_OPEN) != 0)
    ch_file_picker_open_async (GTK_WIDGET (self), _ (self->deed->title), formats, on_open_chosen_cb,
                               g_object_ref (self));
  else
    start (self);
}

static void
on_button_clicked_cb (GtkButton *button, ChTokenWindow *self)
{
  if (self->is_done)
    gtk_window_close (GTK_WINDOW (self));
  else
    go_on (self);
}

static void
on_retry_cb (ChErrorBar *bar, ChTokenWindow *self)
{
  ch_error_bar_hide (self->error_bar);
  go_on (self);
}

static void
on_row_activated_cb (GtkWidget *row, ChTokenWindow *self)
{
  go_on (self);
}

/* What has begun is finished: it takes seconds, and its end has to be told */
static gboolean
ch_token_window_close_request (GtkWindow *window)
{
  return CH_TOKEN_WINDOW (window)->is_busy;
}

static void
ch_token_window_dispose (GObject *object)
{
  ChTokenWindow *self = CH_TOKEN_WINDOW (object);

  g_clear_object (&self->front);
  g_clear_object (&self->token);
  G_OBJECT_CLASS (ch_token_window_parent_class)->dispose (object);
}

static void
ch_token_window_finalize (GObject *object)
{
  g_free (CH_TOKEN_WINDOW (object)->path);
  G_OBJECT_CLASS (ch_token_window_parent_class)->finalize (object);
}

static void
ch_token_window_class_init (ChTokenWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ch_token_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_token_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = ch_token_window_close_request;

  g_type_ensure (CH_TYPE_ERROR_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, CH_UI_TEMPLATE ("ch-token-window"));
  gtk_widget_class_bind_template_child (widget_class, ChTokenWindow, error_bar);
  gtk_widget_class_bind_template_child (widget_class, ChTokenWindow, about);
  gtk_widget_class_bind_template_child (widget_class, ChTokenWindow, note);
  gtk_widget_class_bind_template_child (widget_class, ChTokenWindow, rows);
  gtk_widget_class_bind_template_child (widget_class, ChTokenWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, ChTokenWindow, button);
  gtk_widget_class_bind_template_callback (widget_class, on_button_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ch_token_window_init (ChTokenWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static ChSecretRow *
add_secret (ChTokenWindow *self, const char *title)
{
  GtkWidget *row = ch_secret_row_new (title);

  adw_preferences_group_add (self->rows, row);
  g_signal_connect_object (row, "activated", G_CALLBACK (on_row_activated_cb), self, 0);
  return CH_SECRET_ROW (row);
}

/* Of a USB key; where it has a keypad nothing is typed here */
static void
add_pin_rows (ChTokenWindow *self)
{
  const ChTokenInfo *info = ch_token_get_info (self->token);
  const ChAskLimits medium = { .min_length = info->pin_min, .max_length = info->pin_max };
  ChAskLimits limits = ch_pin_words_get_limits (&medium, ch_front_get_profile (self->front));

  if (has_pad (self))
    return;
  self->first[PRESENT]
      = add_secret (self, (self->deed->wants & WANTS_CHANGED) != 0 ? _ ("Old PIN") : _ ("PIN"));
  if ((self->deed->wants & WANTS_CHANGED) != 0)
    {
      self->first[CHANGED] = add_secret (self, _ ("New PIN"));
      self->second[CHANGED] = add_secret (self, _ ("New PIN again"));
      self->rules = CH_PIN_RULES (ch_pin_rules_new (&limits, TRUE));
      gtk_widget_set_margin_top (GTK_WIDGET (self->rules), 12);
      adw_preferences_group_add (self->rows, GTK_WIDGET (self->rules));
      g_signal_connect_object (self->first[PRESENT], "changed", G_CALLBACK (on_pin_changed_cb), self, 0);
      g_signal_connect_object (self->first[CHANGED], "changed", G_CALLBACK (on_pin_changed_cb), self, 0);
      g_signal_connect_object (self->second[CHANGED], "changed", G_CALLBACK (on_pin_changed_cb), self, 0);
    }
  self->sure = GTK_CHECK_BUTTON (gtk_check_button_new_with_label (_ ("I am sure that I remember the PIN")));
  gtk_widget_set_margin_top (GTK_WIDGET (self->sure), 12);
  adw_preferences_group_add (self->rows, GTK_WIDGET (self->sure));
}

static void
add_rows (ChTokenWindow *self)
{
  if ((self->deed->wants & (WANTS_SERIAL | WANTS_CODE)) != 0)
    {
      self->typed = ADW_ENTRY_ROW (adw_entry_row_new ());
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->typed), (self->deed->wants & WANTS_CODE) != 0
                                                                            ? _ ("Code of the other PC")
                                                                            : _ ("Serial number"));
      adw_preferences_group_add (self->rows, GTK_WIDGET (self->typed));
    }
  if (is_ukey (self))
    {
      add_pin_rows (self);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      if ((self->deed->wants & secrets[i].want) == 0)
        continue;
      self->first[i] = add_secret (self, _ (secrets[i].title));
      if (secrets[i].again != NULL)
        self->second[i] = add_secret (self, _ (secrets[i].again));
    }
}

/**
 * ch_token_window_new:
 * @front: where the tokens are
 * @deed: what is to be done, see above
 * @serial: (nullable): of the token
 *
 * Returns: (transfer floating) (nullable): a window; %NULL when there is no such deed or token
 */
GtkWidget *
ch_token_window_new (ChFront *front, const char *deed, const char *serial)
{
  ChTokenHub *hub = ch_ports_get_hub (ch_front_get_ports (front));
  g_autoptr (ChToken) token = serial != NULL && *serial != 0 ? ch_token_hub_find (hub, serial) : NULL;
  const Deed *found = NULL;
  g_autofree char *about = NULL;
  ChTokenWindow *self;

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (g_str_equal (deeds[i].id, deed))
      found = &deeds[i];
  if (found == NULL || (token == NULL && (found->wants & WANTS_OPEN) == 0))
    return NULL;

  self = g_object_new (CH_TYPE_TOKEN_WINDOW, NULL);
  self->front = g_object_ref (front);
  self->token = g_steal_pointer (&token);
  self->deed = found;
  gtk_window_set_title (GTK_WINDOW (self), _ (found->title));
  if ((found->wants & WANTS_SERIAL) != 0)
    about = g_strdup_printf ("%s\n\n%s", _ (found->about), ch_token_get_info (self->token)->serial);
  gtk_label_set_label (self->about, about != NULL ? about : _ (found->about));
  gtk_button_set_label (self->button, _ (found->button));
  gtk_widget_add_css_class (GTK_WIDGET (self->button),
                            (found->wants & IS_HARMFUL) != 0 ? "destructive-action" : "suggested-action");
  add_rows (self);
  refresh (self);
  return GTK_WIDGET (self);
}
