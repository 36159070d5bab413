#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/ch-reason.h"
#include "front/ch-application-item.h"
#include "front/ch-format.h"
#include "steps/steps.h"
#include "wire/ch-field.h"

struct _ChApplicationItem
{
  GObject parent_instance;

  ChApplication *application; /* (owned) */
  ChOrder *order;             /* (owned) (nullable): until it was asked for */
  ChInvoice *invoice;         /* (owned) (nullable): once it is known */
  ChDelivery *delivery;       /* (owned) (nullable): once it is known */
  const ChProfile *profile;   /* (nullable): the ports’ */
  ChAxes axes;
  gboolean has_axes; /* its flow is one this program knows the words of */
};

G_DEFINE_FINAL_TYPE (ChApplicationItem, ch_application_item, G_TYPE_OBJECT)

static const struct
{
  const char *id;
  const char *title;
  const char *deed;
  ChTone tone;
} standings[] = {
#define S(code, id, tone, title, deed) [CH_STANDING_##code] = { id, title, deed, CH_TONE_##tone },
  CH_APPLICATION_STANDINGS (S)
#undef S
};

static void
ch_application_item_finalize (GObject *object)
{
  ChApplicationItem *self = CH_APPLICATION_ITEM (object);

  g_clear_pointer (&self->application, ch_application_free);
  g_clear_pointer (&self->order, ch_order_free);
  g_clear_pointer (&self->invoice, ch_invoice_free);
  g_clear_pointer (&self->delivery, ch_delivery_free);

  G_OBJECT_CLASS (ch_application_item_parent_class)->finalize (object);
}

static void
ch_application_item_class_init (ChApplicationItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ch_application_item_finalize;
}

static void
ch_application_item_init (ChApplicationItem *self)
{
}

const char *
ch_standing_get_id (ChStanding standing)
{
  return standings[standing].id;
}

/**
 * ch_standing_get_title:
 *
 * Returns: (transfer none): untranslated
 */
const char *
ch_standing_get_title (ChStanding standing)
{
  return standings[standing].title;
}

/**
 * ch_standing_get_deed:
 *
 * Returns: (transfer none) (nullable): what the user does next, untranslated
 */
const char *
ch_standing_get_deed (ChStanding standing)
{
  return standings[standing].deed;
}

ChTone
ch_standing_get_tone (ChStanding standing)
{
  return standings[standing].tone;
}

void
ch_stage_free (ChStage *self)
{
  g_free (self->word);
  g_free (self);
}

/**
 * ch_application_item_new:
 * @application: as the server told it
 *
 * Returns: (transfer full): it as people see it
 */
ChApplicationItem *
ch_application_item_new (const ChApplication *application)
{
  ChApplicationItem *self = g_object_new (CH_TYPE_APPLICATION_ITEM, NULL);

  ch_application_item_update (self, application);
  return self;
}

/**
 * ch_application_item_update:
 * @application: the same one as it is now
 */
void
ch_application_item_update (ChApplicationItem *self, const ChApplication *application)
{
  g_return_if_fail (CH_IS_APPLICATION_ITEM (self));

  g_clear_pointer (&self->application, ch_application_free);
  self->application = ch_wire_copy (&ChApplication_wire, application);
  self->has_axes = ch_axes_parse (application->flow, &self->axes);
}

/**
 * ch_application_item_set_profile:
 * @profile: (nullable): for the names of terms; it must live as long as the item
 */
void
ch_application_item_set_profile (ChApplicationItem *self, const ChProfile *profile)
{
  g_return_if_fail (CH_IS_APPLICATION_ITEM (self));

  self->profile = profile;
}

/**
 * ch_application_item_take_order:
 * @order: (transfer full): what there is to pay or was paid
 */
void
ch_application_item_take_order (ChApplicationItem *self, ChOrder *order)
{
  g_return_if_fail (CH_IS_APPLICATION_ITEM (self));

  g_clear_pointer (&self->order, ch_order_free);
  self->order = order;
}

