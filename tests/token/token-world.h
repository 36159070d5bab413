#pragma once

#include "ports/ch-token-hub.h"

G_BEGIN_DECLS

#define TOKEN_WORLD_LABEL "甲公司"

/* A back end on which the contract of tokens is tried: one row of token_backends */
typedef struct
{
  const char *name;
  const char *medium;
  const char *pin;
  const char *other_pin;
  const char *wrong_pin;
  gboolean asks_for_pin; /* a PIN, not a passphrase */
  /* Makes one token, labelled TOKEN_WORLD_LABEL, with nothing on it, and a hub that sees it once it has
   * settled */
  ChTokenHub *(*make_hub) (const char *dir);
  /* (nullable): takes away what make_hub() needed beside its folder */
  void (*end) (void);
} TokenBackend;

/* A fresh token of a back end in a folder of its own */
typedef struct
{
  const TokenBackend *backend;
  char *dir;       /* (owned) */
  ChTokenHub *hub; /* (owned) */
  ChToken *token;  /* (owned) */
} TokenWorld;

extern const TokenBackend token_backends[];
extern const guint n_token_backends;

TokenWorld *token_world_new (const TokenBackend *backend);
void token_world_free (TokenWorld *self);
void token_world_remove_dir (const char *dir);
void token_world_settle (ChTokenHub *hub);
char *token_world_make_softhsm (const char *dir, const char *label);
ChTokenHub *token_world_open_module (const char *dir, const char *module, guint limit_ms);

GTlsInteraction *token_world_asker (TokenWorld *self);
GPtrArray *token_list (ChToken *token, GError **error);
GBytes *
token_generate (ChToken *token, ChKeySpec spec, const char *label, GTlsInteraction *asker, GError **error);
GBytes *token_sign (ChToken *token, const char *key_id, GBytes *data, GTlsInteraction *asker, GError **error);
gboolean
token_store (ChToken *token, const char *key_id, GBytes *cert, GTlsInteraction *asker, GError **error);
gboolean token_delete (ChToken *token, const char *key_id, GTlsInteraction *asker, GError **error);
gboolean token_change_pin (ChToken *token, GTlsInteraction *asker, GError **error);
gboolean token_unlock (ChToken *token,
                       ChSecret *so_pin,
                       ChSecret *next_so_pin,
                       GTlsInteraction *asker,
                       GError **error);
gboolean token_unlock_again (ChToken *token,
                             ChSecret *so_pin,
                             ChSecret *next_so_pin,
                             GTlsInteraction *asker,
                             GError **error);
gboolean token_initialise (ChToken *token,
                           const char *label,
                           ChSecret *so_pin,
                           const char *typed_serial,
                           GTlsInteraction *asker,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TokenWorld, token_world_free)

G_END_DECLS
