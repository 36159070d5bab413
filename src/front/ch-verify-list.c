#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "front/ch-format.h"
#include "front/ch-verify-list.h"
#include "pki/ch-cert-file.h"
#include "pki/ch-cert.h"

#define FILE_LIMIT (32 * 1024 * 1024)
/* Files of one folder that are looked into */
#define MAX_FILES 20000
/* A single certificate is asked for at this moment; for many the lists have to do */
#define MAX_ASKED 20

struct _ChVerifyList
{
  GObject parent_instance;

  ChVerifier *verifier;                /* (owned) */
  GPtrArray *items;                    /* (owned) (element-type ChVerifyItem) */
  guint counts[CH_VERIFY_UNKNOWN + 1]; /* by verdict */
  guint n_busy;
};

enum
{
  PROP_BUSY = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static GType
ch_verify_list_get_item_type (GListModel *model)
{
  return CH_TYPE_VERIFY_ITEM;
}

static guint
ch_verify_list_get_n_items (GListModel *model)
{
  return CH_VERIFY_LIST (model)->items->len;
}

static gpointer
ch_verify_list_get_item (GListModel *model, guint position)
{
  ChVerifyList *self = CH_VERIFY_LIST (model);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = ch_verify_list_get_item_type;
  iface->get_n_items = ch_verify_list_get_n_items;
  iface->get_item = ch_verify_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ChVerifyList,
                               ch_verify_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
set_busy (ChVerifyList *self, gboolean is_busy)
{
  gboolean was_busy = self->n_busy > 0;

  self->n_busy += is_busy ? 1 : -1;
  if (was_busy != (self->n_busy > 0))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

/* Takes @items */
static void
append (ChVerifyList *self, GPtrArray *items)
{
  guint position = self->items->len, n = items->len;

  for (guint i = 0; i < n; i++)
    if (ch_verify_item_get_error (items->pdata[i]) != NULL)
      self->counts[CH_VERIFY_FAILED]++;
  g_ptr_array_extend_and_steal (self->items, items);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
}

/* -- Files --------------------------------------------------------------------------------------------- */

typedef struct
{
  ChVerifier *verifier; /* (owned) */
  GStrv paths;          /* (owned) */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->verifier);
  g_strfreev (reading->paths);
  g_free (reading);
}

static gboolean
is_ca (GBytes *der)
{
  g_autoptr (ChCertInfo) info = ch_cert_info_new (der, NULL);

  return info != NULL && info->is_ca;
}

/* CAs help all the others; in a file of nothing else they are what is asked for, too */
static void
read_file (ChVerifier *verifier, const char *path, const char *name, GPtrArray *items)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) data = ch_file_read (path, FILE_LIMIT, &error);
  g_autoptr (ChCertFile) file = data != NULL ? ch_cert_file_read (data, &error) : NULL;
  guint n_before = items->len;

  if (file == NULL)
    {
      g_ptr_array_add (items, ch_verify_item_new_error (name, g_steal_pointer (&error)));
      return;
    }

  for (guint i = 0; i < file->crls->len; i++)
    ch_verifier_add_crl (verifier, file->crls->pdata[i], NULL);
  for (guint i = 0; i < file->certs->len; i++)
    if (is_ca (file->certs->pdata[i]))
      ch_verifier_add_helper (verifier, file->certs->pdata[i]);
    else
      g_ptr_array_add (items, ch_verify_item_new (name, file->certs->pdata[i]));
  if (items->len == n_before)
    for (guint i = 0; i < file->certs->len; i++)
      g_ptr_array_add (items, ch_verify_item_new (name, file->certs->pdata[i]));
}

static gboolean
is_named_like_one (const char *name)
{
  static const char *const endings[]
      = { ".cer", ".crt", ".pem", ".der", ".p7b", ".p7c", ".crl", ".p12", ".pfx" };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

/* The files of a folder by their names; what is named otherwise is passed over, and so are folders in it */
static void
read_folder (ChVerifier *verifier, const char *path, GPtrArray *items, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL && names->len < MAX_FILES)
    if (is_named_like_one (name))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  if (names->len == 0)
    {
      g_autofree char *base = g_filename_display_basename (path);

      g_ptr_array_add (
          items, ch_verify_item_new_error (base, g_error_new_literal (CH_ERROR, CH_ERROR_NO_CERTIFICATE,
                                                                      "no file of certificates in it")));
    }
  for (guint i = 0; i < names->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autofree char *full = g_build_filename (path, names->pdata[i], NULL);
      g_autofree char *shown = g_filename_display_name (names->pdata[i]);

      read_file (verifier, full, shown, items);
    }
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; reading->paths[i] != NULL && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autofree char *base = g_filename_display_basename (reading->paths[i]);

      if (g_file_test (reading->paths[i], G_FILE_TEST_IS_DIR))
        read_folder (reading->verifier, reading->paths[i], items, cancellable);
      else
        read_file (reading->verifier, reading->paths[i], base, items);
    }
  g_task_return_pointer (task, items, (GDestroyNotify) g_ptr_array_unref);
}