const char *
ch_application_item_get_id (ChApplicationItem *self)
{
  return self->application->id;
}

const ChApplication *
ch_application_item_get_application (ChApplicationItem *self)
{
  return self->application;
}

/**
 * ch_application_item_get_order:
 *
 * Returns: (transfer none) (nullable): the order, once it is known
 */
const ChOrder *
ch_application_item_get_order (ChApplicationItem *self)
{
  return self->order;
}

/**
 * ch_application_item_take_invoice:
 * @invoice: (transfer full): of what was paid
 */
void
ch_application_item_take_invoice (ChApplicationItem *self, ChInvoice *invoice)
{
  g_return_if_fail (CH_IS_APPLICATION_ITEM (self));

  g_clear_pointer (&self->invoice, ch_invoice_free);
  self->invoice = invoice;
}

/**
 * ch_application_item_get_invoice:
 *
 * Returns: (transfer none) (nullable): the invoice, once it is known and there can be one
 */
const ChInvoice *
ch_application_item_get_invoice (ChApplicationItem *self)
{
  return self->invoice;
}

/**
 * ch_application_item_take_delivery:
 * @delivery: (transfer full) (nullable): how its key gets to the applicant
 */
void
ch_application_item_take_delivery (ChApplicationItem *self, ChDelivery *delivery)
{
  g_return_if_fail (CH_IS_APPLICATION_ITEM (self));

  g_clear_pointer (&self->delivery, ch_delivery_free);
  self->delivery = delivery;
}

/**
 * ch_application_item_get_delivery:
 *
 * Returns: (transfer none) (nullable): how its key gets here, once that is known and there is one
 */
const ChDelivery *
ch_application_item_get_delivery (ChApplicationItem *self)
{
  return self->delivery;
}

/**
 * ch_application_item_get_axes:
 *
 * Returns: (transfer none) (nullable): what kind of business it is; %NULL when this program is too old to
 *   know
 */
const ChAxes *
ch_application_item_get_axes (ChApplicationItem *self)
{
  return self->has_axes ? &self->axes : NULL;
}

/**
 * ch_application_item_has_details:
 *
 * Returns: whether more than the outlines of a list is known
 */
gboolean
ch_application_item_has_details (ChApplicationItem *self)
{
  return self->application->history != NULL && self->application->history->len > 0;
}

/**
 * ch_application_item_get_title:
 *
 * Returns: (transfer none): the business, untranslated
 */
const char *
ch_application_item_get_title (ChApplicationItem *self)
{
  return self->has_axes ? ch_business_get_title (self->axes.business) : self->application->flow;
}

ChFact
ch_application_item_get_facts (ChApplicationItem *self)
{
  return ch_facts_parse ((const char *const *) self->application->facts);
}

static gboolean
has_facts (ChApplicationItem *self, ChFact facts)
{
  return (ch_application_item_get_facts (self) & facts) == facts;
}

/* Only of what the CA makes it asks how it is to be delivered */
static gboolean
is_made_here (ChApplicationItem *self)
{
  return has_facts (self, CH_FACT_DELIVERY);
}

/**
 * ch_application_item_get_standing:
 *
 * Returns: where it stands, by the server’s facts
 */
ChStanding
ch_application_item_get_standing (ChApplicationItem *self)
{
  switch (self->application->state)
    {
    case CH_APPLICATION_SUBMITTED:
      return CH_STANDING_IN_REVIEW;
    case CH_APPLICATION_REFUSED:
      return CH_STANDING_REFUSED;
    case CH_APPLICATION_APPROVED:
    case CH_APPLICATION_ISSUED:
      return is_made_here (self) ? CH_STANDING_BEING_MADE : CH_STANDING_TO_INSTALL;
    case CH_APPLICATION_DONE:
      return CH_STANDING_DONE;
    case CH_APPLICATION_WITHDRAWN:
      return CH_STANDING_WITHDRAWN;
    default:
      return has_facts (self, CH_FACT_ORDER) && !has_facts (self, CH_FACT_SETTLED) ? CH_STANDING_TO_PAY
                                                                                   : CH_STANDING_DRAFT;
    }
}

