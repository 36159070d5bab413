#pragma once

#include "wire/messages-care.h"

/* clang-format off */
/*    name                  id                     method    path                                        request           answer         who              owned         flags */
#define CH_ROUTES_CARE(R) \
  R (picture,              "picture",              "POST",   "/v1/pictures",                             ChNothing,        ChPicture,     ANYBODY,         NONE,         PLAIN) \
  R (password_reset,       "password-reset",       "POST",   "/v1/passwords/reset",                      ChReset,          ChResetDone,   ANYBODY,         NONE,         CHANGES) \
  R (password,             "password",             "POST",   "/v1/account/password",                     ChPasswordChange, ChAccount,     MEMBER_OR_FRESH, NONE,         CHANGES) \
  R (mobile,               "mobile",               "POST",   "/v1/account/mobile",                       ChMobileChange,   ChAccount,     MEMBER,          NONE,         CHANGES) \
  R (email_code,           "email-code",           "POST",   "/v1/account/email/code",                   ChEmailRequest,   ChSmsSent,     MEMBER,          NONE,         CHANGES) \
  R (email,                "email",                "POST",   "/v1/account/email",                        ChEmailChange,    ChAccount,     MEMBER,          NONE,         CHANGES) \
  R (care,                 "care",                 "GET",    "/v1/account/care",                         ChNothing,        ChCare,        MEMBER,          NONE,         PLAIN) \
  R (sessions_end,         "sessions-end",         "POST",   "/v1/account/sessions/end",                 ChNothing,        ChCare,        MEMBER,          NONE,         CHANGES) \
  R (session_end,          "session-end",          "DELETE", "/v1/account/sessions/{session}",           ChNothing,        ChCare,        MEMBER,          SESSION,      PLAIN) \
  R (installation_forget,  "installation-forget",  "DELETE", "/v1/account/installations/{installation}", ChNothing,        ChCare,        MEMBER,          INSTALLATION, PLAIN) \
  R (closing,              "closing",              "GET",    "/v1/account/closing",                      ChNothing,        ChClosing,     MEMBER,          NONE,         PLAIN) \
  R (close,                "close",                "POST",   "/v1/account/close",                        ChClose,          ChNothing,     MEMBER,          NONE,         CHANGES) \
  R (export,               "export",               "GET",    "/v1/account/export",                       ChNothing,        ChExport,      MEMBER,          NONE,         PLAIN)
/* clang-format on */
