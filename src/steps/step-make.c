#include "config.h"

#include <sys/random.h>

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "pki/ch-envelope.h"
#include "steps/ch-making.h"
#include "steps/steps.h"

/* What the staff do before and after a certificate is made on a USB key of the CA: the rest is what everybody
 * does who installs one */

/* Long enough that three tries are nothing, short enough to be typed from a letter */
#define PIN_DIGITS 8

#define HALF_MADE  "certhall-half-made"
#define PIN_LETTER "certhall-pin-letter"

/**
 * ch_making_get_letter:
 * @run: of ch_making_start()
 *
 * Returns: (transfer none) (nullable): the letter with the first PIN, which is nowhere else; %NULL before it
 * is made, and where the PIN goes another way
 */
const ChPinLetter *
ch_making_get_letter (ChRun *run)
{
  return g_object_get_data (G_OBJECT (run), PIN_LETTER);
}

/**
 * ch_making_start:
 * @ports: with a session of the staff
 * @application: (nullable): if it is known already
 *
 * Returns: (transfer full): a run that makes the medium of an application, to be started
 */
ChRun *
ch_making_start (ChPorts *ports, const char *application)
{
  GPtrArray *flows = g_ptr_array_new ();
  ChRun *run;

  for (guint i = 0; i < ch_n_make_flows; i++)
    g_ptr_array_add (flows, (gpointer) &ch_make_flows[i]);
  g_ptr_array_add (flows, NULL);
  run = ch_run_new_open ((const ChFlow *const *) flows->pdata, ports);
  /* The run looks into the list for as long as it lives */
  g_object_set_data_full (G_OBJECT (run), "flows-offered", flows, (GDestroyNotify) g_ptr_array_unref);
  if (application != NULL)
    ch_run_give (run, "make-application", application);
  return run;
}

static gboolean
fail_field (GError **error, const char *field, ChReason reason)
{
  GError *wrong = ch_error_new_fields ();

  ch_error_add_field (wrong, field, reason, NULL);
  g_propagate_error (error, wrong);
  return FALSE;
}

static gboolean
is_answer (ChRun *run, const char *field, const char *value)
{
  return g_strcmp0 (ch_run_get_answer (run, field), value) == 0;
}

/* -- Which application */

static gboolean
check_application (ChRun *run, GError **error)
{
  for (gsize i = 0; ch_form_make.fields[i] != NULL; i++)
    {
      const ChField *field = ch_form_make.fields[i];
      ChReason reason = ch_field_check (field, ch_run_get_answer (run, field->id), ch_run_get_answers (run));

      if (reason != CH_REASON_OK)
        return fail_field (error, field->id, reason);
    }
  return TRUE;
}

static void
put (ChRun *run, const char *field, const char *value)
{
  if (value != NULL)
    g_hash_table_replace (ch_run_get_answers (run), g_strdup (field), g_strdup (value));
}

static void
put_day (ChRun *run, const char *field, gint64 seconds)
{
  g_autofree char *text = seconds > 0 ? ch_clock_format (seconds) : NULL;
  g_autofree char *day = text != NULL ? g_strndup (text, 10) : NULL;

  put (run, field, day);
}

