#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/ch-error.h"
#include "cli/ch-cli-private.h"
#include "flow/ch-choice.h"
#include "front/ch-format.h"
#include "wire/ch-policy.h"

/* One run at the terminal */
typedef struct
{
  ChCli *cli;
  ChRun *run;            /* (owned) */
  const ChStep *told;    /* the step whose name was last told */
  char *shown;           /* (owned) (nullable): number of the payment whose code was last shown */
  GError *told_error;    /* (owned) (nullable): what was last told while resting */
  GHashTable *given;     /* (owned): ids of documents of the command line that were taken */
  const char *rests_for; /* field, document or step somebody else must see to; NULL while it goes on */
} Walk;

/* -- Giving a step what it asks for
 * ----------------------------------------------------------------------------- */

/* An answer of the file is used once. Returns: (transfer full) (nullable) */
static char *
take_answer (Walk *walk, const char *id)
{
  gpointer key = NULL, value = NULL;

  if (walk->cli->answers != NULL && g_hash_table_steal_extended (walk->cli->answers, id, &key, &value))
    g_free (key);
  return value;
}

/* A human wants to see what can be chosen; a program knows */
static void
tell_choices (Walk *walk, const ChField *field)
{
  g_autoptr (GPtrArray) choices = ch_run_list_choices (walk->run, field);

  for (guint i = 0; ch_cli_is_interactive (walk->cli) && i < choices->len; i++)
    {
      const ChChoice *choice = choices->pdata[i];
      g_autofree char *price = choice->fen > 0 ? ch_format_fen (choice->fen) : g_strdup ("");

      ch_cli_say (walk->cli, "  %s  %s  %s%s", choice->id, choice->label, price,
                  choice->why != NULL ? choice->why : "");
    }
}

/* The only choice there is needs no question */
static gboolean
choose_only (Walk *walk, const ChField *field)
{
  g_autoptr (GPtrArray) choices = NULL;

  if (field->kind != CH_FIELD_PROJECT && field->kind != CH_FIELD_TERM && field->kind != CH_FIELD_SUBJECT
      && field->kind != CH_FIELD_CERTIFICATE && field->kind != CH_FIELD_MEDIUM)
    return FALSE;

  choices = ch_run_list_choices (walk->run, field);
  for (guint i = choices->len; i > 0; i--)
    if (((const ChChoice *) choices->pdata[i - 1])->why != NULL)
      g_ptr_array_remove_index (choices, i - 1);
  if (choices->len != 1)
    return FALSE;
  ch_run_set_answer (walk->run, field->id, ((const ChChoice *) choices->pdata[0])->id);
  return TRUE;
}

static void
tell_reason (Walk *walk, const char *field)
{
  const ChFieldReason *reason = ch_run_get_reason (walk->run, field);
  const char *text = reason != NULL ? ch_reason_get_text (ch_reason_from_id (reason->reason)) : NULL;

  if (reason != NULL)
    ch_cli_say (walk->cli, "%s (%s): %s %s", ch_cli_get_label (walk->cli, field), field,
                text != NULL ? _ (text) : reason->reason, reason->remark != NULL ? reason->remark : "");
}

/* Whether a field or document marked by the reviewer, or found wrong, is to be given anew */
static gboolean
is_marked (Walk *walk, const char *id)
{
  const GError *error = ch_run_get_error (walk->run);
  GPtrArray *fields = error != NULL ? ch_error_get_fields (error) : NULL;

  for (guint i = 0; fields != NULL && i < fields->len; i++)
    if (g_str_equal (((const ChFieldError *) fields->pdata[i])->field, id))
      return TRUE;
  return ch_run_get_reason (walk->run, id) != NULL;
}

