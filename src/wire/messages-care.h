#pragma once

#include "wire/messages-account.h"

G_BEGIN_DECLS

/* What an account’s owner does with it after it was made: the way back after a forgotten password, changes,
 * what is known of them, and the end. */

/* A picture with characters that only eyes can read; a PNG */
#define CH_PICTURE_FIELDS(F, S)                                                                              \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, image, BYTES, "image", REQUIRED, 65536, _)                                                           \
  F (S, expires, TIME, "expires", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChPicture, ch_picture, CH_PICTURE_FIELDS)

/* A one-time password is asked for; the answer is the same whether there is such an account or not */
#define CH_RESET_FIELDS(F, S)                                                                                \
  F (S, mobile, STRING, "handler-mobile", REQUIRED, 20, _)                                                   \
  F (S, document_number, STRING, "handler-document-number", REQUIRED, 64, _)                                 \
  F (S, code, SECRET, "sms-code", REQUIRED, 6, _)
CH_WIRE_DECLARE (ChReset, ch_reset, CH_RESET_FIELDS)

#define CH_RESET_DONE_FIELDS(F, S) F (S, expires, TIME, "expires", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChResetDone, ch_reset_done, CH_RESET_DONE_FIELDS)

/* old: not asked of who came in with a one-time password */
#define CH_PASSWORD_CHANGE_FIELDS(F, S)                                                                      \
  F (S, old, SECRET, "old-password", OPTIONAL, 256, _)                                                       \
  F (S, password, SECRET, "password", REQUIRED, 256, _)
CH_WIRE_DECLARE (ChPasswordChange, ch_password_change, CH_PASSWORD_CHANGE_FIELDS)

/* sms-code: brought to the new mobile */
#define CH_MOBILE_CHANGE_FIELDS(F, S)                                                                        \
  F (S, mobile, STRING, "new-mobile", REQUIRED, 20, _)                                                       \
  F (S, code, SECRET, "sms-code", REQUIRED, 6, _)                                                            \
  F (S, password, SECRET, "password", REQUIRED, 256, _)
CH_WIRE_DECLARE (ChMobileChange, ch_mobile_change, CH_MOBILE_CHANGE_FIELDS)

#define CH_EMAIL_REQUEST_FIELDS(F, S) F (S, email, STRING, "email", REQUIRED, 254, _)
CH_WIRE_DECLARE (ChEmailRequest, ch_email_request, CH_EMAIL_REQUEST_FIELDS)

/* An empty address takes the old one away, and needs no code */
#define CH_EMAIL_CHANGE_FIELDS(F, S)                                                                         \
  F (S, email, STRING, "email", REQUIRED, 254, _)                                                            \
  F (S, code, SECRET, "email-code", OPTIONAL, 6, _)
CH_WIRE_DECLARE (ChEmailChange, ch_email_change, CH_EMAIL_CHANGE_FIELDS)

/* Where somebody is logged in; name: of the PC, where it is known */
#define CH_SESSION_INFO_FIELDS(F, S)                                                                         \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, name, STRING, "name", OPTIONAL, 128, _)                                                              \
  F (S, created, TIME, "created", REQUIRED, 0, _)                                                            \
  F (S, used, TIME, "used", REQUIRED, 0, _)                                                                  \
  F (S, is_current, BOOL, "current", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChSessionInfo, ch_session_info, CH_SESSION_INFO_FIELDS)

/* Title and text are of the version agreed to where the profile still has it */
#define CH_CONSENT_GIVEN_FIELDS(F, S)                                                                        \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, version, STRING, "version", REQUIRED, 32, _)                                                         \
  F (S, agreed, TIME, "agreed", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChConsentGiven, ch_consent_given, CH_CONSENT_GIVEN_FIELDS)

/* installations: PCs known by a right login, whose right password always passes */
#define CH_CARE_FIELDS(F, S)                                                                                 \
  F (S, account, OBJECT, "account", REQUIRED, 0, ChAccount)                                                  \
  F (S, sessions, LIST, "sessions", REQUIRED, 1000, ChSessionInfo)                                           \
  F (S, installations, LIST, "installations", REQUIRED, 1000, ChSessionInfo)                                 \
  F (S, consents, LIST, "consents", REQUIRED, 1000, ChConsentGiven)
CH_WIRE_DECLARE (ChCare, ch_care, CH_CARE_FIELDS)

/* What keeps an account from being closed: kind is "under-way", "unpaid-refund" or "not-installed" */
#define CH_OBSTACLE_FIELDS(F, S)                                                                             \
  F (S, kind, STRING, "kind", REQUIRED, 32, _)                                                               \
  F (S, application, STRING, "application", REQUIRED, 64, _)
CH_WIRE_DECLARE (ChObstacle, ch_obstacle, CH_OBSTACLE_FIELDS)

/* What the law keeps after the end: kind is one of the profile’s retention rules; n applications of it */
#define CH_KEPT_FIELDS(F, S)                                                                                 \
  F (S, kind, STRING, "kind", REQUIRED, 32, _)                                                               \
  F (S, n, INT, "n", REQUIRED, 1000000, _)                                                                   \
  F (S, until, TIME, "until", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChKept, ch_kept, CH_KEPT_FIELDS)

#define CH_CLOSING_FIELDS(F, S)                                                                              \
  F (S, obstacles, LIST, "obstacles", REQUIRED, 1000, ChObstacle)                                            \
  F (S, kept, LIST, "kept", REQUIRED, 20, ChKept)
CH_WIRE_DECLARE (ChClosing, ch_closing, CH_CLOSING_FIELDS)

#define CH_CLOSE_FIELDS(F, S)                                                                                \
  F (S, password, SECRET, "password", REQUIRED, 256, _)                                                      \
  F (S, code, SECRET, "sms-code", REQUIRED, 6, _)
CH_WIRE_DECLARE (ChClose, ch_close, CH_CLOSE_FIELDS)

/* Everything known of an account and its applications: a zip file */
#define CH_EXPORT_FIELDS(F, S)                                                                               \
  F (S, name, STRING, "name", REQUIRED, 128, _)                                                              \
  F (S, content, BYTES, "content", REQUIRED, 33554432, _)
CH_WIRE_DECLARE (ChExport, ch_export, CH_EXPORT_FIELDS)

G_END_DECLS
