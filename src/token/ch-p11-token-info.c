#include "config.h"

#include <string.h>

#include "token/ch-p11-token-private.h"

#define RSA_BITS      2048
#define P256_BITS     256
#define SERIAL_DIGITS 16

/* OpenSC says behind the name which PIN is meant: “name (UserPIN)” */
static char *
make_label (const char *label)
{
  const char *paren = strrchr (label, '(');
  gsize len = strlen (label);

  if (paren != NULL && paren > label + 1 && paren[-1] == ' ' && g_str_has_suffix (label, "PIN)"))
    len = paren - 1 - label;
  return g_strndup (label, len);
}

gboolean
ch_p11_makes (GArray *mechanisms, CK_MECHANISM_TYPE type, gulong size, CK_FLAGS flag)
{
  for (guint i = 0; i < mechanisms->len; i++)
    {
      const ChP11Mechanism *mechanism = &g_array_index (mechanisms, ChP11Mechanism, i);

      if (mechanism->type == type && (mechanism->flags & flag) != 0 && mechanism->min_size <= size
          && size <= mechanism->max_size)
        return TRUE;
    }
  return FALSE;
}

static guint
find_specs (GArray *mechanisms)
{
  guint specs = 0;

  if (ch_p11_makes (mechanisms, CKM_RSA_PKCS_KEY_PAIR_GEN, RSA_BITS, CKF_GENERATE_KEY_PAIR))
    specs |= 1 << CH_KEY_RSA_2048;
  if (ch_p11_makes (mechanisms, CKM_EC_KEY_PAIR_GEN, P256_BITS, CKF_GENERATE_KEY_PAIR))
    specs |= 1 << CH_KEY_P256;
  return specs;
}

static ChTokenAbilities
find_abilities (const ChP11TokenInfo *info, guint specs)
{
  gboolean is_writable = (info->flags & CKF_WRITE_PROTECTED) == 0;
  ChTokenAbilities abilities = 0;

  if (is_writable)
    abilities |= CH_TOKEN_CAN_INITIALISE;
  if (is_writable && (info->flags & CKF_TOKEN_INITIALIZED) != 0)
    abilities |= CH_TOKEN_CAN_UNLOCK;
  if (is_writable && specs != 0)
    abilities |= CH_TOKEN_CAN_GENERATE;
  if (is_writable && (info->flags & CKF_USER_PIN_INITIALIZED) != 0)
    abilities |= CH_TOKEN_CAN_CHANGE_PIN;
  if ((info->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
    abilities |= CH_TOKEN_HAS_PIN_PAD;
  return abilities;
}

/**
 * ch_p11_token_make_serial:
 *
 * Returns: (transfer full): what a medium is known by: its serial, or what is made of its names where it has
 * none
 */
char *
ch_p11_token_make_serial (const ChP11TokenInfo *info)
{
  g_autofree char *names = NULL;
  g_autofree char *hash_text = NULL;

  if (*info->serial != 0)
    return g_strdup (info->serial);
  names = g_strjoin ("\n", info->manufacturer, info->model, info->label, NULL);
  hash_text = g_compute_checksum_for_string (G_CHECKSUM_SHA256, names, -1);
  return g_strndup (hash_text, SERIAL_DIGITS);
}

/**
 * ch_p11_make_info:
 *
 * Returns: (transfer full): what our programs know of the medium
 */
ChTokenInfo *
ch_p11_make_info (const ChP11TokenInfo *info, GArray *mechanisms)
{
  ChTokenInfo *own = g_new0 (ChTokenInfo, 1);

  own->serial = ch_p11_token_make_serial (info);
  own->label = make_label (info->label);
  own->model = g_strdup (info->model);
  own->medium = g_strdup ("ukey");
  own->key_specs = find_specs (mechanisms);
  own->abilities = find_abilities (info, own->key_specs);
  own->pin_tries = -1;
  own->pin_min = info->pin_min;
  own->pin_max = info->pin_max;
  return own;
}
