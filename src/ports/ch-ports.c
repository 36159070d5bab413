#include "config.h"

#include "ports/ch-ports.h"

struct _ChPorts
{
  GObject parent_instance;

  ChPorts *base;          /* (owned) (nullable): whose profile and asker these are too */
  ChServer *server;       /* (owned) */
  ChTokenHub *hub;        /* (owned) */
  ChVault *vault;         /* (owned) */
  ChFetcher *fetcher;     /* (owned) (nullable) */
  GTlsInteraction *asker; /* (owned) (nullable) */
  ChProfile *profile;     /* (owned) (nullable): until the server has told it */
  ChAccount *account;     /* (owned) (nullable): while nobody is logged in */
};

G_DEFINE_FINAL_TYPE (ChPorts, ch_ports, G_TYPE_OBJECT)

static void
ch_ports_finalize (GObject *object)
{
  ChPorts *self = CH_PORTS (object);

  g_clear_object (&self->server);
  g_clear_object (&self->base);
  g_clear_object (&self->hub);
  g_clear_object (&self->vault);
  g_clear_object (&self->fetcher);
  g_clear_object (&self->asker);
  g_clear_pointer (&self->profile, ch_profile_free);
  g_clear_pointer (&self->account, ch_account_free);

  G_OBJECT_CLASS (ch_ports_parent_class)->finalize (object);
}

static void
ch_ports_class_init (ChPortsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_ports_finalize;
}

static void
ch_ports_init (ChPorts *self)
{
}

/**
 * ch_ports_new:
 * @server: the CA’s service
 * @hub: the tokens that are there
 * @vault: what is kept on this PC
 * @fetcher: (nullable): what lies elsewhere
 * @asker: (nullable): who asks for PINs
 *
 * Returns: (transfer full): the ports
 */
ChPorts *
ch_ports_new (ChServer *server, ChTokenHub *hub, ChVault *vault, ChFetcher *fetcher, GTlsInteraction *asker)
{
  ChPorts *self = g_object_new (CH_TYPE_PORTS, NULL);

  g_set_object (&self->server, server);
  g_set_object (&self->hub, hub);
  g_set_object (&self->vault, vault);
  g_set_object (&self->fetcher, fetcher);
  g_set_object (&self->asker, asker);
  return self;
}

/**
 * ch_ports_new_with_session:
 * @base: the ports of the program
 * @token: of a ticket
 *
 * Returns: (transfer full): the same ports, but for who calls the server
 */
ChPorts *
ch_ports_new_with_session (ChPorts *base, ChSecret *token)
{
  g_autoptr (ChServer) server = ch_server_new_with_session (base->server, token);
  ChPorts *self = ch_ports_new (server, base->hub, base->vault, base->fetcher, NULL);

  self->base = g_object_ref (base);
  return self;
}

ChServer *
ch_ports_get_server (ChPorts *self)
{
  return self->server;
}

ChTokenHub *
ch_ports_get_hub (ChPorts *self)
{
  return self->hub;
}

ChVault *
ch_ports_get_vault (ChPorts *self)
{
  return self->vault;
}

ChFetcher *
ch_ports_get_fetcher (ChPorts *self)
{
  return self->fetcher;
}

GTlsInteraction *
ch_ports_get_asker (ChPorts *self)
{
  return self->base != NULL ? ch_ports_get_asker (self->base) : self->asker;
}

void
ch_ports_set_asker (ChPorts *self, GTlsInteraction *asker)
{
  g_set_object (&self->asker, asker);
}

/**
 * ch_ports_get_profile:
 *
 * Returns: (transfer none) (nullable): the CA’s profile; %NULL until the server has told it
 */
const ChProfile *
ch_ports_get_profile (ChPorts *self)
{
  return self->base != NULL ? ch_ports_get_profile (self->base) : self->profile;
}

/**
 * ch_ports_take_profile:
 * @profile: (transfer full): as served. Set once, before the first run: runs keep pointers into it.
 */
void
ch_ports_take_profile (ChPorts *self, ChProfile *profile)
{
  ChEntries *entries = ch_server_get_entries (self->server);

  g_clear_pointer (&self->profile, ch_profile_free);
  self->profile = profile;
  if (entries != NULL && profile != NULL)
    ch_entries_take_profile (entries, profile);
}

/**
 * ch_ports_get_account:
 *
 * Returns: (transfer none) (nullable): who is logged in
 */
const ChAccount *
ch_ports_get_account (ChPorts *self)
{
  return self->account;
}

/**
 * ch_ports_take_account:
 * @account: (transfer full) (nullable): who is logged in now
 */
void
ch_ports_take_account (ChPorts *self, ChAccount *account)
{
  g_clear_pointer (&self->account, ch_account_free);
  self->account = account;
}
