#pragma once

#include "server/ch-service.h"
#include "wire/messages-making.h"

G_BEGIN_DECLS

/* The letter with the first PIN of a medium: one sheet, printed on both sides and folded, so that the PIN is
 * read only by who opens it. Nothing of it is kept. */
ChPinLetter *ch_pin_letter_make (ChService *service,
                                 const ChApplication *application,
                                 const char *medium,
                                 ChSecret *pin,
                                 GError **error);

G_END_DECLS
