#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "papers/ch-zip-writer.h"
#include "server/ch-export.h"
#include "server/ch-relations.h"

/* Documents themselves stay where they can be opened one by one; their list is told */
static const char *const left_out[] = { "piece", NULL };

/* Columns that would let somebody in, whatever their table: they are no news to their owner */
static const char *const secret_columns[]
    = { "password", "once", "token", "code", "number", "secret", "salt", "verifier", NULL };

/* Seconds since 1970 */
static const char *const time_columns[]
    = { "created", "updated", "agreed",  "used",       "at",        "paid",      "expires",
        "closed",  "until",   "revoked", "not_before", "not_after", "review_by", NULL };

/* What the tables are, for whoever opens the file */
static const char readme[]
    = "您的资料（Certhall 导出）\n"
      "========================\n\n"
      "data.json 是本系统保存的、与您的账号有关的全部资料，每一部分是一张表：\n"
      "account 账号，consent 您同意的协议（版本和时间），installation 认识的电脑，session 登录，\n"
      "application 申请，answer 填写的内容，document 和 upload 上传的材料，mark 退回原因，history "
      "办理经过，\n"
      "opened 谁在什么时候查看过您的材料，purchase、attempt、refund 订单、付款和退款，certificate 证书。\n"
      "密码和验证码不在其中。请妥善保管此文件：里面有完整的证件号码。\n\n"
      "Your data\n"
      "=========\n\n"
      "data.json holds everything this system keeps of your account, a table for each part:\n"
      "account; consent: what you agreed to, version and time; installation: PCs that are known; session: "
      "logins;\n"
      "application; answer: what was filled in; document and upload; mark: reasons of a refusal; history;\n"
      "opened: who looked at your documents, and when; purchase, attempt, refund: orders, payments, money "
      "given\n"
      "back; certificate. Passwords and codes are not in it. Keep the file safe: numbers of documents stand "
      "in\n"
      "it in full.\n";

/* -- JSON -- */

static void
append_text (GString *json, const char *text)
{
  g_string_append_c (json, '"');
  for (const char *p = text; *p != 0; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_printf (json, "\\%c", *p);
      else if ((guchar) *p < 0x20)
        g_string_append_printf (json, "\\u%04x", (guint) *p);
      else
        g_string_append_c (json, *p);
    }
  g_string_append_c (json, '"');
}

static void
append_time (GString *json, gint64 seconds)
{
  g_autofree char *text = seconds > 0 ? ch_clock_format (seconds) : NULL;

  if (text != NULL)
    append_text (json, text);
  else
    g_string_append (json, "null");
}

/* Certificates are public; of other bytes it is told how many there are */
static void
append_bytes (GString *json, GBytes *bytes, const char *name)
{
  gsize size = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  g_autofree char *text = NULL;

  if (bytes == NULL)
    {
      g_string_append (json, "null");
      return;
    }
  text = g_str_equal (name, "der") || g_str_equal (name, "sha256") ? g_base64_encode (data, size)
                                                                   : g_strdup_printf ("%zu bytes", size);
  append_text (json, text);
}

static void
append_value (GString *json, ChStmt *stmt, int column, const char *name)
{
  g_autoptr (GBytes) bytes = NULL;

  switch (ch_stmt_get_kind (stmt, column))
    {
    case CH_DB_INT:
      if (g_strv_contains (time_columns, name))
        append_time (json, ch_stmt_get_int (stmt, column));
      else
        g_string_append_printf (json, "%" G_GINT64_FORMAT, ch_stmt_get_int (stmt, column));
      break;
    case CH_DB_TEXT:
      append_text (json, ch_stmt_get_text (stmt, column));
      break;
    case CH_DB_BYTES:
      bytes = ch_stmt_dup_bytes (stmt, column);
      append_bytes (json, bytes, name);
      break;
    default:
      g_string_append (json, "null");
    }
}

