#include "config.h"

#include "ports/ch-entries.h"

#include "base/ch-error.h"
#include "wire/ch-policy.h"

/* Another entry must be quicker by so much before the one in use is left for it: line and server vary */
#define WORTH_MILLISECONDS 20
#define WORTH_PERCENT      20

struct _ChEntries
{
  GObject parent_instance;

  GPtrArray *given; /* (owned) (element-type utf8): the addresses somebody set up, the first is home */
  GPtrArray *rows;  /* (owned) (element-type ChEntryRow) */
  guint current;    /* index of the one in use */
  char *chosen;     /* (owned) (nullable): id of the one chosen by hand */
};

enum
{
  CHANGED,
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChEntries, ch_entries, G_TYPE_OBJECT)

CH_WIRE_DEFINE_ENUM (ChEntryState, CH_ENTRY_STATES, "entry state")
CH_WIRE_DEFINE (ChKeptEntries, ch_kept_entries, CH_KEPT_ENTRIES_FIELDS, "kept-entries")

static void
row_free (gpointer data)
{
  ChEntryRow *row = data;

  g_free (row->id);
  g_clear_pointer (&row->name, ch_text_free);
  g_free (row->url);
  g_free (row);
}

static void
ch_entries_finalize (GObject *object)
{
  ChEntries *self = CH_ENTRIES (object);

  g_ptr_array_unref (self->given);
  g_ptr_array_unref (self->rows);
  g_free (self->chosen);
  G_OBJECT_CLASS (ch_entries_parent_class)->finalize (object);
}

static void
ch_entries_class_init (ChEntriesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_entries_finalize;

  signals[CHANGED]
      = g_signal_new ("changed", CH_TYPE_ENTRIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVED] = g_signal_new ("moved", CH_TYPE_ENTRIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
ch_entries_init (ChEntries *self)
{
  self->given = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_ptr_array_new_with_free_func (row_free);
}

/* -- Addresses ------------------------------------------------------------------------------------------- */

/* https://HOST[:PORT] and nothing else, in one spelling: the session on this PC is bound to it */
static char *
normalize (const char *text, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
  const char *path = uri != NULL ? g_uri_get_path (uri) : NULL;
  g_autofree char *host
      = uri != NULL && g_uri_get_host (uri) != NULL ? g_ascii_strdown (g_uri_get_host (uri), -1) : NULL;
  int port = uri != NULL ? g_uri_get_port (uri) : -1;
  g_autoptr (GUri) bare = NULL;

  if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), "https") || host == NULL || *host == 0
      || g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL
      || (*path != 0 && !g_str_equal (path, "/")))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_USAGE, "%s is not the address of a server: https://HOST:PORT",
                   text);
      return NULL;
    }

  bare = g_uri_build (G_URI_FLAGS_NONE, "https", NULL, host, port == 443 ? -1 : port, "", NULL, NULL);
  return g_uri_to_string (bare);
}

static gboolean
is_given (ChEntries *self, const char *url)
{
  return g_ptr_array_find_with_equal_func (self->given, url, g_str_equal, NULL);
}

static ChEntryRow *
find_url (ChEntries *self, const char *url, guint *index)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      ChEntryRow *row = self->rows->pdata[i];

      if (!g_str_equal (row->url, url))
        continue;
      if (index != NULL)
        *index = i;
      return row;
    }
  return NULL;
}

static void
add_row (ChEntries *self, char *id, const ChText *name, const char *url)
{
  ChEntryRow *row = g_new0 (ChEntryRow, 1);

  row->id = id;
  if (name != NULL)
    {
      row->name = ch_wire_new (&ChText_wire);
      row->name->zh = g_strdup (name->zh);
      row->name->en = g_strdup (name->en);
    }
  row->url = g_strdup (url);
  g_ptr_array_add (self->rows, row);
}

