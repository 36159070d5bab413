#include "config.h"

#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "wire/ch-field.h"
#include "wire/ch-regions.h"

typedef struct
{
  const char *name;
  const ChForm *form;
  const char *field;
  const char *value; /* (nullable): taken away */
  ChReason reason;
} Case;

static const char *const good_answers[][2] = {
  { "project", "ra-test" },
  { "certificate-type", "enterprise" },
  { "unit-name", "天津市滨海数字认证测试单位" },
  { "unit-code", "91110108722619411A" },
  { "term", "one-year" },
  { "province", "天津市" },
  { "city", "和平区" },
  { "handler-name", "张三" },
  { "handler-document-kind", "resident-id" },
  { "handler-document-number", "11010519491231002X" },
  { "handler-mobile", "19900000001" },
  { "unlock-mobile", "19900000001" },
  { "handler-email", "zhang.san@example.com" },
};

/* What the two other types of certificate ask besides, and the fields nobody must fill in */
static const char *const more_answers[][2] = {
  { "legal-person-name", "李四" },
  { "legal-person-document-kind", "passport" },
  { "legal-person-document-number", "E12345678" },
  { "legal-person-mobile", "19900000002" },
  { "person-name", "王五" },
  { "person-document-kind", "resident-id" },
  { "person-document-number", "11010519491231002X" },
  { "person-mobile", "19900000003" },
  { "person-email", "wang@example.com" },
  { "person-unit", "星星科技" },
  { "unit-email", "office@example.com" },
  { "unit-phone", "022-12345678" },
  { "handler-address", "西七道26号" },
  { "delivery-unit", "天津市滨海数字认证测试单位" },
  { "delivery-name", "李四" },
  { "delivery-phone", "022-12345678" },
  { "delivery-address", "天津市空港经济区西七道26号" },
  { "make-application", "a1" },
  { "medium-serial", "CHTEST00001" },
  { "sent-courier", "顺丰速运" },
  { "sent-number", "SF1234567890" },
  { "sent-place", "空港营业厅" },
  { "user-name", "zhang-san" },
  { "document-number", "11010519491231002X" },
  { "invoice-title", "天津市滨海数字认证测试单位" },
  { "invoice-tax-number", "91110108722619411A" },
  { "invoice-address", "天津市空港经济区西七道26号" },
  { "invoice-phone", "022-12345678" },
  { "invoice-bank", "中国银行天津分行" },
  { "invoice-account", "2700123456789012" },
  { "invoice-email", "zhang.san@example.com" },
  { "new-mobile", "19900000002" },
  { "email", "zhang.san@example.com" },
};

/* One answer changed at a time: exactly this field is named, for this reason */
static const Case cases[] = {
  { "name-missing", &ch_form_subject, "unit-name", NULL, CH_REASON_MISSING },
  { "name-empty", &ch_form_subject, "unit-name", "", CH_REASON_MISSING },
  { "code-misprint", &ch_form_subject, "unit-code", "91110108722619411B", CH_REASON_USCC_CHECK },
  { "code-short", &ch_form_subject, "unit-code", "9111010872261941", CH_REASON_USCC_LENGTH },
  { "term-of-nobody", &ch_form_subject, "term", "ten-years", CH_REASON_CHOICE },
  { "city-elsewhere", &ch_form_subject, "city", "大同市", CH_REASON_REGION },
  { "project-unknown", &ch_form_choose, "project", "no-such", CH_REASON_CHOICE },
  { "project-of-other-settlement", &ch_form_choose, "project", "ra-test-key-account", CH_REASON_CHOICE },
  { "type-missing", &ch_form_choose, "certificate-type", NULL, CH_REASON_MISSING },
  { "type-of-another-flow", &ch_form_choose, "certificate-type", "person", CH_REASON_CHOICE },
  { "kind-unknown", &ch_form_handler, "handler-document-kind", "library-card", CH_REASON_CHOICE },
  { "number-of-no-person", &ch_form_handler, "handler-document-number", "12010619910202131X",
    CH_REASON_ID_CHECK },
  { "mobile-short", &ch_form_handler, "handler-mobile", "1990000000", CH_REASON_MOBILE },
  { "optional-but-wrong", &ch_form_handler, "unit-phone", "none", CH_REASON_PHONE },
};

