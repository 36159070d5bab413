#pragma once

#include "front/ch-property.h"
#include "front/ch-tone.h"
#include "ports/ch-token.h"
#include "wire/messages-application.h"
#include "wire/messages-certificate.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* Where a certificate stands, those that need attention first.
 *   code       id            tone  what people read */
/* clang-format off */
#define CH_CERT_STANDINGS(S) \
  S (EXPIRING, "expiring",   WARN, N_("Expires soon")) \
  S (WAITING,  "waiting",    INFO, N_("To be installed")) \
  S (EXPIRED,  "expired",    BAD,  N_("Expired")) \
  S (ON_HOLD,  "on-hold",    WARN, N_("On hold")) \
  S (EARLY,    "not-yet",    IDLE, N_("Not valid yet")) \
  S (VALID,    "valid",      OK,   N_("Valid")) \
  S (REVOKED,  "revoked",    IDLE, N_("Revoked"))
/* clang-format on */

typedef enum
{
#define S(code, id, tone, title) CH_CERT_##code,
  CH_CERT_STANDINGS (S)
#undef S
      CH_N_CERT_STANDINGS
} ChCertStanding;

const char *ch_cert_standing_get_id (ChCertStanding standing);
const char *ch_cert_standing_get_title (ChCertStanding standing);
ChTone ch_cert_standing_get_tone (ChCertStanding standing);

/* A certificate as people see it: what the token here and the server know of it, together. */
#define CH_TYPE_CERT_ITEM (ch_cert_item_get_type ())
G_DECLARE_FINAL_TYPE (ChCertItem, ch_cert_item, CH, CERT_ITEM, GObject)

ChCertItem *ch_cert_item_new (GBytes *der, GError **error);
void ch_cert_item_set_certificate (ChCertItem *self, const ChCertificate *certificate);
void ch_cert_item_set_token (ChCertItem *self, ChToken *token, gboolean has_key);
void ch_cert_item_set_successor (ChCertItem *self, const char *application);
void ch_cert_item_set_context (ChCertItem *self, const ChProfile *profile, const ChApplication *application);

const char *ch_cert_item_get_serial (ChCertItem *self);
const char *ch_cert_item_get_name (ChCertItem *self);
const char *ch_cert_item_get_kind (ChCertItem *self);
const char *ch_cert_item_get_medium (ChCertItem *self);
GBytes *ch_cert_item_get_der (ChCertItem *self);
gint64 ch_cert_item_get_not_before (ChCertItem *self);
gint64 ch_cert_item_get_not_after (ChCertItem *self);
ChToken *ch_cert_item_get_token (ChCertItem *self);
gboolean ch_cert_item_get_has_key (ChCertItem *self);
const char *ch_cert_item_get_unfinished (ChCertItem *self);
char *ch_cert_item_dup_key_id (ChCertItem *self);
const char *ch_cert_item_get_application (ChCertItem *self);
ChCertStanding ch_cert_item_get_standing (ChCertItem *self);
gboolean ch_cert_item_get_can_renew (ChCertItem *self);
gboolean ch_cert_item_can (ChCertItem *self, ChBusiness business);
char *ch_cert_item_format_time_left (ChCertItem *self);
GPtrArray *ch_cert_item_list_properties (ChCertItem *self);
int ch_cert_item_compare (ChCertItem *a, ChCertItem *b);

G_END_DECLS
