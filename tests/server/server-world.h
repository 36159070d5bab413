#pragma once

#include "pki/ch-key.h"
#include "server/ch-dispatch.h"
#include "server/ch-listener.h"
#include "server/ch-service.h"
#include "server-outside.h"
#include "server/ch-store-accounts.h"
#include "pki/ch-revocation.h"
#include "wire/ch-facts.h"
#include "wire/ch-route.h"

G_BEGIN_DECLS

typedef struct _ServerWorld ServerWorld;

/* A whole server in this process, behind its real door, and clients of it. One made by
 * server_world_new_client() is a client alone, of a server in another process. */
struct _ServerWorld
{
  char *dir;
  gboolean is_lent; /* the folder is another’s */
  ChProfile *profile;
  ChService *service;
  ChDispatch *dispatch;
  ChListener *listener;
  char *url;
  SoupSession *session;
  TestGateway *gateway;
  TestPhone *phone;
  char *reviewer;    /* session of a reviewer, as the header has it */
  const char *place; /* (nullable): what clients call their PC */

  /* Both may be NULL. No answer came: returns whether to try again, with the same key; may change the url. */
  gboolean (*lost) (ServerWorld *self, gpointer data);
  /* An answer that is no error came */
  void (*told) (ServerWorld *self, const ChRoute *route, const char *key, GBytes *answer, gpointer data);
  gpointer data; /* for both */
};

void server_world_init (int *argc, char ***argv);
ServerWorld *server_world_new (void);
ServerWorld *server_world_new_in (const char *dir);
ServerWorld *server_world_new_client (const char *dir, const char *address);
void server_world_start (ServerWorld *self);
void server_world_log_in_staff (ServerWorld *self);
char *server_world_make_dir (void);
void server_world_free (ServerWorld *self);
void server_world_restart (ServerWorld *self);
void server_world_clean_up (void);
void server_world_set_keys (const char *id);
void server_world_change_profile (void (*change) (ChProfile *profile, const char *value), const char *value);
char *server_take_token (ChSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServerWorld, server_world_free)

gpointer server_call (ServerWorld *self,
                      const char *token,
                      const ChRoute *route,
                      const char *arg,
                      gconstpointer request,
                      GError **error);
gpointer server_call_with_key (ServerWorld *self,
                               const char *token,
                               const ChRoute *route,
                               const char *const *args,
                               gconstpointer request,
                               const char *key,
                               GError **error);
GBytes *server_send (ServerWorld *self,
                     const char *token,
                     const char *method,
                     const char *path,
                     GBytes *body,
                     guint *status);
GBytes *server_fetch (ServerWorld *self, const char *method, const char *path, GBytes *body, guint *status);

ChSmsSent *server_ask_code_for (ServerWorld *self,
                                const char *mobile,
                                ChSmsPurpose purpose,
                                const char *medium,
                                GError **error);
void server_ask_code (ServerWorld *self, const char *mobile, ChSmsPurpose purpose);
ChLogin *server_make_login (ServerWorld *self, const char *user, const char *text, const char *pc);
char *server_login_from (ServerWorld *self, const char *user, const char *pc);
char *server_await_text (ServerWorld *self, const char *mobile, const char *beginning);
char *server_forget_password (ServerWorld *self, const char *mobile);
char *server_take_ticket (ServerWorld *self, const char *mobile, const char *document_number);
char *server_register (ServerWorld *self, const char *mobile);
ChApplication *server_apply (ServerWorld *self, const char *token, const char *settlement);
ChApplication *
server_apply_for (ServerWorld *self, const char *token, const char *subject, const char *settlement);
ChApplication *server_fill_in (ServerWorld *self, const char *token, ChApplication *application);
ChApplication *server_upload_all (ServerWorld *self, const char *token, const char *application);
ChApplication *server_save (ServerWorld *self,
                            const char *token,
                            const ChApplication *application,
                            const char *field,
                            const char *value,
                            GError **error);
ChApplication *server_upload (ServerWorld *self,
                              const char *token,
                              const char *application,
                              const char *document,
                              GBytes *bytes,
                              GError **error);
GBytes *server_make_document (const char *document);
ChApplication *server_pay (ServerWorld *self, const char *token, const ChApplication *application);
ChApplication *
server_submit (ServerWorld *self, const char *token, const ChApplication *application, GError **error);
ChApplication *
server_review (ServerWorld *self, const ChApplication *application, const char *field, GError **error);
ChApplication *server_get (ServerWorld *self, const char *token, const char *application);
char *server_bring_to_approval (ServerWorld *self, const char *token);
char *server_bring_to_approval_for (ServerWorld *self, const char *token, const char *subject);
gpointer
server_issue (ServerWorld *self, const char *token, const char *application, ChKey *key, GError **error);
ChHolderLogin *server_sign_in (ServerWorld *self, GBytes *certificate, ChKey *key, const char *sm2_id);
ChSession *server_holder_login (ServerWorld *self, GBytes *certificate, ChKey *key, GError **error);
gboolean server_revoke (ServerWorld *self, const char *serial, ChRevocation reason);
gboolean server_has_fact (const ChApplication *application, ChFact fact);

G_END_DECLS
