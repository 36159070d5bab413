#pragma once

#include "front/ch-front.h"
#include "steps/ch-account-desk.h"

G_BEGIN_DECLS

/* Shared by what is there for everybody (ch-front.c) and for who logs in (ch-front-account.c) */
struct _ChFront
{
  GObject parent_instance;

  ChPorts *ports;                   /* (owned) */
  ChAccountDesk *desk;              /* (owned) */
  ChCertList *certs;                /* (owned) */
  ChApplicationModel *applications; /* (owned) */
  ChPagedModel *pages;              /* (owned): the same, all of them */
  ChDueList *due;                   /* (owned) */
  ChFrontState state;
  GError *error;    /* (owned) (nullable): why it is FAILED */
  guint changed_id; /* source, 0 when none */

  char *key_serial;     /* (owned) (nullable): of the USB key somebody is logged in by */
  gboolean key_is_gone; /* it was unplugged */
};

typedef gboolean (*ChFrontFinish) (ChAccountDesk *desk, GAsyncResult *result, GError **error);

GTask *ch_front_begin (ChFront *self,
                       gpointer tag,
                       ChFrontFinish finish,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
void ch_front_forget_account (ChFront *self);
void ch_front_look_for_key (ChFront *self);

G_END_DECLS
