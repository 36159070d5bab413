#pragma once

#include "envcheck/ch-finding.h"

G_BEGIN_DECLS

/* What a check found. Made in the thread that checks, then only read. All texts are owned. */
typedef struct
{
  ChCheckState state;
  ChFindingCode finding; /* CH_FINDING_NONE when there is nothing to be done */
  ChErrorCode error;     /* with FAILED: decides the exit status */
  char *summary;         /* (nullable): a few words beside the title, for people */
  char *meaning;         /* (nullable): what it means */
  char *todo;            /* (nullable): what to do */
  char *detail;          /* (nullable): for support, untranslated */
  ChCheckAction action;
  char *subject;      /* (nullable): what the action is about: command, folder or address */
  GPtrArray *hidden;  /* (owned) (nullable) (element-type utf8): names in the texts that leave in no report */
  GHashTable *times;  /* (nullable): phase → milliseconds, as text */
  gboolean is_usable; /* what depends on it can be checked */
  gboolean has_offset;
  gint64 offset; /* with has_offset: server’s time minus this PC’s, seconds */
  char *oldest;  /* (nullable): oldest version of the program the server accepts */
  gpointer data; /* (owned) (nullable): what depends on it goes on with, boxed by g_atomic_rc_box */
  GDestroyNotify data_unref;
} ChCheckResult;

ChCheckResult *ch_check_result_new (ChCheckState state, const char *summary);
ChCheckResult *ch_check_result_new_found (ChFindingCode finding, const char *summary);
ChCheckResult *ch_check_result_copy (const ChCheckResult *self);
ChCheckResult *ch_check_result_ref (ChCheckResult *self);
void ch_check_result_unref (ChCheckResult *self);
void ch_check_result_set_meaning (ChCheckResult *self, const char *meaning);
void ch_check_result_set_todo (ChCheckResult *self, const char *todo);
void ch_check_result_set_subject (ChCheckResult *self, const char *subject);
void ch_check_result_hide (ChCheckResult *self, const char *name);
void ch_check_result_set_detail (ChCheckResult *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void ch_check_result_add_time (ChCheckResult *self, const char *phase, gint64 microseconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCheckResult, ch_check_result_unref)

G_END_DECLS
