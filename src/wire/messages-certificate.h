#pragma once

#include "wire/ch-wire.h"

G_BEGIN_DECLS

#define CH_CSR_FIELDS(F, S) F (S, csr, BYTES, "csr", REQUIRED, 16384, _)
CH_WIRE_DECLARE (ChCsrMessage, ch_csr_message, CH_CSR_FIELDS)

#define CH_CERTIFICATE_STATES(X)                                                                             \
  X (ISSUED, "issued")                                                                                       \
  X (INSTALLED, "installed")                                                                                 \
  X (ON_HOLD, "on-hold")                                                                                     \
  X (REVOKED, "revoked")
#define X(code, id) CH_CERTIFICATE_##code,
typedef enum
{
  CH_CERTIFICATE_STATES (X) CH_N_CERTIFICATE_STATES
} ChCertificateState;
#undef X
extern const ChWireEnum ChCertificateState_enum;

/* serial: upper-case hex, also the id; chain: issuing CA, then root. flow and project are those it was issued
 * in; open: the application that is about it and not over */
#define CH_CERTIFICATE_FIELDS(F, S)                                                                          \
  F (S, serial, STRING, "serial", REQUIRED, 64, _)                                                           \
  F (S, state, ENUM, "state", REQUIRED, 0, ChCertificateState)                                               \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, name, STRING, "name", REQUIRED, 256, _)                                                              \
  F (S, not_before, TIME, "not-before", REQUIRED, 0, _)                                                      \
  F (S, not_after, TIME, "not-after", REQUIRED, 0, _)                                                        \
  F (S, der, BYTES, "der", REQUIRED, 16384, _)                                                               \
  F (S, issuing_ca, BYTES, "issuing-ca", REQUIRED, 16384, _)                                                 \
  F (S, root_ca, BYTES, "root-ca", REQUIRED, 16384, _)                                                       \
  F (S, flow, STRING, "flow", OPTIONAL, 64, _)                                                               \
  F (S, project, STRING, "project", OPTIONAL, 32, _)                                                         \
  F (S, open, STRING, "open", OPTIONAL, 64, _)
CH_WIRE_DECLARE (ChCertificate, ch_certificate, CH_CERTIFICATE_FIELDS)

#define CH_CERTIFICATE_LIST_FIELDS(F, S)                                                                     \
  F (S, items, LIST, "items", REQUIRED, 1000, ChCertificate)                                                 \
  F (S, next, STRING, "next", OPTIONAL, 512, _)                                                              \
  F (S, total, INT, "total", OPTIONAL, 1000000000, _)
CH_WIRE_DECLARE (ChCertificateList, ch_certificate_list, CH_CERTIFICATE_LIST_FIELDS)

/* Proof that the key is where it should be: a signature over certhall-possession/1 */
#define CH_POSSESSION_FIELDS(F, S)                                                                           \
  F (S, nonce, BYTES, "nonce", REQUIRED, 32, _)                                                              \
  F (S, signature, BYTES, "signature", REQUIRED, 1024, _)
CH_WIRE_DECLARE (ChPossession, ch_possession, CH_POSSESSION_FIELDS)

G_END_DECLS
