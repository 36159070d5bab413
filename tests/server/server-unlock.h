#pragma once

#include "server-world.h"
#include "wire/messages-certificate.h"
#include "wire/messages-unlock.h"

G_BEGIN_DECLS

#define SERVER_UNLOCK_MOBILE "13800000000"

/* A medium that was made for a member, with the key and certificate on it, and what a run would do with it.
 * The medium is only thought of: what it would be told is what is looked at. */
typedef struct
{
  ServerWorld *server;
  char *serial;
  char *application;
  ChSecret *so_pin; /* it was initialised with */
  ChKey *key;
  ChCertificate *certificate;
} ServerMedium;

/* One run: its own key, and what it was told */
typedef struct
{
  ChKey *key;
  ChUnlockPins *answer;
  ChSecret *current;
  ChSecret *next;
} ServerRun;

ServerMedium *server_medium_new (ServerWorld *server, const char *member, const char *serial);
void server_medium_free (ServerMedium *self);
ChKey *server_install (ServerWorld *server,
                       const char *member,
                       const char *application,
                       ChKey *key,
                       ChCertificate **certificate);

void server_ask_unlock_code (ServerWorld *server, const char *serial, const char *mobile, GError **error);
ChUnlockTicket *server_show_unlock_code (ServerWorld *server,
                                         const char *serial,
                                         const char *mobile,
                                         const char *code,
                                         GError **error);
char *server_take_unlock_ticket (ServerWorld *server, const char *serial, const char *mobile);

ServerRun *server_run_new (ServerWorld *server, const char *ticket, const char *serial, GError **error);
void server_run_free (ServerRun *self);
ChUnlockConfirm *server_make_confirmation (ServerMedium *medium, const char *serial, ChKey *key);
gboolean server_confirm (ServerWorld *server, const char *ticket, ChUnlockConfirm *request, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServerMedium, server_medium_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServerRun, server_run_free)

G_END_DECLS
