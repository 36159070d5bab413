#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why a certificate was revoked, with the numbers of RFC 5280. */
typedef enum
{
  CH_REVOCATION_UNSPECIFIED = 0,
  CH_REVOCATION_KEY_COMPROMISE = 1,
  CH_REVOCATION_CA_COMPROMISE = 2,
  CH_REVOCATION_AFFILIATION_CHANGED = 3,
  CH_REVOCATION_SUPERSEDED = 4,
  CH_REVOCATION_CESSATION = 5,
  CH_REVOCATION_HOLD = 6,
  CH_REVOCATION_PRIVILEGE_WITHDRAWN = 9,
} ChRevocation;

const char *ch_revocation_get_id (ChRevocation reason);
gboolean ch_revocation_from_id (const char *id, ChRevocation *reason);

G_END_DECLS
