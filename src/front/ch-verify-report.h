#pragma once

#include "front/ch-tone.h"

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
  const char *id;    /* kebab-case: chain, validity, usage, crl, ca-crl, ocsp, possession */
  const char *label; /* untranslated */
  ChVerifyOutcome outcome;
  char *text; /* in the user’s language */
} ChVerifyCheck;

/* What is to be thought of a certificate */
typedef struct
{
  ChVerifyOutcome verdict; /* unknown: nothing is wrong, but not all could be found out */
  const char *reason;      /* kebab-case, for programs: ok, or what is wrong */
  const char *sentence;    /* untranslated: the same for people */
  char *serial;
  char *name;
  char *issuer;
  gint64 not_before;
  gint64 not_after;
  GPtrArray *checks; /* (element-type ChVerifyCheck) */
} ChVerifyReport;

ChVerifyReport *ch_verify_report_new (void);
void ch_verify_report_free (ChVerifyReport *self);
void ch_verify_report_add (ChVerifyReport *self,
                           const char *id,
                           const char *label,
                           ChVerifyOutcome outcome,
                           char *text);
void ch_verify_report_note (ChVerifyReport *self,
                            const char *id,
                            const char *label,
                            ChVerifyOutcome outcome,
                            char *text);
void ch_verify_report_doubt (ChVerifyReport *self, const char *reason, const char *sentence);
void ch_verify_report_fail (ChVerifyReport *self, const char *reason, const char *sentence);
const char *ch_verify_outcome_get_id (ChVerifyOutcome outcome);
const char *ch_verify_outcome_get_word (ChVerifyOutcome outcome);
ChTone ch_verify_outcome_get_tone (ChVerifyOutcome outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChVerifyReport, ch_verify_report_free)

G_END_DECLS
