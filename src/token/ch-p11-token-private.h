#pragma once

#include "base/ch-worker.h"
#include "ports/ch-asker.h"
#include "token/ch-p11-objects.h"
#include "token/ch-p11-token.h"

G_BEGIN_DECLS

struct _ChP11Token
{
  GObject parent_instance;

  ChP11Host *host;   /* (owned) */
  ChTokenInfo *info; /* (owned) */
  ChWorker *worker;  /* (owned) */
  char *lock_path;   /* (owned) */
  gboolean hashes_rsa;

  GMutex mutex; /* guards what follows */
  CK_SLOT_ID slot;
  gboolean is_gone;
  gboolean is_remade;   /* it is being initialised */
  GCancellable *asking; /* (owned) (nullable): while somebody is asked for the PIN */
  ChPinState pin_state;
  ChPinState officer_state; /* of the officer’s PIN */
  guint64 stamp;            /* of the answer that was said in */
  ChPinState told_state;    /* that the list was told of */
  GSource *timer;           /* (owned) (nullable): logs out after a while */

  ChP11Session session; /* only in the worker */
};

/* ch-p11-token.c */
CK_SLOT_ID ch_p11_token_get_slot (ChP11Token *self);
gboolean ch_p11_token_look (ChP11Token *self, CK_FLAGS *flags, GError **error);
gboolean ch_p11_token_begin (ChP11Token *self, CK_FLAGS *flags, CK_STATE *state, GError **error);
gpointer ch_p11_token_explain (ChP11Token *self, gpointer result, GError **error);
ChP11Entry *ch_p11_token_open_entry (ChP11Token *self,
                                     const char *key_id,
                                     GTlsInteraction *asker,
                                     GPtrArray **entries,
                                     GCancellable *cancellable,
                                     GError **error);
gboolean ch_p11_token_write_id (ChP11Token *self, CK_OBJECT_HANDLE object, GBytes *id);

/* ch-p11-token-cert.c */
gboolean ch_p11_token_store_cert (ChToken *token,
                                  const char *key_id,
                                  GBytes *der,
                                  GTlsInteraction *asker,
                                  GCancellable *cancellable,
                                  GError **error);

/* ch-p11-token-info.c: what a module says, as our programs know it */
gboolean ch_p11_makes (GArray *mechanisms, CK_MECHANISM_TYPE type, gulong size, CK_FLAGS flag);
ChTokenInfo *ch_p11_make_info (const ChP11TokenInfo *info, GArray *mechanisms);

/* ch-p11-token-pin.c: what is asked of people */
gboolean
ch_p11_token_log_in (ChP11Token *self, GTlsInteraction *asker, GCancellable *cancellable, GError **error);
ChSecret *ch_p11_token_ask (ChP11Token *self,
                            GTlsInteraction *asker,
                            ChAskKind kind,
                            GTlsPasswordFlags flags,
                            GCancellable *cancellable,
                            GError **error);
typedef gboolean (*ChP11PadFunc) (ChP11Token *self, GError **error);
gboolean ch_p11_token_do_at_pad (ChP11Token *self,
                                 ChP11PadFunc func,
                                 ChAskKind kind,
                                 GTlsPasswordFlags flags,
                                 GTlsInteraction *asker,
                                 GCancellable *cancellable,
                                 GError **error);
gboolean
ch_p11_token_change_pin (ChToken *token, GTlsInteraction *asker, GCancellable *cancellable, GError **error);
gboolean ch_p11_token_fits (ChP11Token *self, ChSecret *pin, GError **error);
void ch_p11_token_forget (ChP11Token *self);

/* ch-p11-token-officer.c */
gboolean ch_p11_token_unlock (ChToken *token,
                              ChSecret *so_pin,
                              ChSecret *next_so_pin,
                              gboolean is_again,
                              GTlsInteraction *asker,
                              GCancellable *cancellable,
                              GError **error);
gboolean ch_p11_token_initialise (ChToken *token,
                                  const char *label,
                                  ChSecret *so_pin,
                                  const char *typed_serial,
                                  GTlsInteraction *asker,
                                  GCancellable *cancellable,
                                  GError **error);

G_END_DECLS
