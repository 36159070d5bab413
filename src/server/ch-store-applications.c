#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "server/ch-application-facts.h"
#include "server/ch-conclusion.h"
#include "server/ch-listing.h"
#include "server/ch-office-days.h"
#include "server/ch-random.h"
#include "server/ch-replacing.h"
#include "server/ch-store-applications.h"
#include "server/ch-store-batches.h"
#include "wire/ch-field.h"

/* Forms whose fields an application keeps, by the fact they give */
static const ChFact kept_facts[]
    = { CH_FACT_APPLICATION, CH_FACT_SUBJECT, CH_FACT_HANDLER, CH_FACT_DELIVERY };

/* What must be there before it is handed in */
static const ChFact wanted_for_review[]
    = { CH_FACT_SUBJECT, CH_FACT_HANDLER, CH_FACT_DELIVERY, CH_FACT_DOCUMENTS, CH_FACT_SETTLED };

static const char *
get_state_id (ChApplicationState state)
{
  return ch_wire_enum_get_id (&ChApplicationState_enum, state);
}

/* The day of the application in Chinese time, then what tells one from the others of that day */
static char *
make_trust_id (const ChProfile *profile, GDateTime *day)
{
  g_autofree char *random = ch_random_new_id ();
  g_autofree char *upper = g_ascii_strup (random, 16);
  g_autofree char *date = g_date_time_format (day, "%Y%m%d");

  return g_strconcat (profile->issue->trust_prefix != NULL ? profile->issue->trust_prefix : "", date, upper,
                      NULL);
}

static char *
make_serial_time (GDateTime *now)
{
  g_autofree char *seconds = g_date_time_format (now, "%Y%m%d%H%M%S");

  return g_strdup_printf ("i%s%03d", seconds, g_date_time_get_microsecond (now) / 1000);
}

static GDateTime *
get_office_time (void)
{
  gint64 now = ch_clock_now_us ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("+08");
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autoptr (GDateTime) exact = g_date_time_add (utc, now % G_USEC_PER_SEC);

  return g_date_time_to_timezone (exact, zone);
}

/**
 * ch_applications_add_history:
 * @what: kebab-case, what was done
 *
 * Adds a row to the history, which nothing ever changes, and tells it to whoever listens. The last thing of a
 * change: lists learn of it too.
 */
gboolean
ch_applications_add_history (ChDbTx *tx, const char *id, const char *what, const char *who, GError **error)
{
  return ch_db_run (tx,
                    "INSERT INTO history (application, n, at, what, who) "
                    "SELECT $1, COALESCE (MAX (n), 0) + 1, $2, $3, $4 FROM history WHERE application = $1",
                    CH_BIND (CH_TEXT (id), CH_INT (ch_clock_now ()), CH_TEXT (what), CH_TEXT (who)), error)
         && ch_db_run (tx,
                       "INSERT INTO event (account, application, what, version, at) "
                       "SELECT account, id, $2, version, $3 FROM application WHERE id = $1",
                       CH_BIND (CH_TEXT (id), CH_TEXT (what), CH_INT (ch_clock_now ())), error)
         && ch_listing_refresh (tx, id, error);
}

/**
 * ch_applications_set_state:
 *
 * Moves an application on, or counts up its version if it stays where it is.
 */
gboolean
ch_applications_set_state (ChDbTx *tx,
                           const char *id,
                           ChApplicationState state,
                           const char *what,
                           const char *who,
                           GError **error)
{
  return ch_db_run_one (
             tx, "UPDATE application SET state = $2, version = version + 1, updated = $3 WHERE id = $1",
             CH_BIND (CH_TEXT (id), CH_TEXT (get_state_id (state)), CH_INT (ch_clock_now ())), error)
         && ch_applications_add_history (tx, id, what, who, error);
}

/**
 * ch_applications_unmark:
 *
 * Forgets that a reviewer wants @field changed: it was.
 */
gboolean
ch_applications_unmark (ChDbTx *tx, const char *id, const char *field, GError **error)
{
  return ch_db_run (tx, "DELETE FROM mark WHERE application = $1 AND field = $2",
                    CH_BIND (CH_TEXT (id), CH_TEXT (field)), error);
}

/**
 * ch_applications_note_opened:
 * @document: (nullable): which; %NULL for the data as a whole
 *
 * Records that somebody of the staff looked at a person’s data.
 */
