#pragma once

#include "server/ch-stmt.h"
#include "wire/ch-facts.h"
#include "wire/ch-policy.h"
#include "wire/messages-application.h"

G_BEGIN_DECLS

/* An application as the store has it, read whole within one transaction. */
typedef struct
{
  char *id;
  char *account;
  char *flow;
  ChAxes axes;
  char *project;
  ChApplicationState state;
  gint64 version;
  char *trust_id;    /* the holder’s number at this CA; stays when a certificate is replaced */
  char *serial_time; /* “i” and the time of the application */
  gint64 review_by;
  gint64 created;
  gint64 updated;
  char *applicant;      /* name in the account */
  GHashTable *answers;  /* field id → value */
  GPtrArray *documents; /* (element-type ChDocument) */
  GPtrArray *marks;     /* (element-type ChFieldReason) */
  char *order;          /* (nullable) */
  gboolean is_priced;   /* the order is for the term that is chosen now */
  gboolean is_paid;     /* the order */
  char *certificate;    /* (nullable): serial of the one that counts */
  char *key_place;      /* (nullable): PC on which its key was made */
  gint64 key_made;
  char *base; /* (nullable): serial of the certificate it is about */
  gint64 base_end;
  char *handler_from; /* (nullable): application with the answers about who acted for it when this began */
  gint64 proved;      /* when the handler’s code was given, 0 before */
  GHashTable *before; /* (nullable): what was answered for it, where that is to be changed */
} ChApplicationRecord;

/* Whose eyes a message is for */
typedef enum
{
  CH_VIEW_LIST,   /* a line of a list: no content */
  CH_VIEW_MEMBER, /* whole, but the staff stay nameless */
  CH_VIEW_STAFF,  /* whole */
} ChApplicationDetail;

ChApplicationRecord *ch_application_record_load (ChDbTx *tx, const char *id, GError **error);
void ch_application_record_free (ChApplicationRecord *self);

ChFact ch_application_record_get_facts (const ChApplicationRecord *self, const ChProfile *profile);
gboolean ch_application_record_is_open (const ChApplicationRecord *self);
gboolean
ch_application_record_check_version (const ChApplicationRecord *self, gint64 version, GError **error);
gboolean ch_application_record_check_open (const ChApplicationRecord *self, GError **error);
const char *ch_application_record_get_answer (const ChApplicationRecord *self, const char *field);

ChApplication *ch_application_record_format (ChDbTx *tx,
                                             const ChApplicationRecord *self,
                                             const ChProfile *profile,
                                             ChApplicationDetail detail,
                                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChApplicationRecord, ch_application_record_free)

G_END_DECLS
