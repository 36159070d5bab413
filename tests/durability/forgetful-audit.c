#include "config.h"

#include "forgetful-audit.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "forgetful-server.h"
#include "wire/messages-certificate.h"

/* Looks at what is on the disk after the power went, from outside: plain SQLite over a copy, so that the
 * store itself is left as the cut left it. */

#define DB_FILE "certhall.db"

typedef struct
{
  sqlite3 *handle;
  const char *dir;
  GPtrArray *problems; /* (unowned) (element-type utf8) */
} Audit;

typedef struct
{
  const char *name;
  const char *sql; /* finds what must not be */
} Rule;

/* clang-format off */
static const Rule rules[] = {
  { "references", "SELECT \"table\", rowid FROM pragma_foreign_key_check" },
  { "two certificates on one application",
    "SELECT application FROM certificate GROUP BY application HAVING COUNT (*) > 1" },
  { "one key in two certificates",
    "SELECT hex (spki_sha256) FROM certificate GROUP BY spki_sha256 HAVING COUNT (*) > 1" },
  { "a certificate that was not paid for",
    "SELECT c.serial FROM certificate AS c LEFT JOIN purchase AS p ON p.application = c.application "
    "WHERE p.state IS NOT 'paid'" },
  { "paid twice", "SELECT purchase FROM attempt WHERE state = 'paid' GROUP BY purchase HAVING COUNT (*) > 1" },
  { "paid by nobody",
    "SELECT id FROM purchase WHERE state = 'paid' AND id NOT IN (SELECT purchase FROM attempt WHERE state = 'paid')" },
  { "money taken for nothing", "SELECT trade_no FROM refund" },
  { "two codes that can be paid",
    "SELECT purchase FROM attempt WHERE state = 'open' GROUP BY purchase HAVING COUNT (*) > 1" },
  { "a gap in a history",
    "SELECT application FROM history GROUP BY application HAVING MIN (n) <> 1 OR MAX (n) <> COUNT (*)" },
  { "done twice",
    "SELECT application, what FROM history WHERE what IN ('created', 'ordered', 'paid', 'submitted', 'approved', "
    "'issued') GROUP BY application, what HAVING COUNT (*) > 1" },
  { "a change without its history",
    "SELECT id FROM application WHERE state IN ('submitted', 'approved', 'issued') AND state <> "
    "(SELECT what FROM history WHERE application = id ORDER BY n DESC LIMIT 1)" },
  { "issued without a certificate",
    "SELECT id FROM application WHERE state = 'issued' AND id NOT IN "
    "(SELECT application FROM certificate WHERE der IS NOT NULL)" },
  { "a certificate of an application that has none",
    "SELECT serial FROM certificate JOIN application ON application.id = application "
    "WHERE der IS NOT NULL AND application.state <> 'issued'" },
  { "a document that is not whole",
    "SELECT document.id FROM document JOIN upload ON upload.id = document.upload WHERE upload.is_finished = 0" },
};
/* clang-format on */

static void note (Audit *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note (Audit *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->problems, g_strdup_vprintf (format, args));
  va_end (args);
}

static sqlite3_stmt *
prepare (Audit *self, const char *sql, const char *text)
{
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (self->handle, sql, -1, &stmt, NULL) != SQLITE_OK)
    note (self, "%s: %s", sql, sqlite3_errmsg (self->handle));
  else if (text != NULL)
    sqlite3_bind_text (stmt, 1, text, -1, SQLITE_TRANSIENT);
  return stmt;
}

static void
check_rule (Audit *self, const Rule *rule)
{
  sqlite3_stmt *stmt = prepare (self, rule->sql, NULL);

  while (stmt != NULL && sqlite3_step (stmt) == SQLITE_ROW)
    note (self, "%s: %s", rule->name, (const char *) sqlite3_column_text (stmt, 0));
  sqlite3_finalize (stmt);
}

static void
check_integrity (Audit *self)
{
  sqlite3_stmt *stmt = prepare (self, "PRAGMA integrity_check", NULL);

  if (stmt == NULL || sqlite3_step (stmt) != SQLITE_ROW
      || strcmp ((const char *) sqlite3_column_text (stmt, 0), "ok") != 0)
    note (self, "the file is damaged: %s", sqlite3_errmsg (self->handle));
  sqlite3_finalize (stmt);
}

/* The answer stands beside its effect, in the same transaction: who finds it unchanged finds the effect */
static void
check_change (Audit *self, const Told *told)
{
  sqlite3_stmt *stmt = prepare (self, "SELECT answer FROM idempotency WHERE key = $1", told->key);

  if (stmt == NULL || sqlite3_step (stmt) != SQLITE_ROW)
    note (self, "%s was acknowledged and is gone", told->route->id);
  else if ((gsize) sqlite3_column_bytes (stmt, 0) != g_bytes_get_size (told->answer)
           || memcmp (sqlite3_column_blob (stmt, 0), g_bytes_get_data (told->answer, NULL),
                      g_bytes_get_size (told->answer))
                  != 0)
    note (self, "%s was acknowledged otherwise", told->route->id);
  sqlite3_finalize (stmt);
}

/* And the effects themselves, as far as an answer names them */
static void
check_application (Audit *self, const Told *told)
{
  g_autoptr (ChApplication) application = ch_wire_decode (&ChApplication_wire, told->answer, NULL);
  sqlite3_stmt *stmt = prepare (self, "SELECT version FROM application WHERE id = $1", application->id);

  if (stmt == NULL || sqlite3_step (stmt) != SQLITE_ROW
      || sqlite3_column_int64 (stmt, 0) < application->version)
    note (self, "version %d of an application was acknowledged and is gone", (int) application->version);
  sqlite3_finalize (stmt);
}

