#include "config.h"

#include "pki/ch-chain-store.h"

static const struct
{
  const char *id;
  const char *text;
} infos[] = {
#define R(code, id, text) [CH_CHAIN_##code] = { id, text },
  CH_CHAIN_REASONS (R)
#undef R
};

/**
 * ch_chain_reason_get_id:
 * @reason: a reason
 *
 * Returns: (transfer none): its id
 */
const char *
ch_chain_reason_get_id (ChChainReason reason)
{
  return infos[(guint) reason < CH_N_CHAIN_REASONS ? reason : CH_CHAIN_OTHER].id;
}

/**
 * ch_chain_reason_get_text:
 * @reason: a reason
 *
 * Returns: (transfer none): a sentence for the user, untranslated
 */
const char *
ch_chain_reason_get_text (ChChainReason reason)
{
  return infos[(guint) reason < CH_N_CHAIN_REASONS ? reason : CH_CHAIN_OTHER].text;
}

void
ch_chain_result_free (ChChainResult *self)
{
  if (self == NULL)
    return;

  g_free (self->subject_text);
  g_ptr_array_unref (self->path);
  g_free (self);
}

/**
 * ch_chain_verify:
 * @cert: the certificate asked for, in DER
 * @intermediates: (nullable) (element-type GBytes): certificates of CAs that may help
 * @anchors: (element-type GBytes): certificates that are trusted
 * @when: for which time, seconds since 1970
 * @crls: (nullable) (element-type GBytes): then every certificate below the anchor needs a current one of its
 * issuer; %NULL when revocation is asked elsewhere
 * @sm2_id: (nullable): the distinguishing id for SM2
 *
 * Finds out whether a certificate is to be trusted, and if not, what to tell the user. For many certificates
 * a #ChChainStore does it with less work.
 *
 * Returns: (transfer full): the result; never %NULL
 */
ChChainResult *
ch_chain_verify (GBytes *cert,
                 GPtrArray *intermediates,
                 GPtrArray *anchors,
                 gint64 when,
                 GPtrArray *crls,
                 const char *sm2_id)
{
  g_autoptr (ChChainStore) store = ch_chain_store_new (sm2_id);

  for (guint i = 0; i < anchors->len; i++)
    ch_chain_store_add_anchor (store, anchors->pdata[i]);
  for (guint i = 0; intermediates != NULL && i < intermediates->len; i++)
    ch_chain_store_add_ca (store, intermediates->pdata[i]);
  for (guint i = 0; crls != NULL && i < crls->len; i++)
    ch_chain_store_add_crl (store, crls->pdata[i], NULL);

  return ch_chain_store_verify (store, cert, when, crls != NULL);
}