gboolean
ch_applications_note_opened (ChDbTx *tx,
                             const char *id,
                             const char *document,
                             const char *who,
                             GError **error)
{
  return ch_db_run (tx, "INSERT INTO opened (at, who, application, document) VALUES ($1, $2, $3, $4)",
                    CH_BIND (CH_INT (ch_clock_now ()), CH_TEXT (who), CH_TEXT (id), CH_TEXT (document)),
                    error);
}

/**
 * ch_applications_put_answer:
 * @value: (nullable): %NULL takes the answer away
 *
 * Writes one answer, checked before.
 */
gboolean
ch_applications_put_answer (ChDbTx *tx, const char *id, const char *field, const char *value, GError **error)
{
  if (value == NULL)
    return ch_db_run (tx, "DELETE FROM answer WHERE application = $1 AND field = $2",
                      CH_BIND (CH_TEXT (id), CH_TEXT (field)), error);

  return ch_db_run (tx,
                    "INSERT INTO answer (application, field, value) VALUES ($1, $2, $3) "
                    "ON CONFLICT (application, field) DO UPDATE SET value = excluded.value",
                    CH_BIND (CH_TEXT (id), CH_TEXT (field), CH_TEXT (value)), error);
}

/**
 * ch_applications_create:
 * @caller: whose it is to be
 * @request: flow and project, and the certificate for a business that is about one
 * @error: %CH_ERROR_NOT_OFFERED when the profile does not have them together, %CH_ERROR_FORBIDDEN when the
 * caller has no account and may not begin this, else as of ch_replacing_check_new()
 *
 * Returns: (transfer full): id of the new application
 */
char *
ch_applications_create (ChDbTx *tx,
                        const ChProfile *profile,
                        const ChCaller *caller,
                        const ChApplicationNew *request,
                        GError **error)
{
  const ChProject *project = ch_profile_get_project (profile, request->project);
  g_autoptr (GDateTime) now = get_office_time ();
  g_autofree char *trust_id = make_trust_id (profile, now);
  g_autofree char *serial_time = make_serial_time (now);
  g_autofree char *who = ch_caller_get_id (caller);
  g_autofree char *id = NULL;
  g_autoptr (ChCertificateRecord) base = NULL;
  ChAxes axes;

  if (!ch_axes_parse (request->flow, &axes) || !ch_profile_offers (profile, &axes) || project == NULL
      || !ch_project_fits (project, &axes)
      || axes.business == CH_BUSINESS_UNLOCK /* done by a ticket, and by nothing else */
      || ch_business_is_about (axes.business) != (request->certificate != NULL))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "flow and project are not offered together");
      return NULL;
    }
  if (request->certificate != NULL)
    {
      base = ch_replacing_check_new (tx, profile, caller, &axes, request, error);
      if (base == NULL)
        return NULL;
    }
  else if (caller->account == NULL)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_FORBIDDEN, "the holder of a certificate begins nothing else");
      return NULL;
    }

  id = ch_random_new_id ();
  if (!ch_db_run (
          tx,
          "INSERT INTO application (id, account, flow, project, state, version, trust_id, serial_time, "
          "review_by, created, updated) VALUES ($1, $2, $3, $4, 'draft', 0, $5, $6, 0, $7, $7)",
          CH_BIND (CH_TEXT (id), CH_TEXT (base != NULL ? base->account : caller->account),
                   CH_TEXT (request->flow), CH_TEXT (request->project), CH_TEXT (trust_id),
                   CH_TEXT (serial_time), CH_INT (ch_clock_now ())),
          error)
      || (base != NULL && !ch_replacing_take_over (tx, id, &axes, base, error))
      || !ch_applications_put_answer (tx, id, "project", request->project, error)
      || !ch_applications_put_answer (tx, id, "certificate-type",
                                      ch_wire_enum_get_id (&ChSubjectKind_enum, axes.subject), error)
      || !ch_applications_set_state (tx, id, CH_APPLICATION_DRAFT, "created", who, error))
    return NULL;
  return g_steal_pointer (&id);
}

static void
add_wrong (GError **wrong, const char *field, ChReason reason, const char *remark)
{
  if (*wrong == NULL)
    *wrong = ch_error_new_fields ();
  ch_error_add_field (*wrong, field, reason, remark);
}

