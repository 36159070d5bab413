#pragma once

#include "wire/ch-wire.h"
#include "wire/routes-account.h"
#include "wire/routes-application.h"
#include "wire/routes-batch.h"
#include "wire/routes-care.h"
#include "wire/routes-certificate.h"
#include "wire/routes-delivery.h"
#include "wire/routes-download.h"
#include "wire/routes-event.h"
#include "wire/routes-holder.h"
#include "wire/routes-invoice.h"
#include "wire/routes-making.h"
#include "wire/routes-order.h"
#include "wire/routes-phone.h"
#include "wire/routes-receipt.h"
#include "wire/routes-staff.h"
#include "wire/routes-ticket.h"
#include "wire/routes-unlock.h"

G_BEGIN_DECLS

/* Who may call: bits, any of them suffices */
typedef enum
{
  CH_PRINCIPAL_ANYBODY = 1 << 0,
  CH_PRINCIPAL_MEMBER = 1 << 1,
  CH_PRINCIPAL_REVIEWER = 1 << 2,
  CH_PRINCIPAL_MAKER = 1 << 3,
  CH_PRINCIPAL_SUPPORT = 1 << 4,
  CH_PRINCIPAL_AUDITOR = 1 << 5,
  CH_PRINCIPAL_HOLDER = 1 << 6,        /* logged in by a certificate: sees its businesses only */
  CH_PRINCIPAL_LATE_HOLDER = 1 << 7,   /* the certificate has ended, within the grace: what renewal needs */
  CH_PRINCIPAL_FRESH = 1 << 8,         /* came in with a one-time password and has to choose another first */
  CH_PRINCIPAL_LOOKUP_TICKET = 1 << 9, /* a ticket, no account: looks at some applications */
  CH_PRINCIPAL_DOWNLOAD_TICKET = 1 << 10, /* a ticket, no account: installs one certificate */
  CH_PRINCIPAL_UNLOCK_TICKET = 1 << 11,   /* a ticket, no account: unlocks one medium */
  CH_PRINCIPAL_MAKING_TICKET = 1 << 12,   /* a ticket of staff: makes the medium of one application */
  CH_PRINCIPAL_SCAN_TICKET = 1 << 16,     /* a PC that shows a code and waits for a phone */
  CH_PRINCIPAL_PHONE_TICKET = 1 << 17,    /* a phone that has read one */
  CH_PRINCIPAL_PHONE_INSTALL = 1 << 18,   /* the same, to put the certificate of one application on it */
  CH_PRINCIPAL_PHONE_PAPERS = 1 << 19,    /* the same, to add documents to one application */
} ChPrincipals;

/* Whose thing the path names. Another’s is “not found”. A holder’s is what belongs to the application on
 * which the certificate was issued, to look at, and to applications about the certificate; a ticket’s the
 * applications it was made for. */
typedef enum
{
  CH_OWNED_NONE,         /* the path names nothing that belongs to somebody */
  CH_OWNED_APPLICATION,  /* {application} belongs to the member; staff: submitted ones */
  CH_OWNED_UPLOAD,       /* {upload} belongs to one of the member’s applications */
  CH_OWNED_ORDER,        /* {order} belongs to one of the member’s applications */
  CH_OWNED_CERTIFICATE,  /* {certificate} was issued on one of the member’s applications */
  CH_OWNED_SESSION,      /* {session} is one of the member’s */
  CH_OWNED_INSTALLATION, /* {installation} is a PC the member’s account knows */
  CH_OWNED_PHONE,        /* {phone} is one of the member’s */
  CH_OWNED_BATCH,        /* {batch} is one of the member’s */
} ChOwned;

typedef enum
{
  CH_ROUTE_PLAIN = 0,
  CH_ROUTE_CHANGES = 1 << 0, /* has an effect: carries an Idempotency-Key */
  CH_ROUTE_RAW = 1 << 1,     /* answers something else than JSON: CRL, OCSP, a certificate */
  CH_ROUTE_SOCKET = 1 << 2,  /* a WebSocket: each of its frames is an answer */
} ChRouteFlags;

/* One call of the protocol: the program’s side, dispatch, data/openapi.yaml and the authorisation test read
 * it */
typedef struct
{
  const char *id;
  const char *method;
  const char *path; /* {name} stands for one segment */
  const ChWireType *request;
  const ChWireType *answer;
  ChPrincipals principals;
  ChOwned owned;
  ChRouteFlags flags;
} ChRoute;

#define CH_ROUTES(R)                                                                                         \
  CH_ROUTES_ACCOUNT (R)                                                                                      \
  CH_ROUTES_CARE (R)                                                                                         \
  CH_ROUTES_APPLICATION (R)                                                                                  \
  CH_ROUTES_ORDER (R)                                                                                        \
  CH_ROUTES_INVOICE (R)                                                                                      \
  CH_ROUTES_DELIVERY (R)                                                                                     \
  CH_ROUTES_MAKING (R)                                                                                       \
  CH_ROUTES_RECEIPT (R)                                                                                      \
  CH_ROUTES_BATCH (R)                                                                                        \
  CH_ROUTES_CERTIFICATE (R)                                                                                  \
  CH_ROUTES_DOWNLOAD (R)                                                                                     \
  CH_ROUTES_HOLDER (R)                                                                                       \
  CH_ROUTES_EVENT (R)                                                                                        \
  CH_ROUTES_STAFF (R)                                                                                        \
  CH_ROUTES_TICKET (R)                                                                                       \
  CH_ROUTES_UNLOCK (R)                                                                                       \
  CH_ROUTES_PHONE (R)

#define R(name, id, method, path, request, answer, principals, owned, flags)                                 \
  extern const ChRoute ch_route_##name;
CH_ROUTES (R)
#undef R

const ChRoute *const *ch_routes_get (guint *n_routes);
gboolean ch_route_has_query (const ChRoute *self);
gboolean ch_route_match (const ChRoute *self, const char *method, const char *path, GStrv *args);
char *ch_route_format_path (const ChRoute *self, const char *const *args);

G_END_DECLS