static void
append_row (GString *json, ChStmt *stmt)
{
  gboolean is_first = TRUE;

  g_string_append (json, "    { ");
  for (int i = 0; i < ch_stmt_get_n_columns (stmt); i++)
    {
      const char *name = ch_stmt_get_name (stmt, i);

      if (g_strv_contains (secret_columns, name))
        continue;
      if (!is_first)
        g_string_append (json, ", ");
      append_text (json, name);
      g_string_append (json, ": ");
      append_value (json, stmt, i, name);
      is_first = FALSE;
    }
  g_string_append (json, " }");
}

static gboolean
append_table (GString *json,
              ChDbTx *tx,
              const char *table,
              const char *condition,
              const char *account,
              GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s WHERE %s", table, condition);
  g_autoptr (ChStmt) stmt = ch_db_query (tx, sql, CH_BIND (CH_TEXT (account)), error);
  gboolean is_first = TRUE;
  ChStep step;

  g_string_append (json, ",\n  ");
  append_text (json, table);
  g_string_append (json, ": [\n");
  while (stmt != NULL && (step = ch_stmt_step (stmt, error)) != CH_STEP_DONE)
    {
      if (step == CH_STEP_FAILED)
        return FALSE;
      if (!is_first)
        g_string_append (json, ",\n");
      append_row (json, stmt);
      is_first = FALSE;
    }
  g_string_append (json, "\n  ]");
  return stmt != NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (a, b);
}

/* One condition for each table, though several ways may lead to it; by name */
static GTree *
collect_tables (ChDbTx *tx, GError **error)
{
  g_autoptr (GPtrArray) relations = ch_relations_list (tx, "account", left_out, error);
  GTree *tables;

  if (relations == NULL)
    return NULL;
  tables = g_tree_new_full (compare_names, NULL, g_free, g_free);
  for (guint i = 0; i < relations->len; i++)
    {
      const ChRelation *relation = relations->pdata[i];
      g_autofree char *alias = g_strdup_printf ("t%u.", relation->depth);
      g_autoptr (GString) condition = g_string_new (relation->condition);
      g_autofree char *whole = g_strdup_printf ("%s.", relation->table);
      const char *before = g_tree_lookup (tables, relation->table);

      g_string_replace (condition, alias, whole, 0);
      g_tree_replace (tables, g_strdup (relation->table),
                      before != NULL ? g_strdup_printf ("%s OR %s", before, condition->str)
                                     : g_strdup (condition->str));
    }
  return tables;
}

typedef struct
{
  GString *json;
  ChDbTx *tx;
  const char *account;
  GError **error;
  gboolean is_failed;
} Walk;

static gboolean
walk_table (gpointer table, gpointer condition, gpointer data)
{
  Walk *walk = data;

  walk->is_failed = !append_table (walk->json, walk->tx, table, condition, walk->account, walk->error);
  return walk->is_failed;
}

/**
 * ch_export_write_json:
 * @tx: a transaction to read in
 * @account: whose
 *
 * Returns: (transfer full): an object with a list of rows for each table in which there is something of the
 *   account, found by the foreign keys: no table can be forgotten. Secrets are left out.
 */
char *
ch_export_write_json (ChDbTx *tx, const char *account, GError **error)
{
  GString *json = g_string_new ("{\n  \"made\": ");
  g_autoptr (GTree) tables = collect_tables (tx, error);
  Walk walk = { json, tx, account, error, tables == NULL };

  append_time (json, ch_clock_now ());
  if (!walk.is_failed)
    walk.is_failed = !append_table (json, tx, "account", "id = $1", account, error);
  if (!walk.is_failed)
    g_tree_foreach (tables, walk_table, &walk);
  g_string_append (json, "\n}\n");
  return g_string_free (json, walk.is_failed);
}

/* -- The file -- */

/**
 * ch_export_pack:
 * @json: by ch_export_write_json()
 *
 * Returns: (transfer full): a zip file with it, and with a page that says what is in it
 */
GBytes *
ch_export_pack (const char *json, GError **error)
{
  ChZipMember members[] = {
    { (char *) "README.txt", g_bytes_new_static (readme, strlen (readme)) },
    { (char *) "data.json", g_bytes_new (json, strlen (json)) },
  };
  GBytes *packed = ch_zip_write (members, G_N_ELEMENTS (members), TRUE, error);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    g_bytes_unref (members[i].bytes);
  return packed;
}
