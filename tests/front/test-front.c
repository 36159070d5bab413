#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "front/ch-application-item.h"
#include "front/ch-cert-item.h"
#include "front/ch-due-list.h"
#include "front/ch-format.h"
#include "front/ch-refund-words.h"
#include "unit/pki-world.h"

#define DAY (24 * 60 * 60)

/* What the server says, and where that stands for people */
static const struct
{
  const char *name;
  ChApplicationState state;
  const char *facts[12];
  ChStanding standing;
} standings[] = {
  { "new", CH_APPLICATION_DRAFT, { "application" }, CH_STANDING_DRAFT },
  { "ordered", CH_APPLICATION_DRAFT, { "application", "subject", "order" }, CH_STANDING_TO_PAY },
  { "paid", CH_APPLICATION_DRAFT, { "application", "subject", "order", "settled" }, CH_STANDING_DRAFT },
  { "submitted",
    CH_APPLICATION_SUBMITTED,
    { "application", "subject", "documents", "handler", "order", "settled", "submitted" },
    CH_STANDING_IN_REVIEW },
  { "refused",
    CH_APPLICATION_REFUSED,
    { "application", "handler", "order", "settled" },
    CH_STANDING_REFUSED },
  { "approved",
    CH_APPLICATION_APPROVED,
    { "application", "subject", "documents", "handler", "order", "settled", "submitted", "approved" },
    CH_STANDING_TO_INSTALL },
  { "issued",
    CH_APPLICATION_ISSUED,
    { "application", "subject", "documents", "handler", "order", "settled", "submitted", "approved",
      "issued" },
    CH_STANDING_TO_INSTALL },
  { "installed",
    CH_APPLICATION_DONE,
    { "application", "subject", "documents", "handler", "order", "settled", "submitted", "approved", "issued",
      "installed" },
    CH_STANDING_DONE },
};

static ChApplication *
make_application (const char *id, ChApplicationState state, const char *const *facts)
{
  ChApplication *application = ch_wire_new (&ChApplication_wire);

  application->id = g_strdup (id);
  application->flow = g_strdup ("apply.enterprise.soft.self-pay");
  application->project = g_strdup ("ra-test");
  application->state = state;
  application->facts = g_strdupv ((char **) facts);
  application->created = application->updated = 1000;
  return application;
}

static void
test_standing (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (ChApplication) application
      = make_application ("1", standings[i].state, (const char *const *) standings[i].facts);
  g_autoptr (ChApplicationItem) item = ch_application_item_new (application);

  g_assert_cmpstr (ch_standing_get_id (ch_application_item_get_standing (item)), ==,
                   ch_standing_get_id (standings[i].standing));
}

/* Exactly one stage is at hand, those before it are done, those after it wait; a refusal stops them */
static void
test_stages (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (ChApplication) application
      = make_application ("1", standings[i].state, (const char *const *) standings[i].facts);
  g_autoptr (ChApplicationItem) item = ch_application_item_new (application);
  g_autoptr (GPtrArray) stages = ch_application_item_list_stages (item);
  guint n_at_hand = 0;

  g_assert_cmpuint (stages->len, ==, 5);
  for (guint k = 0; k < stages->len; k++)
    {
      const ChStage *stage = stages->pdata[k];

      g_assert_nonnull (stage->word);
      n_at_hand += stage->tone == CH_TONE_INFO || stage->tone == CH_TONE_BAD;
    }
  g_assert_cmpuint (n_at_hand, <=, 1);
  if (standings[i].standing == CH_STANDING_REFUSED)
    g_assert_cmpint (((const ChStage *) stages->pdata[3])->tone, ==, CH_TONE_BAD);
}

static void
test_order (void)
{
  static const char *const facts[] = { "application", NULL };
  g_autoptr (ChApplication) old_draft = make_application ("1", CH_APPLICATION_DRAFT, facts);
  g_autoptr (ChApplication) new_draft = make_application ("2", CH_APPLICATION_DRAFT, facts);
  g_autoptr (ChApplication) refused = make_application ("3", CH_APPLICATION_REFUSED, facts);
  g_autoptr (ChApplicationItem) a = NULL;
  g_autoptr (ChApplicationItem) b = NULL;
  g_autoptr (ChApplicationItem) c = NULL;

  new_draft->updated = 2000;
  a = ch_application_item_new (old_draft);
  b = ch_application_item_new (new_draft);
  c = ch_application_item_new (refused);
  g_assert_cmpint (ch_application_item_compare (b, a), <, 0);
  g_assert_cmpint (ch_application_item_compare (c, b), <, 0);
  g_assert_cmpint (ch_application_item_compare (a, a), ==, 0);
}

