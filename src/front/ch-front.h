#pragma once

#include "flow/ch-run.h"
#include "front/ch-application-model.h"
#include "front/ch-application-pages.h"
#include "front/ch-cert-list.h"
#include "front/ch-due-list.h"

G_BEGIN_DECLS

typedef enum
{
  CH_FRONT_IDLE, /* not asked yet */
  CH_FRONT_CONNECTING,
  CH_FRONT_CONNECTED, /* the CA’s profile is known */
  CH_FRONT_FAILED,    /* see ch_front_get_error(); connect tries again */
} ChFrontState;

/* What a front end holds in hand: one CA, who is logged in, the lists, and the businesses to begin or go on
 * with. Properties: `state` (int), `account-name` (NULL while nobody is logged in), `key-gone` (whether the
 * USB key one is logged in by was unplugged). */
#define CH_TYPE_FRONT (ch_front_get_type ())
G_DECLARE_FINAL_TYPE (ChFront, ch_front, CH, FRONT, GObject)

ChFront *ch_front_new (ChPorts *ports);
ChPorts *ch_front_get_ports (ChFront *self);
ChFrontState ch_front_get_state (ChFront *self);
const GError *ch_front_get_error (ChFront *self);
const ChProfile *ch_front_get_profile (ChFront *self);
const char *ch_front_get_account_name (ChFront *self);
ChEntries *ch_front_get_entries (ChFront *self);
gboolean ch_front_is_logged_in (ChFront *self);
gboolean ch_front_get_key_gone (ChFront *self);
const char *ch_front_get_key_serial (ChFront *self);
ChCertList *ch_front_get_certs (ChFront *self);
ChApplicationModel *ch_front_get_applications (ChFront *self);
ChPagedModel *ch_front_get_application_pages (ChFront *self);
ChDueList *ch_front_get_due (ChFront *self);
GPtrArray *ch_front_list_consents (ChFront *self, const char *where);
gboolean ch_front_has_part (ChFront *self, ChListPart part);
gboolean ch_front_offers (ChFront *self, ChBusiness business);

void ch_front_connect_async (ChFront *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean ch_front_connect_finish (ChFront *self, GAsyncResult *result, GError **error);
void ch_front_send_code_async (ChFront *self,
                               const char *mobile,
                               ChSmsPurpose purpose,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
ChSmsSent *ch_front_send_code_finish (ChFront *self, GAsyncResult *result, GError **error);
void ch_front_register_async (ChFront *self,
                              GHashTable *answers,
                              ChSecret *password,
                              ChSecret *code,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean ch_front_register_finish (ChFront *self, GAsyncResult *result, GError **error);
void ch_front_login_async (ChFront *self,
                           const ChLogin *login,
                           gboolean computes,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean ch_front_login_finish (ChFront *self, GAsyncResult *result, GError **error);
void ch_front_login_by_certificate_async (ChFront *self,
                                          ChToken *token,
                                          const char *key_id,
                                          GTlsInteraction *asker,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean ch_front_login_by_certificate_finish (ChFront *self, GAsyncResult *result, GError **error);
void ch_front_meet_holder (ChFront *self);
gboolean ch_front_offers_medium (ChFront *self, ChMedium medium);
gboolean ch_front_get_must_change_password (ChFront *self);
void ch_front_care_async (ChFront *self,
                          const ChRoute *route,
                          const char *arg,
                          gconstpointer request,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gpointer ch_front_care_finish (ChFront *self, GAsyncResult *result, GError **error);
void ch_front_logout (ChFront *self);
void ch_front_refresh (ChFront *self);

ChRun *ch_front_start_business (ChFront *self, ChBusiness business, GError **error);
ChRun *ch_front_start_about (ChFront *self, ChBusiness business, const char *certificate, GError **error);
ChRun *ch_front_start_project (ChFront *self, const char *project, GError **error);
void ch_front_resume_async (ChFront *self,
                            ChApplicationItem *item,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
ChRun *ch_front_resume_finish (ChFront *self, GAsyncResult *result, GError **error);

G_END_DECLS
