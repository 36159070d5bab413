#pragma once

#include "server/ch-stmt.h"
#include "wire/messages-list.h"

G_BEGIN_DECLS

/* Instead of an account: everybody’s, for the staff. Not NULL, which is too easily come by. */
#define CH_LISTING_EVERYBODY ""

/* What is listed */
typedef enum
{
  CH_LISTING_APPLICATIONS,
  CH_LISTING_ORDERS,
  CH_LISTING_INVOICES,
  CH_LISTING_DELIVERIES,
  CH_LISTING_CERTIFICATES,
} ChListingKind;

/* A page: which rows, in order; next: where the next page begins; total: of all pages,
 * counted for a page without `after` only */
typedef struct
{
  GPtrArray *ids; /* (element-type utf8) */
  char *next;     /* (nullable) */
  gint64 total;
} ChListingPage;

ChListingPage *ch_listing_read (ChDbTx *tx,
                                ChListingKind kind,
                                const char *account,
                                const ChListQuery *query,
                                GError **error);
void ch_listing_page_free (ChListingPage *self);

gboolean ch_listing_refresh (ChDbTx *tx, const char *application, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChListingPage, ch_listing_page_free)

G_END_DECLS
