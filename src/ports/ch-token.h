#pragma once

#include <gio/gio.h>

#include "base/ch-key-spec.h"
#include "base/ch-secret.h"

G_BEGIN_DECLS

/* What a token can do. Steps ask for abilities, never for a kind of token. */
typedef enum
{
  CH_TOKEN_CAN_GENERATE = 1 << 0,
  CH_TOKEN_CAN_IMPORT_ENVELOPE = 1 << 1, /* the CA-made encryption key pair of GM/T double certificates */
  CH_TOKEN_CAN_CHANGE_PIN = 1 << 2,
  CH_TOKEN_CAN_UNLOCK = 1 << 3,
  CH_TOKEN_HAS_PIN_PAD = 1 << 4,    /* never ask for the PIN on screen */
  CH_TOKEN_IS_REMOTE = 1 << 5,      /* a phone: slow, may be refused by its owner */
  CH_TOKEN_CAN_EXPORT = 1 << 6,     /* gives keys and certificates for other programs */
  CH_TOKEN_CAN_BACK_UP = 1 << 7,    /* gives all of itself to be kept, or moved to another PC */
  CH_TOKEN_CAN_INITIALISE = 1 << 8, /* can be made blank, with a new security officer’s PIN */
} ChTokenAbilities;

/* What a medium says of its PIN: in words, for few know a number */
typedef enum
{
  CH_PIN_UNKNOWN, /* or a number: ch_token_get_tries() */
  CH_PIN_GOOD,
  CH_PIN_LOW,   /* a wrong one was entered */
  CH_PIN_FINAL, /* one try is left */
  CH_PIN_LOCKED,
  CH_PIN_NOT_SET,
  CH_N_PIN_STATES,
} ChPinState;

typedef struct
{
  char *serial;
  char *label;
  char *model;
  char *medium; /* id of the axis: ukey, soft, phone */
  ChTokenAbilities abilities;
  guint key_specs; /* bits of 1 << ChKeySpec */
  int pin_tries;   /* -1: unknown */
  guint pin_min;   /* bytes; 0: unknown */
  guint pin_max;
  guint max_keys; /* it has room for; 0: unknown */
} ChTokenInfo;

/* A key on a token with its certificate, or one of the two. A key in the making is labelled
 * `certhall:APPLICATION`; one that was replaced but may still be needed, `certhall-former:SERIAL`. */
#define CH_TOKEN_FORMER "certhall-former:"

typedef struct
{
  char *key_id; /* hex of the first 20 bytes of SHA-256(SubjectPublicKeyInfo) */
  char *label;
  gboolean has_key;
  ChKeySpec spec;
  GBytes *spki; /* (nullable) DER */
  GBytes *cert; /* (nullable) DER */
} ChTokenObject;

void ch_token_info_free (ChTokenInfo *self);
ChTokenObject *ch_token_object_new (void);
void ch_token_object_free (ChTokenObject *self);
gboolean ch_token_object_is_former (const ChTokenObject *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChTokenInfo, ch_token_info_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChTokenObject, ch_token_object_free)

#define CH_TYPE_TOKEN (ch_token_get_type ())
G_DECLARE_INTERFACE (ChToken, ch_token, CH, TOKEN, GObject)

/* Every vfunc but get_info runs on the token’s own worker thread, one at a time, and may block. */
struct _ChTokenInterface
{
  GTypeInterface parent_iface;

