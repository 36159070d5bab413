#pragma once

#include "wire/messages-application.h"

G_BEGIN_DECLS

/* Every answer that is no success. id is one of CH_ERRORS; request names the line in the server’s log. */
#define CH_FAILURE_FIELDS(F, S)                                                                              \
  F (S, id, STRING, "error", REQUIRED, 64, _)                                                                \
  F (S, message, STRING, "message", OPTIONAL, 1024, _)                                                       \
  F (S, fields, LIST, "fields", OPTIONAL, 100, ChFieldReason)                                                \
  F (S, details, MAP, "details", OPTIONAL, 20, _)                                                            \
  F (S, request, STRING, "request", OPTIONAL, 64, _)
CH_WIRE_DECLARE (ChFailure, ch_failure, CH_FAILURE_FIELDS)

GBytes *ch_failure_encode_error (const GError *error, const char *request);
GError *ch_failure_decode_error (GBytes *json);

G_END_DECLS
