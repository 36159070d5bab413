#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

/* oldest: version of the program below which the server accepts none; any, when it is not said */
#define CH_TIME_FIELDS(F, S)                                                                                 \
  F (S, now, TIME, "now", REQUIRED, 0, _)                                                                    \
  F (S, oldest, STRING, "oldest-program", OPTIONAL, 32, _)
CH_WIRE_DECLARE (ChTime, ch_time, CH_TIME_FIELDS)

/* A proof of work: find a decimal `work` such that SHA-256(nonce bytes ‖ work) begins with `bits` zero bits
 */
#define CH_CHALLENGE_FIELDS(F, S)                                                                            \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, nonce, BYTES, "nonce", REQUIRED, 64, _)                                                              \
  F (S, bits, INT, "bits", REQUIRED, 32, _)                                                                  \
  F (S, expires, TIME, "expires", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChChallenge, ch_challenge, CH_CHALLENGE_FIELDS)

/* login lifts the delay after wrong passwords; mobile goes to the new one, close to the account’s own,
 * lookup to the handler of an application, unlock to the one who may have a medium unlocked; phone, and
 * confirm to who acts for the certificate an application is about, are sent by calls of their own */
#define CH_SMS_PURPOSES(X)                                                                                   \
  X (REGISTER, "register")                                                                                   \
  X (LOGIN, "login")                                                                                         \
  X (RESET, "reset")                                                                                         \
  X (MOBILE, "mobile")                                                                                       \
  X (CLOSE, "close")                                                                                         \
  X (EMAIL, "email")                                                                                         \
  X (LOOKUP, "lookup")                                                                                       \
  X (UNLOCK, "unlock")                                                                                       \
  X (PHONE, "phone")                                                                                         \
  X (CONFIRM, "confirm")

#define X(code, id) CH_SMS_##code,
typedef enum
{
  CH_SMS_PURPOSES (X) CH_N_SMS_PURPOSES
} ChSmsPurpose;
#undef X
extern const ChWireEnum ChSmsPurpose_enum;

/* Without a mobile it goes to the account’s own. Who has no session shows a picture’s code or a proof of
 * work. token-serial: of the medium that is to be unlocked
 */
#define CH_SMS_REQUEST_FIELDS(F, S)                                                                          \
  F (S, mobile, STRING, "mobile", OPTIONAL, 20, _)                                                           \
  F (S, purpose, ENUM, "purpose", REQUIRED, 0, ChSmsPurpose)                                                 \
  F (S, challenge, STRING, "challenge", OPTIONAL, 64, _)                                                     \
  F (S, work, STRING, "work", OPTIONAL, 32, _)                                                               \
  F (S, picture, STRING, "picture", OPTIONAL, 64, _)                                                         \
  F (S, picture_code, STRING, "picture-code", OPTIONAL, 16, _)                                               \
  F (S, token_serial, STRING, "token-serial", OPTIONAL, 64, _)
CH_WIRE_DECLARE (ChSmsRequest, ch_sms_request, CH_SMS_REQUEST_FIELDS)

#define CH_SMS_SENT_FIELDS(F, S)                                                                             \
  F (S, expires, TIME, "expires", REQUIRED, 0, _)                                                            \
  F (S, again, TIME, "again", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChSmsSent, ch_sms_sent, CH_SMS_SENT_FIELDS)

/* An agreement that was ticked, in the version that was shown */
#define CH_CONSENT_FIELDS(F, S)                                                                              \
  F (S, id, STRING, "id", REQUIRED, 32, _)                                                                   \
  F (S, version, STRING, "version", REQUIRED, 32, _)
CH_WIRE_DECLARE (ChConsent, ch_consent, CH_CONSENT_FIELDS)

/* answers: the fields of CH_FORM_REGISTER that are no secrets */
#define CH_REGISTER_FIELDS(F, S)                                                                             \
  F (S, answers, MAP, "answers", REQUIRED, 20, _)                                                            \
  F (S, password, SECRET, "password", REQUIRED, 256, _)                                                      \
  F (S, code, SECRET, "sms-code", REQUIRED, 6, _)                                                            \
  F (S, consents, LIST, "consents", REQUIRED, 20, ChConsent)
CH_WIRE_DECLARE (ChRegister, ch_register, CH_REGISTER_FIELDS)

