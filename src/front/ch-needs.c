#include "config.h"

#include <glib/gi18n-lib.h>

#include "front/ch-format.h"
#include "front/ch-needs.h"
#include "steps/ch-catalog.h"

static const struct
{
  const char *id;
  const char *title;
} parts[] = {
#define X(code, id, title) { id, title },
  CH_NEED_PARTS (X)
#undef X
};

/* How the profile names the ways to pay, and how people do */
static const struct
{
  const char *id;
  const char *title;
} channels[] = {
  { "wechat", N_ ("WeChat Pay") },
  { "alipay", N_ ("Alipay") },
};

const char *
ch_need_part_get_id (ChNeedPart part)
{
  g_return_val_if_fail ((guint) part < CH_N_NEED_PARTS, "");
  return parts[part].id;
}

/**
 * ch_need_part_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_need_part_get_title (ChNeedPart part)
{
  g_return_val_if_fail ((guint) part < CH_N_NEED_PARTS, "");
  return parts[part].title;
}

void
ch_need_free (ChNeed *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->title);
  g_free (self->detail);
  g_free (self->value);
  g_free (self);
}

/**
 * ch_need_format_title:
 *
 * Returns: (transfer full): its name, and whether it may be left out
 */
char *
ch_need_format_title (const ChNeed *self)
{
  /* Translators: %s is the name of a field that may be left empty: E-mail (optional) */
  return self->optional ? g_strdup_printf (_ ("%s (optional)"), self->title) : g_strdup (self->title);
}

static ChNeed *
add (GPtrArray *needs, ChNeedPart part, const char *id, const char *title)
{
  ChNeed *need = g_new0 (ChNeed, 1);

  need->part = part;
  need->id = g_strdup (id);
  need->title = g_strdup (title);
  g_ptr_array_add (needs, need);
  return need;
}

/* -- Documents -- */

static char *
say_accepted (const ChDocumentRule *rule)
{
  /* Translators: between the things of a list */
  g_autofree char *formats = g_strjoinv (_ (", "), rule->formats);
  g_autofree char *size = ch_format_size (rule->max_bytes);

  /* Translators: first %s is a list of endings of files: jpg, png; second %s is a size: 2.0 MB */
  return g_strdup_printf (_ ("Accepted are %s, up to %s."), formats, size);
}

static void
add_documents (GPtrArray *needs, const ChFlow *flow, const ChProfile *profile)
{
  g_autoptr (GPtrArray) rules = ch_profile_list_documents (profile, &flow->axes);

  for (guint i = 0; i < rules->len; i++)
    {
      const ChDocumentRule *rule = rules->pdata[i];
      ChNeed *need = add (needs, CH_NEED_DOCUMENTS, rule->id, ch_text_get (rule->name));
      g_autofree char *accepted = say_accepted (rule);

      need->detail = g_strdup_printf ("%s\n%s", ch_text_get (rule->note), accepted);
      need->optional = !rule->required;
      need->rule = rule;
    }
}

/* -- Data -- */

/* What somebody has to look up first. What is chosen from a list is not worth preparing; a secret is thought
 * of when it is asked for, and written down nowhere. */
static gboolean
is_looked_up (const ChField *field)
{
  return field->kind == CH_FIELD_TEXT || field->kind == CH_FIELD_CODE || field->kind == CH_FIELD_MOBILE
         || field->kind == CH_FIELD_PHONE || field->kind == CH_FIELD_EMAIL
         || field->kind == CH_FIELD_CERTIFICATE;
}

static void
add_data (GPtrArray *needs, GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const ChStep *step = steps->pdata[i];

      for (gsize j = 0; step->form != NULL && step->form->fields[j] != NULL; j++)
        {
          const ChField *field = step->form->fields[j];
          ChNeed *need;

          if (!is_looked_up (field))
            continue;
          need = add (needs, CH_NEED_DATA, field->id, _ (field->label));
          need->detail = field->hint != NULL ? g_strdup (_ (field->hint)) : NULL;
          need->optional = field->optional;
        }
    }
}

/* -- Price -- */

/* What costs nothing says so in one line */
static void
add_free (GPtrArray *needs)
{
  add (needs, CH_NEED_PRICE, "free", _ ("Fee"))->value = g_strdup (_ ("None"));
}

