#pragma once

#include "ports/ch-fetcher.h"

G_BEGIN_DECLS

typedef enum
{
  CH_VERIFY_PASSED,
  CH_VERIFY_FAILED,
  CH_VERIFY_UNKNOWN, /* could not be found out */
} ChVerifyOutcome;

/* One thing that was looked at */
typedef struct
{
  const char *id;    /* kebab-case: chain, validity, usage, crl, ocsp */
  const char *label; /* untranslated */
  ChVerifyOutcome outcome;
  char *text; /* in the user’s language */
} ChVerifyCheck;

/* What is to be thought of a certificate */
typedef struct
{
  gboolean is_valid;  /* nothing has failed; what could not be found out is for the reader */
  const char *reason; /* kebab-case, for programs: ok, or what is wrong */
  char *serial;
  char *name;
  GPtrArray *checks; /* (element-type ChVerifyCheck) */
} ChVerifyReport;

void ch_verify_report_free (ChVerifyReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChVerifyReport, ch_verify_report_free)

void ch_verify_async (ChFetcher *fetcher,
                      GBytes *cert,
                      GPtrArray *cas,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
ChVerifyReport *ch_verify_finish (GAsyncResult *result, GError **error);
const char *ch_verify_outcome_get_id (ChVerifyOutcome outcome);
GPtrArray *ch_verify_read_certs (const char *path, GError **error);

G_END_DECLS
