#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/ch-error.h"
#include "base/ch-file.h"
#include "ports/ch-asker.h"
#include "token/ch-soft-hub.h"
#include "token/ch-soft-import.h"
#include "token/ch-soft-token.h"

#define SUFFIX        ".token"
#define SERIAL_DIGITS 16
#define MAX_TOKENS    256
/* How often a new passphrase that is too weak is asked for again */
#define MAX_TRIES 5

/* A file as it was when it was looked at; when it differs its token has changed. */
typedef struct
{
  char *name;         /* (owned) */
  char *etag;         /* (owned) */
  ChSoftToken *token; /* (owned) (nullable) */
} Slot;

struct _ChSoftHub
{
  GObject parent_instance;

  char *dir;             /* (owned) */
  GPtrArray *slots;      /* (owned) (element-type Slot): by name */
  GFileMonitor *monitor; /* (owned) (nullable) */
  gboolean is_scanning;  /* a thread looks at the folder */
  gboolean is_stale;     /* something happened since it began */
};

typedef struct
{
  char *dir;              /* (owned) */
  char *label;            /* (owned) */
  GBytes *file;           /* (owned) (nullable): what is taken over instead of making one */
  GBytes *cert_file;      /* (owned) (nullable) */
  char *move_code;        /* (owned) (nullable): of a token that was moved here */
  GTlsInteraction *asker; /* (owned) (nullable) */
} Creation;

static void ch_soft_hub_list_iface_init (GListModelInterface *iface);
static void ch_soft_hub_hub_iface_init (ChTokenHubInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ChSoftHub,
                               ch_soft_hub,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, ch_soft_hub_list_iface_init)
                                   G_IMPLEMENT_INTERFACE (CH_TYPE_TOKEN_HUB, ch_soft_hub_hub_iface_init))

static void start_scan (ChSoftHub *self);

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  g_free (slot->name);
  g_free (slot->etag);
  g_clear_object (&slot->token);
  g_free (slot);
}

static void
creation_free (gpointer data)
{
  Creation *creation = data;

  g_free (creation->dir);
  g_free (creation->label);
  g_clear_pointer (&creation->file, g_bytes_unref);
  g_clear_pointer (&creation->cert_file, g_bytes_unref);
  g_free (creation->move_code);
  g_clear_object (&creation->asker);
  g_free (creation);
}

static int
compare_slots (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Slot *const *) a)->name, (*(Slot *const *) b)->name);
}

