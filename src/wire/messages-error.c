#include "config.h"

#include "base/ch-error.h"
#include "wire/messages-error.h"

CH_WIRE_DEFINE (ChFailure, ch_failure, CH_FAILURE_FIELDS, "failure")

/**
 * ch_failure_encode_error:
 * @error: any error
 * @request: (nullable): id of the request, for support
 *
 * Returns: (transfer full): JSON for the other side. The message of foreign errors stays here: it may name
 * paths.
 */
GBytes *
ch_failure_encode_error (const GError *error, const char *request)
{
  static const char *const passed_on[]
      = { "retry-after", "version",     "consents", "changed",    "changed-at", "changed-by",
          "from",        "application", "mobile",   "tries-left", NULL };
  g_autoptr (ChFailure) failure = ch_wire_new (&ChFailure_wire);
  GPtrArray *fields = ch_error_get_fields (error);

  failure->id = g_strdup (ch_error_get_info (error)->id);
  failure->message = error->domain == CH_ERROR ? g_strndup (error->message, 1000) : NULL;
  failure->request = g_strdup (request);

  for (guint i = 0; fields != NULL && i < MIN (fields->len, 100); i++)
    {
      const ChFieldError *field = fields->pdata[i];
      ChFieldReason *row = ch_wire_new (&ChFieldReason_wire);

      row->field = g_strdup (field->field);
      row->reason = g_strdup (ch_reason_get_id (field->reason));
      row->remark = g_strdup (field->remark);
      if (failure->fields == NULL)
        failure->fields = ch_wire_list_new (&ChFieldReason_wire);
      g_ptr_array_add (failure->fields, row);
    }

  for (gsize i = 0; passed_on[i] != NULL; i++)
    {
      const char *value = ch_error_get_detail (error, passed_on[i]);

      if (value == NULL)
        continue;
      if (failure->details == NULL)
        failure->details = ch_wire_map_new ();
      g_hash_table_insert (failure->details, g_strdup (passed_on[i]), g_strdup (value));
    }

  return ch_wire_encode (&ChFailure_wire, failure);
}

/**
 * ch_failure_decode_error:
 * @json: the body of an answer that is no success
 *
 * Returns: (transfer full): the error it tells of; %CH_ERROR_BAD_ANSWER when it makes no sense
 */
GError *
ch_failure_decode_error (GBytes *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChFailure) failure = ch_wire_decode (&ChFailure_wire, json, &error);
  ChErrorCode code;

  if (failure == NULL)
    return g_steal_pointer (&error);
  if (!ch_error_code_from_id (failure->id, &code))
    return g_error_new (CH_ERROR, CH_ERROR_BAD_ANSWER, "unknown error %s", failure->id);

  error = g_error_new_literal (CH_ERROR, code, failure->message != NULL ? failure->message : failure->id);

  for (guint i = 0; failure->fields != NULL && i < failure->fields->len; i++)
    {
      const ChFieldReason *row = failure->fields->pdata[i];

      ch_error_add_field (error, row->field, ch_reason_from_id (row->reason), row->remark);
    }

  if (failure->details != NULL)
    {
      GHashTableIter iter;
      gpointer name, value;

      g_hash_table_iter_init (&iter, failure->details);
      while (g_hash_table_iter_next (&iter, &name, &value))
        ch_error_set_detail (error, name, value);
    }
  if (failure->request != NULL)
    ch_error_set_detail (error, "request", failure->request);

  return g_steal_pointer (&error);
}