/* Puts what is really different into @changes, normalised, and the whole into @merged */
static void
merge_answers (const ChApplicationRecord *record,
               GHashTable *answers,
               GHashTable *merged,
               GHashTable *changes,
               GError **wrong)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, record->answers);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (merged, g_strdup (key), g_strdup (value));

  g_hash_table_iter_init (&iter, answers);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const ChField *field = ch_forms_find_field (&record->axes, key);
      g_autofree char *normal = field != NULL ? ch_field_normalize (field, value) : NULL;

      if (field == NULL)
        add_wrong (wrong, key, CH_REASON_CHOICE, NULL);
      else if (g_strcmp0 (normal, g_hash_table_lookup (merged, key)) == 0
               || (*normal == 0 && !g_hash_table_contains (merged, key)))
        continue;
      else if (*normal == 0)
        {
          g_hash_table_remove (merged, key);
          g_hash_table_insert (changes, g_strdup (key), NULL);
        }
      else
        {
          g_hash_table_insert (merged, g_strdup (key), g_strdup (normal));
          g_hash_table_insert (changes, g_strdup (key), g_steal_pointer (&normal));
        }
    }
}

/* A draft may have gaps, but nothing wrong; what was paid for stays */
static void
check_changes (const ChApplicationRecord *record,
               const ChProfile *profile,
               GHashTable *merged,
               GHashTable *changes,
               GError **wrong)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const ChField *field = ch_forms_find_field (&record->axes, key);
      gboolean is_price = field->kind == CH_FIELD_PROJECT || field->kind == CH_FIELD_TERM;
      gboolean is_fixed = field->kind == CH_FIELD_CERTIFICATE;
      ChReason reason
          = value != NULL ? ch_field_check_in (field, profile, &record->axes, merged) : CH_REASON_OK;

      if (reason == CH_REASON_OK && ((is_price && record->is_paid) || is_fixed))
        reason = CH_REASON_CHOICE;
      if (reason == CH_REASON_OK && value == NULL && field->kind == CH_FIELD_PROJECT)
        reason = CH_REASON_MISSING;
      if (reason != CH_REASON_OK)
        add_wrong (wrong, key, reason, NULL);
    }
}

static gboolean
write_changes (ChDbTx *tx, const ChApplicationRecord *record, GHashTable *changes, GError **error)
{
  const char *project = g_hash_table_lookup (changes, "project");
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!ch_applications_put_answer (tx, record->id, key, value, error)
        || !ch_applications_unmark (tx, record->id, key, error))
      return FALSE;

  return project == NULL
         || ch_db_run_one (tx, "UPDATE application SET project = $2 WHERE id = $1",
                           CH_BIND (CH_TEXT (record->id), CH_TEXT (project)), error);
}

/**
 * ch_applications_save:
 * @record: as it is now; the version is already compared
 * @answers: what is to change; an empty text takes an answer away
 * @error: %CH_ERROR_INVALID_INPUT naming each wrong field; nothing is saved then
 *
 * Saves answers. What is missing is fine, what is wrong is not. Nothing counts up when nothing changes.
 */
gboolean
ch_applications_save (ChDbTx *tx,
                      ChApplicationRecord *record,
                      const ChProfile *profile,
                      GHashTable *answers,
                      const char *who,
                      GError **error)
{
  g_autoptr (GHashTable) merged = ch_wire_map_new ();
  g_autoptr (GHashTable) changes = ch_wire_map_new ();
  g_autoptr (GError) wrong = NULL;

  if (!ch_application_record_check_open (record, error))
    return FALSE;

  merge_answers (record, answers, merged, changes, &wrong);
  check_changes (record, profile, merged, changes, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }

  if (g_hash_table_size (changes) == 0)
    return TRUE;
  return write_changes (tx, record, changes, error)
         && ch_applications_set_state (tx, record->id, record->state, "answers", who, error);
}

static void
add_missing_documents (const ChApplicationRecord *record, const ChProfile *profile, GError **wrong)
{
  g_autoptr (GPtrArray) rules = ch_profile_list_documents (profile, &record->axes);

  for (guint i = 0; i < rules->len; i++)
    {
      const ChDocumentRule *rule = rules->pdata[i];
      gboolean has = FALSE;

      for (guint j = 0; j < record->documents->len; j++)
        has = has || g_str_equal (((ChDocument *) record->documents->pdata[j])->id, rule->id);
      if (!has && rule->required)
        add_wrong (wrong, rule->id, CH_REASON_FILE_MISSING, NULL);
    }
}

