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

/* What is done about one, confirmed by the handler where that is asked */
ChApplication *server_begin_about (ServerWorld *self,
                                   const char *token,
                                   const char *flow,
                                   const char *serial,
                                   GError **error);
ChApplication *server_prove (ServerWorld *self,
                             const char *token,
                             const ChApplication *application,
                             const char *code,
                             GError **error);
char *
server_have_code (ServerWorld *self, const char *token, const char *mobile, const ChApplication *application);
ChApplication *server_prove_and_submit (ServerWorld *self,
                                        const char *token,
                                        const char *mobile,
                                        const ChApplication *whole);
void server_assert_certificate (ServerWorld *self,
                                const char *serial,
                                ChCertificateState state,
                                ChRevocation reason);

G_END_DECLS