/* Looks at the folder. Returns: (transfer full) (element-type Slot): without tokens, by name. */
static GPtrArray *
list_dir (const char *dir)
{
  GPtrArray *slots = g_ptr_array_new_with_free_func (slot_free);
  g_autoptr (GDir) opened = g_dir_open (dir, 0, NULL);
  const char *name;

  while (opened != NULL && slots->len < MAX_TOKENS && (name = g_dir_read_name (opened)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      struct stat st;
      Slot *slot;

      if (name[0] == '.' || !g_str_has_suffix (name, SUFFIX) || strlen (name) == strlen (SUFFIX)
          || !g_utf8_validate (name, -1, NULL) || stat (path, &st) != 0 || !S_ISREG (st.st_mode))
        continue;
      slot = g_new0 (Slot, 1);
      slot->name = g_strdup (name);
      slot->etag = g_strdup_printf ("%lu:%ld.%09ld:%ld", (gulong) st.st_ino, (long) st.st_mtim.tv_sec,
                                    st.st_mtim.tv_nsec, (long) st.st_size);
      g_ptr_array_add (slots, slot);
    }

  g_ptr_array_sort (slots, compare_slots);
  return slots;
}

/* Opens the tokens of @slots; reads files, so it runs in a thread but for the first time. */
static void
open_tokens (const char *dir, GPtrArray *slots)
{
  for (guint i = 0; i < slots->len; i++)
    {
      Slot *slot = g_ptr_array_index (slots, i);
      g_autofree char *path = g_build_filename (dir, slot->name, NULL);

      slot->token = ch_soft_token_new (path);
    }
}

/* Takes over one file that is still there. A token keeps its object while its file is whole, so that whoever
 * works with it need not notice; what it contains is read anew for each call. */
static gboolean
refresh_slot (Slot *old, Slot *fresh)
{
  if (g_str_equal (old->etag, fresh->etag))
    return FALSE;

  g_free (old->etag);
  old->etag = g_steal_pointer (&fresh->etag);
  if (ch_soft_token_is_broken (old->token) || ch_soft_token_is_broken (fresh->token))
    g_set_object (&old->token, fresh->token);
  return TRUE;
}

/* Makes the list what the folder is, telling each difference. Both are sorted by name. */
static void
apply (ChSoftHub *self, GPtrArray *fresh)
{
  guint i = 0;
  guint k = 0;

  while (i < self->slots->len || k < fresh->len)
    {
      Slot *old = i < self->slots->len ? g_ptr_array_index (self->slots, i) : NULL;
      Slot *next = k < fresh->len ? g_ptr_array_index (fresh, k) : NULL;
      int order = old == NULL ? 1 : next == NULL ? -1 : strcmp (old->name, next->name);

      if (order < 0)
        {
          g_ptr_array_remove_index (self->slots, i);
          g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 0);
        }
      else if (order > 0)
        {
          Slot *copy = g_new0 (Slot, 1);

          copy->name = g_steal_pointer (&next->name);
          copy->etag = g_steal_pointer (&next->etag);
          copy->token = g_steal_pointer (&next->token);
          g_ptr_array_insert (self->slots, i, copy);
          g_list_model_items_changed (G_LIST_MODEL (self), i, 0, 1);
          i++;
          k++;
        }
      else
        {
          if (refresh_slot (old, next))
            g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 1);
          i++;
          k++;
        }
    }
}

static void
scan_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *slots = list_dir (data);

  open_tokens (data, slots);
  g_task_return_pointer (task, slots, (GDestroyNotify) g_ptr_array_unref);
}

static void
on_scanned_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChSoftHub *self = CH_SOFT_HUB (source);
  g_autoptr (GPtrArray) fresh = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_scanning = FALSE;
  /* What was seen may be older than what happened meanwhile: then it is looked at again */
  if (self->is_stale)
    start_scan (self);
  else if (fresh != NULL)
    apply (self, fresh);
}

static void
start_scan (ChSoftHub *self)
{
  g_autoptr (GTask) task = NULL;

  self->is_stale = self->is_scanning;
  if (self->is_scanning)
    return;

  self->is_scanning = TRUE;
  task = g_task_new (self, NULL, on_scanned_cb, NULL);
  g_task_set_source_tag (task, start_scan);
  g_task_set_task_data (task, g_strdup (self->dir), g_free);
  g_task_run_in_thread (task, scan_thread);
}

static void
on_dir_changed_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, ChSoftHub *self)
{
  start_scan (self);
}

static GType
ch_soft_hub_get_item_type (GListModel *list)
{
  return CH_TYPE_TOKEN;
}

static guint
ch_soft_hub_get_n_items (GListModel *list)
{
  return CH_SOFT_HUB (list)->slots->len;
}

static gpointer
ch_soft_hub_get_item (GListModel *list, guint position)
{
  ChSoftHub *self = CH_SOFT_HUB (list);

  if (position >= self->slots->len)
    return NULL;
  return g_object_ref (((Slot *) g_ptr_array_index (self->slots, position))->token);
}

static void
ch_soft_hub_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = ch_soft_hub_get_item_type;
  iface->get_n_items = ch_soft_hub_get_n_items;
  iface->get_item = ch_soft_hub_get_item;
}

static gboolean
ch_soft_hub_can_create (ChTokenHub *hub, const char *medium)
{
  return g_strcmp0 (medium, "soft") == 0;
}

