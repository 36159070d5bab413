#pragma once

#include "pki/ch-chain.h"
#include "pki/ch-crl.h"

G_BEGIN_DECLS

/* Anchors, CAs and CRLs, read and checked once, by which many certificates are verified. Belongs to one
 * thread at a time. */
typedef struct _ChChainStore ChChainStore;

/* Under which policies a certificate must have been issued (RFC 5280 6.1.1). All zero asks for nothing. */
typedef struct
{
  const char *const *policies; /* (nullable): dotted numbers; %NULL for any */
  gboolean is_explicit;        /* there must be one */
  gboolean inhibits_mapping;   /* and it is the same one from the anchor down */
  gboolean inhibits_any;       /* “any policy” is none */
} ChChainPolicy;

ChChainStore *ch_chain_store_new (const char *sm2_id);
void ch_chain_store_free (ChChainStore *self);
gboolean ch_chain_store_add_anchor (ChChainStore *self, GBytes *der);
gboolean ch_chain_store_add_ca (ChChainStore *self, GBytes *der);
gboolean ch_chain_store_add_crl (ChChainStore *self, GBytes *der, GError **error);
gboolean ch_chain_store_set_policy (ChChainStore *self, const ChChainPolicy *policy, GError **error);
ChChainResult *ch_chain_store_verify (ChChainStore *self, GBytes *cert, gint64 when, gboolean with_crls);
void ch_chain_store_check_revocation (ChChainStore *self, ChChainResult *result, guint from, gint64 when);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChChainStore, ch_chain_store_free)

G_END_DECLS
