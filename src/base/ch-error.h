#pragma once

#include <gio/gio.h>

#include "base/ch-reason.h"
#include "base/errors/errors-account.h"
#include "base/errors/errors-application.h"
#include "base/errors/errors-batch.h"
#include "base/errors/errors-check.h"
#include "base/errors/errors-download.h"
#include "base/errors/errors-general.h"
#include "base/errors/errors-order.h"
#include "base/errors/errors-phone.h"
#include "base/errors/errors-reminder.h"
#include "base/errors/errors-replacing.h"
#include "base/errors/errors-shared.h"
#include "base/errors/errors-ticket.h"
#include "base/errors/errors-token.h"
#include "base/errors/errors-unlock.h"
#include "base/errors/errors-verify.h"

G_BEGIN_DECLS

/* What the user can be offered next. The window maps each to one button, the terminal to one hint. */
typedef enum
{
  CH_ADVICE_NONE,
  CH_ADVICE_RETRY,
  CH_ADVICE_BACK,
  CH_ADVICE_LOG_IN,
  CH_ADVICE_REPLUG,
  CH_ADVICE_UNLOCK,
  CH_ADVICE_CHECK_NETWORK,
  CH_ADVICE_CONTACT,
} ChAdvice;

/* Every error there is: kept per topic in errors/, joined here. Ids are stable for ever. */
#define CH_ERRORS(E)                                                                                         \
  CH_ERRORS_GENERAL (E)                                                                                      \
  CH_ERRORS_ACCOUNT (E)                                                                                      \
  CH_ERRORS_APPLICATION (E)                                                                                  \
  CH_ERRORS_ORDER (E)                                                                                        \
  CH_ERRORS_PHONE (E)                                                                                        \
  CH_ERRORS_REMINDER (E)                                                                                     \
  CH_ERRORS_REPLACING (E)                                                                                    \
  CH_ERRORS_SHARED (E)                                                                                       \
  CH_ERRORS_TICKET (E)                                                                                       \
  CH_ERRORS_TOKEN (E)                                                                                        \
  CH_ERRORS_UNLOCK (E)                                                                                       \
  CH_ERRORS_BATCH (E)                                                                                        \
  CH_ERRORS_CHECK (E)                                                                                        \
  CH_ERRORS_DOWNLOAD (E)                                                                                     \
  CH_ERRORS_VERIFY (E)

typedef enum
{
#define E(code, id, title, todo, advice, exit, http) CH_ERROR_##code,
  CH_ERRORS (E)
#undef E
      CH_N_ERRORS
} ChErrorCode;

typedef struct
{
  const char *id;    /* kebab-case: wire, logs, terminal, support */
  const char *title; /* untranslated, for gettext */
  const char *todo;  /* untranslated, for gettext */
  ChAdvice advice;
  int exit_status; /* of certhallctl, 1–127 */
  int http_status;
} ChErrorInfo;

/* One field that is wrong: which, why, and an optional remark (a reviewer’s words). */
typedef struct
{
  char *field;
  ChReason reason;
  char *remark; /* (nullable) */
} ChFieldError;

#define CH_ERROR (ch_error_quark ())
GQuark ch_error_quark (void);

const ChErrorInfo *ch_error_get_info (const GError *error);
const ChErrorInfo *ch_error_code_get_info (ChErrorCode code);
gboolean ch_error_code_from_id (const char *id, ChErrorCode *code);

GError *ch_error_new_fields (void);
void ch_error_add_field (GError *error, const char *field, ChReason reason, const char *remark);
GPtrArray *ch_error_get_fields (const GError *error);
void ch_error_set_detail (GError *error, const char *name, const char *value);
const char *ch_error_get_detail (const GError *error, const char *name);

G_END_DECLS
