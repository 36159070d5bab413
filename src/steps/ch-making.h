#pragma once

#include "flow/ch-run.h"
#include "wire/messages-making.h"

G_BEGIN_DECLS

/* Runs of the staff: they make the medium of an application */
ChRun *ch_making_start (ChPorts *ports, const char *application);
const ChPinLetter *ch_making_get_letter (ChRun *run);

G_END_DECLS