/* Those that were set up and that the profile does not name */
static void
add_given (ChEntries *self)
{
  for (guint i = 0; i < self->given->len; i++)
    if (find_url (self, self->given->pdata[i], NULL) == NULL)
      add_row (self, i == 0 ? g_strdup ("server") : g_strdup_printf ("server-%u", i + 1), NULL,
               self->given->pdata[i]);
}

/* How they were answered, and which is in use, outlives the list they stood in. Takes @before. */
static void
carry_over (ChEntries *self, GPtrArray *before, const char *current)
{
  g_autoptr (GPtrArray) owned = before;

  for (guint i = 0; i < before->len; i++)
    {
      const ChEntryRow *old = before->pdata[i];
      ChEntryRow *row = find_url (self, old->url, NULL);

      if (row == NULL)
        continue;
      row->state = old->state;
      row->milliseconds = old->milliseconds;
    }
  self->current = 0;
  if (current != NULL)
    find_url (self, current, &self->current);
}

/* @entries: (element-type ChEntry) */
static gboolean
take_entries (ChEntries *self, GPtrArray *entries, const char *current)
{
  g_autofree char *kept = g_strdup (current);
  GPtrArray *before = g_steal_pointer (&self->rows);
  gboolean is_ours = FALSE;

  self->rows = g_ptr_array_new_with_free_func (row_free);
  for (guint i = 0; i < entries->len; i++)
    {
      const ChEntry *entry = entries->pdata[i];
      g_autofree char *url = normalize (entry->url, NULL);

      if (url == NULL || find_url (self, url, NULL) != NULL)
        continue;
      is_ours = is_ours || is_given (self, url);
      add_row (self, g_strdup (entry->id), entry->name, url);
    }
  /* A server that is named by hand, as one for trying out, does not stand where the profile says: what it
   * names is somebody else’s then */
  if (!is_ours)
    g_ptr_array_set_size (self->rows, 0);
  add_given (self);
  carry_over (self, before, kept);
  return is_ours;
}

/* -- Looking at them ------------------------------------------------------------------------------------- */

/**
 * ch_entries_new:
 * @addresses: `https://HOST:PORT`, or several of them with a semicolon between
 * @error: %CH_ERROR_USAGE
 *
 * Returns: (transfer full): the entries of a CA
 */
ChEntries *
ch_entries_new (const char *addresses, GError **error)
{
  g_autoptr (ChEntries) self = g_object_new (CH_TYPE_ENTRIES, NULL);
  g_auto (GStrv) texts = g_strsplit (addresses, ";", -1);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      const char *text = g_strstrip (texts[i]);
      g_autofree char *url = NULL;

      /* One may end the list, as in other files of settings */
      if (*text == 0)
        continue;
      url = normalize (text, error);
      if (url == NULL)
        return NULL;
      if (!is_given (self, url))
        g_ptr_array_add (self->given, g_steal_pointer (&url));
    }
  if (self->given->len == 0)
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_USAGE, "there is no address of a server");
      return NULL;
    }
  add_given (self);
  return g_steal_pointer (&self);
}

/**
 * ch_entries_get_home:
 *
 * Returns: (transfer none): the first address that was set up: what is kept on this PC is kept for it,
 * whichever is in use
 */
const char *
ch_entries_get_home (ChEntries *self)
{
  return self->given->pdata[0];
}

guint
ch_entries_get_n (ChEntries *self)
{
  return self->rows->len;
}

const ChEntryRow *
ch_entries_get (ChEntries *self, guint index)
{
  g_return_val_if_fail (index < self->rows->len, NULL);

  return self->rows->pdata[index];
}

/**
 * ch_entries_get_current:
 *
 * Returns: (transfer none): the one in use
 */
const ChEntryRow *
ch_entries_get_current (ChEntries *self)
{
  return self->rows->pdata[self->current];
}

/**
 * ch_entries_find:
 * @id: of an entry
 *
 * Returns: (nullable): it
 */
