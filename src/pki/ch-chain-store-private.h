#pragma once

#include "pki/ch-chain-store.h"
#include "pki/ch-crl-private.h"
#include "pki/ch-openssl-private.h"

G_BEGIN_DECLS

/* A CRL, and which CA’s signature was found under it */
typedef struct
{
  ChCrl *crl;        /* (owned) */
  GBytes *asked_for; /* (owned) (nullable): the CA that was tried last */
  gboolean is_right;
} ChListed;

struct _ChChainStore
{
  char *sm2_id;              /* (owned) */
  X509_STORE *anchors;       /* (owned) */
  STACK_OF (X509) * helpers; /* (owned) */
  GPtrArray *crls;           /* (owned) (element-type ChListed) */
  gboolean has_special;      /* one of them is not simply the whole list of one CA under its one name */
  GPtrArray *lines;          /* (owned) (element-type Line) */
  GPtrArray *pending;  /* (owned) (element-type GBytes, unowned): signers of lists that are looked at now */
  unsigned long flags; /* X509_V_FLAG_… */
  STACK_OF (ASN1_OBJECT) * policies; /* (owned): one of them will do */
  gboolean is_picky;                 /* something is asked about policies */
};

/* Inside pki only */
ChChainResult *ch_chain_store_build (ChChainStore *self, GBytes *cert, gint64 when);
void ch_chain_result_name_culprit (ChChainResult *result);
void ch_listed_free (gpointer data);

G_END_DECLS