static gboolean
give_secret (Walk *walk, const ChField *field, GError **error)
{
  g_autoptr (ChSecret) secret = NULL;

  if (g_str_equal (field->id, "passphrase") && walk->cli->given.pin_file != NULL)
    {
      secret = ch_cli_read_secret_file (walk->cli->given.pin_file, error);
      if (secret == NULL)
        return FALSE;
    }
  else
    secret = ch_cli_ask_secret (walk->cli, field->id, _ (field->label), field->kind == CH_FIELD_NEW_SECRET);

  if (secret != NULL)
    ch_run_set_secret (walk->run, field->id, secret);
  else
    walk->rests_for = field->id;
  return TRUE;
}

static void
give_field (Walk *walk, const ChField *field)
{
  g_autofree char *value = take_answer (walk, field->id);
  const char *known = ch_run_get_answer (walk->run, field->id);
  gboolean is_known = known != NULL && *known != 0;
  gboolean asks_all = walk->cli->given.answers == NULL && ch_cli_is_interactive (walk->cli);

  if (value == NULL && is_marked (walk, field->id))
    {
      tell_reason (walk, field->id);
      is_known = FALSE;
    }
  else if (value == NULL && (is_known || (field->optional && !asks_all) || choose_only (walk, field)))
    return;

  if (value == NULL)
    {
      tell_choices (walk, field);
      value = ch_cli_ask_text (walk->cli, field->id, _ (field->label));
    }
  if (value != NULL && (*value != 0 || field->optional))
    ch_run_set_answer (walk->run, field->id, value);
  else if (!field->optional)
    walk->rests_for = field->id;
}

static void
give_document (Walk *walk, ChAttachment *attachment)
{
  const ChDocumentRule *rule = ch_attachment_get_rule (attachment);
  ChAttachmentState state = ch_attachment_get_state (attachment);
  g_autofree char *path = take_answer (walk, rule->id);
  const char *given = ch_cli_find_document (walk->cli, rule->id);
  gboolean is_new = given != NULL && !g_hash_table_contains (walk->given, rule->id);
  g_autoptr (GPtrArray) papers = NULL;

  /* Of the command line, once: what is refused is not sent again and again */
  if (path == NULL && is_new)
    {
      g_hash_table_add (walk->given, (gpointer) rule->id);
      path = g_strdup (given);
    }

  if (path == NULL && is_marked (walk, rule->id))
    tell_reason (walk, rule->id);
  else if (path == NULL && (state != CH_ATTACHMENT_MISSING || !rule->required))
    return;

  if (path == NULL)
    path = ch_cli_ask_text (walk->cli, rule->id, ch_text_get (rule->name));
  if (path == NULL || *path == 0)
    {
      walk->rests_for = rule->id;
      return;
    }

  papers = ch_cli_make_papers (walk->cli, path);
  if (papers->len > 0)
    ch_run_attach_papers (walk->run, rule->id, papers);
}

/* What is to be looked at before it is confirmed; a program has it in the report */
static void
show_form (Walk *walk, const ChForm *form)
{
  for (gsize i = 0; form->fields[i] != NULL; i++)
    {
      const char *value = ch_run_get_answer (walk->run, form->fields[i]->id);

      if (value != NULL)
        ch_cli_say (walk->cli, "%s: %s", _ (form->fields[i]->label), value);
    }
}

/* What is to be changed, from what to what */
static void
show_changes (Walk *walk, const ChForm *form)
{
  const ChApplication *application = ch_run_get_application (walk->run);

  if (application == NULL || application->before == NULL
      || (form->fact & (CH_FACT_SUBJECT | CH_FACT_HANDLER)) == 0)
    return;
  for (gsize i = 0; form->fields[i] != NULL; i++)
    {
      const char *before = g_hash_table_lookup (application->before, form->fields[i]->id);
      const char *now = ch_run_get_answer (walk->run, form->fields[i]->id);
      g_autofree char *text = ch_format_change (before, now, TRUE);

      if (g_strcmp0 (before != NULL ? before : "", now != NULL ? now : "") != 0)
        ch_cli_say (walk->cli, "%s: %s", _ (form->fields[i]->label), text);
    }
}

