#pragma once

#include "wire/messages-phone.h"

/* First the PC that shows a code, then the phone that reads it, then its owner. What the phone does besides,
 * it does by the calls that are there for others: nonces, issuing, uploads. */

/* clang-format off */
/*    name                    id                        method    path                                            request         answer          who               owned         flags */
#define CH_ROUTES_PHONE(R) \
  R (scan_login,             "scan-login",             "POST",   "/v1/scans/login",                              ChScanNew,      ChScanStarted,  ANYBODY,          NONE,         PLAIN) \
  R (scan_pair,              "scan-pair",              "POST",   "/v1/scans/pair",                               ChScanNew,      ChScanStarted,  MEMBER,           NONE,         PLAIN) \
  R (scan_application,       "scan-application",       "POST",   "/v1/applications/{application}/scans",         ChScanNew,      ChScanStarted,  MEMBER_OR_ANY_HOLDER, APPLICATION, PLAIN) \
  R (scan_waiting,           "scan-waiting",           "GET",    "/v1/scans/current",                            ChNothing,      ChScanWaiting,  SCAN_TICKET,      NONE,         PLAIN) \
  R (scan_turn,              "scan-turn",              "POST",   "/v1/scans/current/codes",                      ChNothing,      ChScanCode,     SCAN_TICKET,      NONE,         PLAIN) \
  R (scan_session,           "scan-session",           "POST",   "/v1/scans/current/sessions",                   ChScanSession,  ChSession,      SCAN_TICKET,      NONE,         PLAIN) \
  R (scan_cancel,            "scan-cancel",            "DELETE", "/v1/scans/current",                            ChNothing,      ChNothing,      SCAN_TICKET,      NONE,         PLAIN) \
  R (phone_take,             "phone-take",             "POST",   "/v1/phone/tasks",                              ChScanTake,     ChScanTask,     ANYBODY,          NONE,         PLAIN) \
  R (phone_sms,              "phone-sms",              "POST",   "/v1/phone/sms",                                ChPhoneSms,     ChSmsSent,      ANY_PHONE,        NONE,         PLAIN) \
  R (phone_new,              "phone-new",              "POST",   "/v1/phone/phones",                             ChPhoneNew,     ChPhoneShare,   ANY_PHONE,        NONE,         PLAIN) \
  R (phone_open,             "phone-open",             "POST",   "/v1/phone/shares",                             ChPhoneOpen,    ChPhoneShare,   ANY_PHONE,        NONE,         PLAIN) \
  R (phone_log_in,           "phone-log-in",           "POST",   "/v1/phone/logins",                             ChPhoneSigned,  ChNothing,      PHONE_TICKET,     NONE,         PLAIN) \
  R (phone_refuse,           "phone-refuse",           "POST",   "/v1/phone/refusals",                           ChNothing,      ChNothing,      ANY_PHONE,        NONE,         PLAIN) \
  R (phone_finish,           "phone-finish",           "POST",   "/v1/phone/ends",                               ChNothing,      ChNothing,      ANY_PHONE,        NONE,         PLAIN) \
  R (phones,                 "phones",                 "GET",    "/v1/phones",                                   ChNothing,      ChPhoneList,    MEMBER,           NONE,         PLAIN) \
  R (phone_forget,           "phone-forget",           "DELETE", "/v1/phones/{phone}",                           ChNothing,      ChPhoneList,    MEMBER,           PHONE,        CHANGES) \
  R (phone_page,             "phone-page",             "GET",    "/phone/",                                      ChNothing,      ChNothing,      ANYBODY,          NONE,         RAW) \
  R (phone_file,             "phone-file",             "GET",    "/phone/{file}",                                ChNothing,      ChNothing,      ANYBODY,          NONE,         RAW)
/* clang-format on */