const ChEntryRow *
ch_entries_find (ChEntries *self, const char *id)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (g_str_equal (((ChEntryRow *) self->rows->pdata[i])->id, id))
      return self->rows->pdata[i];
  return NULL;
}

/**
 * ch_entries_get_chosen:
 *
 * Returns: (nullable): id of the one that somebody wants; %NULL when the quickest is taken
 */
const char *
ch_entries_get_chosen (ChEntries *self)
{
  return self->chosen;
}

/**
 * ch_entry_row_get_title:
 *
 * Returns: (transfer none): the name it has for people, else its address
 */
const char *
ch_entry_row_get_title (const ChEntryRow *row)
{
  return row->name != NULL ? ch_text_get (row->name) : row->url;
}

/* -- Which they are -------------------------------------------------------------------------------------- */

/**
 * ch_entries_take_profile:
 * @profile: as the CA serves it
 *
 * From now on its entries count, if one of them is what was set up here.
 *
 * Returns: whether one is
 */
gboolean
ch_entries_take_profile (ChEntries *self, const ChProfile *profile)
{
  gboolean is_ours;

  g_return_val_if_fail (CH_IS_ENTRIES (self), FALSE);

  is_ours = take_entries (self, profile->entries, ch_entries_get_current (self)->url);
  g_signal_emit (self, signals[CHANGED], 0);
  return is_ours;
}

/**
 * ch_entries_choose:
 * @id: (nullable): of an entry; %NULL: the quickest is taken
 *
 * Somebody wants this one. It is in use from the next call on, as long as it answers.
 *
 * Returns: whether there is such an entry
 */
gboolean
ch_entries_choose (ChEntries *self, const char *id)
{
  const ChEntryRow *row = id != NULL ? ch_entries_find (self, id) : NULL;

  g_return_val_if_fail (CH_IS_ENTRIES (self), FALSE);

  if (id != NULL && row == NULL)
    return FALSE;
  if (g_strcmp0 (self->chosen, id) == 0 && id == NULL)
    return TRUE;
  g_free (self->chosen);
  self->chosen = g_strdup (id);
  if (row != NULL)
    find_url (self, row->url, &self->current);
  else
    ch_entries_settle (self);
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

/**
 * ch_entries_keep:
 *
 * Returns: (transfer full): what the next start is to know
 */
ChKeptEntries *
ch_entries_keep (ChEntries *self)
{
  ChKeptEntries *kept = ch_wire_new (&ChKeptEntries_wire);

  kept->entries = ch_wire_list_new (&ChEntry_wire);
  kept->current = g_strdup (ch_entries_get_current (self)->url);
  kept->chosen = g_strdup (self->chosen);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const ChEntryRow *row = self->rows->pdata[i];
      ChEntry *entry;

      if (row->name == NULL)
        continue;
      entry = ch_wire_new (&ChEntry_wire);
      entry->id = g_strdup (row->id);
      entry->name = ch_wire_new (&ChText_wire);
      entry->name->zh = g_strdup (row->name->zh);
      entry->name->en = g_strdup (row->name->en);
      entry->url = g_strdup (row->url);
      g_ptr_array_add (kept->entries, entry);
    }
  return kept;
}

/**
 * ch_entries_restore:
 * @kept: what ch_entries_keep() gave once
 */