/* @term: (nullable): where the new end is the old one, none is chosen */
static void
add_price (GPtrArray *needs,
           const ChFlow *flow,
           const ChProfile *profile,
           const ChProject *project,
           const ChTerm *term)
{
  /* Translators: a project, then for how long a certificate is made in it */
  g_autofree char *title
      = term != NULL ? g_strdup_printf (_ ("%s, %s"), ch_text_get (project->name), ch_text_get (term->name))
                     : g_strdup (ch_text_get (project->name));
  ChNeed *need = add (needs, CH_NEED_PRICE, project->id, title);

  need->value = flow->axes.settlement == CH_SETTLEMENT_SELF_PAY
                    ? ch_format_fen (ch_profile_get_fen (profile, flow->axes.business, term))
                    : g_strdup (_ ("Nothing to pay here"));
  if (project->note != NULL)
    need->detail = g_strdup (ch_text_get (project->note));
}

static void
add_prices (GPtrArray *needs, const ChFlow *flow, const ChProfile *profile)
{
  g_autoptr (GPtrArray) projects = ch_profile_list_projects (profile, &flow->axes);

  if (!ch_profile_charges (profile, flow->axes.business))
    {
      add_free (needs);
      return;
    }

  for (guint i = 0; i < projects->len; i++)
    {
      const ChProject *project = projects->pdata[i];

      if (!ch_profile_has_term (profile, flow->axes.business))
        add_price (needs, flow, profile, project, NULL);
      else
        for (guint j = 0; j < project->terms->len; j++)
          add_price (needs, flow, profile, project, project->terms->pdata[j]);
    }
}

/* -- Steps -- */

static char *
say_payment (const ChProfile *profile)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) titles = NULL;
  g_autofree char *ways = NULL;

  for (gsize i = 0; profile->channels[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (channels); j++)
      if (g_str_equal (profile->channels[i], channels[j].id))
        g_strv_builder_add (builder, _ (channels[j].title));
  titles = g_strv_builder_end (builder);
  /* Translators: between two ways to pay */
  ways = g_strjoinv (_ (" or "), titles);
  /* Translators: %s is a list of ways to pay: WeChat Pay or Alipay */
  return g_strdup_printf (_ ("With %s, on your phone."), ways);
}

static char *
say_review (const ChProfile *profile)
{
  int days = (int) profile->limits->review_days;

  /* Translators: %d is how many working days the review takes at most */
  return g_strdup_printf (
      ngettext ("Within %d working day. The result comes by SMS; the program may be closed meanwhile.",
                "Within %d working days. The result comes by SMS; the program may be closed meanwhile.",
                (gulong) days),
      days);
}

static char *
say_step (const ChStep *step, const ChFlow *flow, const ChProfile *profile)
{
  gboolean is_made_here = ch_profile_is_made_here (profile, &flow->axes);

  if (step->page == CH_PAGE_PAY)
    return say_payment (profile);
  if (step->page == CH_PAGE_WAIT && (step->gives & CH_FACT_INSTALLED) != 0)
    return g_strdup (_ ("After the review. You need not wait for it here; the program may be closed."));
  if (step->page == CH_PAGE_WAIT)
    return say_review (profile);
  if (step->page == CH_PAGE_RESULT && (step->needs & CH_FACT_INSTALLED) != 0 && !is_made_here
      && flow->axes.medium != CH_MEDIUM_PHONE)
    return g_strdup (
        _ ("The program makes the key and stores the certificate by itself, in a minute or two."));
  return step->lead != NULL ? g_strdup (_ (step->lead)) : NULL;
}

static void
add_steps (GPtrArray *needs, GPtrArray *steps, const ChFlow *flow, const ChProfile *profile)
{
  ChNeed *login = add (needs, CH_NEED_STEPS, ch_form_login.id, _ (ch_form_login.title));

  login->detail = g_strdup (
      _ ("With the account of your enterprise. Without one you register first, with your mobile."));
  for (guint i = 0; i < steps->len; i++)
    {
      const ChStep *step = steps->pdata[i];

      /* What comes by itself, or perhaps not at all, need not be thought of before */
      if ((step->flags & CH_STEP_AUTO) == 0 && step->wanted == NULL)
        add (needs, CH_NEED_STEPS, step->id, _ (step->title))->detail = say_step (step, flow, profile);
    }
}