static ChProfile *profile;
static const ChAxes axes
    = { CH_BUSINESS_APPLY, CH_SUBJECT_ENTERPRISE, CH_MEDIUM_SOFT, CH_SETTLEMENT_SELF_PAY };

static GHashTable *
make_answers (void)
{
  GHashTable *answers = ch_wire_map_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (good_answers); i++)
    g_hash_table_insert (answers, g_strdup (good_answers[i][0]), g_strdup (good_answers[i][1]));
  return answers;
}

static void
test_good (void)
{
  g_autoptr (GHashTable) answers = make_answers ();

  g_assert_true (ch_form_is_complete (&ch_form_choose, profile, &axes, answers));
  g_assert_true (ch_form_is_complete (&ch_form_subject, profile, &axes, answers));
  g_assert_true (ch_form_is_complete (&ch_form_handler, profile, &axes, answers));
}

static void
add_more (GHashTable *answers)
{
  for (gsize i = 0; i < G_N_ELEMENTS (more_answers); i++)
    g_hash_table_insert (answers, g_strdup (more_answers[i][0]), g_strdup (more_answers[i][1]));
}

/* Each type of certificate has its own form, asks for nothing of the others, and knows whose name it bears */
static void
test_subjects (void)
{
  static const struct
  {
    const char *name;
    const char *needed;
    const char *foreign;
  } rows[] = {
    [CH_SUBJECT_ENTERPRISE] = { "unit-name", "unit-code", "legal-person-name" },
    [CH_SUBJECT_LEGAL_PERSON] = { "legal-person-name", "legal-person-document-number", "person-name" },
    [CH_SUBJECT_PERSON] = { "person-name", "person-document-number", "unit-code" },
  };

  for (guint i = 0; i < CH_N_SUBJECTS; i++)
    {
      const ChAxes of = { CH_BUSINESS_APPLY, i, CH_MEDIUM_SOFT, CH_SETTLEMENT_SELF_PAY };
      const ChForm *form = ch_form_of_fact (CH_FACT_SUBJECT, &of);
      g_autoptr (GHashTable) answers = make_answers ();

      add_more (answers);
      g_assert_cmpstr (ch_forms_get_name_field (&of), ==, rows[i].name);
      g_assert_nonnull (ch_forms_find_field (&of, rows[i].needed));
      g_assert_nonnull (ch_forms_find_field (&of, "handler-mobile"));
      g_assert_null (ch_forms_find_field (&of, rows[i].foreign));
      g_assert_null (ch_forms_find_field (&of, "passphrase"));

      g_hash_table_remove (answers, rows[i].foreign);
      g_assert_true (ch_form_is_complete (form, profile, &of, answers));
      g_hash_table_remove (answers, rows[i].needed);
      g_assert_false (ch_form_is_complete (form, profile, &of, answers));
    }
}

/* Whoever collects it is asked for no address, and whoever has it sent for all of it */
static void
test_delivery (void)
{
  static const ChAxes of
      = { CH_BUSINESS_APPLY, CH_SUBJECT_ENTERPRISE, CH_MEDIUM_UKEY, CH_SETTLEMENT_SELF_PAY };
  const ChForm *form = ch_form_of_fact (CH_FACT_DELIVERY, &of);
  const ChAxes on_soft = { CH_BUSINESS_APPLY, CH_SUBJECT_ENTERPRISE, CH_MEDIUM_SOFT, CH_SETTLEMENT_SELF_PAY };
  g_autoptr (GHashTable) answers = make_answers ();

  g_assert_nonnull (form);
  g_assert_null (ch_form_of_fact (CH_FACT_DELIVERY, &on_soft));
  g_hash_table_insert (answers, g_strdup ("delivery-way"), g_strdup ("courier"));
  g_hash_table_insert (answers, g_strdup ("delivery-payer"), g_strdup ("receiver"));
  g_assert_false (ch_form_is_complete (form, profile, &of, answers));
  add_more (answers);
  g_assert_true (ch_form_is_complete (form, profile, &of, answers));
  g_hash_table_remove (answers, "delivery-address");
  g_assert_false (ch_form_is_complete (form, profile, &of, answers));
  g_hash_table_insert (answers, g_strdup ("delivery-way"), g_strdup ("hall"));
  g_assert_true (ch_form_is_complete (form, profile, &of, answers));
}