static gboolean
give_step (Walk *walk, const ChStep *step, GError **error)
{
  GListModel *attachments = ch_run_get_attachments (walk->run);

  if (step->page == CH_PAGE_CONFIRM && step->form != NULL)
    show_form (walk, step->form);
  for (guint i = 0; step->page == CH_PAGE_CONFIRM && i < ch_run_get_steps (walk->run)->len; i++)
    {
      const ChStep *shown = ch_run_get_steps (walk->run)->pdata[i];

      if (shown->form != NULL)
        show_changes (walk, shown->form);
    }
  for (gsize i = 0; step->page != CH_PAGE_CONFIRM && step->form != NULL && step->form->fields[i] != NULL
                    && walk->rests_for == NULL;
       i++)
    if (!ch_field_is_asked (step->form->fields[i], ch_run_get_answers (walk->run)))
      continue;
    else if (!ch_field_is_secret (step->form->fields[i]))
      give_field (walk, step->form->fields[i]);
    else if (!give_secret (walk, step->form->fields[i], error))
      return FALSE;

  for (guint i = 0; step->page == CH_PAGE_DOCUMENTS && i < g_list_model_get_n_items (attachments)
                    && walk->rests_for == NULL;
       i++)
    {
      g_autoptr (ChAttachment) attachment = g_list_model_get_item (attachments, i);

      give_document (walk, attachment);
    }

  /* A human without an answers file looks once more; who wrote a file has looked */
  if (step->page == CH_PAGE_CONFIRM && walk->cli->given.answers == NULL && ch_cli_is_interactive (walk->cli)
      && !ch_cli_ask_yes (walk->cli, step->deed == NULL ? _ ("Hand it in now?")
                                                        : _ ("Is this right, and is it to be done now?")))
    walk->rests_for = step->id;
  return TRUE;
}

/* -- Telling how it goes
 * ------------------------------------------------------------------------------------------- */

static void
tell_step (Walk *walk, const ChStep *step)
{
  GPtrArray *steps = ch_run_get_steps (walk->run);
  g_autofree char *more = NULL;
  guint index = 0;

  if (step == walk->told)
    return;

  walk->told = step;
  g_ptr_array_find (steps, step, &index);
  /* Translators: number of the step, of how many, its name */
  ch_cli_say (walk->cli, _ ("[%1$u/%2$u] %3$s"), index + 1, steps->len, _ (step->title));
  more = ch_run_explain (walk->run, step);
  if (more != NULL)
    ch_cli_say (walk->cli, "%s", more);
}

static void
show_payment (Walk *walk)
{
  const ChOrder *order = ch_run_get_order (walk->run);
  g_autofree char *amount = NULL;
  g_autofree char *qr = NULL;

  if (order == NULL || order->attempt == NULL || g_strcmp0 (walk->shown, order->attempt->trade_no) == 0)
    return;

  g_free (walk->shown);
  walk->shown = g_strdup (order->attempt->trade_no);
  amount = ch_format_fen (order->fen);
  qr = ch_cli_draw_qr (order->attempt->code);
  ch_cli_say (walk->cli, "\n%s\n%s  %s\n%s", qr != NULL ? qr : "", order->title, amount,
              order->attempt->code);
}

/* Resting may last days: why the server cannot be asked is told once */
static void
tell_resting_error (Walk *walk)
{
  const GError *error = ch_run_get_error (walk->run);

  if (error == NULL || (walk->told_error != NULL && walk->told_error->code == error->code))
    return;

  g_clear_error (&walk->told_error);
  walk->told_error = g_error_copy (error);
  ch_cli_say (walk->cli, "%s. %s", _ (ch_error_get_info (error)->title), _ (ch_error_get_info (error)->todo));
}