static char *
say_delivery (const ChApplication *application)
{
  static const char *const fields[]
      = { "delivery-name", "delivery-unit", "delivery-phone", "delivery-address" };
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *value = g_hash_table_lookup (application->answers, fields[i]);

      if (value != NULL && *value != 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", value);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_making (ChRun *run, const ChMaking *making)
{
  g_autofree char *delivery = say_delivery (making->application);
  const char *way = g_hash_table_lookup (making->application->answers, "delivery-way");

  put (run, "download-name", making->name);
  put_day (run, "download-from", making->not_before);
  put_day (run, "download-until", making->not_after);
  put (run, "download-trust-id", making->trust_id);
  put (run, "download-serial", making->serial);
  put (run, "download-subject", making->subject);
  put (run, "delivery-way", way);
  if (g_strcmp0 (way, "hall") != 0)
    put (run, "make-delivery", delivery);
  /* The medium it was begun on goes on, unless somebody says otherwise */
  if (making->medium != NULL)
    put (run, "making-medium", making->medium);
}

static gboolean
take_over (ChRun *run, ChMaking *making, GError **error)
{
  ChAxes axes = { 0 };
  const ChFlow *flow = NULL;

  if (ch_axes_parse (making->application->flow, &axes))
    {
      axes.business = CH_BUSINESS_MAKE;
      axes.settlement = CH_SETTLEMENT_ENTERPRISE_PAY;
      flow = ch_run_find_flow (run, &axes);
    }
  if (flow == NULL || !ch_run_set_flow (run, flow))
    {
      g_set_error (error, CH_ERROR, CH_ERROR_NOT_OFFERED, "%s is not made here", making->application->flow);
      return FALSE;
    }

  ch_run_set_session (run, making->token);
  show_making (run, making);
  ch_run_take_application (run, g_steal_pointer (&making->application));
  return TRUE;
}

static void
on_begun_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  g_autoptr (ChMaking) making = ch_run_call_finish (run, result, &error);

  if (making == NULL || !take_over (run, making, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_return_int (task, CH_STEP_DONE);
}

static void
begin (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_answer (run, "make-application"), NULL };
  const ChMakingNew request = { .again = is_answer (run, "make-again", "yes") };

  ch_run_call_async (run, &ch_route_staff_making, args, &request, g_task_get_cancellable (task), on_begun_cb,
                     task);
}

const ChStep ch_step_make_application = {
  .id = "make-application",
  .title = N_ ("Choose the application"),
  .lead = N_ ("An approved application whose certificate is made on a USB key here."),
  .page = CH_PAGE_FORM,
  .gives = CH_FACT_APPLICATION | CH_FACT_SETTLED | CH_FACT_APPROVED,
  .flags = CH_STEP_NO_RETURN,
  .form = &ch_form_make,
  .check = check_application,
  .work = begin,
};

const ChStep ch_step_make_check = {
  .id = "make-check",
  .title = N_ ("Check what is made"),
  .lead = N_ ("Plug in a blank USB key. It is set up anew, and the certificate is written to it."),
  .deed = N_ ("Make the USB key"),
  .page = CH_PAGE_CONFIRM,
  .needs = CH_FACT_APPROVED,
  .form = &ch_form_make_check,
};

/* -- Which medium */

/* A look at one medium after the other */
typedef struct
{
  GPtrArray *tokens; /* (owned) (element-type ChToken): still to be looked at */
  GPtrArray *blank;  /* (owned) (element-type ChToken) */
  guint n_seen;
} Look;

static void
look_free (gpointer data)
{
  Look *self = data;

  g_ptr_array_unref (self->tokens);
  g_ptr_array_unref (self->blank);
  g_free (self);
}

/* @token: (nullable) */
static void
choose (GTask *task, ChToken *token, ChErrorCode code, const char *why)
{
  if (token != NULL)
    {
      ch_run_set_token (g_task_get_source_object (task), token, NULL);
      g_task_return_int (task, CH_STEP_DONE);
    }
  else
    g_task_return_new_error (task, CH_ERROR, code, "%s", why);
  g_object_unref (task);
}

static ChToken *
find_by_serial (GPtrArray *tokens, const char *serial)
{
  for (guint i = 0; serial != NULL && i < tokens->len; i++)
    if (g_str_equal (ch_token_get_info (tokens->pdata[i])->serial, serial))
      return tokens->pdata[i];
  return NULL;
}

/* The one it was begun on, where the key was made and got no name any more: nothing was issued for it, and
 * nobody knows its PIN */
static gboolean
is_half_made (ChRun *run, ChToken *token, GPtrArray *objects)
{
  const ChTokenObject *only = objects->len == 1 ? objects->pdata[0] : NULL;

  return only != NULL && only->cert == NULL && (ch_run_get_facts (run) & CH_FACT_ISSUED) == 0
         && is_answer (run, "making-medium", ch_token_get_info (token)->serial);
}

static void look_at_next (GTask *task);

static void
on_objects_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Look *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objects = ch_token_list_objects_finish (CH_TOKEN (source), result, &error);

  /* What cannot be read is not blank as far as anybody knows */
  if (objects == NULL)
    g_message ("a medium cannot be read: %s", error->message);
  else if (objects->len == 0)
    g_ptr_array_add (self->blank, g_object_ref (source));
  else if (is_half_made (g_task_get_source_object (task), CH_TOKEN (source), objects))
    {
      g_object_set_data (G_OBJECT (g_task_get_source_object (task)), HALF_MADE, GINT_TO_POINTER (TRUE));
      g_ptr_array_add (self->blank, g_object_ref (source));
    }
  look_at_next (task);
}

static void
decide (GTask *task)
{
  Look *self = g_task_get_task_data (task);
  ChRun *run = g_task_get_source_object (task);
  ChToken *begun = find_by_serial (self->blank, ch_run_get_answer (run, "making-medium"));

  if (begun != NULL)
    choose (task, begun, 0, NULL);
  else if (self->blank->len == 1)
    choose (task, self->blank->pdata[0], 0, NULL);
  else if (self->blank->len > 1)
    choose (task, NULL, CH_ERROR_TOKEN_SEVERAL, "several blank media are plugged in");
  else
    choose (task, NULL, self->n_seen > 0 ? CH_ERROR_TOKEN_NO_BLANK : CH_ERROR_TOKEN_NONE,
            "no blank medium is plugged in");
}

static void
look_at_next (GTask *task)
{
  Look *self = g_task_get_task_data (task);
  g_autoptr (ChToken) token = NULL;

  if (self->tokens->len == 0)
    {
      decide (task);
      return;
    }
  token = g_object_ref (self->tokens->pdata[0]);
  g_ptr_array_remove_index (self->tokens, 0);
  ch_token_list_objects_async (token, g_task_get_cancellable (task), on_objects_cb, task);
}

static void
on_settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Look *self = g_task_get_task_data (task);
  ChRun *run = g_task_get_source_object (task);
  GListModel *hub = G_LIST_MODEL (source);
  const char *medium = ch_wire_enum_get_id (&ChMedium_enum, ch_run_get_axes (run)->medium);
  const char *typed = ch_run_get_answer (run, "medium-serial");

  ch_token_hub_settle_finish (CH_TOKEN_HUB (source), result);
  for (guint i = 0; i < g_list_model_get_n_items (hub); i++)
    {
      g_autoptr (ChToken) token = g_list_model_get_item (hub, i);
      const ChTokenInfo *info = ch_token_get_info (token);

      if (g_strcmp0 (info->medium, medium) == 0 && (info->abilities & CH_TOKEN_CAN_INITIALISE) != 0)
        g_ptr_array_add (self->tokens, g_steal_pointer (&token));
    }
  self->n_seen = self->tokens->len;

  /* Whoever typed the serial number means this one and no other, blank or not */
  if (typed != NULL && *typed != 0)
    choose (task, find_by_serial (self->tokens, typed), CH_ERROR_TOKEN_GONE,
            "the medium with that serial number is not plugged in");
  else
    look_at_next (task);
}

