#pragma once

#include "front/ch-front.h"

G_BEGIN_DECLS

/* Ways an application can take other than forward; each is asked about before it is done */
typedef enum
{
  CH_TURN_NONE,
  CH_TURN_DISCARD,  /* a draft nobody can have paid for is deleted */
  CH_TURN_WITHDRAW, /* ended by the applicant; what was paid goes back */
  CH_TURN_AGAIN,    /* issued, but the key is out of reach */
} ChTurn;

ChTurn ch_turn_of (ChApplicationItem *item);
const char *ch_turn_get_deed (ChTurn turn);
const char *ch_turn_get_question (ChTurn turn);
char *ch_turn_explain (ChTurn turn, ChApplicationItem *item);

void ch_front_turn_async (ChFront *self,
                          ChApplicationItem *item,
                          ChTurn turn,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean ch_front_turn_finish (ChFront *self, GAsyncResult *result, GError **error);

G_END_DECLS