static int
print_report (Walk *walk, const char *state, const GError *error)
{
  const ChApplication *application = ch_run_get_application (walk->run);
  const ChStep *step = ch_run_get_step (walk->run);
  const ChOrder *order = ch_run_get_order (walk->run);
  const ChCertificate *certificate = ch_run_get_certificate (walk->run);
  ChToken *token = ch_run_get_token (walk->run);
  gboolean pays = step != NULL && step->page == CH_PAGE_PAY && order != NULL;
  ChCliRun report = {
    .state = (char *) state,
    .flow = (char *) ch_run_get_flow (walk->run)->id,
    .application = application != NULL ? application->id : NULL,
    .step = step != NULL ? (char *) step->id : NULL,
    .field = (char *) walk->rests_for,
    .error = error != NULL ? (char *) ch_error_get_info (error)->id : NULL,
    .order = pays ? order->id : NULL,
    .code = pays && order->attempt != NULL ? order->attempt->code : NULL,
    .fen = pays ? order->fen : 0,
    .certificate = certificate != NULL   ? certificate->serial
                   : application != NULL ? application->certificate
                                         : NULL,
    .token = token != NULL ? ch_token_get_info (token)->serial : NULL,
  };
  g_autoptr (GPtrArray) fields = ch_wire_list_new (&ChFieldReason_wire);

  for (guint i = 0;
       error != NULL && ch_error_get_fields (error) != NULL && i < ch_error_get_fields (error)->len; i++)
    {
      const ChFieldError *field = ch_error_get_fields (error)->pdata[i];
      ChFieldReason *row = ch_wire_new (&ChFieldReason_wire);

      row->field = g_strdup (field->field);
      row->reason = g_strdup (ch_reason_get_id (field->reason));
      row->remark = g_strdup (field->remark);
      g_ptr_array_add (fields, row);
    }

  report.fields = fields;
  ch_cli_print_json (&ChCliRun_wire, &report);
  return 0;
}

static void
tell_how_to_resume (Walk *walk)
{
  const ChApplication *application = ch_run_get_application (walk->run);

  /* A ticket ends with the command */
  if (application != NULL && ch_run_get_axes (walk->run)->business == CH_BUSINESS_MAKE)
    /* Translators: %s is the number of an application */
    ch_cli_say (walk->cli, _ ("Go on at any time: certhallctl staff make %s"), application->id);
  else if (application != NULL && ch_run_get_axes (walk->run)->business != CH_BUSINESS_DOWNLOAD)
    /* Translators: %s is the number of an application */
    ch_cli_say (walk->cli, _ ("Go on at any time: certhallctl flow resume %s"), application->id);
}

static int
rest (Walk *walk)
{
  if (walk->cli->given.json)
    print_report (walk, "resting", NULL);
  else
    printf ("%s\n", walk->rests_for);
  tell_how_to_resume (walk);
  return ch_error_code_get_info (CH_ERROR_RESTING)->exit_status;
}

static int
finish (Walk *walk)
{
  const ChCertificate *certificate = ch_run_get_certificate (walk->run);
  const ChApplication *application = ch_run_get_application (walk->run);

  if (walk->cli->given.json)
    return print_report (walk, "done", NULL);

  /* Without an application there is nothing to look for: the last step says what was done */
  if (application == NULL)
    {
      GPtrArray *steps = ch_run_get_steps (walk->run);
      const ChStep *last = steps->pdata[steps->len - 1];

      printf ("%s\n", _ (last->title));
      return 0;
    }

  ch_cli_say (walk->cli, ch_business_makes_certificate (ch_run_get_axes (walk->run)->business)
                             ? _ ("Done. See it: certhallctl token list")
                             : _ ("Done. See it: certhallctl application list"));
  printf ("%s\n", certificate != NULL                ? certificate->serial
                  : application->certificate != NULL ? application->certificate
                                                     : application->id);
  return 0;
}

/* A program gets the report and the status; a human the words of the error */
static int
give_up (Walk *walk, GError **error)
{
  const GError *why = ch_run_get_error (walk->run);

  tell_how_to_resume (walk);
  if (!walk->cli->given.json)
    {
      g_propagate_error (error, g_error_copy (why));
      return 0;
    }
  print_report (walk, "failed", why);
  return ch_error_get_info (why)->exit_status;
}

/* -- Walking
 * -------------------------------------------------------------------------------------------------------- */