/* Where the old end is kept, the term of the old certificate is an answer, and says nothing */
static const ChTerm *
find_term (ChApplicationItem *self)
{
  gboolean counts
      = self->profile != NULL && self->has_axes && ch_profile_has_term (self->profile, self->axes.business);
  const ChProject *project
      = counts ? ch_profile_get_project (self->profile, self->application->project) : NULL;
  GHashTable *answers = self->application->answers;
  const char *term = answers != NULL ? g_hash_table_lookup (answers, "term") : NULL;

  return project != NULL && term != NULL ? ch_project_get_term (project, term) : NULL;
}

/**
 * ch_application_item_get_superseded:
 *
 * Returns: (transfer none) (nullable): serial number of the certificate that is no longer in force since the
 *   one of this application took its place; its key is to be put away
 */
const char *
ch_application_item_get_superseded (ChApplicationItem *self)
{
  const ChReplacingRule *rule = self->profile != NULL && self->has_axes
                                    ? ch_profile_get_replacing (self->profile, self->axes.business)
                                    : NULL;

  /* One that was lost is on no token here; when it is found, nothing is left to be done about it */
  return self->application->state == CH_APPLICATION_DONE && rule != NULL
                 && rule->old == CH_OLD_FATE_SUPERSEDED && !ch_business_holds (self->axes.business)
             ? self->application->base
             : NULL;
}

/**
 * ch_application_item_find_retiring:
 *
 * The certificate that was replaced is deleted before its key: broken off in between, a key is left that
 * nobody sees. That it was being deleted is noted on this PC.
 *
 * Returns: (transfer full) (nullable): the token with it, if that is here
 */
ChToken *
ch_application_item_find_retiring (ChApplicationItem *self, ChPorts *ports)
{
  g_autofree char *note = g_strconcat (CH_STEP_RETIRING, self->application->id, NULL);
  g_autoptr (GBytes) content = ch_application_item_get_superseded (self) != NULL
                                   ? ch_vault_get (ch_ports_get_vault (ports), CH_VAULT_KNOWN, note)
                                   : NULL;
  g_autofree char *serial
      = content != NULL ? g_strndup (g_bytes_get_data (content, NULL), g_bytes_get_size (content)) : NULL;

  return serial != NULL ? ch_token_hub_find (ch_ports_get_hub (ports), serial) : NULL;
}

/**
 * ch_application_item_format_what:
 *
 * Returns: (transfer full): kind of certificate, medium and term, as far as they are known
 */
char *
ch_application_item_format_what (ChApplicationItem *self)
{
  const ChTerm *term = find_term (self);

  if (!self->has_axes)
    return g_strdup (self->application->flow);

  return g_strjoin (" · ", _ (ch_subject_get_title (self->axes.subject)),
                    _ (ch_medium_get_title (self->axes.medium)),
                    term != NULL ? ch_text_get (term->name) : NULL, NULL);
}

/* When it last became @what; 0 when it never did */
static gint64
find_in_history (ChApplicationItem *self, const char *what)
{
  GPtrArray *history = self->application->history;

  for (guint i = history != NULL ? history->len : 0; i > 0; i--)
    {
      const ChHistoryRow *row = history->pdata[i - 1];

      if (g_str_equal (row->what, what))
        return row->at;
    }

  return 0;
}

/**
 * ch_application_item_format_when:
 *
 * Returns: (transfer full): the day that matters in a list: of submission, else of the last change
 */
char *
ch_application_item_format_when (ChApplicationItem *self)
{
  gint64 submitted = ch_application_find_submission (self->application);
  g_autofree char *day = ch_format_iso_date (submitted != 0 ? submitted : self->application->updated);

  /* Translators: %s is a day like 2026-12-14 */
  return submitted != 0 ? g_strdup_printf (_ ("submitted %s"), day) : g_steal_pointer (&day);
}