/**
 * ch_needs_list:
 * @flow: a business
 * @profile: of the CA; lives as long as the list
 *
 * Returns: (transfer full) (element-type ChNeed): what it asks for, part after part
 */
GPtrArray *
ch_needs_list (const ChFlow *flow, const ChProfile *profile)
{
  GPtrArray *needs = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_need_free);
  g_autoptr (GPtrArray) steps = ch_flow_list_steps (flow, profile);

  add_documents (needs, flow, profile);
  add_data (needs, steps);
  add_prices (needs, flow, profile);
  add_steps (needs, steps, flow, profile);
  return needs;
}

/**
 * ch_needs_format_what:
 *
 * Returns: (transfer full): where the key is kept and who pays
 */
char *
ch_needs_format_what (const ChFlow *flow)
{
  return g_strdup_printf ("%s · %s", _ (ch_medium_get_title (flow->axes.medium)),
                          _ (ch_settlement_get_title (flow->axes.settlement)));
}

static void
append_need (GString *text, const ChNeed *need, guint number)
{
  g_autofree char *title = ch_need_format_title (need);
  g_auto (GStrv) lines = g_strsplit (need->detail != NULL ? need->detail : "", "\n", -1);

  if (need->part == CH_NEED_STEPS)
    g_string_append_printf (text, "%u. %s", number, need->title);
  else
    g_string_append_printf (text, "□ %s", title);
  if (need->value != NULL)
    g_string_append_printf (text, "  %s", need->value);
  g_string_append_c (text, '\n');
  for (gsize i = 0; lines[i] != NULL; i++)
    g_string_append_printf (text, "   %s\n", lines[i]);
}

/**
 * ch_needs_format:
 * @needs: (element-type ChNeed): of ch_needs_list()
 *
 * Returns: (transfer full): the same as plain text, to be printed, copied, or read in the terminal
 */
char *
ch_needs_format (GPtrArray *needs, const ChFlow *flow, const ChProfile *profile)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *what = ch_needs_format_what (flow);
  int part = -1;
  guint number = 0;

  g_string_append_printf (text, "%s\n%s · %s\n", _ (flow->title), ch_text_get (profile->short_name), what);
  for (guint i = 0; i < needs->len; i++)
    {
      const ChNeed *need = needs->pdata[i];

      number = (int) need->part == part ? number + 1 : 1;
      if ((int) need->part != part)
        g_string_append_printf (text, "\n%s\n", _ (ch_need_part_get_title (need->part)));
      part = need->part;
      append_need (text, need, number);
    }
  /* Translators: %s is a telephone number */
  g_string_append_printf (text, _ ("\nQuestions? The hotline is %s.\n"), profile->hotline);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* -- Which one -- */

/**
 * ch_needs_list_flows:
 *
 * Returns: (transfer container) (element-type ChFlow): those of @business which the CA offers
 */
GPtrArray *
ch_needs_list_flows (const ChProfile *profile, ChBusiness business)
{
  GPtrArray *list = g_ptr_array_new ();
  guint n = 0;
  const ChFlow *const *flows = ch_catalog_get (&n);

  for (guint i = 0; i < n; i++)
    if (flows[i]->axes.business == business && ch_profile_offers (profile, &flows[i]->axes))
      g_ptr_array_add (list, (gpointer) flows[i]);
  return list;
}

/**
 * ch_needs_find_flow:
 * @flows: (element-type ChFlow): of one business
 * @axes: what is wished
 *
 * Returns: (transfer none) (nullable): the flow of these axes; if there is none, the first one for the same
 *   subject
 */
const ChFlow *
ch_needs_find_flow (GPtrArray *flows, const ChAxes *axes)
{
  const ChFlow *near = NULL;

  for (guint i = 0; i < flows->len; i++)
    {
      const ChFlow *flow = flows->pdata[i];

      if (flow->axes.subject != axes->subject)
        continue;
      if (flow->axes.medium == axes->medium && flow->axes.settlement == axes->settlement)
        return flow;
      if (near == NULL)
        near = flow;
    }
  return near;
}