/* -- Looking at them ----------------------------------------------------------------------------------- */

/* Verdicts on their way from the thread to the list */
typedef struct
{
  ChVerifyList *list;   /* (owned) */
  ChVerifier *verifier; /* (owned) */
  GPtrArray *items;     /* (owned) (element-type ChVerifyItem): to be looked at */
  GAsyncQueue *found;   /* (owned): ChVerifyReport, in the order of @items */
  guint n_told;
} Looking;

static void
looking_free (gpointer data)
{
  Looking *looking = data;

  g_object_unref (looking->list);
  g_object_unref (looking->verifier);
  g_ptr_array_unref (looking->items);
  g_async_queue_unref (looking->found);
  g_free (looking);
}

static void
tell_found (Looking *looking)
{
  ChVerifyReport *report;

  while ((report = g_async_queue_try_pop (looking->found)) != NULL)
    {
      looking->list->counts[report->verdict]++;
      ch_verify_item_take_report (looking->items->pdata[looking->n_told++], report);
    }
}

static gboolean
on_found_cb (gpointer user_data)
{
  GTask *task = user_data;

  tell_found (g_task_get_task_data (task));
  return G_SOURCE_REMOVE;
}

static void
look_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Looking *looking = data;
  ChVerifyFlags flags = looking->items->len <= MAX_ASKED ? CH_VERIFY_ASK_CA : CH_VERIFY_ALONE;
  GError *error = NULL;

  for (guint i = 0; i < looking->items->len; i++)
    {
      ChVerifyItem *item = looking->items->pdata[i];
      ChVerifyReport *report
          = ch_verifier_check (looking->verifier, ch_verify_item_get_der (item), flags, cancellable, &error);

      if (report == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
      g_async_queue_push (looking->found, report);
      if (i % 64 == 0)
        g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_found_cb, g_object_ref (task), g_object_unref);
    }
  g_task_return_boolean (task, TRUE);
}

/* -- GObject ------------------------------------------------------------------------------------------- */

static void
ch_verify_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean (value, CH_VERIFY_LIST (object)->n_busy > 0);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ch_verify_list_finalize (GObject *object)
{
  ChVerifyList *self = CH_VERIFY_LIST (object);

  g_object_unref (self->verifier);
  g_ptr_array_unref (self->items);

  G_OBJECT_CLASS (ch_verify_list_parent_class)->finalize (object);
}

static void
ch_verify_list_class_init (ChVerifyListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ch_verify_list_get_property;
  object_class->finalize = ch_verify_list_finalize;

  props[PROP_BUSY] = g_param_spec_boolean (
      "busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ch_verify_list_init (ChVerifyList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * ch_verify_list_new:
 * @verifier: knows whom to trust
 *
 * Returns: (transfer full): an empty list
 */
ChVerifyList *
ch_verify_list_new (ChVerifier *verifier)
{
  ChVerifyList *self = g_object_new (CH_TYPE_VERIFY_LIST, NULL);

  self->verifier = g_object_ref (verifier);
  return self;
}

/**
 * ch_verify_list_add_cert:
 * @source: where it came from, for people
 * @der: a certificate
 */
void
ch_verify_list_add_cert (ChVerifyList *self, const char *source, GBytes *der)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (CH_IS_VERIFY_LIST (self));

  g_ptr_array_add (items, ch_verify_item_new (source, der));
  append (self, g_steal_pointer (&items));
}

/**
 * ch_verify_list_add_paths_async:
 * @paths: files and folders
 *
 * Reads certificates, and CRLs that then need not be fetched. A file in which there is none becomes an item
 * that says so.
 */
void
ch_verify_list_add_paths_async (ChVerifyList *self,
                                const char *const *paths,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Reading *reading;

  g_return_if_fail (CH_IS_VERIFY_LIST (self));

  reading = g_new0 (Reading, 1);
  reading->verifier = g_object_ref (self->verifier);
  reading->paths = g_strdupv ((GStrv) paths);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ch_verify_list_add_paths_async);
  g_task_set_task_data (task, reading, reading_free);
  set_busy (self, TRUE);
  g_task_run_in_thread (task, read_thread);
}

/**
 * ch_verify_list_add_paths_finish:
 *
 * Returns: %FALSE when it was cancelled; nothing was added then
 */
gboolean
ch_verify_list_add_paths_finish (ChVerifyList *self, GAsyncResult *result, GError **error)
{
  GPtrArray *items;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  items = g_task_propagate_pointer (G_TASK (result), error);
  set_busy (self, FALSE);
  if (items == NULL)
    return FALSE;

  append (self, items);
  return TRUE;
}

/**
 * ch_verify_list_check_async:
 *
 * Looks at every certificate that was not looked at yet; verdicts appear as they are found.
 */
