#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

/* What the medium says of the PIN of its security officer */
#define CH_OFFICER_PINS(X)                                                                                   \
  X (UNKNOWN, "unknown")                                                                                     \
  X (GOOD, "good")                                                                                           \
  X (LOW, "low")     /* a wrong one was entered */                                                           \
  X (FINAL, "final") /* one try is left */                                                                   \
  X (LOCKED, "locked")
#define X(code, id) CH_OFFICER_PIN_##code,
typedef enum
{
  CH_OFFICER_PINS (X) CH_N_OFFICER_PINS
} ChOfficerPin;
#undef X
extern const ChWireEnum ChOfficerPin_enum;

/* token-serial: of the medium; sms-code was sent to handler-mobile for `unlock` and this medium */
#define CH_UNLOCK_REQUEST_FIELDS(F, S)                                                                       \
  F (S, token_serial, STRING, "token-serial", REQUIRED, 64, _)                                               \
  F (S, mobile, STRING, "handler-mobile", REQUIRED, 20, _)                                                   \
  F (S, code, SECRET, "sms-code", REQUIRED, 6, _)
CH_WIRE_DECLARE (ChUnlockRequest, ch_unlock_request, CH_UNLOCK_REQUEST_FIELDS)

/* A ticket for one medium. proof: who the handler is must be proved first, for it is the first time */
#define CH_UNLOCK_TICKET_FIELDS(F, S)                                                                        \
  F (S, token, SECRET, "token", REQUIRED, 128, _)                                                            \
  F (S, ends, TIME, "ends", REQUIRED, 0, _)                                                                  \
  F (S, proof, BOOL, "proof", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChUnlockTicket, ch_unlock_ticket, CH_UNLOCK_TICKET_FIELDS)

/* key: SubjectPublicKeyInfo of a P-256 key made for this run */
#define CH_UNLOCK_RELEASE_FIELDS(F, S)                                                                       \
  F (S, token_serial, STRING, "token-serial", REQUIRED, 64, _)                                               \
  F (S, officer_pin, ENUM, "officer-pin", REQUIRED, 0, ChOfficerPin)                                         \
  F (S, key, BYTES, "key", REQUIRED, 256, _)
CH_WIRE_DECLARE (ChUnlockRelease, ch_unlock_release, CH_UNLOCK_RELEASE_FIELDS)

/* Envelopes to that key, about CH_OFFICER_CURRENT and CH_OFFICER_NEXT with the serial behind. again: an
 * earlier run may have changed current to next already, so next is tried first */
#define CH_OFFICER_CURRENT "certhall-so-pin/1 current "
#define CH_OFFICER_NEXT    "certhall-so-pin/1 next "

#define CH_UNLOCK_PINS_FIELDS(F, S)                                                                          \
  F (S, current, BYTES, "current", REQUIRED, 512, _)                                                         \
  F (S, next, BYTES, "next", REQUIRED, 512, _)                                                               \
  F (S, again, BOOL, "again", REQUIRED, 0, _)
CH_WIRE_DECLARE (ChUnlockPins, ch_unlock_pins, CH_UNLOCK_PINS_FIELDS)

/* certificate: serial number of one on the medium, whose key signed certhall-confirm/1 over the unlocking of
 * the medium */
#define CH_UNLOCK_CONFIRM_FIELDS(F, S)                                                                       \
  F (S, token_serial, STRING, "token-serial", REQUIRED, 64, _)                                               \
  F (S, certificate, STRING, "certificate", REQUIRED, 64, _)                                                 \
  F (S, nonce, BYTES, "nonce", REQUIRED, 32, _)                                                              \
  F (S, signature, BYTES, "signature", REQUIRED, 1024, _)
CH_WIRE_DECLARE (ChUnlockConfirm, ch_unlock_confirm, CH_UNLOCK_CONFIRM_FIELDS)

/* How it stands with a medium, for support */
#define CH_ESCROW_STATES(X)                                                                                  \
  X (KEPT, "kept")         /* nothing is open */                                                             \
  X (RELEASED, "released") /* a run was begun and not confirmed */                                           \
  X (STOPPED, "stopped")   /* too many were not: support looks at it */
#define X(code, id) CH_ESCROW_##code,
typedef enum
{
  CH_ESCROW_STATES (X) CH_N_ESCROW_STATES
} ChEscrowState;
#undef X
extern const ChWireEnum ChEscrowState_enum;

#define CH_MEDIUM_EVENT_FIELDS(F, S)                                                                         \
  F (S, at, TIME, "at", REQUIRED, 0, _)                                                                      \
  F (S, what, STRING, "what", REQUIRED, 32, _)                                                               \
  F (S, who, STRING, "who", REQUIRED, 128, _)
CH_WIRE_DECLARE (ChMediumEvent, ch_medium_event, CH_MEDIUM_EVENT_FIELDS)

/* The newest event first */
#define CH_MEDIUM_MAX_EVENTS 100

#define CH_MEDIUM_STATUS_FIELDS(F, S)                                                                        \
  F (S, token_serial, STRING, "token-serial", REQUIRED, 64, _)                                               \
  F (S, state, ENUM, "state", REQUIRED, 0, ChEscrowState)                                                    \
  F (S, runs, INT, "runs", REQUIRED, 1000000, _)                                                             \
  F (S, application, STRING, "application", OPTIONAL, 64, _)                                                 \
  F (S, history, LIST, "history", REQUIRED, CH_MEDIUM_MAX_EVENTS, ChMediumEvent)
CH_WIRE_DECLARE (ChMediumStatus, ch_medium_status, CH_MEDIUM_STATUS_FIELDS)

#define CH_MEDIUM_ALLOW_FIELDS(F, S) F (S, token_serial, STRING, "token-serial", REQUIRED, 64, _)
CH_WIRE_DECLARE (ChMediumAllow, ch_medium_allow, CH_MEDIUM_ALLOW_FIELDS)

G_END_DECLS
