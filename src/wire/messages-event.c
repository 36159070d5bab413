#include "config.h"

#include "wire/messages-event.h"

CH_WIRE_DEFINE (ChEvent, ch_event, CH_EVENT_FIELDS, "event")