void
ch_verify_list_check_async (ChVerifyList *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Looking *looking;

  g_return_if_fail (CH_IS_VERIFY_LIST (self));

  looking = g_new0 (Looking, 1);
  looking->list = g_object_ref (self);
  looking->verifier = g_object_ref (self->verifier);
  looking->found = g_async_queue_new_full ((GDestroyNotify) ch_verify_report_free);
  looking->items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->items->len; i++)
    if (ch_verify_item_get_error (self->items->pdata[i]) == NULL
        && ch_verify_item_get_report (self->items->pdata[i]) == NULL)
      g_ptr_array_add (looking->items, g_object_ref (self->items->pdata[i]));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ch_verify_list_check_async);
  g_task_set_task_data (task, looking, looking_free);
  set_busy (self, TRUE);
  g_task_run_in_thread (task, look_thread);
}

/**
 * ch_verify_list_check_finish:
 *
 * Returns: %FALSE when it was cancelled; what was found until then is kept
 */
gboolean
ch_verify_list_check_finish (ChVerifyList *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  tell_found (g_task_get_task_data (G_TASK (result)));
  set_busy (self, FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
ch_verify_list_is_busy (ChVerifyList *self)
{
  g_return_val_if_fail (CH_IS_VERIFY_LIST (self), FALSE);

  return self->n_busy > 0;
}

/**
 * ch_verify_list_count:
 *
 * Returns: how many have that verdict; what was not looked at yet has none
 */
guint
ch_verify_list_count (ChVerifyList *self, ChVerifyOutcome verdict)
{
  g_return_val_if_fail (CH_IS_VERIFY_LIST (self), 0);

  return self->counts[verdict];
}

/**
 * ch_verify_list_recount:
 *
 * Counts the verdicts anew, after something was added to a report.
 */
void
ch_verify_list_recount (ChVerifyList *self)
{
  g_return_if_fail (CH_IS_VERIFY_LIST (self) && self->n_busy == 0);

  memset (self->counts, 0, sizeof self->counts);
  for (guint i = 0; i < self->items->len; i++)
    {
      ChVerifyItem *item = self->items->pdata[i];

      if (ch_verify_item_get_error (item) != NULL || ch_verify_item_get_report (item) != NULL)
        self->counts[ch_verify_item_get_verdict (item)]++;
    }
}

/**
 * ch_verify_list_clear:
 *
 * Forgets all certificates; not while it is busy.
 */
void
ch_verify_list_clear (ChVerifyList *self)
{
  guint n = self->items->len;

  g_return_if_fail (CH_IS_VERIFY_LIST (self) && self->n_busy == 0);

  g_ptr_array_set_size (self->items, 0);
  memset (self->counts, 0, sizeof self->counts);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

/* RFC 4180; and no cell begins like a formula, whoever chose the name in the certificate */
static void
append_cell (GString *line, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
  g_autofree char *escaped = g_strjoinv ("\"\"", parts);

  g_string_append_printf (line, "%s\"%s%s\"", line->len > 0 && line->str[line->len - 1] != '\n' ? "," : "",
                          *text != 0 && strchr ("=+-@\t\r", *text) != NULL ? "'" : "", escaped);
}

static void
append_row (GString *text, ChVerifyItem *item)
{
  const ChVerifyReport *report = ch_verify_item_get_report (item);
  g_autofree char *from = report != NULL ? ch_format_iso_time (report->not_before) : NULL;
  g_autofree char *to = report != NULL ? ch_format_iso_time (report->not_after) : NULL;

  append_cell (text, ch_verify_item_get_source (item));
  append_cell (text, report != NULL ? report->name : "");
  append_cell (text, report != NULL ? report->serial : "");
  append_cell (text, report != NULL ? report->issuer : "");
  append_cell (text, from != NULL ? from : "");
  append_cell (text, to != NULL ? to : "");
  append_cell (text, _ (ch_verify_outcome_get_word (ch_verify_item_get_verdict (item))));
  append_cell (text, ch_verify_item_get_sentence (item));
  g_string_append (text, "\r\n");
}

/**
 * ch_verify_list_save_csv:
 * @path: a file, replaced when it is there
 *
 * Saves a table with a row a certificate, as spreadsheets read it (UTF-8 with its mark, RFC 4180).
 */
gboolean
ch_verify_list_save_csv (ChVerifyList *self, const char *path, GError **error)
{
  static const char *const heads[]
      = { N_ ("File"),       N_ ("Holder"),   N_ ("Serial number"), N_ ("Issuer"),
          N_ ("Valid from"), N_ ("Valid to"), N_ ("Result"),        N_ ("Why") };
  g_autoptr (GString) text = g_string_new ("\xef\xbb\xbf");

  g_return_val_if_fail (CH_IS_VERIFY_LIST (self), FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      if (i == 0)
        g_string_append_printf (text, "\"%s\"", _ (heads[i]));
      else
        append_cell (text, _ (heads[i]));
    }
  g_string_append (text, "\r\n");
  for (guint i = 0; i < self->items->len; i++)
    append_row (text, self->items->pdata[i]);
  return ch_file_write_durably (path, text->str, text->len, 0644, error);
}
