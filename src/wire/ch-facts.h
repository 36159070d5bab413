#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is known or done so far. Steps declare which facts they need and which they give.
 *   SERVER  has an effect outside: taken from the server’s answers only
 *   MEDIUM  is what lies on the token: found by looking at it
 *   LOCAL   belongs to this run on this PC */
/* clang-format off */
/*   code          id              kept by */
#define CH_FACTS(F) \
  F (APPLICATION,  "application",  SERVER, 0)  /* there is an application with flow and project */ \
  F (SUBJECT,      "subject",      SERVER, 1)  /* what goes into the certificate is complete and valid */ \
  F (DOCUMENTS,    "documents",    SERVER, 2)  /* every document asked for has arrived */ \
  F (HANDLER,      "handler",      SERVER, 3)  /* who acts for the enterprise */ \
  F (DELIVERY,     "delivery",     SERVER, 4)  /* how the key comes to the applicant */ \
  F (ORDER,        "order",        SERVER, 5)  /* the price is fixed */ \
  F (SETTLED,      "settled",      SERVER, 6)  /* paid, or nothing to pay */ \
  F (SUBMITTED,    "submitted",    SERVER, 7)  /* handed in for review */ \
  F (APPROVED,     "approved",     SERVER, 8)  /* the reviewer agreed */ \
  F (ISSUED,       "issued",       SERVER, 9)  /* the CA has signed the certificate */ \
  F (INSTALLED,    "installed",    SERVER, 10) /* proved by a signature of the new key */ \
  F (TOKEN,        "token",        LOCAL,  11) /* which token is to hold the key, and it can be used */ \
  F (KEY,          "key",          MEDIUM, 12) /* the key is on the token */ \
  F (STORED,       "stored",       MEDIUM, 13) /* the certificate is on the token */ \
  F (SHOWN,        "shown",        LOCAL,  14) /* the user has seen the result */ \
  F (RETIRED,      "retired",      MEDIUM, 15) /* the key that was replaced is off the token, or marked as former */ \
  F (PROVED,       "proved",       SERVER, 16) /* the handler has given the code that came by SMS */ \
  F (TICKET,       "ticket",       LOCAL,  17) /* the CA lets this run go on without an account */ \
  F (RELEASED,     "released",     LOCAL,  18) /* the CA has told what the medium is opened with */ \
  F (UNLOCKED,     "unlocked",     MEDIUM, 19) /* the medium has a PIN of its owner’s again */ \
  F (CONFIRMED,    "confirmed",    LOCAL,  20) /* the CA knows so, by a signature of the medium */
/* clang-format on */

typedef enum
{
  CH_FACT_NONE = 0,
#define F(code, id, keeper, bit) CH_FACT_##code = 1 << bit,
  CH_FACTS (F)
#undef F
} ChFact;

typedef enum
{
  CH_KEEPER_SERVER,
  CH_KEEPER_MEDIUM,
  CH_KEEPER_LOCAL
} ChKeeper;

const char *ch_fact_get_id (ChFact fact);
ChFact ch_facts_of (ChKeeper keeper);
ChFact ch_facts_parse (const char *const *ids);
GStrv ch_facts_format (ChFact facts);

G_END_DECLS
