#pragma once

#include "wire/messages-account.h"
#include "wire/messages-profile.h"

/* clang-format off */
/*    name              id                 method    path                      request         answer        who                owned  flags */
#define CH_ROUTES_ACCOUNT(R) \
  R (time,             "time",             "GET",    "/v1/time",               ChNothing,      ChTime,       ANYBODY,           NONE,  PLAIN) \
  R (profile,          "profile",          "GET",    "/v1/profile",            ChNothing,      ChProfile,    ANYBODY,           NONE,  PLAIN) \
  R (challenge,        "challenge",        "POST",   "/v1/challenges",         ChNothing,      ChChallenge,  ANYBODY,           NONE,  PLAIN) \
  R (sms,              "sms",              "POST",   "/v1/sms",                ChSmsRequest,   ChSmsSent,    ANYBODY,           NONE,  CHANGES) \
  R (register,         "register",         "POST",   "/v1/accounts",           ChRegister,     ChAccount,    ANYBODY,           NONE,  CHANGES) \
  R (login,            "login",            "POST",   "/v1/sessions",           ChLogin,        ChSession,    ANYBODY,           NONE,  PLAIN) \
  R (logout,           "logout",           "DELETE", "/v1/sessions/current",   ChNothing,      ChNothing,    EVERY_SESSION,     NONE,  PLAIN) \
  R (account,          "account",          "GET",    "/v1/account",            ChNothing,      ChAccount,    MEMBER_OR_FRESH,   NONE,  PLAIN) \
  R (nonce,            "nonce",            "POST",   "/v1/nonces",             ChNonceRequest, ChNonce,      ANYBODY,           NONE,  PLAIN)
/* clang-format on */
