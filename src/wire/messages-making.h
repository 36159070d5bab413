#pragma once

#include "wire/messages-ticket.h"

G_BEGIN_DECLS

/* A member of the staff is about to make the medium of an application. again: its key is out of reach, so
 * what was issued is revoked and another certificate is issued */
#define CH_MAKING_NEW_FIELDS(F, S) F (S, again, BOOL, "again", OPTIONAL, 0, _)
CH_WIRE_DECLARE (ChMakingNew, ch_making_new, CH_MAKING_NEW_FIELDS)

#define CH_MAKING_MAX_FORMER 16

/* A ticket for making it, and what is or will be in the certificate; serial: once it is issued; medium: the
 * serial number of the medium that was begun with; key: id of the key that is certified; former: ids of keys
 * whose certificates on this application were revoked, wherever those keys lie */
#define CH_MAKING_FIELDS(F, S)                                                                               \
  F (S, token, SECRET, "token", REQUIRED, 128, _)                                                            \
  F (S, ends, TIME, "ends", REQUIRED, 0, _)                                                                  \
  F (S, application, OBJECT, "application", REQUIRED, 0, ChApplication)                                      \
  F (S, name, STRING, "name", REQUIRED, 256, _)                                                              \
  F (S, subject, STRING, "subject", REQUIRED, 4096, _)                                                       \
  F (S, trust_id, STRING, "trust-id", OPTIONAL, 128, _)                                                      \
  F (S, not_before, TIME, "not-before", REQUIRED, 0, _)                                                      \
  F (S, not_after, TIME, "not-after", REQUIRED, 0, _)                                                        \
  F (S, serial, STRING, "serial", OPTIONAL, 64, _)                                                           \
  F (S, medium, STRING, "medium", OPTIONAL, 64, _)                                                           \
  F (S, key, STRING, "key", OPTIONAL, 64, _)                                                                 \
  F (S, former, STRINGS, "former", OPTIONAL, CH_MAKING_MAX_FORMER, _)
CH_WIRE_DECLARE (ChMaking, ch_making, CH_MAKING_FIELDS)

/* The medium it is made on, and the public key of this run, for which the officer’s PIN is sealed */
#define CH_MAKING_MEDIUM_FIELDS(F, S)                                                                        \
  F (S, medium, STRING, "medium", REQUIRED, 64, _)                                                           \
  F (S, key, BYTES, "key", REQUIRED, 512, _)
CH_WIRE_DECLARE (ChMakingMedium, ch_making_medium, CH_MAKING_MEDIUM_FIELDS)

#define CH_MAKING_OFFICER_FIELDS(F, S) F (S, sealed, BYTES, "sealed", REQUIRED, 1024, _)
CH_WIRE_DECLARE (ChMakingOfficer, ch_making_officer, CH_MAKING_OFFICER_FIELDS)

/* The first PIN on its way to the holder; the server keeps nothing of it */
#define CH_FIRST_PIN_FIELDS(F, S)                                                                            \
  F (S, pin, SECRET, "pin", REQUIRED, 64, _)                                                                 \
  F (S, medium, STRING, "medium", REQUIRED, 64, _)
CH_WIRE_DECLARE (ChFirstPin, ch_first_pin, CH_FIRST_PIN_FIELDS)

/* bytes: a PDF to be printed on both sides of one sheet */
#define CH_PIN_LETTER_FIELDS(F, S)                                                                           \
  F (S, name, STRING, "name", REQUIRED, 255, _)                                                              \
  F (S, bytes, BYTES, "bytes", REQUIRED, 2097152, _)
CH_WIRE_DECLARE (ChPinLetter, ch_pin_letter, CH_PIN_LETTER_FIELDS)

G_END_DECLS
