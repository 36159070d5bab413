#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Kinds of key a profile may ask for. The ids travel and are stable for ever. */
typedef enum
{
  CH_KEY_RSA_2048,
  CH_KEY_RSA_3072,
  CH_KEY_P256,
  CH_KEY_SM2,
  CH_N_KEY_SPECS,
} ChKeySpec;

const char *ch_key_spec_get_id (ChKeySpec spec);
gboolean ch_key_spec_from_id (const char *id, ChKeySpec *spec);

G_END_DECLS