/* What a reviewer would not see is refused in every field that is typed, wherever it stands */
static void
check_hostile (const ChField *field, GHashTable *answers, const char *hidden)
{
  const char *good = g_hash_table_lookup (answers, field->id);
  const char *second = good != NULL ? g_utf8_next_char (good) : NULL;
  g_autofree char *typed = NULL;
  g_autofree char *normal = NULL;

  if (good == NULL)
    g_error ("%s has no good answer here", field->id);
  typed = g_strdup_printf ("%.*s%s%s", (int) (second - good), good, hidden, second);
  normal = ch_field_normalize (field, typed);
  g_test_message ("%s: %s", field->id, typed);
  g_assert_cmpint (ch_field_check (field, normal, answers), !=, CH_REASON_OK);
}

static void
test_hostile (void)
{
  /* Direction, zero width, control, private use, line, tag, a letter that composes with nothing */
  static const char *const hidden[]
      = { "\xe2\x80\xae", "\xe2\x80\x8b", "\a", "\xee\x80\x80", "\xe2\x80\xa8", "\xf3\xa0\x81\x81", "\x01" };
  static const char sql[] = "O'Neill\"; DROP TABLE answer;-- <b>&amp;";
  g_autoptr (GHashTable) answers = make_answers ();
  guint n_forms, n_checked = 0;
  const ChForm *const *forms = ch_forms_get (&n_forms);

  add_more (answers);
  for (guint i = 0; i < n_forms; i++)
    for (gsize j = 0; forms[i]->fields[j] != NULL; j++)
      {
        const ChField *field = forms[i]->fields[j];
        g_autofree char *normal = NULL;

        /* At login nothing is stored: the name is only looked up. What a download shows nobody types. */
        if (field->kind > CH_FIELD_EMAIL || g_str_equal (field->id, "login-name")
            || forms[i] == &ch_form_download || forms[i] == &ch_form_make_check)
          continue;
        for (gsize k = 0; k < G_N_ELEMENTS (hidden); k++)
          check_hostile (field, answers, hidden[k]);
        n_checked++;
        if (field->kind != CH_FIELD_TEXT || g_str_equal (field->id, "user-name"))
          continue;

        /* What is only text to us is kept as it was typed */
        normal = ch_field_normalize (field, sql);
        g_assert_cmpstr (normal, ==, sql);
        g_assert_cmpint (ch_field_check (field, normal, answers), ==, CH_REASON_OK);
      }

  g_assert_cmpuint (n_checked, >=, 20);
}

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autoptr (GHashTable) answers = make_answers ();
  g_autoptr (GError) error = NULL;
  GPtrArray *fields;
  const ChFieldError *row;

  if (self->value == NULL)
    g_hash_table_remove (answers, self->field);
  else
    g_hash_table_insert (answers, g_strdup (self->field), g_strdup (self->value));

  g_assert_false (ch_form_check (self->form, profile, &axes, answers, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID_INPUT);
  fields = ch_error_get_fields (error);
  g_assert_cmpuint (fields->len, ==, 1);
  row = fields->pdata[0];
  g_assert_cmpstr (row->field, ==, self->field);
  g_assert_cmpstr (ch_reason_get_id (row->reason), ==, ch_reason_get_id (self->reason));
}

/* Another kind of document has other numbers */
static void
test_passport (void)
{
  g_autoptr (GHashTable) answers = make_answers ();

  g_hash_table_insert (answers, g_strdup ("handler-document-kind"), g_strdup ("passport"));
  g_hash_table_insert (answers, g_strdup ("handler-document-number"), g_strdup ("E12345678"));
  g_assert_true (ch_form_is_complete (&ch_form_handler, profile, &axes, answers));
}