/* Until somebody else has acted, or, at a payment, there is another code */
static void
wait_for_others (Walk *walk)
{
  const ChStep *step = ch_run_get_step (walk->run);

  while (ch_run_get_state (walk->run) == CH_RUN_RESTING && ch_run_get_step (walk->run) == step)
    {
      if (step->page == CH_PAGE_PAY)
        show_payment (walk);
      tell_resting_error (walk);
      g_main_context_iteration (NULL, TRUE);
    }
}

static gboolean
is_missing_something (Walk *walk)
{
  const GError *error = ch_run_get_error (walk->run);

  return g_error_matches (error, CH_ERROR, CH_ERROR_RESTING) || ch_run_get_missing_field (walk->run) != NULL;
}

/* What a human mends at the terminal: fields that are wrong. Everything else ends the command. */
static gboolean
can_mend (Walk *walk)
{
  return ch_cli_is_interactive (walk->cli)
         && g_error_matches (ch_run_get_error (walk->run), CH_ERROR, CH_ERROR_INVALID_INPUT);
}

static void
tell_wrong_fields (Walk *walk)
{
  GPtrArray *fields = ch_error_get_fields (ch_run_get_error (walk->run));

  for (guint i = 0; fields != NULL && i < fields->len; i++)
    {
      const ChFieldError *field = fields->pdata[i];

      ch_cli_say (walk->cli, "%s: %s", ch_cli_get_label (walk->cli, field->field),
                  _ (ch_reason_get_text (field->reason)));
    }
}

/* What a step at which codes are shown has the phone do */
static const struct
{
  const ChFact gives;
  ChScanPurpose purpose;
} scans[] = {
  { CH_FACT_INSTALLED, CH_SCAN_INSTALL },
};

/* Shows codes until the phone is done, or it has been found out by asking. Returns: FALSE: it is not, and
 * will not be */
static gboolean
show_scan (Walk *walk, const ChStep *step, GError **error)
{
  gsize i = 0;

  while (i + 1 < G_N_ELEMENTS (scans) && (step->gives & scans[i].gives) == 0)
    i++;
  tell_how_to_resume (walk);
  if (!ch_cli_scan (walk->cli, scans[i].purpose, ch_run_get_application (walk->run)->id, error))
    return FALSE;
  if (ch_run_get_step (walk->run) == step)
    ch_run_next (walk->run);
  return TRUE;
}

/* Goes one state further. Returns: whether the walk is over, with its exit status */
static gboolean
walk_on (Walk *walk, int *status, GError **error)
{
  const ChStep *step = ch_run_get_step (walk->run);

  if (step != NULL)
    tell_step (walk, step);

  switch (ch_run_get_state (walk->run))
    {
    case CH_RUN_BUSY:
      g_main_context_iteration (NULL, TRUE);
      return FALSE;

    case CH_RUN_DONE:
      *status = finish (walk);
      return TRUE;

    case CH_RUN_READY:
      if (!give_step (walk, step, error))
        return TRUE;
      if (walk->rests_for == NULL)
        ch_run_next (walk->run);
      break;

    case CH_RUN_RESTING:
      if (is_missing_something (walk))
        walk->rests_for = ch_run_get_missing_field (walk->run) != NULL ? ch_run_get_missing_field (walk->run)
                                                                       : "passphrase";
      else if (walk->cli->given.no_input)
        walk->rests_for = step->id;
      else if (step->page == CH_PAGE_SCAN)
        return !show_scan (walk, step, error);
      else
        {
          tell_how_to_resume (walk);
          wait_for_others (walk);
        }
      break;

    default:
      if (!can_mend (walk))
        {
          *status = give_up (walk, error);
          return TRUE;
        }
      tell_wrong_fields (walk);
      if (!give_step (walk, step, error))
        return TRUE;
      if (walk->rests_for == NULL)
        ch_run_next (walk->run);
    }

  if (walk->rests_for == NULL)
    return FALSE;
  *status = rest (walk);
  return TRUE;
}

