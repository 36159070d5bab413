#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* The four axes of a business flow; their ids are for ever. */
/* clang-format off */
#define CH_BUSINESSES(X) \
  X (APPLY,          "apply",          N_("New certificate")) \
  X (RENEW,          "renew",          N_("Renew a certificate")) \
  X (CHANGE,         "change",         N_("Change a certificate")) \
  X (CHANGE_HANDLER, "change-handler", N_("Change the handler")) \
  X (REPLACE,        "replace",        N_("Replace a lost key")) \
  X (REVOKE,         "revoke",         N_("Revoke a certificate")) \
  X (UNLOCK,         "unlock",         N_("Unlock a PIN")) \
  X (DOWNLOAD,       "download",       N_("Remote download")) \
  X (VERIFY,         "verify",         N_("Verify a certificate")) \
  X (MAKE,           "make",           N_("Make a USB key"))

#define CH_SUBJECTS(X) \
  X (ENTERPRISE,     "enterprise",     N_("Enterprise certificate")) \
  X (LEGAL_PERSON,   "legal-person",   N_("Legal person’s certificate")) \
  X (PERSON,         "person",         N_("Personal certificate"))

#define CH_MEDIA(X) \
  X (UKEY,           "ukey",           N_("USB key")) \
  X (SOFT,           "soft",           N_("Software token")) \
  X (PHONE,          "phone",          N_("Phone"))

#define CH_SETTLEMENTS(X) \
  X (SELF_PAY,       "self-pay",       N_("Pay by QR code")) \
  X (ENTERPRISE_PAY, "enterprise-pay", N_("Settled by the enterprise"))
/* clang-format on */

#define X(code, id, title) CH_BUSINESS_##code,
typedef enum
{
  CH_BUSINESSES (X) CH_N_BUSINESSES
} ChBusiness;
#undef X
#define X(code, id, title) CH_SUBJECT_##code,
typedef enum
{
  CH_SUBJECTS (X) CH_N_SUBJECTS
} ChSubjectKind;
#undef X
#define X(code, id, title) CH_MEDIUM_##code,
typedef enum
{
  CH_MEDIA (X) CH_N_MEDIA
} ChMedium;
#undef X
#define X(code, id, title) CH_SETTLEMENT_##code,
typedef enum
{
  CH_SETTLEMENTS (X) CH_N_SETTLEMENTS
} ChSettlement;
#undef X

extern const ChWireEnum ChBusiness_enum, ChSubjectKind_enum, ChMedium_enum, ChSettlement_enum;

typedef struct
{
  ChBusiness business;
  ChSubjectKind subject;
  ChMedium medium;
  ChSettlement settlement;
} ChAxes;

gboolean ch_axes_parse (const char *flow_id, ChAxes *axes);
char *ch_axes_format (const ChAxes *axes);
const char *ch_business_get_title (ChBusiness business);
const char *ch_subject_get_title (ChSubjectKind subject);
const char *ch_medium_get_title (ChMedium medium);
const char *ch_settlement_get_title (ChSettlement settlement);

G_END_DECLS