void
ch_entries_restore (ChEntries *self, const ChKeptEntries *kept)
{
  const ChEntryRow *row;

  take_entries (self, kept->entries, kept->current);
  row = kept->chosen != NULL ? ch_entries_find (self, kept->chosen) : NULL;
  g_free (self->chosen);
  self->chosen = row != NULL ? g_strdup (kept->chosen) : NULL;
  if (row != NULL)
    find_url (self, row->url, &self->current);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* -- How they answer ------------------------------------------------------------------------------------- */

/**
 * ch_entries_set_answered:
 * @url: of an entry
 * @milliseconds: how long it took; 0 when it was not measured
 */
void
ch_entries_set_answered (ChEntries *self, const char *url, guint milliseconds)
{
  ChEntryRow *row = find_url (self, url, NULL);

  if (row == NULL || (row->state == CH_ENTRY_ANSWERS && milliseconds == 0))
    return;
  row->state = CH_ENTRY_ANSWERS;
  row->milliseconds = milliseconds;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * ch_entries_set_silent:
 * @url: of an entry that did not answer as the CA’s service does
 */
void
ch_entries_set_silent (ChEntries *self, const char *url)
{
  ChEntryRow *row = find_url (self, url, NULL);

  if (row == NULL || row->state == CH_ENTRY_SILENT)
    return;
  row->state = CH_ENTRY_SILENT;
  row->milliseconds = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The one somebody wants comes first, then the quickest, then what was not asked, then what was silent */
static gboolean
is_better (ChEntries *self, const ChEntryRow *a, const ChEntryRow *b)
{
  static const int ranks[] = {
    [CH_ENTRY_ANSWERS] = 0,
    [CH_ENTRY_UNKNOWN] = 1,
    [CH_ENTRY_SILENT] = 2,
  };
  gboolean a_is_chosen = g_strcmp0 (a->id, self->chosen) == 0;

  if (ranks[a->state] != ranks[b->state])
    return ranks[a->state] < ranks[b->state];
  if (a_is_chosen != (g_strcmp0 (b->id, self->chosen) == 0))
    return a_is_chosen;
  return a->milliseconds != 0 && b->milliseconds != 0 && a->milliseconds < b->milliseconds;
}

/**
 * ch_entries_find_next:
 * @tried: (element-type utf8): addresses that are out of the question
 *
 * Returns: (transfer none) (nullable): the best one of the others
 */
const char *
ch_entries_find_next (ChEntries *self, GPtrArray *tried)
{
  const ChEntryRow *best = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const ChEntryRow *row = self->rows->pdata[i];

      if (!g_ptr_array_find_with_equal_func (tried, row->url, g_str_equal, NULL)
          && (best == NULL || is_better (self, row, best)))
        best = row;
    }
  return best != NULL ? best->url : NULL;
}

/* Where one of both was not measured there is no telling */
static gboolean
is_worth_it (const ChEntryRow *now, const ChEntryRow *other)
{
  if (now->state != CH_ENTRY_ANSWERS)
    return other->state == CH_ENTRY_ANSWERS;
  return other->state == CH_ENTRY_ANSWERS && now->milliseconds != 0 && other->milliseconds != 0
         && now->milliseconds > other->milliseconds + WORTH_MILLISECONDS
         && now->milliseconds * 100 > other->milliseconds * (100 + WORTH_PERCENT);
}

/**
 * ch_entries_settle:
 *
 * After they were measured: the one somebody wants is in use if it answers, else the quickest.
 */
void
ch_entries_settle (ChEntries *self)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  const ChEntryRow *chosen = self->chosen != NULL ? ch_entries_find (self, self->chosen) : NULL;
  const ChEntryRow *now = ch_entries_get_current (self);
  const char *best = ch_entries_find_next (self, none);
  const ChEntryRow *to = find_url (self, best, NULL);

  if (chosen != NULL && chosen->state == CH_ENTRY_ANSWERS)
    to = chosen;
  else if (!is_worth_it (now, to))
    return;
  if (to == now)
    return;
  find_url (self, to->url, &self->current);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * ch_entries_move:
 * @url: of the entry that answered when the one in use did not
 *
 * It is in use from now on.
 */
void
ch_entries_move (ChEntries *self, const char *url)
{
  guint to = self->current;
  const ChEntryRow *row = find_url (self, url, &to);

  if (row == NULL || to == self->current)
    return;
  self->current = to;
  g_signal_emit (self, signals[CHANGED], 0);
  g_signal_emit (self, signals[MOVED], 0, row);
}