static void
test_normalize (void)
{
  g_autofree char *code = ch_field_normalize (ch_field_lookup ("unit-code"), " 9111 0108 7226 1941 1a");
  g_autofree char *name = ch_field_normalize (ch_field_lookup ("unit-name"), "  天津市 ");
  g_autofree char *province = ch_field_normalize (ch_field_lookup ("province"), "120000");
  g_autofree char *city = ch_field_normalize (ch_field_lookup ("city"), "120101");

  g_assert_cmpstr (code, ==, "91110108722619411A");
  g_assert_cmpstr (name, ==, "天津市");
  g_assert_cmpstr (province, ==, "天津市");
  g_assert_cmpstr (city, ==, "和平区");
}

/* Every field can be found, has a label, and secrets have none of what is only for answers */
static void
test_declarations (void)
{
  guint n_forms;
  const ChForm *const *forms = ch_forms_get (&n_forms);

  for (guint i = 0; i < n_forms; i++)
    for (gsize j = 0; forms[i]->fields[j] != NULL; j++)
      {
        const ChField *field = forms[i]->fields[j];

        g_test_message ("%s.%s", forms[i]->id, field->id);
        g_assert_true (ch_field_lookup (field->id) == field);
        g_assert_nonnull (field->label);
        g_assert_cmpuint (field->max, >, 0);
        g_assert_true ((field->kind == CH_FIELD_CHOICE) == (field->choices != NULL));
        g_assert_false (ch_field_is_secret (field) && field->prefill != NULL);
      }
}

static void
test_regions (void)
{
  static const struct
  {
    const char *province;
    const char *city;
    gboolean there;
  } places[] = {
    { "天津市", "和平区", TRUE },  { "天津市", "东丽区", TRUE },  { "天津市", "天津市", FALSE },
    { "北京市", "海淀区", TRUE },  { "重庆市", "城口县", TRUE },  { "山西省", "大同市", TRUE },
    { "山西省", "新荣区", FALSE }, { "河南省", "济源市", TRUE },  { "新疆维吾尔自治区", "石河子市", TRUE },
    { "广东省", "东莞市", TRUE },  { "天津市", "大同市", FALSE }, { "Atlantis", "和平区", FALSE },
  };

  g_assert_cmpuint (ch_regions_list_provinces ()->len, ==, 31);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_test_message ("%s, %s", places[i].province, places[i].city);
      g_assert_cmpint (ch_regions_has_city (places[i].province, places[i].city), ==, places[i].there);
    }
}

static void
test_term_end (void)
{
  const ChProject *project = ch_profile_get_project (profile, "ra-test");
  const ChTerm *term = ch_project_get_term (project, "one-year");
  gint64 leap_day, end, expected;

  g_assert_true (ch_clock_parse ("2028-02-29T12:00:00Z", &leap_day));
  g_assert_true (ch_clock_parse ("2029-02-28T12:00:00Z", &expected));
  end = ch_term_get_end (term, leap_day);
  g_assert_cmpint (end, ==, expected);
}

int
main (int argc, char **argv)
{
  g_autofree char *path = g_build_filename (g_getenv ("CERTHALL_DATA_DIR"), "profiles", "binhai.json", NULL);
  g_autoptr (GBytes) json = NULL;
  char *text = NULL;
  gsize len = 0;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_true (g_file_get_contents (path, &text, &len, NULL));
  json = g_bytes_new_take (text, len);
  profile = ch_wire_decode (&ChProfile_wire, json, NULL);
  g_assert_nonnull (profile);

  g_test_add_func ("/fields/good", test_good);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/fields/", cases[i].name, NULL);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  g_test_add_func ("/fields/subjects", test_subjects);
  g_test_add_func ("/fields/delivery", test_delivery);
  g_test_add_func ("/fields/hostile", test_hostile);
  g_test_add_func ("/fields/passport", test_passport);
  g_test_add_func ("/fields/normalize", test_normalize);
  g_test_add_func ("/fields/declarations", test_declarations);
  g_test_add_func ("/regions/places", test_regions);
  g_test_add_func ("/policy/term-end", test_term_end);

  status = g_test_run ();
  ch_profile_free (profile);
  return status;
}