/* Says all at once what keeps it from being handed in */
static GError *
explain_missing (const ChApplicationRecord *record, const ChProfile *profile, ChFact facts)
{
  GError *wrong = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (kept_facts); i++)
    {
      const ChForm *form = ch_form_of_fact (kept_facts[i], &record->axes);

      if (kept_facts[i] == CH_FACT_DELIVERY && !ch_profile_is_made_here (profile, &record->axes))
        continue;
      for (gsize j = 0; form->fields[j] != NULL; j++)
        {
          ChReason reason = ch_field_check_in (form->fields[j], profile, &record->axes, record->answers);

          if (reason != CH_REASON_OK)
            add_wrong (&wrong, form->fields[j]->id, reason, NULL);
        }
    }
  add_missing_documents (record, profile, &wrong);
  for (guint i = 0; i < record->marks->len; i++)
    {
      const ChFieldReason *mark = record->marks->pdata[i];

      add_wrong (&wrong, mark->field, ch_reason_from_id (mark->reason), mark->remark);
    }

  if (wrong != NULL)
    return wrong;
  /* All is there and right; so it is what it was before */
  if ((ch_business_changes (record->axes.business) & ~facts) != 0)
    return g_error_new (CH_ERROR, CH_ERROR_NOTHING_CHANGED, "all is as it was");
  return g_error_new (CH_ERROR, CH_ERROR_NOT_PAID, "the order is not settled");
}

/**
 * ch_applications_submit:
 * @record: as it is now; the version is already compared
 * @error: %CH_ERROR_INVALID_INPUT naming what is missing or not yet corrected, %CH_ERROR_NOTHING_CHANGED,
 * %CH_ERROR_NOT_PAID, %CH_ERROR_BATCH_CHANGED when it is a row of a batch and not what was signed
 *
 * Hands an application in for review, or has it approved at once where the CA reviews none of its kind.
 */
gboolean
ch_applications_submit (ChDbTx *tx,
                        ChApplicationRecord *record,
                        const ChProfile *profile,
                        const char *who,
                        GError **error)
{
  ChFact facts = ch_application_record_get_facts (record, profile);
  gint64 review_by = ch_office_days_after (profile, ch_clock_now (), profile->limits->review_days);
  const ChReplacingRule *rule = ch_profile_get_replacing (profile, record->axes.business);

  if (!ch_application_record_check_open (record, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (wanted_for_review); i++)
    if ((facts & wanted_for_review[i]) == 0
        && (wanted_for_review[i] != CH_FACT_DELIVERY || ch_profile_is_made_here (profile, &record->axes)))
      {
        g_propagate_error (error, explain_missing (record, profile, facts));
        return FALSE;
      }
  if (ch_business_proves (record->axes.business) && (facts & CH_FACT_PROVED) == 0)
    {
      GError *wrong = NULL;

      add_wrong (&wrong, "sms-code", CH_REASON_MISSING, NULL);
      g_propagate_error (error, wrong);
      return FALSE;
    }
  if (!ch_replacing_check (tx, profile, record, error) || !ch_batches_hand_in (tx, record, error))
    return FALSE;
  if (rule != NULL && !rule->review)
    return ch_applications_set_state (tx, record->id, CH_APPLICATION_APPROVED, "approved-by-rule", who,
                                      error);

  return ch_db_run (tx, "UPDATE application SET review_by = $2 WHERE id = $1",
                    CH_BIND (CH_TEXT (record->id), CH_INT (review_by)), error)
         && ch_conclusion_hold (tx, record, who, error)
         && ch_applications_set_state (tx, record->id, CH_APPLICATION_SUBMITTED, "submitted", who, error);
}

static gboolean
write_marks (ChDbTx *tx,
             const ChApplicationRecord *record,
             const ChProfile *profile,
             GPtrArray *reasons,
             GError **error)
{
  g_autoptr (GError) wrong = NULL;

  for (guint i = 0; i < reasons->len; i++)
    {
      const ChFieldReason *row = reasons->pdata[i];
      const char *reason = ch_reason_get_id (ch_reason_from_id (row->reason));

      /* What was paid for cannot be changed any more, so nobody may be asked to */
      if ((ch_forms_find_field (&record->axes, row->field) == NULL
           && ch_profile_get_document (profile, &record->axes, row->field) == NULL)
          || (record->is_paid && (g_str_equal (row->field, "project") || g_str_equal (row->field, "term"))))
        add_wrong (&wrong, row->field, CH_REASON_CHOICE, NULL);
      else if (!ch_db_run (tx,
                           "INSERT INTO mark (application, field, reason, remark) VALUES ($1, $2, $3, $4) "
                           "ON CONFLICT (application, field) DO UPDATE SET reason = excluded.reason, "
                           "remark = excluded.remark",
                           CH_BIND (CH_TEXT (record->id), CH_TEXT (row->field), CH_TEXT (reason),
                                    CH_TEXT (row->remark)),
                           error))
        return FALSE;
    }

  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/**
 * ch_applications_review:
 * @record: as it is now; the version is already compared
 * @review: approves, or refuses with at least one reason
 * @error: %CH_ERROR_WRONG_STATE when it is not in review, %CH_ERROR_INVALID_INPUT when a refusal says nothing
 * or names what there is not
 *
 * Ends a review. A refusal withdraws the facts of the forms and documents it names until they are changed.
 */
gboolean
ch_applications_review (ChDbTx *tx,
                        ChApplicationRecord *record,
                        const ChProfile *profile,
                        const ChReview *review,
                        const char *who,
                        GError **error)
{
  if (record->state != CH_APPLICATION_SUBMITTED)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_WRONG_STATE, "the application is %s",
                   get_state_id (record->state));
      return FALSE;
    }

  if (review->approve && ch_business_makes_certificate (record->axes.business))
    return ch_applications_set_state (tx, record->id, CH_APPLICATION_APPROVED, "approved", who, error);
  if (review->approve)
    return (ch_business_holds (record->axes.business) || ch_replacing_check (tx, profile, record, error))
           && ch_conclusion_reach (tx, record, who, error);

  if (review->reasons == NULL || review->reasons->len == 0)
    {
      g_set_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT, "a refusal names what is wrong");
      return FALSE;
    }

  return write_marks (tx, record, profile, review->reasons, error)
         && ch_conclusion_lift (tx, record, who, error)
         && ch_applications_set_state (tx, record->id, CH_APPLICATION_REFUSED, "refused", who, error);
}