static void
find_medium (ChRun *run, GTask *task)
{
  Look *look;

  /* The key of the application was found on it */
  if (ch_run_get_token (run) != NULL && (ch_run_get_facts (run) & CH_FACT_KEY) != 0)
    {
      ch_step_return (task, CH_STEP_DONE);
      return;
    }
  if ((ch_run_get_facts (run) & CH_FACT_INSTALLED) != 0)
    {
      g_task_return_new_error (task, CH_ERROR, CH_ERROR_KEY_MISSING, "the finished medium is not plugged in");
      g_object_unref (task);
      return;
    }

  look = g_new0 (Look, 1);
  look->tokens = g_ptr_array_new_with_free_func (g_object_unref);
  look->blank = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, look, look_free);
  ch_token_hub_settle_async (ch_ports_get_hub (ch_run_get_ports (run)), on_settled_cb, task);
}

const ChStep ch_step_make_medium = {
  .id = "make-medium",
  .title = N_ ("Looking for the blank USB key"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_APPROVED,
  .gives = CH_FACT_TOKEN,
  .flags = CH_STEP_AUTO,
  .work = find_medium,
};

/* -- Setting it up */

/* Digits that are no date, no run and no repetition: each of them anew, by the system’s own chance */
static ChSecret *
draw_first_pin (void)
{
  char *text = g_malloc0 (PIN_DIGITS + 1);

  for (guint i = 0; i < PIN_DIGITS;)
    {
      guint8 byte = 0;

      if (getrandom (&byte, 1, 0) != 1 || byte >= 250)
        continue;
      text[i] = '0' + byte % 10;
      if (i == 0 || (text[i] != text[i - 1] && text[i] != text[i - 1] + 1 && text[i] != text[i - 1] - 1))
        i++;
    }
  return ch_secret_take_text (text);
}

static void
on_set_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = g_task_get_source_object (task);
  GError *error = NULL;
  gboolean is_done = (ch_run_get_facts (run) & CH_FACT_KEY) != 0
                         ? ch_token_unlock_finish (CH_TOKEN (source), result, &error)
                         : ch_token_initialise_finish (CH_TOKEN (source), result, &error);

  if (is_done)
    g_task_return_int (task, CH_STEP_DONE);
  else
    g_task_return_error (task, error);
}