  const ChTokenInfo *(*get_info) (ChToken *self);
  struct _ChWorker *(*get_worker) (ChToken *self);
  GPtrArray *(*list_objects) (ChToken *self, GCancellable *cancellable, GError **error);
  /* (nullable): also what only its holder sees, who is asked for the PIN */
  GPtrArray *(*list_all) (ChToken *self, GTlsInteraction *asker, GCancellable *cancellable, GError **error);
  GBytes *(*generate_key) (ChToken *self,
                           ChKeySpec spec,
                           const char *label,
                           GTlsInteraction *asker,
                           GCancellable *cancellable,
                           GError **error);
  GBytes *(*sign) (ChToken *self,
                   const char *key_id,
                   GBytes *data,
                   const char *sm2_id,
                   GTlsInteraction *asker,
                   GCancellable *cancellable,
                   GError **error);
  gboolean (*store_cert) (ChToken *self,
                          const char *key_id,
                          GBytes *der,
                          GTlsInteraction *asker,
                          GCancellable *cancellable,
                          GError **error);
  gboolean (*delete_object) (ChToken *self,
                             const char *key_id,
                             GTlsInteraction *asker,
                             GCancellable *cancellable,
                             GError **error);
  /* Those who cannot do what follows leave it out */
  gboolean (*set_label) (ChToken *self,
                         const char *key_id,
                         const char *label,
                         GTlsInteraction *asker,
                         GCancellable *cancellable,
                         GError **error);
  int (*get_tries) (ChToken *self);
  ChPinState (*get_pin_state) (ChToken *self);
  gboolean (*change_pin) (ChToken *self, GTlsInteraction *asker, GCancellable *cancellable, GError **error);
  GBytes *(*export_bundle) (ChToken *self,
                            const char *key_id,
                            GTlsInteraction *asker,
                            GCancellable *cancellable,
                            GError **error);
  GBytes *(*back_up) (ChToken *self,
                      gboolean to_move,
                      GTlsInteraction *asker,
                      GCancellable *cancellable,
                      GError **error);
  gboolean (*unlock) (ChToken *self,
                      ChSecret *so_pin,
                      ChSecret *next_so_pin,
                      gboolean is_again,
                      GTlsInteraction *asker,
                      GCancellable *cancellable,
                      GError **error);
  ChPinState (*get_officer_state) (ChToken *self);
  gboolean (*initialise) (ChToken *self,
                          const char *label,
                          ChSecret *so_pin,
                          const char *typed_serial,
                          GTlsInteraction *asker,
                          GCancellable *cancellable,
                          GError **error);
  gboolean (*remove) (ChToken *self,
                      const char *move_code,
                      GTlsInteraction *asker,
                      GCancellable *cancellable,
                      GError **error);
};

const ChTokenInfo *ch_token_get_info (ChToken *self);
int ch_token_get_tries (ChToken *self);
ChPinState ch_token_get_pin_state (ChToken *self);
ChPinState ch_token_get_officer_state (ChToken *self);
const char *ch_pin_state_get_id (ChPinState state);

void ch_token_list_objects_async (ChToken *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void ch_token_list_all_async (ChToken *self,
                              GTlsInteraction *asker,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *ch_token_list_objects_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_generate_key_async (ChToken *self,
                                  ChKeySpec spec,
                                  const char *label,
                                  GTlsInteraction *asker,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
GBytes *ch_token_generate_key_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_sign_async (ChToken *self,
                          const char *key_id,
                          GBytes *data,
                          GTlsInteraction *asker,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
void ch_token_sign_as_async (ChToken *self,
                             const char *key_id,
                             GBytes *data,
                             const char *sm2_id,
                             GTlsInteraction *asker,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GBytes *ch_token_sign_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_store_cert_async (ChToken *self,
                                const char *key_id,
                                GBytes *der,
                                GTlsInteraction *asker,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean ch_token_store_cert_finish (ChToken *self, GAsyncResult *result, GError **error);
gboolean ch_token_can_set_label (ChToken *self);
void ch_token_set_label_async (ChToken *self,
                               const char *key_id,
                               const char *label,
                               GTlsInteraction *asker,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean ch_token_set_label_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_delete_object_async (ChToken *self,
                                   const char *key_id,
                                   GTlsInteraction *asker,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean ch_token_delete_object_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_change_pin_async (ChToken *self,
                                GTlsInteraction *asker,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean ch_token_change_pin_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_unlock_async (ChToken *self,
                            ChSecret *so_pin,
                            ChSecret *next_so_pin,
                            gboolean is_again,
                            GTlsInteraction *asker,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean ch_token_unlock_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_initialise_async (ChToken *self,
                                const char *label,
                                ChSecret *so_pin,
                                const char *typed_serial,
                                GTlsInteraction *asker,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean ch_token_initialise_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_back_up_async (ChToken *self,
                             gboolean to_move,
                             GTlsInteraction *asker,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GBytes *ch_token_back_up_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_remove_async (ChToken *self,
                            const char *move_code,
                            GTlsInteraction *asker,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean ch_token_remove_finish (ChToken *self, GAsyncResult *result, GError **error);
void ch_token_export_bundle_async (ChToken *self,
                                   const char *key_id,
                                   GTlsInteraction *asker,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GBytes *ch_token_export_bundle_finish (ChToken *self, GAsyncResult *result, GError **error);

G_END_DECLS
