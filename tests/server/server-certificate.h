#pragma once

#include "server-world.h"
#include "wire/messages-certificate.h"

G_BEGIN_DECLS

/* Certificates as their owners have them, and the time going by */
ChApplication *server_install (ServerWorld *self,
                               const char *token,
                               const char *application,
                               const ChCertificate *certificate,
                               ChKey *key,
                               GError **error);
ChCertificate *server_make_certificate (ServerWorld *self, const char *token);
void server_move_to (gint64 when);
char *server_come_back (ServerWorld *self, const char *mobile, gint64 when);

G_END_DECLS