/* It is made blank only when the application’s key is not on it yet; else only its PIN is set anew */
static void
set_up (ChRun *run, ChSecret *officer, GTask *task)
{
  ChToken *token = ch_run_get_token (run);
  gboolean is_half_made = g_object_get_data (G_OBJECT (run), HALF_MADE) != NULL;
  g_autoptr (ChSecret) pin = draw_first_pin ();

  ch_run_set_secret (run, "first-pin", pin);
  if ((ch_run_get_facts (run) & CH_FACT_KEY) != 0)
    ch_token_unlock_async (token, officer, NULL, FALSE, ch_run_get_asker (run), NULL, on_set_up_cb, task);
  else
    ch_token_initialise_async (token, ch_run_get_profile (run)->issue->organisation, officer,
                               is_half_made ? ch_token_get_info (token)->serial
                                            : ch_run_get_answer (run, "medium-serial"),
                               ch_run_get_asker (run), NULL, on_set_up_cb, task);
}

static void
on_officer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ChRun *run = CH_RUN (source);
  ChKey *key = g_object_get_data (G_OBJECT (task), "key");
  GError *error = NULL;
  g_autoptr (ChMakingOfficer) answer = ch_run_call_finish (run, result, &error);
  g_autoptr (ChSecret) officer = NULL;

  if (answer != NULL)
    officer
        = ch_envelope_open (key, ch_token_get_info (ch_run_get_token (run))->serial, answer->sealed, &error);
  if (officer != NULL)
    {
      set_up (run, officer, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* The server keeps the officer’s PIN before the medium has it: it answers when that is on its disk */
static void
initialise (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->id, NULL };
  GError *error = NULL;
  ChKey *key = ch_key_generate (CH_KEY_P256, &error);
  GBytes *spki = key != NULL ? ch_key_get_spki (key) : NULL;
  ChMakingMedium request = { .medium = ch_token_get_info (ch_run_get_token (run))->serial, .key = spki };

  if (key == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_object_set_data_full (G_OBJECT (task), "key", key, (GDestroyNotify) ch_key_unref);
  ch_run_call_async (run, &ch_route_making_medium, args, &request, NULL, on_officer_cb, task);
}

const ChStep ch_step_make_initialise = {
  .id = "make-initialise",
  .title = N_ ("Setting up the USB key"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_TOKEN,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .work = initialise,
};

/* -- The first PIN on its way */

static void
wipe_letter (gpointer data)
{
  ch_pin_letter_free (data);
}

static void
on_passed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ChRun *run = CH_RUN (source);
  GError *error = NULL;
  gpointer answer = ch_run_call_finish (run, result, &error);

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (is_answer (run, "first-pin-way", "sms"))
    ch_wire_free (&ChNothing_wire, answer);
  else
    g_object_set_data_full (G_OBJECT (run), PIN_LETTER, answer, wipe_letter);
  /* From here on nobody knows it but the holder */
  ch_run_set_secret (run, "first-pin", NULL);
  g_task_return_int (task, CH_STEP_DONE);
}

static void
pass_on (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->id, NULL };
  gboolean by_sms = is_answer (run, "first-pin-way", "sms");
  ChFirstPin request = { .pin = ch_run_get_secret (run, "first-pin"),
                         .medium = ch_token_get_info (ch_run_get_token (run))->serial };

  ch_run_call_async (run, by_sms ? &ch_route_making_message : &ch_route_making_letter, args, &request, NULL,
                     on_passed_cb, task);
}

const ChStep ch_step_make_pin = {
  .id = "make-pin",
  .title = N_ ("Passing the first PIN on"),
  .page = CH_PAGE_WORK,
  .needs = CH_FACT_INSTALLED | CH_FACT_TOKEN,
  .flags = CH_STEP_AUTO | CH_STEP_NO_RETURN,
  .work = pass_on,
};

/* -- Off it goes */

static const char *
get_filled (ChRun *run, const char *field)
{
  const char *value = ch_run_get_answer (run, field);

  return value != NULL && *value != 0 ? value : NULL;
}

static gboolean
check_sent (ChRun *run, GError **error)
{
  if (is_answer (run, "delivery-way", "hall"))
    return TRUE;
  if (get_filled (run, "sent-courier") != NULL && get_filled (run, "sent-number") == NULL)
    return fail_field (error, "sent-number", CH_REASON_MISSING);
  if (get_filled (run, "sent-courier") == NULL && get_filled (run, "sent-number") != NULL)
    return fail_field (error, "sent-courier", CH_REASON_MISSING);
  return ch_step_check_form (run, error);
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (ChDelivery) delivery = ch_run_call_finish (CH_RUN (source), result, &error);

  if (delivery != NULL)
    g_task_return_int (task, CH_STEP_DONE);
  else
    g_task_return_error (task, error);
}

static void
send_off (ChRun *run, GTask *task)
{
  const char *const args[] = { ch_run_get_application (run)->id, NULL };
  gboolean is_collected = is_answer (run, "delivery-way", "hall");
  ChDeliverySent request = { .way = is_collected ? CH_DELIVERY_BY_HALL : CH_DELIVERY_BY_COURIER,
                             .courier = (char *) get_filled (run, "sent-courier"),
                             .number = (char *) get_filled (run, "sent-number"),
                             .place = is_collected ? (char *) get_filled (run, "sent-place") : NULL };

  if (request.number == NULL && request.place == NULL)
    ch_step_return (task, CH_STEP_DONE);
  else
    ch_run_call_async (run, &ch_route_staff_delivery_sent, args, &request, g_task_get_cancellable (task),
                       on_sent_cb, task);
}

const ChStep ch_step_make_sent = {
  .id = "make-sent",
  .title = N_ ("Send it off"),
  .lead = N_ ("What is entered here the holder sees at once. Leave it empty if the key leaves later."),
  .page = CH_PAGE_FORM,
  .needs = CH_FACT_INSTALLED,
  .flags = CH_STEP_NO_RETURN,
  .form = &ch_form_make_sent,
  .check = check_sent,
  .work = send_off,
};

const ChStep ch_step_make_result = {
  .id = "make-result",
  .title = N_ ("The USB key is finished"),
  .lead = N_ ("It was read back and tried: its key signs, and the CA knows it."),
  .page = CH_PAGE_RESULT,
  .needs = CH_FACT_INSTALLED,
  .gives = CH_FACT_SHOWN,
};