/* An application of a newer program is shown by its id and offers nothing wrong */
static void
test_unknown_flow (void)
{
  static const char *const facts[] = { "application", "telepathy", NULL };
  g_autoptr (ChApplication) application = make_application ("1", CH_APPLICATION_DRAFT, facts);
  g_autoptr (ChApplicationItem) item = NULL;

  g_free (application->flow);
  application->flow = g_strdup ("lend.enterprise.soft.self-pay");
  item = ch_application_item_new (application);
  g_assert_null (ch_application_item_get_axes (item));
  g_assert_cmpstr (ch_application_item_get_title (item), ==, "lend.enterprise.soft.self-pay");
  g_assert_cmpint (ch_application_item_get_standing (item), ==, CH_STANDING_DRAFT);
}

/* What keeps the old end was bought for no term, though that of the old certificate is among its answers */
static void
test_term (void)
{
  static const char *const facts[] = { "application", NULL };
  static const char *const flows[] = { "renew.enterprise.ukey.self-pay", "replace.enterprise.ukey.self-pay" };
  g_autofree char *path = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", "binhai.json", NULL);
  g_autoptr (ChProfile) profile = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (path, &text, &len, NULL));
  bytes = g_bytes_new (text, len);
  profile = ch_wire_decode (&ChProfile_wire, bytes, NULL);
  g_assert_nonnull (profile);
  for (gsize i = 0; i < G_N_ELEMENTS (flows); i++)
    {
      g_autoptr (ChApplication) application = make_application ("1", CH_APPLICATION_DRAFT, facts);
      g_autoptr (ChApplicationItem) item = NULL;
      g_autofree char *what = NULL;

      g_free (application->flow);
      application->flow = g_strdup (flows[i]);
      application->answers = ch_wire_map_new ();
      g_hash_table_insert (application->answers, g_strdup ("term"), g_strdup ("one-year"));
      item = ch_application_item_new (application);
      ch_application_item_set_profile (item, profile);
      what = ch_application_item_format_what (item);
      g_assert_cmpstr (what, ==,
                       i == 0 ? "Enterprise certificate · USB key · One year"
                              : "Enterprise certificate · USB key");
    }
}

static const char *
find_property (GPtrArray *properties, const char *id)
{
  for (guint i = 0; i < properties->len; i++)
    if (g_str_equal (((const ChProperty *) properties->pdata[i])->id, id))
      return ((const ChProperty *) properties->pdata[i])->value;

  return NULL;
}

static ChCertItem *
make_cert (PkiWorld *world)
{
  g_autoptr (ChKey) key = ch_key_generate (CH_KEY_P256, NULL);
  GBytes *spki = ch_key_get_spki (key);
  g_autoptr (GBytes) der = pki_issue (world, spki, "天津市滨海数字认证测试单位");
  g_autoptr (GError) error = NULL;
  ChCertItem *item = ch_cert_item_new (der, &error);

  g_assert_no_error (error);
  return item;
}

static void
test_certificate (void)
{
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChCertItem) item = make_cert (world);
  g_autoptr (GPtrArray) properties = ch_cert_item_list_properties (item);
  g_autoptr (ChCertificate) certificate = ch_wire_new (&ChCertificate_wire);
  gint64 end = ch_cert_item_get_not_after (item);

  g_assert_cmpstr (find_property (properties, "name"), ==, "天津市滨海数字认证测试单位");
  g_assert_cmpstr (find_property (properties, "serial"), ==, ch_cert_item_get_serial (item));
  g_assert_null (find_property (properties, "token"));

  /* By the clock */
  ch_clock_set_offset (end - 200 * DAY - ch_clock_now () + ch_clock_get_offset ());
  g_assert_cmpint (ch_cert_item_get_standing (item), ==, CH_CERT_VALID);
  ch_clock_set_offset (end - 90 * DAY - ch_clock_now () + ch_clock_get_offset ());
  g_assert_cmpint (ch_cert_item_get_standing (item), ==, CH_CERT_EXPIRING);
  ch_clock_set_offset (end + 1 - ch_clock_now () + ch_clock_get_offset ());
  g_assert_cmpint (ch_cert_item_get_standing (item), ==, CH_CERT_EXPIRED);

  /* By the server’s word, which counts more */
  ch_clock_set_offset (0);
  certificate->application = g_strdup ("1");
  certificate->state = CH_CERTIFICATE_ISSUED;
  ch_cert_item_set_certificate (item, certificate);
  g_assert_cmpint (ch_cert_item_get_standing (item), ==, CH_CERT_WAITING);
  certificate->state = CH_CERTIFICATE_REVOKED;
  ch_cert_item_set_certificate (item, certificate);
  g_assert_cmpint (ch_cert_item_get_standing (item), ==, CH_CERT_REVOKED);
}

