#pragma once

#include "wire/messages-account.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* What a phone is shown a code for */
#define CH_SCAN_PURPOSES(X)                                                                                  \
  X (LOGIN, "login")     /* lets a PC in as the holder of a certificate on the phone */                      \
  X (PAIR, "pair")       /* makes a phone known to the account */                                            \
  X (INSTALL, "install") /* puts the certificate of an application on the phone */                           \
  X (CONFIRM, "confirm") /* signs what an application says */                                                \
  X (PAPERS, "papers")   /* photographs documents into an application */
#define X(code, id) CH_SCAN_##code,
typedef enum
{
  CH_SCAN_PURPOSES (X) CH_N_SCAN_PURPOSES
} ChScanPurpose;
#undef X
extern const ChWireEnum ChScanPurpose_enum;

/* How far it has got */
#define CH_SCAN_STATES(X)                                                                                    \
  X (SHOWN, "shown")                                                                                         \
  X (TAKEN, "taken")   /* a phone has read it */                                                             \
  X (SIGNED, "signed") /* the phone has let the PC in; it fetches its session */                             \
  X (DONE, "done")                                                                                           \
  X (REFUSED, "refused")
#define X(code, id) CH_SCAN_##code,
typedef enum
{
  CH_SCAN_STATES (X) CH_N_SCAN_STATES
} ChScanState;
#undef X
extern const ChWireEnum ChScanState_enum;

/* A PC asks for a code to show. installation-name is what its owner knows it by; purpose: of an application’s
 * code, install, confirm or papers */
#define CH_SCAN_NEW_FIELDS(F, S)                                                                             \
  F (S, installation_name, STRING, "installation-name", OPTIONAL, 128, _)                                    \
  F (S, purpose, ENUM, "purpose", OPTIONAL, 0, ChScanPurpose)
CH_WIRE_DECLARE (ChScanNew, ch_scan_new, CH_SCAN_NEW_FIELDS)

/* What the code leads to; it is good until turns, then a new one is asked for */
#define CH_SCAN_CODE_FIELDS(F, S)                                                                            \
  F (S, address, STRING, "address", REQUIRED, 512, _)                                                        \
  F (S, turns, TIME, "turns", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChScanCode, ch_scan_code, CH_SCAN_CODE_FIELDS)

/* The ticket is the PC’s, to wait with */
#define CH_SCAN_STARTED_FIELDS(F, S)                                                                         \
  F (S, ticket, SECRET, "ticket", REQUIRED, 128, _)                                                          \
  F (S, ends, TIME, "ends", REQUIRED, 0, _)                                                                  \
  F (S, code, OBJECT, "code", REQUIRED, 0, ChScanCode)
CH_WIRE_DECLARE (ChScanStarted, ch_scan_started, CH_SCAN_STARTED_FIELDS)

#define CH_SCAN_WAITING_FIELDS(F, S)                                                                         \
  F (S, purpose, ENUM, "purpose", REQUIRED, 0, ChScanPurpose)                                                \
  F (S, state, ENUM, "state", REQUIRED, 0, ChScanState)                                                      \
  F (S, turns, TIME, "turns", REQUIRED, 0, _)                                                                \
  F (S, ends, TIME, "ends", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChScanWaiting, ch_scan_waiting, CH_SCAN_WAITING_FIELDS)

/* The PC fetches its session. installation as in ChLogin; where the account does not know it, a code goes to
 * the account’s mobile, and comes back here */
#define CH_SCAN_SESSION_FIELDS(F, S)                                                                         \
  F (S, consents, LIST, "consents", REQUIRED, 20, ChConsent)                                                 \
  F (S, installation, SECRET, "installation", OPTIONAL, 64, _)                                               \
  F (S, sms_code, SECRET, "sms-code", OPTIONAL, 6, _)
CH_WIRE_DECLARE (ChScanSession, ch_scan_session, CH_SCAN_SESSION_FIELDS)

/* A phone has read a code; phones: those that this browser is */
#define CH_SCAN_TAKE_FIELDS(F, S)                                                                            \
  F (S, code, SECRET, "code", REQUIRED, 64, _)                                                               \
  F (S, phones, STRINGS, "phones", OPTIONAL, 8, _)
CH_WIRE_DECLARE (ChScanTake, ch_scan_take, CH_SCAN_TAKE_FIELDS)

/* What the phone is to do and shows to its owner. place: the PC’s address on the net; is-near: the phone has
 * the same one; phone: which of those it is, absent when it is none of the account’s; server: the
 * certificate of the connection, which is part of what is signed */
