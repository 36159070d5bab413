#pragma once

#include "front/ch-paged-row.h"
#include "ports/ch-ports.h"
#include "wire/messages-list.h"

G_BEGIN_DECLS

/* Makes what is shown of a row of an answer */
typedef gpointer (*ChPagedMakeFunc) (gconstpointer row, gpointer user_data);

/* What a list of the server is made of, for ch_paged_model_new(). get_rows and get_total read an answer of
 * @route; get_id names an item. */
typedef struct
{
  const ChRoute *route;
  GType type; /* of the items */
  GPtrArray *(*get_rows) (gconstpointer answer);
  gint64 (*get_total) (gconstpointer answer);
  ChPagedMakeFunc make;
  const char *(*get_id) (gpointer item);
} ChPagedSource;

typedef enum
{
  CH_PAGED_IDLE,    /* nothing was asked yet */
  CH_PAGED_LOADING, /* the first page is on its way */
  CH_PAGED_READY,
  CH_PAGED_FAILED, /* the first page did not come; nothing is shown, or what there was before */
} ChPagedState;

/* A list that the server searches, sorts and counts, and of which only the pages that are looked at are
 * fetched: a GListModel of ChPagedRow, in which the source’s items come to stand. Another query ends what is
 * on its way. Properties: `state`, `total`. Signal: `filled` (position, how many): other items stand there
 * now. */
#define CH_TYPE_PAGED_MODEL (ch_paged_model_get_type ())
G_DECLARE_FINAL_TYPE (ChPagedModel, ch_paged_model, CH, PAGED_MODEL, GObject)

ChPagedModel *ch_paged_model_new (ChPorts *ports, const ChPagedSource *source, gpointer user_data);
void ch_paged_model_set_query (ChPagedModel *self, const ChListQuery *query);
const ChListQuery *ch_paged_model_get_query (ChPagedModel *self);
void ch_paged_model_refresh (ChPagedModel *self);
void ch_paged_model_clear (ChPagedModel *self);
ChPagedState ch_paged_model_get_state (ChPagedModel *self);
const GError *ch_paged_model_get_error (ChPagedModel *self);
guint ch_paged_model_get_total (ChPagedModel *self);
gpointer ch_paged_model_find (ChPagedModel *self, const char *id, guint *position);
void ch_paged_model_touch (ChPagedModel *self, gpointer item);

G_END_DECLS
