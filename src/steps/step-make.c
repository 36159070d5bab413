#include "config.h"

#include "base/ch-clock.h"
#include "base/ch-error.h"
#include "steps/ch-key-search.h"
#include "steps/ch-making.h"
#include "steps/steps.h"

/* What the staff do before and after a certificate is made on a USB key of the CA: the rest is what everybody
 * does who installs one */

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

  ch_key_set_known (run, making->key, g_steal_pointer (&making->former));
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
  .lead = N_ ("Plug in a blank USB key. Everything on it is erased, and the certificate is written to it."),
  .deed = N_ ("Make the USB key"),
  .page = CH_PAGE_CONFIRM,
  .needs = CH_FACT_APPROVED,
  .form = &ch_form_make_check,
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
