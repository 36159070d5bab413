#pragma once

#include "wire/messages-application.h"

G_BEGIN_DECLS

/* An application has changed. It says which and how far, not what: whoever may see that asks for it. */
#define CH_EVENT_FIELDS(F, S)                                                                                \
  F (S, application, STRING, "application", REQUIRED, 64, _)                                                 \
  F (S, state, ENUM, "state", REQUIRED, 0, ChApplicationState)                                               \
  F (S, version, INT, "version", REQUIRED, G_MAXINT32, _)
CH_WIRE_DECLARE (ChEvent, ch_event, CH_EVENT_FIELDS)

G_END_DECLS