/* A serial has to be unique, not secret. It has no leading zero. */
static char *
make_serial (void)
{
  char *serial = g_malloc0 (SERIAL_DIGITS + 1);

  for (guint i = 0; i < SERIAL_DIGITS; i++)
    serial[i] = '0' + g_random_int_range (i == 0 ? 1 : 0, 10);
  return serial;
}

/* Asks for a passphrase and makes the token; one that is too weak is asked for again. */
static gboolean
create_token (Creation *creation,
              const char *serial,
              const char *path,
              GCancellable *cancellable,
              GError **error)
{
  const char *description = *creation->label != 0 ? creation->label : serial;

  for (guint n = 1;; n++)
    {
      GTlsPasswordFlags flags = n > 1 ? G_TLS_PASSWORD_RETRY : G_TLS_PASSWORD_NONE;
      g_autoptr (ChSecret) secret
          = ch_asker_ask (creation->asker, CH_ASK_NEW, description, flags, cancellable, error);
      g_autoptr (GError) local = NULL;

      if (secret == NULL)
        return FALSE;
      if (ch_soft_token_create (path, creation->label, secret, &local))
        return TRUE;
      if (n == MAX_TRIES || !g_error_matches (local, CH_ERROR, CH_ERROR_PASSPHRASE_WEAK))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
}

static void
create_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Creation *creation = data;
  GError *error = NULL;
  g_autofree char *serial = make_serial ();
  g_autofree char *name = g_strconcat (serial, SUFFIX, NULL);
  g_autofree char *path = g_build_filename (creation->dir, name, NULL);
  gboolean is_done = ch_file_make_dir (creation->dir, &error)
                     && create_token (creation, serial, path, cancellable, &error);

  if (is_done)
    g_task_return_pointer (task, g_steal_pointer (&serial), g_free);
  else
    g_task_return_error (task, error);
}

static void
import_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Creation *creation = data;
  GError *error = NULL;
  g_autofree char *new_serial = make_serial ();
  char *serial = NULL;

  if (ch_file_make_dir (creation->dir, &error))
    serial = ch_soft_import (creation->dir, new_serial, creation->file, creation->cert_file, creation->asker,
                             cancellable, &creation->move_code, &error);
  if (serial != NULL)
    g_task_return_pointer (task, serial, g_free);
  else
    g_task_return_error (task, error);
}

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChSoftHub *self = CH_SOFT_HUB (source);
  g_autoptr (GTask) outer = user_data;
  GError *error = NULL;
  g_autofree char *serial = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GPtrArray) fresh = NULL;
  Creation *creation;
  ChToken *token;

  if (serial == NULL)
    {
      g_task_return_error (outer, error);
      return;
    }

  /* The caller finds the token in the list: looking now is a few small files, once per token in a lifetime */
  fresh = list_dir (self->dir);
  open_tokens (self->dir, fresh);
  apply (self, fresh);
  token = ch_token_hub_find (CH_TOKEN_HUB (self), serial);
  creation = g_task_get_task_data (G_TASK (result));
  g_task_set_task_data (outer, g_steal_pointer (&creation->move_code), g_free);
  if (token != NULL)
    g_task_return_pointer (outer, token, g_object_unref);
  else
    g_task_return_new_error (outer, CH_ERROR, CH_ERROR_TOKEN_GONE, "the new token is gone");
}

/* Has @creation done in a thread, then looks at the folder. Takes @creation. */
static void
start_creation (ChSoftHub *self, GTask *outer, Creation *creation, GTaskThreadFunc thread)
{
  g_autoptr (GTask) inner = g_task_new (self, g_task_get_cancellable (outer), on_created_cb, outer);

  creation->dir = g_strdup (self->dir);
  g_task_set_check_cancellable (inner, FALSE);
  g_task_set_task_data (inner, creation, creation_free);
  g_task_run_in_thread (inner, thread);
}