static void
add_stage (GPtrArray *list, const char *title, ChTone tone, char *word)
{
  ChStage *stage = g_new (ChStage, 1);

  stage->title = title;
  stage->tone = tone;
  stage->word = word;
  g_ptr_array_add (list, stage);
}

/* A stage that is done says when, the one at hand that it is, those after it that they wait */
static void
add_plain_stage (ChApplicationItem *self,
                 GPtrArray *list,
                 const char *title,
                 const char *what,
                 gboolean is_done,
                 gboolean *is_next)
{
  gint64 at = find_in_history (self, what);

  if (is_done)
    add_stage (list, title, CH_TONE_OK, at != 0 ? ch_format_iso_date (at) : g_strdup (_ ("Done")));
  else
    add_stage (list, title, *is_next ? CH_TONE_INFO : CH_TONE_IDLE,
               g_strdup (*is_next ? _ ("Now") : _ ("Not yet")));
  *is_next = *is_next && is_done;
}

static void
add_payment_stage (ChApplicationItem *self, GPtrArray *list, gboolean *is_next)
{
  gboolean is_done = has_facts (self, CH_FACT_SETTLED);
  gboolean is_known = self->profile != NULL && self->has_axes;
  ChBusiness business = self->axes.business;
  gint64 fen = is_known ? ch_profile_get_fen (self->profile, business, find_term (self)) : -1;
  g_autofree char *amount = NULL;

  if (self->has_axes && self->axes.settlement == CH_SETTLEMENT_ENTERPRISE_PAY)
    return;
  if (is_known && !ch_profile_charges (self->profile, business))
    return;

  fen = self->order != NULL ? self->order->fen : fen;
  amount = fen >= 0 ? ch_format_fen (fen) : NULL;
  if (amount == NULL)
    {
      add_plain_stage (self, list, N_ ("Payment"), "paid", is_done, is_next);
      return;
    }

  add_stage (list, N_ ("Payment"), is_done ? CH_TONE_OK : (*is_next ? CH_TONE_INFO : CH_TONE_IDLE),
             g_steal_pointer (&amount));
  *is_next = *is_next && is_done;
}

static void
add_review_stage (ChApplicationItem *self, GPtrArray *list, gboolean *is_next)
{
  g_autofree char *day = NULL;

  if (self->application->state == CH_APPLICATION_REFUSED)
    {
      add_stage (list, N_ ("Review"), CH_TONE_BAD, g_strdup (_ ("Refused")));
      *is_next = FALSE;
    }
  else if (self->application->state == CH_APPLICATION_SUBMITTED)
    {
      day = self->application->review_by != 0 ? ch_format_iso_date (self->application->review_by) : NULL;
      add_stage (list, N_ ("Review"), CH_TONE_INFO,
                 /* Translators: %s is a day like 2026-12-14 */
                 day != NULL ? g_strdup_printf (_ ("Until %s at the latest"), day)
                             : g_strdup (_ ("In review")));
      *is_next = FALSE;
    }
  else
    add_plain_stage (self, list, N_ ("Review"), "approved", has_facts (self, CH_FACT_APPROVED), is_next);
}

/* Sent or ready is when it left the CA; that it was received says its state */
static void
add_delivery_stage (ChApplicationItem *self, GPtrArray *list, gboolean is_next)
{
  gint64 received = find_in_history (self, "received");
  gint64 left = MAX (find_in_history (self, "sent"), find_in_history (self, "ready"));
  g_autofree char *day = left != 0 || received != 0 ? ch_format_iso_date (MAX (left, received)) : NULL;

  if (day != NULL)
    add_stage (list, N_ ("Delivery"), received != 0 ? CH_TONE_OK : CH_TONE_INFO, g_steal_pointer (&day));
  else
    add_stage (list, N_ ("Delivery"), is_next ? CH_TONE_INFO : CH_TONE_IDLE,
               g_strdup (is_next ? _ ("Now") : _ ("Not yet")));
}

