#pragma once

#include "server/ch-service.h"
#include "wire/messages-application.h"

G_BEGIN_DECLS

/* A review, as a ChDbFunc gets it */
typedef struct
{
  const ChProfile *profile;
  const char *application;
  const ChReview *review;
  const char *who; /* for the history */
} ChReviewJob;

gpointer ch_review_desk_write (ChDbTx *tx, gpointer data, GError **error);
void ch_review_desk_submitted (ChService *service, const ChApplication *application);
void ch_review_desk_ended (ChService *service, const ChApplication *application);

G_END_DECLS