static void
check_certificate (Audit *self, const Told *told)
{
  g_autoptr (ChCertificate) certificate = ch_wire_decode (&ChCertificate_wire, told->answer, NULL);
  sqlite3_stmt *stmt = prepare (self, "SELECT der FROM certificate WHERE serial = $1", certificate->serial);

  if (stmt == NULL || sqlite3_step (stmt) != SQLITE_ROW
      || (gsize) sqlite3_column_bytes (stmt, 0) != g_bytes_get_size (certificate->der)
      || memcmp (sqlite3_column_blob (stmt, 0), g_bytes_get_data (certificate->der, NULL),
                 sqlite3_column_bytes (stmt, 0))
             != 0)
    note (self, "certificate %s was handed out and is gone", certificate->serial);
  sqlite3_finalize (stmt);
}

static void
check_order (Audit *self, const Told *told)
{
  g_autoptr (ChOrder) order = ch_wire_decode (&ChOrder_wire, told->answer, NULL);
  sqlite3_stmt *stmt = prepare (self, "SELECT state FROM purchase WHERE id = $1", order->id);

  if (stmt == NULL || sqlite3_step (stmt) != SQLITE_ROW
      || (order->state == CH_ORDER_PAID
          && strcmp ((const char *) sqlite3_column_text (stmt, 0), "paid") != 0))
    note (self, "a payment was acknowledged and is gone");
  sqlite3_finalize (stmt);
}

static void
check_told (Audit *self, const Told *told)
{
  if (told->key != NULL)
    check_change (self, told);
  if (told->route->answer == &ChApplication_wire)
    check_application (self, told);
  else if (told->route->answer == &ChCertificate_wire)
    check_certificate (self, told);
  else if (told->route->answer == &ChOrder_wire)
    check_order (self, told);
}

/* What the CA’s key has signed must have been written down before */
static void
check_signatures (Audit *self)
{
  g_autofree char *path = g_build_filename (self->dir, FORGETFUL_SIGNATURES, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = NULL;
  sqlite3_stmt *stmt = prepare (self, "SELECT tbs FROM certificate", NULL);

  while (stmt != NULL && sqlite3_step (stmt) == SQLITE_ROW)
    g_hash_table_add (known, g_compute_checksum_for_data (G_CHECKSUM_SHA256, sqlite3_column_blob (stmt, 0),
                                                          sqlite3_column_bytes (stmt, 0)));
  sqlite3_finalize (stmt);

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != 0 && !g_hash_table_contains (known, lines[i]))
      note (self, "the CA signed what nobody knows of");
}

/* What the gateway was asked for must have been written down before, and it may not have been paid twice */
static void
check_trades (Audit *self)
{
  g_autofree char *folder = g_build_filename (self->dir, "trades", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GHashTable) paid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *trade_no;

  while (dir != NULL && (trade_no = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, trade_no, NULL);
      g_autofree char *text = NULL;
      sqlite3_stmt *stmt;

      /* the beginning of a file that is not one yet: the power went in the gateway too */
      if (strchr (trade_no, '.') != NULL)
        continue;
      stmt = prepare (self, "SELECT purchase FROM attempt WHERE trade_no = $1", trade_no);
      g_file_get_contents (path, &text, NULL, NULL);
      if (stmt == NULL || sqlite3_step (stmt) != SQLITE_ROW)
        note (self, "the gateway was asked for a code that nobody knows of");
      else if (text != NULL && g_ascii_strtoll (text, NULL, 10) == CH_TRADE_PAID
               && !g_hash_table_add (paid, g_strdup ((const char *) sqlite3_column_text (stmt, 0))))
        note (self, "somebody paid twice for one order");
      sqlite3_finalize (stmt);
    }
}

static char *
copy_file (const char *dir, const char *to, const char *ending)
{
  g_autofree char *from = g_strconcat (dir, "/" DB_FILE, ending, NULL);
  char *path = g_strconcat (to, "/" DB_FILE, ending, NULL);
  g_autofree char *data = NULL;
  gsize len;

  g_remove (path);
  if (g_file_get_contents (from, &data, &len, NULL))
    {
      FILE *file = fopen (path, "we");

      g_assert_nonnull (file);
      g_assert_cmpuint (fwrite (data, 1, len, file), ==, len);
      fclose (file);
    }
  return path;
}

/* Adds to @problems what is wrong with the store in @dir, which nobody has open, given what the clients were
 * told from @first_told on; returns how many answers it knows, to go on from. */
guint
forgetful_audit (const char *dir, ForgetfulClients *clients, guint first_told, GPtrArray *problems)
{
  g_autofree char *scratch = g_dir_make_tmp ("certhall-audit-XXXXXX", NULL);
  g_autofree char *wal = copy_file (dir, scratch, "-wal");
  g_autofree char *path = copy_file (dir, scratch, "");
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  Audit audit = { NULL, dir, problems };
  guint n_told = forgetful_clients_get_n_told (clients);

  g_assert_cmpint (sqlite3_open (path, &audit.handle), ==, SQLITE_OK);
  check_integrity (&audit);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    check_rule (&audit, &rules[i]);
  for (guint i = first_told; i < n_told; i++)
    check_told (&audit, forgetful_clients_get_told (clients, i));
  check_signatures (&audit);
  check_trades (&audit);

  sqlite3_close (audit.handle);
  g_remove (path);
  g_remove (wal);
  g_remove (shm);
  g_rmdir (scratch);
  return n_told;
}
