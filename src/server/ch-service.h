#pragma once

#include "base/ch-secret.h"
#include "server/ch-db.h"
#include "base/ch-worker.h"
#include "server/ch-gateway.h"
#include "server/ch-mail.h"
#include "server/ch-random.h"
#include "server/ch-server-types.h"
#include "server/ch-sms.h"
#include "wire/ch-policy.h"

G_BEGIN_DECLS

/* What every handler works with: store, profile, CA and those outside. Nothing of it changes while it serves.
 */
gboolean ch_service_init (const char *dir, const char *profile_path, ChSecret *passphrase, GError **error);
ChService *ch_service_open (const char *dir, ChSecret *passphrase, GError **error);
void ch_service_free (ChService *self);

const char *ch_service_get_dir (ChService *self);
ChDb *ch_service_get_db (ChService *self);
const ChProfile *ch_service_get_profile (ChService *self);
GBytes *ch_service_get_profile_json (ChService *self);
GBytes *ch_service_get_offered (ChService *self, const char *file);
gboolean ch_service_is_trial (ChService *self);
gboolean ch_service_is_untouched (ChService *self, gboolean *is_untouched, GError **error);
gboolean ch_service_needs_two_people (ChService *self);
gboolean ch_service_mark_trial (ChService *self, GError **error);
gboolean ch_service_has_trial_names (ChService *self);
gboolean ch_service_set_trial_names (ChService *self, gboolean has_trial_names, GError **error);
void ch_service_clean_up (ChService *self);

ChCa *ch_service_get_ca (ChService *self);
void ch_service_take_ca (ChService *self, ChCa *ca, GDestroyNotify free_ca);
ChSms *ch_service_get_sms (ChService *self);
void ch_service_set_sms (ChService *self, ChSms *sms);
ChMail *ch_service_get_mail (ChService *self);
void ch_service_set_mail (ChService *self, ChMail *mail);
ChWorker *ch_service_get_messenger (ChService *self);
ChGateway *ch_service_get_gateway (ChService *self);
void ch_service_set_gateway (ChService *self, ChGateway *gateway);
GBytes *ch_service_get_tls_certificate (ChService *self);
void ch_service_set_tls_certificate (ChService *self, GBytes *der);
const char *ch_service_get_entry (ChService *self);
void ch_service_set_oldest_program (ChService *self, const char *version);
const char *ch_service_get_oldest_program (ChService *self);
void ch_service_set_entry (ChService *self, const char *entry);
ChPasswords *ch_service_get_passwords (ChService *self);

GBytes *ch_service_make_mac (ChService *self, const char *purpose, gconstpointer data, gsize len);
GBytes *ch_service_seal (ChService *self, const char *about, ChSecret *clear, GError **error);
ChSecret *ch_service_unseal (ChService *self, const char *about, GBytes *sealed, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChService, ch_service_free)

G_END_DECLS