#define CH_SCAN_TASK_FIELDS(F, S)                                                                            \
  F (S, ticket, SECRET, "ticket", REQUIRED, 128, _)                                                          \
  F (S, ends, TIME, "ends", REQUIRED, 0, _)                                                                  \
  F (S, purpose, ENUM, "purpose", REQUIRED, 0, ChScanPurpose)                                                \
  F (S, ca, OBJECT, "ca", REQUIRED, 0, ChText)                                                               \
  F (S, hotline, STRING, "hotline", REQUIRED, 64, _)                                                         \
  F (S, installation_name, STRING, "installation-name", OPTIONAL, 128, _)                                    \
  F (S, place, STRING, "place", REQUIRED, 64, _)                                                             \
  F (S, is_near, BOOL, "is-near", REQUIRED, 0, _)                                                            \
  F (S, phone, STRING, "phone", OPTIONAL, 64, _)                                                             \
  F (S, mobile, STRING, "mobile", OPTIONAL, 32, _)                                                           \
  F (S, application, STRING, "application", OPTIONAL, 64, _)                                                 \
  F (S, flow, STRING, "flow", OPTIONAL, 64, _)                                                               \
  F (S, name, STRING, "name", OPTIONAL, 256, _)                                                              \
  F (S, server, BYTES, "server", REQUIRED, 8192, _)
CH_WIRE_DECLARE (ChScanTask, ch_scan_task, CH_SCAN_TASK_FIELDS)

/* A code by SMS to the account’s mobile: for a phone whose PIN was wrong too often, else for a new one */
#define CH_PHONE_SMS_FIELDS(F, S) F (S, phone, STRING, "phone", OPTIONAL, 64, _)
CH_WIRE_DECLARE (ChPhoneSms, ch_phone_sms, CH_PHONE_SMS_FIELDS)

/* A phone’s key becomes known. verifier is derived from the PIN, which stays on the phone; the signature is
 * one over certhall-possession/1 with the key itself where a certificate would stand. */
#define CH_PHONE_NEW_FIELDS(F, S)                                                                            \
  F (S, name, STRING, "name", REQUIRED, 128, _)                                                              \
  F (S, key, BYTES, "key", REQUIRED, 256, _)                                                                 \
  F (S, verifier, BYTES, "verifier", REQUIRED, 32, _)                                                        \
  F (S, nonce, BYTES, "nonce", REQUIRED, 32, _)                                                              \
  F (S, signature, BYTES, "signature", REQUIRED, 256, _)                                                     \
  F (S, sms_code, SECRET, "sms-code", REQUIRED, 6, _)
CH_WIRE_DECLARE (ChPhoneNew, ch_phone_new, CH_PHONE_NEW_FIELDS)

/* The server’s part of what the phone’s keys are wrapped under, in base64 */
#define CH_PHONE_SHARE_FIELDS(F, S)                                                                          \
  F (S, phone, STRING, "phone", REQUIRED, 64, _)                                                             \
  F (S, share, SECRET, "share", REQUIRED, 64, _)
CH_WIRE_DECLARE (ChPhoneShare, ch_phone_share, CH_PHONE_SHARE_FIELDS)

#define CH_PHONE_OPEN_FIELDS(F, S)                                                                           \
  F (S, phone, STRING, "phone", REQUIRED, 64, _)                                                             \
  F (S, verifier, BYTES, "verifier", REQUIRED, 32, _)                                                        \
  F (S, sms_code, SECRET, "sms-code", OPTIONAL, 6, _)
CH_WIRE_DECLARE (ChPhoneOpen, ch_phone_open, CH_PHONE_OPEN_FIELDS)

/* What the phone signed: certhall-login/1 with nothing confirmed */
#define CH_PHONE_SIGNED_FIELDS(F, S)                                                                         \
  F (S, certificate, BYTES, "certificate", REQUIRED, 8192, _)                                                \
  F (S, nonce, BYTES, "nonce", REQUIRED, 32, _)                                                              \
  F (S, signature, BYTES, "signature", REQUIRED, 256, _)
CH_WIRE_DECLARE (ChPhoneSigned, ch_phone_signed, CH_PHONE_SIGNED_FIELDS)

/* Phones of an account, for its owner */
#define CH_PHONE_FIELDS(F, S)                                                                                \
  F (S, id, STRING, "id", REQUIRED, 64, _)                                                                   \
  F (S, name, STRING, "name", REQUIRED, 128, _)                                                              \
  F (S, created, TIME, "created", REQUIRED, 0, _)                                                            \
  F (S, used, TIME, "used", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChPhone, ch_phone, CH_PHONE_FIELDS)

#define CH_PHONE_LIST_FIELDS(F, S) F (S, items, LIST, "items", REQUIRED, 100, ChPhone)
CH_WIRE_DECLARE (ChPhoneList, ch_phone_list, CH_PHONE_LIST_FIELDS)

G_END_DECLS