/**
 * ch_applications_get:
 *
 * Returns: (transfer full): the message about one application
 */
ChApplication *
ch_applications_get (ChDbTx *tx,
                     const char *id,
                     const ChProfile *profile,
                     ChApplicationDetail detail,
                     GError **error)
{
  g_autoptr (ChApplicationRecord) record = ch_application_record_load (tx, id, error);

  return record != NULL ? ch_application_record_format (tx, record, profile, detail, error) : NULL;
}

/**
 * ch_applications_list:
 * @account: those of this member, or %CH_LISTING_EVERYBODY
 * @query: what is wanted of them
 *
 * Returns: (transfer full): a page
 */
ChApplicationList *
ch_applications_list (ChDbTx *tx,
                      const ChProfile *profile,
                      const char *account,
                      const ChListQuery *query,
                      GError **error)
{
  g_autoptr (ChListingPage) page = ch_listing_read (tx, CH_LISTING_APPLICATIONS, account, query, error);
  g_autoptr (ChApplicationList) list = NULL;

  if (page == NULL)
    return NULL;

  list = ch_wire_new (&ChApplicationList_wire);
  list->items = ch_wire_list_new (&ChApplication_wire);
  list->next = g_steal_pointer (&page->next);
  list->total = page->total;
  for (guint i = 0; i < page->ids->len; i++)
    {
      ChApplication *item = ch_applications_get (tx, page->ids->pdata[i], profile, CH_VIEW_LIST, error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (list->items, item);
    }
  return g_steal_pointer (&list);
}

/**
 * ch_applications_list_held:
 * @certificate: serial of a holder’s certificate
 *
 * Returns: (transfer full): what the holder sees: the application on which the certificate was issued,
 * and those about it
 */
ChApplicationList *
ch_applications_list_held (ChDbTx *tx, const ChProfile *profile, const char *certificate, GError **error)
{
  g_autoptr (ChStmt) rows
      = ch_db_query (tx,
                     "SELECT a.id FROM application AS a JOIN certificate AS c ON c.serial = $1 "
                     "WHERE a.id = c.application OR a.base = c.serial ORDER BY a.updated DESC",
                     CH_BIND (CH_TEXT (certificate)), error);
  g_autoptr (ChApplicationList) list = ch_wire_new (&ChApplicationList_wire);
  ChStep step;

  if (rows == NULL)
    return NULL;

  list->items = ch_wire_list_new (&ChApplication_wire);
  while ((step = ch_stmt_step (rows, error)) == CH_STEP_ROW)
    {
      ChApplication *item
          = ch_applications_get (tx, ch_stmt_get_text (rows, 0), profile, CH_VIEW_LIST, error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (list->items, item);
    }
  list->total = list->items->len;
  return step == CH_STEP_DONE ? g_steal_pointer (&list) : NULL;
}