/**
 * ch_application_item_list_stages:
 *
 * Returns: (transfer full) (element-type ChStage): the way of the application and how far it has come
 */
GPtrArray *
ch_application_item_list_stages (ChApplicationItem *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_stage_free);
  gboolean is_refused = self->application->state == CH_APPLICATION_REFUSED;
  gboolean is_next = TRUE;

  add_plain_stage (self, list, N_ ("Data and documents"), "answers",
                   has_facts (self, CH_FACT_SUBJECT | CH_FACT_DOCUMENTS | CH_FACT_HANDLER) || is_refused,
                   &is_next);
  add_payment_stage (self, list, &is_next);
  add_plain_stage (self, list, N_ ("Submission"), "submitted",
                   has_facts (self, CH_FACT_SUBMITTED) || is_refused, &is_next);
  add_review_stage (self, list, &is_next);
  if (!self->has_axes || ch_business_makes_certificate (self->axes.business))
    add_plain_stage (self, list, is_made_here (self) ? N_ ("Making of the USB key") : N_ ("Installation"),
                     "installed", has_facts (self, CH_FACT_INSTALLED), &is_next);
  if (is_made_here (self))
    add_delivery_stage (self, list, is_next);
  return list;
}

/* What a field’s answer is called where it is chosen from a list */
static const char *
name_answer (ChApplicationItem *self, const ChField *field, const char *value)
{
  const ChTerm *term = field->kind == CH_FIELD_TERM ? find_term (self) : NULL;

  if (term != NULL)
    return ch_text_get (term->name);
  for (const ChFieldChoice *choice = field->choices; choice != NULL && choice->id != NULL; choice++)
    if (g_str_equal (choice->id, value))
      return _ (choice->label);

  return value;
}

static const char *
get_answer (GHashTable *answers, const ChField *field)
{
  const char *value = answers != NULL ? g_hash_table_lookup (answers, field->id) : NULL;

  return value != NULL && *value != 0 ? value : NULL;
}

/* What is to be changed says from what to what */
static void
add_answers (ChApplicationItem *self, GPtrArray *list, const ChForm *form)
{
  gboolean changes
      = self->application->before != NULL && (form->fact & (CH_FACT_SUBJECT | CH_FACT_HANDLER)) != 0;

  for (gsize i = 0; form->fields[i] != NULL; i++)
    {
      const ChField *field = form->fields[i];
      const char *value = get_answer (self->application->answers, field);
      const char *before = changes ? get_answer (self->application->before, field) : NULL;
      g_autofree char *text
          = ch_format_change (before != NULL ? name_answer (self, field, before) : NULL,
                              value != NULL ? name_answer (self, field, value) : NULL, changes);

      if (text != NULL && ch_field_is_asked (field, self->application->answers))
        ch_property_list_add (list, field->id, field->label, FALSE, text);
    }
}

static void
add_delivery (ChApplicationItem *self, GPtrArray *list)
{
  const ChDelivery *delivery = self->delivery;

  if (delivery == NULL)
    return;

  ch_property_list_add (list, "delivery", N_ ("Delivery"), FALSE,
                        _ (ch_delivery_state_get_title (delivery->state)));
  ch_property_list_add (list, "medium", N_ ("Number of the USB key"), TRUE, delivery->medium);
  ch_property_list_add (list, "courier", N_ ("Courier"), FALSE, delivery->courier);
  ch_property_list_add (list, "courier-number", N_ ("Courier number"), TRUE, delivery->number);
  ch_property_list_add (list, "delivery-place", N_ ("Where it goes"), FALSE, delivery->place);
}

/**
 * ch_application_item_list_properties:
 *
 * Returns: (transfer full) (element-type ChProperty): numbers first, then what was filled in
 */
