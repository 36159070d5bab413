#include "config.h"

#include "base/ch-error.h"

typedef struct
{
  GPtrArray *fields;   /* (owned) (nullable) (element-type ChFieldError) */
  GHashTable *details; /* (owned) (nullable): name → value */
} ChErrorPrivate;

static void
field_error_free (gpointer data)
{
  ChFieldError *field = data;

  g_free (field->field);
  g_free (field->remark);
  g_free (field);
}

static void
ch_error_private_init (ChErrorPrivate *priv)
{
}

static void
ch_error_private_copy (const ChErrorPrivate *src, ChErrorPrivate *dest)
{
  dest->fields = src->fields != NULL ? g_ptr_array_ref (src->fields) : NULL;
  dest->details = src->details != NULL ? g_hash_table_ref (src->details) : NULL;
}

static void
ch_error_private_clear (ChErrorPrivate *priv)
{
  g_clear_pointer (&priv->fields, g_ptr_array_unref);
  g_clear_pointer (&priv->details, g_hash_table_unref);
}

G_DEFINE_EXTENDED_ERROR (ChError, ch_error)

static const ChErrorInfo infos[] = {
#define E(code, id, title, todo, advice, exit, http)                                                         \
  [CH_ERROR_##code] = { id, title, todo, CH_ADVICE_##advice, exit, http },
  CH_ERRORS (E)
#undef E
};

G_STATIC_ASSERT (G_N_ELEMENTS (infos) == CH_N_ERRORS);

static ChErrorCode
map_io_error (int code)
{
  switch (code)
    {
    case G_IO_ERROR_CANCELLED:
      return CH_ERROR_CANCELLED;
    case G_IO_ERROR_NO_SPACE:
      return CH_ERROR_NO_SPACE;
    case G_IO_ERROR_TIMED_OUT:
      return CH_ERROR_TIMED_OUT;
    case G_IO_ERROR_NOT_FOUND:
    case G_IO_ERROR_EXISTS:
    case G_IO_ERROR_IS_DIRECTORY:
    case G_IO_ERROR_NOT_REGULAR_FILE:
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_READ_ONLY:
    case G_IO_ERROR_FILENAME_TOO_LONG:
    case G_IO_ERROR_INVALID_FILENAME:
    case G_IO_ERROR_NOT_MOUNTED:
      return CH_ERROR_FILE;
    case G_IO_ERROR_INVALID_DATA:
    case G_IO_ERROR_PARTIAL_INPUT:
    case G_IO_ERROR_MESSAGE_TOO_LARGE:
      return CH_ERROR_BAD_ANSWER;
    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_CONNECTION_CLOSED: /* = BROKEN_PIPE */
    case G_IO_ERROR_HOST_NOT_FOUND:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_NOT_CONNECTED:
    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return CH_ERROR_SERVER_UNREACHABLE;
    default:
      return CH_ERROR_INTERNAL;
    }
}

/**
 * ch_error_code_get_info:
 * @code: a code of this domain
 *
 * Returns: (transfer none): the row of the error table; never %NULL
 */
const ChErrorInfo *
ch_error_code_get_info (ChErrorCode code)
{
  return &infos[(guint) code < CH_N_ERRORS ? code : CH_ERROR_INTERNAL];
}

/**
 * ch_error_get_info:
 * @error: any error
 *
 * Finds what to tell the user about @error, whatever its domain: foreign domains are mapped by code, so that
 * a full disk is not reported as a missing network.
 *
 * Returns: (transfer none): the info; never %NULL
 */
const ChErrorInfo *
ch_error_get_info (const GError *error)
{
  g_return_val_if_fail (error != NULL, &infos[CH_ERROR_INTERNAL]);

  if (error->domain == CH_ERROR)
    return ch_error_code_get_info (error->code);
  if (error->domain == G_IO_ERROR)
    return &infos[map_io_error (error->code)];
  if (error->domain == G_FILE_ERROR)
    return &infos[error->code == G_FILE_ERROR_NOSPC ? CH_ERROR_NO_SPACE : CH_ERROR_FILE];
  if (error->domain == G_RESOLVER_ERROR)
    return &infos[CH_ERROR_SERVER_UNREACHABLE];
  if (error->domain == G_TLS_ERROR)
    return &infos[error->code == G_TLS_ERROR_BAD_CERTIFICATE ? CH_ERROR_SERVER_IDENTITY
                                                             : CH_ERROR_SERVER_UNREACHABLE];

  return &infos[CH_ERROR_INTERNAL];
}

/**
 * ch_error_code_from_id:
 * @id: an id of the wire
 * @code: (out): the code
 *
 * Returns: %FALSE when @id is unknown; @code is then left alone
 */
gboolean
ch_error_code_from_id (const char *id, ChErrorCode *code)
{
  for (guint i = 0; i < CH_N_ERRORS; i++)
    if (g_strcmp0 (infos[i].id, id) == 0)
      {
        *code = i;
        return TRUE;
      }

  return FALSE;
}

/**
 * ch_error_new_fields:
 *
 * Makes a %CH_ERROR_INVALID_INPUT to which wrong fields are added by ch_error_add_field().
 *
 * Returns: (transfer full): the error
 */
GError *
ch_error_new_fields (void)
{
  return g_error_new_literal (CH_ERROR, CH_ERROR_INVALID_INPUT, "fields are wrong");
}

/**
 * ch_error_add_field:
 * @error: an error of this domain
 * @field: id of the field
 * @reason: why
 * @remark: (nullable): words of a reviewer
 *
 * Says that @field is wrong too.
 */
void
ch_error_add_field (GError *error, const char *field, ChReason reason, const char *remark)
{
  ChErrorPrivate *priv;
  ChFieldError *row;

  g_return_if_fail (error != NULL && error->domain == CH_ERROR);
  g_return_if_fail (field != NULL);

  priv = ch_error_get_private (error);
  row = g_new0 (ChFieldError, 1);
  row->field = g_strdup (field);
  row->reason = reason;
  row->remark = g_strdup (remark);

  if (priv->fields == NULL)
    priv->fields = g_ptr_array_new_with_free_func (field_error_free);
  g_ptr_array_add (priv->fields, row);
}

/**
 * ch_error_get_fields:
 * @error: any error
 *
 * Returns: (transfer none) (nullable) (element-type ChFieldError): what is wrong, in the order it was added;
 *   %NULL when @error names no field
 */
GPtrArray *
ch_error_get_fields (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == CH_ERROR ? ch_error_get_private (error)->fields : NULL;
}

/**
 * ch_error_set_detail:
 * @error: an error of this domain
 * @name: kebab-case
 * @value: public text; never a secret or personal data
 *
 * Adds what support or a program may want to know, e.g. `retry-after` in seconds.
 */
void
ch_error_set_detail (GError *error, const char *name, const char *value)
{
  ChErrorPrivate *priv;

  g_return_if_fail (error != NULL && error->domain == CH_ERROR);

  priv = ch_error_get_private (error);
  if (priv->details == NULL)
    priv->details = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (priv->details, g_strdup (name), g_strdup (value));
}

/**
 * ch_error_get_detail:
 * @error: any error
 * @name: kebab-case
 *
 * Returns: (transfer none) (nullable): the detail, if there is one
 */
const char *
ch_error_get_detail (const GError *error, const char *name)
{
  GHashTable *details;

  g_return_val_if_fail (error != NULL, NULL);

  details = error->domain == CH_ERROR ? ch_error_get_private (error)->details : NULL;
  return details != NULL ? g_hash_table_lookup (details, name) : NULL;
}
