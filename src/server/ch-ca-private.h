#pragma once

#include "pki/ch-key.h"
#include "server/ch-ca.h"

G_BEGIN_DECLS

/* Where things lie below the store’s folder:
 *   tls-ca.pem           what programs are given to trust the server
 *   ca/ROLE-rsa.pem      certificates; chain-rsa.pem is the issuing CA and the root
 *   ca/rsa.crl, ca/root-rsa.crl
 *   keys/ROLE-rsa.key    encrypted, read at each start
 *   offline/root-rsa.key encrypted, to be carried away */
#define CH_CA_CERTS   "ca"
#define CH_CA_KEYS    "keys"
#define CH_CA_OFFLINE "offline"

/* The trust of SM2 signatures goes by the distinguishing id; others ignore it */
#define CH_CA_SM2_ID CH_SM2_DEFAULT_ID

ChKeySpec ch_hierarchy_get_root_spec (ChHierarchy hierarchy);
ChKeySpec ch_hierarchy_get_spec (ChHierarchy hierarchy);
ChIssuerUrls *ch_ca_urls_new (const char *entry, const char *ca, const char *crl);
void ch_ca_urls_free (ChIssuerUrls *urls);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChIssuerUrls, ch_ca_urls_free)

G_END_DECLS