/* Identity numbers are masked wherever they are shown */
#define CH_ACCOUNT_FIELDS(F, S)                                                                              \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, user_name, STRING, "user-name", REQUIRED, 64, _)                                                     \
  F (S, name, STRING, "handler-name", REQUIRED, 256, _)                                                      \
  F (S, mobile, STRING, "handler-mobile", REQUIRED, 32, _)                                                   \
  F (S, document_number, STRING, "handler-document-number", REQUIRED, 64, _)                                 \
  F (S, email, STRING, "email", OPTIONAL, 254, _)                                                            \
  F (S, created, TIME, "created", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChAccount, ch_account, CH_ACCOUNT_FIELDS)

/* picture and its code, or challenge and work: after wrong passwords; sms-code lifts their delay.
 * installation is a number this program made up on this PC, by which the account knows it again. */
#define CH_LOGIN_FIELDS(F, S)                                                                                \
  F (S, user_name, STRING, "user-name", REQUIRED, 64, _)                                                     \
  F (S, password, SECRET, "password", REQUIRED, 256, _)                                                      \
  F (S, consents, LIST, "consents", REQUIRED, 20, ChConsent)                                                 \
  F (S, picture, STRING, "picture", OPTIONAL, 64, _)                                                         \
  F (S, picture_code, STRING, "picture-code", OPTIONAL, 16, _)                                               \
  F (S, challenge, STRING, "challenge", OPTIONAL, 64, _)                                                     \
  F (S, work, STRING, "work", OPTIONAL, 32, _)                                                               \
  F (S, sms_code, SECRET, "sms-code", OPTIONAL, 6, _)                                                        \
  F (S, installation, SECRET, "installation", OPTIONAL, 64, _)                                               \
  F (S, installation_name, STRING, "installation-name", OPTIONAL, 128, _)
CH_WIRE_DECLARE (ChLogin, ch_login, CH_LOGIN_FIELDS)

/* Staff: by certificate (nonce and signature over certhall-login/1); by password in a trial store only */
#define CH_STAFF_LOGIN_FIELDS(F, S)                                                                          \
  F (S, name, STRING, "name", REQUIRED, 64, _)                                                               \
  F (S, password, SECRET, "password", OPTIONAL, 256, _)                                                      \
  F (S, certificate, BYTES, "certificate", OPTIONAL, 8192, _)                                                \
  F (S, nonce, BYTES, "nonce", OPTIONAL, 32, _)                                                              \
  F (S, signature, BYTES, "signature", OPTIONAL, 1024, _)
CH_WIRE_DECLARE (ChStaffLogin, ch_staff_login, CH_STAFF_LOGIN_FIELDS)

/* The token goes into `Authorization: Bearer` and nowhere else. must-change-password: it was a one-time
 * password, and nothing else can be done before another is chosen. */
#define CH_SESSION_FIELDS(F, S)                                                                              \
  F (S, token, SECRET, "token", REQUIRED, 128, _)                                                            \
  F (S, principal, STRING, "principal", REQUIRED, 16, _)                                                     \
  F (S, name, STRING, "name", REQUIRED, 256, _)                                                              \
  F (S, roles, STRINGS, "roles", OPTIONAL, 8, _)                                                             \
  F (S, idle, INT, "idle", REQUIRED, 604800, _)                                                              \
  F (S, ends, TIME, "ends", REQUIRED, 0, _)                                                                  \
  F (S, must_change, BOOL, "must-change-password", OPTIONAL, 0, _)
CH_WIRE_DECLARE (ChSession, ch_session, CH_SESSION_FIELDS)

/* A number to be signed once, for one label of rules of what a token signs */
#define CH_NONCE_REQUEST_FIELDS(F, S) F (S, label, STRING, "label", REQUIRED, 64, _)
CH_WIRE_DECLARE (ChNonceRequest, ch_nonce_request, CH_NONCE_REQUEST_FIELDS)

#define CH_NONCE_FIELDS(F, S)                                                                                \
  F (S, nonce, BYTES, "nonce", REQUIRED, 32, _)                                                              \
  F (S, expires, TIME, "expires", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChNonce, ch_nonce, CH_NONCE_FIELDS)

G_END_DECLS