static void
ch_soft_hub_create_async (ChTokenHub *hub,
                          const char *medium,
                          const char *label,
                          GTlsInteraction *asker,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  ChSoftHub *self = CH_SOFT_HUB (hub);
  g_autoptr (GTask) outer = g_task_new (self, cancellable, callback, user_data);
  Creation *creation;

  g_task_set_source_tag (outer, ch_soft_hub_create_async);
  /* What was made is told even when the waiting was cancelled meanwhile */
  g_task_set_check_cancellable (outer, FALSE);
  if (!ch_soft_hub_can_create (hub, medium))
    {
      g_task_return_new_error (outer, CH_ERROR, CH_ERROR_TOKEN_UNABLE, "such tokens are not made here");
      return;
    }

  creation = g_new0 (Creation, 1);
  creation->label = g_strdup (label != NULL ? label : "");
  creation->asker = asker != NULL ? g_object_ref (asker) : NULL;
  start_creation (self, g_steal_pointer (&outer), creation, create_thread);
}

static ChToken *
ch_soft_hub_create_finish (ChTokenHub *hub, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, hub), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ch_soft_hub_import_async (ChTokenHub *hub,
                          GBytes *file,
                          GBytes *cert_file,
                          GTlsInteraction *asker,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  ChSoftHub *self = CH_SOFT_HUB (hub);
  GTask *outer = g_task_new (self, cancellable, callback, user_data);
  Creation *creation = g_new0 (Creation, 1);

  g_task_set_source_tag (outer, ch_soft_hub_import_async);
  g_task_set_check_cancellable (outer, FALSE);
  creation->file = g_bytes_ref (file);
  creation->cert_file = cert_file != NULL ? g_bytes_ref (cert_file) : NULL;
  creation->asker = asker != NULL ? g_object_ref (asker) : NULL;
  start_creation (self, outer, creation, import_thread);
}

static ChToken *
ch_soft_hub_import_finish (ChTokenHub *hub, GAsyncResult *result, char **move_code, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, hub), NULL);

  if (move_code != NULL)
    *move_code = g_strdup (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ch_soft_hub_hub_iface_init (ChTokenHubInterface *iface)
{
  iface->can_create = ch_soft_hub_can_create;
  iface->create_async = ch_soft_hub_create_async;
  iface->create_finish = ch_soft_hub_create_finish;
  iface->import_async = ch_soft_hub_import_async;
  iface->import_finish = ch_soft_hub_import_finish;
}

static void
ch_soft_hub_finalize (GObject *object)
{
  ChSoftHub *self = CH_SOFT_HUB (object);

  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_ptr_array_unref (self->slots);
  g_free (self->dir);

  G_OBJECT_CLASS (ch_soft_hub_parent_class)->finalize (object);
}

static void
ch_soft_hub_class_init (ChSoftHubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_soft_hub_finalize;
}

static void
ch_soft_hub_init (ChSoftHub *self)
{
  self->slots = g_ptr_array_new_with_free_func (slot_free);
}

/**
 * ch_soft_hub_new:
 * @dir: where the token files lie; made when it is missing
 *
 * The list is there at once; afterwards it follows the folder in the main context of the caller.
 *
 * Returns: (transfer full): the hub
 */
ChSoftHub *
ch_soft_hub_new (const char *dir)
{
  ChSoftHub *self = g_object_new (CH_TYPE_SOFT_HUB, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (dir);
  g_autoptr (GError) error = NULL;

  self->dir = g_strdup (dir);
  if (!ch_file_make_dir (dir, &error))
    g_warning ("%s", error->message);
  g_clear_error (&error);

  /* First the monitor, then the look: what happens in between is seen twice and not missed */
  self->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (on_dir_changed_cb), self, 0);
  else
    g_warning ("the folder of the tokens cannot be watched: %s", error->message);
  g_ptr_array_unref (self->slots);
  self->slots = list_dir (dir);
  open_tokens (dir, self->slots);
  return self;
}
