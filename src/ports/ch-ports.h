#pragma once

#include "ports/ch-asker.h"
#include "ports/ch-fetcher.h"
#include "ports/ch-server.h"
#include "ports/ch-token-hub.h"
#include "ports/ch-vault.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* All that a flow reaches the world through. Filled by the program’s main, shared by all its runs. */
#define CH_TYPE_PORTS (ch_ports_get_type ())
G_DECLARE_FINAL_TYPE (ChPorts, ch_ports, CH, PORTS, GObject)

ChPorts *
ch_ports_new (ChServer *server, ChTokenHub *hub, ChVault *vault, ChFetcher *fetcher, GTlsInteraction *asker);
ChPorts *ch_ports_new_with_session (ChPorts *base, ChSecret *token);
ChServer *ch_ports_get_server (ChPorts *self);
ChTokenHub *ch_ports_get_hub (ChPorts *self);
ChVault *ch_ports_get_vault (ChPorts *self);
ChFetcher *ch_ports_get_fetcher (ChPorts *self);
GTlsInteraction *ch_ports_get_asker (ChPorts *self);
void ch_ports_set_asker (ChPorts *self, GTlsInteraction *asker);
const ChProfile *ch_ports_get_profile (ChPorts *self);
void ch_ports_take_profile (ChPorts *self, ChProfile *profile);
const ChAccount *ch_ports_get_account (ChPorts *self);
void ch_ports_take_account (ChPorts *self, ChAccount *account);

G_END_DECLS