GPtrArray *
ch_application_item_list_properties (ChApplicationItem *self)
{
  const ChProject *project
      = self->profile != NULL ? ch_profile_get_project (self->profile, self->application->project) : NULL;
  GPtrArray *list = ch_property_list_new ();

  ch_property_list_add (list, "application", N_ ("Application number"), TRUE, self->application->id);
  ch_property_list_add (list, "order", N_ ("Order number"), TRUE, self->application->order);
  ch_property_list_add (list, "certificate", N_ ("Serial number of the certificate"), TRUE,
                        self->application->certificate);
  if (self->application->key_place != NULL && self->application->key_made > 0)
    {
      g_autofree char *when = ch_format_time (self->application->key_made);
      g_autofree char *where = g_strdup_printf ("%s · %s", self->application->key_place, when);

      ch_property_list_add (list, "key-place", N_ ("Key made on the PC"), FALSE, where);
    }
  add_delivery (self, list);
  ch_property_list_add (list, "project", N_ ("Project"), FALSE,
                        project != NULL ? ch_text_get (project->name) : self->application->project);
  if (self->has_axes)
    {
      ch_property_list_add (list, "certificate-type", N_ ("Type of certificate"), FALSE,
                            _ (ch_subject_get_title (self->axes.subject)));
      add_answers (self, list, ch_form_of_fact (CH_FACT_SUBJECT, &self->axes));
      add_answers (self, list, ch_form_of_fact (CH_FACT_HANDLER, &self->axes));
      if (is_made_here (self))
        add_answers (self, list, ch_form_of_fact (CH_FACT_DELIVERY, &self->axes));
    }
  for (guint i = 0; self->application->documents != NULL && i < self->application->documents->len; i++)
    {
      const ChDocument *document = self->application->documents->pdata[i];
      const ChDocumentRule *rule = self->profile != NULL && self->has_axes
                                       ? ch_profile_get_document (self->profile, &self->axes, document->id)
                                       : NULL;

      ch_property_list_add (list, "document", rule != NULL ? ch_text_get (rule->name) : N_ ("Document"),
                            FALSE, document->name);
    }
  return list;
}

/* What the field or document @id is called */
static const char *
name_reason (ChApplicationItem *self, const char *id)
{
  const ChField *field = ch_field_lookup (id);
  const ChDocumentRule *rule = self->profile != NULL && self->has_axes
                                   ? ch_profile_get_document (self->profile, &self->axes, id)
                                   : NULL;

  if (field != NULL)
    return field->label;
  return rule != NULL ? ch_text_get (rule->name) : id;
}

/**
 * ch_application_item_list_reasons:
 *
 * Returns: (transfer full) (element-type ChProperty): what is to be corrected, and why
 */
GPtrArray *
ch_application_item_list_reasons (ChApplicationItem *self)
{
  GPtrArray *reasons = self->application->reasons;
  GPtrArray *list = ch_property_list_new ();

  for (guint i = 0; reasons != NULL && i < reasons->len; i++)
    {
      const ChFieldReason *reason = reasons->pdata[i];
      const char *text = ch_reason_get_text (ch_reason_from_id (reason->reason));
      gboolean has_remark = reason->remark != NULL && *reason->remark != 0;

      /* What the reviewer wrote says more than its kind */
      ch_property_list_add (list, reason->field, name_reason (self, reason->field), FALSE,
                            has_remark     ? reason->remark
                            : text != NULL ? _ (text)
                                           : reason->reason);
    }
  return list;
}

/**
 * ch_application_item_compare:
 *
 * Returns: negative when @a is to stand before @b: whose turn is the user’s, then the newest
 */
int
ch_application_item_compare (ChApplicationItem *a, ChApplicationItem *b)
{
  int order = (int) ch_application_item_get_standing (a) - (int) ch_application_item_get_standing (b);

  if (order != 0)
    return order;
  if (a->application->updated != b->application->updated)
    return a->application->updated > b->application->updated ? -1 : 1;

  return g_strcmp0 (a->application->id, b->application->id);
}
