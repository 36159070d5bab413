#include "config.h"

#include "forgetful-clients.h"

#include "wire/messages-certificate.h"

typedef struct
{
  ForgetfulClients *all; /* (unowned) */
  guint number;
  guint generation; /* of the address it knows */
  GThread *thread;
} Client;

struct _ForgetfulClients
{
  char *dir; /* (owned) */
  guint n_clients;
  Client *clients; /* (owned) */

  GMutex lock;
  GCond changed;
  char *url;        /* (owned) (nullable): NULL while there is no server */
  guint generation; /* of the url */
  GPtrArray *told;  /* (owned) (element-type Told) */
  guint n_whole;    /* businesses that came to their end */
  gboolean is_ending;
};

static void
told_free (gpointer data)
{
  Told *told = data;

  g_free (told->key);
  g_bytes_unref (told->answer);
  g_free (told);
}

/* Waits for a server that this client has not seen die yet */
static void
find_server (Client *self, ServerWorld *world)
{
  ForgetfulClients *all = self->all;

  g_mutex_lock (&all->lock);
  while (all->url == NULL || self->generation == all->generation)
    g_cond_wait (&all->changed, &all->lock);
  self->generation = all->generation;
  g_free (world->url);
  world->url = g_strdup (all->url);
  g_mutex_unlock (&all->lock);
}

static gboolean
on_lost_cb (ServerWorld *world, gpointer data)
{
  find_server (data, world);
  return TRUE;
}

static void
on_told_cb (ServerWorld *world, const ChRoute *route, const char *key, GBytes *answer, gpointer data)
{
  ForgetfulClients *all = ((Client *) data)->all;
  Told *told = g_new0 (Told, 1);

  told->route = route;
  told->key = g_strdup (key);
  told->answer = g_bytes_ref (answer);
  g_mutex_lock (&all->lock);
  g_ptr_array_add (all->told, told);
  g_cond_broadcast (&all->changed);
  g_mutex_unlock (&all->lock);
}

/* From the first question to the certificate, for which it asks once more in the end */
static void
do_business (ServerWorld *world, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = server_bring_to_approval (world, token);
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);
  g_autoptr (ChCertificate) first = server_issue (world, token, id, key, &error);
  g_autoptr (ChCertificate) again = NULL;

  g_assert_no_error (error);
  again = server_issue (world, token, id, key, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (first->der, again->der));
}

static gboolean
is_ending (ForgetfulClients *self)
{
  gboolean result;

  g_mutex_lock (&self->lock);
  result = self->is_ending;
  g_mutex_unlock (&self->lock);
  return result;
}

static gpointer
run_client (gpointer data)
{
  Client *self = data;
  ForgetfulClients *all = self->all;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree char *address = g_strdup_printf ("127.0.0.%u", self->number + 2);
  g_autofree char *token = NULL;
  guint n_mobiles = 0;
  ServerWorld *world;

  g_main_context_push_thread_default (context);
  world = server_world_new_client (all->dir, address);
  world->lost = on_lost_cb;
  world->told = on_told_cb;
  world->data = self;
  find_server (self, world);
  server_world_log_in_staff (world);

  for (guint i = 0; !is_ending (all); i++)
    {
      /* Now and then somebody new; not too often, or the limits of SMS say no */
      if (i % 8 == 0)
        {
          g_clear_pointer (&token, g_free);
          while (token == NULL)
            {
              g_autofree char *mobile = g_strdup_printf ("138%08u", self->number * 10000 + n_mobiles++);

              token = server_register (world, mobile);
            }
          server_world_log_in_staff (world);
        }
      do_business (world, token);
      g_mutex_lock (&all->lock);
      all->n_whole++;
      g_mutex_unlock (&all->lock);
    }

  server_world_free (world);
  g_main_context_pop_thread_default (context);
  return NULL;
}

ForgetfulClients *
forgetful_clients_new (const char *dir, guint n)
{
  ForgetfulClients *self = g_new0 (ForgetfulClients, 1);

  self->dir = g_strdup (dir);
  self->told = g_ptr_array_new_with_free_func (told_free);
  self->clients = g_new0 (Client, n);
  self->n_clients = n;
  for (guint i = 0; i < n; i++)
    {
      self->clients[i] = (Client){ self, i };
      self->clients[i].thread = g_thread_new ("client", run_client, &self->clients[i]);
    }
  return self;
}

/* NULL: there is no server any more */
void
forgetful_clients_set_url (ForgetfulClients *self, const char *url)
{
  g_mutex_lock (&self->lock);
  g_free (self->url);
  self->url = g_strdup (url);
  if (url != NULL)
    self->generation++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Waits until something was acknowledged @n times. Returns FALSE if that takes too long, as when the server
 * has died already. */
gboolean
forgetful_clients_wait_told (ForgetfulClients *self, guint n)
{
  gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  gboolean is_there = TRUE;

  g_mutex_lock (&self->lock);
  while (is_there && self->told->len < n)
    is_there = g_cond_wait_until (&self->changed, &self->lock, until);
  g_mutex_unlock (&self->lock);
  return is_there;
}

/* Lets everybody finish what they have begun. */
void
forgetful_clients_finish (ForgetfulClients *self)
{
  g_mutex_lock (&self->lock);
  self->is_ending = TRUE;
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->n_clients; i++)
    g_thread_join (self->clients[i].thread);
}

guint
forgetful_clients_get_n_told (ForgetfulClients *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->told->len;
  g_mutex_unlock (&self->lock);
  return n;
}

guint
forgetful_clients_get_n_whole (ForgetfulClients *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_whole;
  g_mutex_unlock (&self->lock);
  return n;
}

const Told *
forgetful_clients_get_told (ForgetfulClients *self, guint i)
{
  const Told *told;

  g_mutex_lock (&self->lock);
  told = self->told->pdata[i];
  g_mutex_unlock (&self->lock);
  return told;
}

/* After forgetful_clients_finish() */
void
forgetful_clients_free (ForgetfulClients *self)
{
  g_ptr_array_unref (self->told);
  g_free (self->clients);
  g_free (self->url);
  g_free (self->dir);
  g_free (self);
}