/* From the day that was chosen on; what has expired, always */
static void
test_reminder (void)
{
  static const struct
  {
    int days_left, reminder_days;
    gboolean is_reminded;
  } rows[] = {
    { 200, 0, FALSE }, { 89, 0, TRUE }, { 89, 30, FALSE }, { 30, 30, TRUE }, { 8, 7, FALSE },
    { 7, 7, TRUE },    { 0, 7, TRUE },  { -5, 7, TRUE },   { -5, 0, TRUE },  { 200, 30, FALSE },
  };
  g_autoptr (PkiWorld) world = pki_world_new (CH_KEY_P256);
  g_autoptr (ChCertItem) item = make_cert (world);
  gint64 end = ch_cert_item_get_not_after (item);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ch_clock_set_offset (end - rows[i].days_left * DAY - 1 - ch_clock_now () + ch_clock_get_offset ());
      if (rows[i].days_left < 0)
        ch_clock_set_offset (ch_clock_get_offset () + 2);
      g_assert_cmpint (ch_due_is_reminded (item, rows[i].reminder_days), ==, rows[i].is_reminded);
    }
  ch_clock_set_offset (0);
}

static void
test_no_certificate (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("not a certificate", 17);
  g_autoptr (GError) error = NULL;

  g_assert_null (ch_cert_item_new (bytes, &error));
  g_assert_nonnull (error);
}

static ChRefund *
make_refund (gint64 fen, ChRefundState state, gint64 sent, gint64 done)
{
  ChRefund *refund = ch_wire_new (&ChRefund_wire);

  refund->fen = fen;
  refund->state = state;
  refund->reason = CH_REFUND_REASON_WITHDRAWN;
  refund->created = DAY;
  refund->sent = sent;
  refund->done = done;
  return refund;
}

/* The day is of what happened last; a list says what is still on its way as long as anything is */
static void
test_refunds (void)
{
  static const struct
  {
    ChRefundState state;
    gint64 sent, done;
    const char *detail;
    const char *together;
    ChTone tone;
  } rows[] = {
    { CH_REFUND_DUE, 0, 0, "The application was withdrawn · due since 1970-01-02", "300.00 yuan goes back",
      CH_TONE_INFO },
    { CH_REFUND_SENT, 2 * DAY, 0, "The application was withdrawn · sent 1970-01-03, the way it was paid",
      "300.00 yuan goes back", CH_TONE_INFO },
    { CH_REFUND_FAILED, 0, 0, "The application was withdrawn · due since 1970-01-02", "300.00 yuan goes back",
      CH_TONE_WARN },
    { CH_REFUND_DONE, 2 * DAY, 3 * DAY, "The application was withdrawn · paid back 1970-01-04",
      "300.00 yuan paid back", CH_TONE_OK },
    { CH_REFUND_DONE, 0, 3 * DAY, "The application was withdrawn · paid back 1970-01-04",
      "300.00 yuan paid back", CH_TONE_OK },
  };
  g_autoptr (GPtrArray) none = ch_wire_list_new (&ChRefund_wire);

  g_assert_null (ch_refunds_format_short (NULL));
  g_assert_null (ch_refunds_format_short (none));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) refunds = ch_wire_list_new (&ChRefund_wire);
      ChRefund *refund = make_refund (20000, rows[i].state, rows[i].sent, rows[i].done);
      g_autofree char *detail = ch_refund_format_detail (refund);
      g_autofree char *together = NULL;

      g_ptr_array_add (refunds, refund);
      g_ptr_array_add (refunds, make_refund (10000, CH_REFUND_DONE, 0, DAY));
      together = ch_refunds_format_short (refunds);
      g_assert_cmpstr (detail, ==, rows[i].detail);
      g_assert_cmpstr (together, ==, rows[i].together);
      g_assert_cmpint (ch_refund_get_tone (refund), ==, rows[i].tone);
    }
}

static void
test_format (void)
{
  g_autofree char *amount = ch_format_fen (30005);
  g_autofree char *small = ch_format_fen (7);

  g_assert_cmpstr (amount, ==, "300.05 yuan");
  g_assert_cmpstr (small, ==, "0.07 yuan");
  /* Midnights, not multiples of 24 hours */
  g_assert_cmpint (ch_format_count_days (0, 0), ==, 0);
  g_assert_cmpint (ch_format_count_days (DAY - 1, DAY + 1), ==, 1);
  g_assert_cmpint (ch_format_count_days (DAY + 1, DAY - 1), ==, -1);
  g_assert_cmpint (ch_format_count_days (10, 10 + 30 * DAY), ==, 30);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (standings); i++)
    {
      g_autofree char *standing = g_strdup_printf ("/front/standing/%s", standings[i].name);
      g_autofree char *stages = g_strdup_printf ("/front/stages/%s", standings[i].name);

      g_test_add_data_func (standing, GSIZE_TO_POINTER (i), test_standing);
      g_test_add_data_func (stages, GSIZE_TO_POINTER (i), test_stages);
    }
  g_test_add_func ("/front/term", test_term);
  g_test_add_func ("/front/order", test_order);
  g_test_add_func ("/front/unknown-flow", test_unknown_flow);
  g_test_add_func ("/front/certificate", test_certificate);
  g_test_add_func ("/front/reminder", test_reminder);
  g_test_add_func ("/front/no-certificate", test_no_certificate);
  g_test_add_func ("/front/refunds", test_refunds);
  g_test_add_func ("/front/format", test_format);
  return g_test_run ();
}