static int
walk_through (ChCli *cli, ChRun *run, GError **error)
{
  g_autoptr (GHashTable) given = g_hash_table_new (g_str_hash, g_str_equal);
  Walk walk = { .cli = cli, .run = run, .given = given };
  int status = 0;

  if (!ch_cli_check_documents (cli, ch_run_get_axes (run), error))
    return 0;

  /* Known before a payment is reached, which begins by itself */
  if (cli->given.channel != NULL)
    ch_run_set_answer (run, "channel", cli->given.channel);
  if (cli->given.on_medium != NULL)
    ch_run_set_answer (run, "medium", cli->given.on_medium);
  ch_run_start (run);
  while (!walk_on (&walk, &status, error))
    continue;

  g_free (walk.shown);
  g_clear_error (&walk.told_error);
  return status;
}

/* `certhallctl flow run FLOW` */
int
ch_cli_flow_run (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChRun) run = ch_desk_start (cli->desk, args[0], error);

  if (run != NULL && cli->given.about != NULL)
    ch_run_set_answer (run, "certificate", cli->given.about);
  return run != NULL ? walk_through (cli, run, error) : 0;
}

/* `certhallctl cert download-by-code`: what it is a code of is known when it was given */
int
ch_cli_download_by_code (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChRun) run = ch_desk_start_business (cli->desk, CH_BUSINESS_DOWNLOAD, error);

  return run != NULL ? walk_through (cli, run, error) : 0;
}

/* Only where somebody has said so: it is the PIN, in clear for who opens it */
static gboolean
save_letter (ChCli *cli, ChRun *run, GError **error)
{
  const ChPinLetter *letter = ch_desk_get_letter (run);

  if (letter == NULL)
    return TRUE;
  if (!ch_cli_save_document (cli->given.out, letter->bytes, error))
    return FALSE;
  ch_cli_say (cli, _ ("The letter with the first PIN: %s. Print it on both sides and delete the file."),
              cli->given.out);
  return TRUE;
}

/* `certhallctl staff make APPLICATION` */
int
ch_cli_make (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChRun) run = NULL;
  g_autoptr (GError) failed = NULL;
  gboolean is_saved;
  int status;

  if (!cli->given.pin_by_sms && cli->given.out == NULL)
    {
      g_set_error_literal (error, CH_ERROR, CH_ERROR_USAGE,
                           "say where the letter with the PIN is to be written: --out FILE, or --pin-by-sms");
      return 0;
    }

  run = ch_desk_start_making (cli->desk, args[0]);
  ch_run_set_answer (run, "make-again", cli->given.again ? "yes" : "no");
  ch_run_set_answer (run, "first-pin-way", cli->given.pin_by_sms ? "sms" : "letter");
  if (cli->given.medium != NULL)
    ch_run_set_answer (run, "medium-serial", cli->given.medium);
  status = walk_through (cli, run, &failed);
  /* Whatever came after it: the PIN in it is nowhere else */
  is_saved = save_letter (cli, run, failed == NULL ? error : NULL);
  if (failed != NULL)
    g_propagate_error (error, g_steal_pointer (&failed));
  return is_saved ? status : 0;
}

/* `certhallctl token unlock`: whose medium it is, the code to the handler says */
int
ch_cli_token_unlock (ChCli *cli, const char *const *args, GError **error)
{
  g_autoptr (ChRun) run = ch_desk_start_business (cli->desk, CH_BUSINESS_UNLOCK, error);

  return run != NULL ? walk_through (cli, run, error) : 0;
}

/* `certhallctl flow resume APPLICATION` */
int
ch_cli_flow_resume (ChCli *cli, const char *const *args, GError **error)
{
  const char *const path[] = { args[0], NULL };
  g_autoptr (ChApplication) application = ch_cli_call (cli, &ch_route_application, path, NULL, error);
  g_autoptr (ChRun) run = application != NULL ? ch_desk_resume (cli->desk, application, error) : NULL;

  return run != NULL ? walk_through (cli, run, error) : 0;
}
