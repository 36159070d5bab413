#include "config.h"

#include <crypt.h>
#include <string.h>

#include "base/ch-error.h"
#include "server/ch-password.h"
#include "server/ch-random.h"

/* yescrypt of this cost takes about 35 ms and 33 MB */
#define PREFIX "$y$"
#define COST   6

struct _ChPasswords
{
  GMutex lock;
  GCond free_slot;
  guint n_free;
  guint n_waiting;
  guint max_waiting;
  char
      *nobody; /* (owned): compared when there is no account, so that it takes as long as when there is one */
};

typedef struct
{
  const char *setting;
  char *hash; /* (owned) (nullable) */
} Work;

static gboolean
run_crypt (const guint8 *data, gsize len, gpointer user_data)
{
  Work *work = user_data;
  struct crypt_data *state = g_new0 (struct crypt_data, 1);
  const char *hash = crypt_r ((const char *) data, work->setting, state);

  /* “*0” and “*1” are failures */
  if (hash != NULL && hash[0] != '*')
    work->hash = g_strdup (hash);
  ch_secret_wipe (state, sizeof *state);
  g_free (state);
  return work->hash != NULL;
}

static gboolean
take_slot (ChPasswords *self, GError **error)
{
  gboolean is_taken = TRUE;

  g_mutex_lock (&self->lock);
  if (self->n_free == 0 && self->n_waiting >= self->max_waiting)
    is_taken = FALSE;
  else
    {
      self->n_waiting++;
      while (self->n_free == 0)
        g_cond_wait (&self->free_slot, &self->lock);
      self->n_waiting--;
      self->n_free--;
    }
  g_mutex_unlock (&self->lock);

  if (!is_taken)
    g_set_error (error, CH_ERROR, CH_ERROR_BUSY, "too many passwords are waiting");
  return is_taken;
}

static void
give_slot (ChPasswords *self)
{
  g_mutex_lock (&self->lock);
  self->n_free++;
  g_cond_signal (&self->free_slot);
  g_mutex_unlock (&self->lock);
}

static char *
crypt_in_slot (ChPasswords *self, ChSecret *password, const char *setting, GError **error)
{
  Work work = { .setting = setting };

  if (!take_slot (self, error))
    return NULL;
  ch_secret_with (password, run_crypt, &work);
  give_slot (self);

  if (work.hash == NULL)
    g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "a password could not be hashed");
  return work.hash;
}

/**
 * ch_passwords_new:
 * @n_slots: how many are worked on at once: each takes 33 MB
 * @max_waiting: how many may wait; more are refused
 *
 * Returns: (transfer full): where passwords are hashed and compared
 */
ChPasswords *
ch_passwords_new (guint n_slots, guint max_waiting)
{
  ChPasswords *self = g_new0 (ChPasswords, 1);
  g_autofree char *text = ch_random_new_id ();
  g_autoptr (ChSecret) unknown = ch_secret_new (text, strlen (text));

  g_mutex_init (&self->lock);
  g_cond_init (&self->free_slot);
  self->n_free = n_slots;
  self->max_waiting = max_waiting;
  self->nobody = ch_passwords_hash (self, unknown, NULL);
  return self;
}

void
ch_passwords_free (ChPasswords *self)
{
  if (self == NULL)
    return;

  g_mutex_clear (&self->lock);
  g_cond_clear (&self->free_slot);
  g_free (self->nobody);
  g_free (self);
}

/**
 * ch_passwords_hash:
 * @error: %CH_ERROR_BUSY when too many wait
 *
 * Returns: (transfer full): what may be stored
 */
char *
ch_passwords_hash (ChPasswords *self, ChSecret *password, GError **error)
{
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  char salt[16];

  ch_random_fill (salt, sizeof salt);
  if (crypt_gensalt_rn (PREFIX, COST, salt, sizeof salt, setting, sizeof setting) == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INTERNAL, "yescrypt is missing here");
      return NULL;
    }
  return crypt_in_slot (self, password, setting, error);
}

/**
 * ch_passwords_verify:
 * @hash: (nullable): %NULL when there is no account, `*` when no password is good for it: both take as long
 * and are always wrong
 * @error: %CH_ERROR_LOGIN_WRONG, or %CH_ERROR_BUSY when too many wait
 */
gboolean
ch_passwords_verify (ChPasswords *self, ChSecret *password, const char *hash, GError **error)
{
  const char *expected = hash != NULL && *hash == '$' ? hash : self->nobody;
  g_autofree char *got = crypt_in_slot (self, password, expected, error);
  gboolean is_right;

  if (got == NULL)
    return FALSE;

  is_right = strlen (got) == strlen (expected) && ch_equal_in_constant_time (got, expected, strlen (got));
  if (is_right && expected == hash)
    return TRUE;
  g_set_error (error, CH_ERROR, CH_ERROR_LOGIN_WRONG, "user name or password is wrong");
  return FALSE;
}
