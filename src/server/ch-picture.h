#pragma once

#include "server/ch-service.h"
#include "wire/messages-care.h"

G_BEGIN_DECLS

/* What shows that a person asks, or that it cost a program something: either of the two. All borrowed, all
 * may be missing. */
typedef struct
{
  const char *picture; /* its id */
  const char *picture_code;
  const char *challenge; /* its id */
  const char *work;
} ChProof;

ChPicture *ch_picture_make (ChService *service, const char *address, GError **error);
gboolean ch_proof_is_given (const ChProof *proof);
gboolean ch_proof_spend (ChService *service, const ChProof *proof, GError **error);

G_END_DECLS
