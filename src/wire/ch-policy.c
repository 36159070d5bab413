#include "config.h"

#include <string.h>

#include "wire/ch-policy.h"
#include "wire/messages-account.h"

#define SECONDS_A_DAY 86400

/**
 * ch_text_get:
 * @self: (nullable): a text of the profile
 *
 * Returns: (transfer none): the text in the user’s language; Chinese where that is neither Chinese nor
 * English
 */
const char *
ch_text_get (const ChText *self)
{
  const char *const *languages = g_get_language_names ();

  if (self == NULL)
    return "";

  for (gsize i = 0; languages[i] != NULL; i++)
    {
      if (g_str_has_prefix (languages[i], "zh"))
        return self->zh;
      if (g_str_has_prefix (languages[i], "en") || g_str_equal (languages[i], "C"))
        return self->en;
    }

  return self->zh;
}

static gboolean
has (GStrv words, const char *word)
{
  return words != NULL && g_strv_contains ((const char *const *) words, word);
}

/**
 * ch_profile_offers:
 *
 * Returns: whether the CA offers the flow of @axes
 */
gboolean
ch_profile_offers (const ChProfile *self, const ChAxes *axes)
{
  g_autofree char *id = ch_axes_format (axes);

  return has (self->flows, id);
}

/**
 * ch_profile_get_project:
 * @id: (nullable): a project’s id
 *
 * Returns: (transfer none) (nullable): the project
 */
const ChProject *
ch_profile_get_project (const ChProfile *self, const char *id)
{
  for (guint i = 0; i < self->projects->len; i++)
    {
      const ChProject *project = self->projects->pdata[i];

      if (g_strcmp0 (project->id, id) == 0)
        return project;
    }

  return NULL;
}

/**
 * ch_subjects_have:
 * @subjects: (nullable): ids; %NULL stands for all
 *
 * Returns: whether @subject is among them
 */
gboolean
ch_subjects_have (GStrv subjects, ChSubjectKind subject)
{
  return subjects == NULL || has (subjects, ch_wire_enum_get_id (&ChSubjectKind_enum, subject));
}

/**
 * ch_project_fits:
 *
 * Returns: whether certificates of @axes are made in this project
 */
gboolean
ch_project_fits (const ChProject *self, const ChAxes *axes)
{
  return self->medium == axes->medium && self->settlement == axes->settlement
         && has (self->subjects, ch_wire_enum_get_id (&ChSubjectKind_enum, axes->subject));
}

/**
 * ch_profile_list_projects:
 * @axes: (nullable): only those that fit; %NULL for all
 *
 * Returns: (transfer container) (element-type ChProject): the projects
 */
GPtrArray *
ch_profile_list_projects (const ChProfile *self, const ChAxes *axes)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < self->projects->len; i++)
    if (axes == NULL || ch_project_fits (self->projects->pdata[i], axes))
      g_ptr_array_add (list, self->projects->pdata[i]);
  return list;
}

/**
 * ch_project_get_term:
 * @id: (nullable): a term’s id
 *
 * Returns: (transfer none) (nullable): the term
 */
const ChTerm *
ch_project_get_term (const ChProject *self, const char *id)
{
  for (guint i = 0; i < self->terms->len; i++)
    {
      const ChTerm *term = self->terms->pdata[i];

      if (g_strcmp0 (term->id, id) == 0)
        return term;
    }

  return NULL;
}

static gboolean
document_applies (const ChDocumentRule *rule, const ChAxes *axes)
{
  return has (rule->businesses, ch_wire_enum_get_id (&ChBusiness_enum, axes->business))
         && has (rule->subjects, ch_wire_enum_get_id (&ChSubjectKind_enum, axes->subject));
}

/**
 * ch_profile_list_documents:
 *
 * Returns: (transfer container) (element-type ChDocumentRule): what is asked for, in the profile’s order
 */
GPtrArray *
ch_profile_list_documents (const ChProfile *self, const ChAxes *axes)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < self->documents->len; i++)
    if (document_applies (self->documents->pdata[i], axes))
      g_ptr_array_add (list, self->documents->pdata[i]);
  return list;
}

/**
 * ch_profile_get_document:
 *
 * Returns: (transfer none) (nullable): the rule for document @id, when the flow asks for it
 */
const ChDocumentRule *
ch_profile_get_document (const ChProfile *self, const ChAxes *axes, const char *id)
{
  for (guint i = 0; i < self->documents->len; i++)
    {
      const ChDocumentRule *rule = self->documents->pdata[i];

      if (g_strcmp0 (rule->id, id) == 0 && document_applies (rule, axes))
        return rule;
    }

  return NULL;
}

/**
 * ch_profile_list_consents:
 * @where: `register`, `login` or `apply`
 *
 * Returns: (transfer container) (element-type ChConsentText): the agreements asked for there
 */
GPtrArray *
ch_profile_list_consents (const ChProfile *self, const char *where)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < self->consents->len; i++)
    {
      ChConsentText *text = self->consents->pdata[i];

      if (has (text->where, where))
        g_ptr_array_add (list, text);
    }

  return list;
}

/**
 * ch_profile_accept_consents:
 * @where: `register`, `login` or `apply`
 *
 * Returns: (transfer full) (element-type ChConsent): every agreement asked for there, in the version that was
 * shown: the front end has had each of them ticked
 */
GPtrArray *
ch_profile_accept_consents (const ChProfile *self, const char *where)
{
  g_autoptr (GPtrArray) texts = ch_profile_list_consents (self, where);
  GPtrArray *consents = ch_wire_list_new (&ChConsent_wire);

  for (guint i = 0; i < texts->len; i++)
    {
      const ChConsentText *text = texts->pdata[i];
      ChConsent *consent = ch_wire_new (&ChConsent_wire);

      consent->id = g_strdup (text->id);
      consent->version = g_strdup (text->version);
      g_ptr_array_add (consents, consent);
    }
  return consents;
}

/**
 * ch_profile_is_made_here:
 * @axes: of a flow
 *
 * Returns: whether the CA makes the medium itself, with the key on it, and hands it over; else the applicant
 * has one and makes the key
 */
gboolean
ch_profile_is_made_here (const ChProfile *self, const ChAxes *axes)
{
  return (axes->business == CH_BUSINESS_APPLY || axes->business == CH_BUSINESS_REPLACE)
         && has (self->made_here, ch_wire_enum_get_id (&ChMedium_enum, axes->medium));
}

/**
 * ch_file_name_is_plain:
 *
 * Returns: whether a file that is offered for download may be called @name: small letters, digits and
 * hyphens, a dot and an ending, so that it is one name in every folder and leads to no other
 */
gboolean
ch_file_name_is_plain (const char *name)
{
  gsize len = strlen (name);
  gsize stem = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-");
  gsize ending;

  if (len > 64 || stem == 0 || *name == '-' || name[stem] != '.')
    return FALSE;
  ending = strspn (name + stem + 1, "abcdefghijklmnopqrstuvwxyz0123456789");
  return ending > 0 && ending <= 8 && stem + 1 + ending == len;
}

/**
 * ch_term_get_end:
 * @start: seconds since 1970
 *
 * Returns: when a certificate of this term that begins at @start ends, seconds since 1970
 */
gint64
ch_term_get_end (const ChTerm *self, gint64 start)
{
  g_autoptr (GDateTime) from = g_date_time_new_from_unix_utc (start);
  g_autoptr (GDateTime) to = g_date_time_add_months (from, self->months);

  return g_date_time_to_unix (to);
}

/**
 * ch_profile_get_sm2_id:
 *
 * Returns: (transfer none) (nullable): the distinguishing id of SM2 signatures at this CA; %NULL for the one
 * of the standard
 */
const char *
ch_profile_get_sm2_id (const ChProfile *self)
{
  return self != NULL ? self->issue->sm2_id : NULL;
}

/**
 * ch_term_get_fen:
 * @business: what it is bought in
 *
 * Returns: the price
 */
gint64
ch_term_get_fen (const ChTerm *self, ChBusiness business)
{
  return business == CH_BUSINESS_RENEW && self->renew_fen > 0 ? self->renew_fen : self->fen;
}

/* What lies in the nature of a business, whoever the CA is */
static const struct
{
  gboolean is_about; /* one of the user’s certificates */
  gboolean ends_so;  /* with the review: no certificate comes of it */
  gboolean holds;    /* that certificate, while it is looked at */
  gboolean proves;   /* by an SMS code of its handler, before it is handed in */
  ChFact changes;    /* of what was answered for that certificate */
} natures[CH_N_BUSINESSES] = {
  [CH_BUSINESS_RENEW] = { .is_about = TRUE },
  [CH_BUSINESS_CHANGE] = { .is_about = TRUE, .changes = CH_FACT_SUBJECT },
  [CH_BUSINESS_CHANGE_HANDLER] = { .is_about = TRUE, .ends_so = TRUE, .changes = CH_FACT_HANDLER },
  [CH_BUSINESS_REPLACE] = { .is_about = TRUE, .holds = TRUE, .proves = TRUE },
  [CH_BUSINESS_REVOKE] = { .is_about = TRUE, .ends_so = TRUE, .holds = TRUE, .proves = TRUE },
  [CH_BUSINESS_UNLOCK] = { .ends_so = TRUE },
};

/**
 * ch_business_is_about:
 *
 * Returns: whether it is about a certificate that is there already
 */
gboolean
ch_business_is_about (ChBusiness business)
{
  return natures[business].is_about;
}

/**
 * ch_business_makes_certificate:
 *
 * Returns: whether a certificate comes of it; what makes none is over when it is approved
 */
gboolean
ch_business_makes_certificate (ChBusiness business)
{
  return !natures[business].ends_so;
}

/**
 * ch_business_holds:
 *
 * Returns: whether the certificate it is about is on hold from the submission on
 */
gboolean
ch_business_holds (ChBusiness business)
{
  return natures[business].holds;
}

/**
 * ch_business_proves:
 *
 * Returns: whether the handler of the certificate gives a code before it is handed in
 */
gboolean
ch_business_proves (ChBusiness business)
{
  return natures[business].proves;
}

/**
 * ch_business_changes:
 *
 * Returns: the fact whose form begins with what holds for the certificate, and must not stay so
 */
ChFact
ch_business_changes (ChBusiness business)
{
  return natures[business].changes;
}

/**
 * ch_profile_charges:
 *
 * Returns: whether there is something to be settled in @business, be it by the applicant or the enterprise
 */
gboolean
ch_profile_charges (const ChProfile *self, ChBusiness business)
{
  const ChReplacingRule *rule = ch_profile_get_replacing (self, business);

  if (rule == NULL)
    return ch_business_makes_certificate (business);
  return rule->new_end != CH_NEW_END_KEPT || rule->fen > 0;
}

/**
 * ch_profile_get_replacing:
 *
 * Returns: (transfer none) (nullable): how @business puts a new certificate in the place of an old one; %NULL
 * when it does not, or this CA does not say how
 */
const ChReplacingRule *
ch_profile_get_replacing (const ChProfile *self, ChBusiness business)
{
  for (guint i = 0; self->replacing != NULL && i < self->replacing->len; i++)
    {
      const ChReplacingRule *rule = self->replacing->pdata[i];

      if (rule->business == business)
        return rule;
    }

  return NULL;
}

/**
 * ch_profile_get_renewal_begin:
 * @not_after: the end of a certificate, seconds since 1970
 *
 * Returns: from when it may be renewed
 */
gint64
ch_profile_get_renewal_begin (const ChProfile *self, gint64 not_after)
{
  return not_after - self->limits->renew_days * SECONDS_A_DAY;
}

/**
 * ch_profile_judge_renewal:
 * @not_after: the end of a certificate, seconds since 1970
 * @now: by the server’s clock
 *
 * Returns: whether it may be renewed now
 */
ChRenewalTime
ch_profile_judge_renewal (const ChProfile *self, gint64 not_after, gint64 now)
{
  if (now < ch_profile_get_renewal_begin (self, not_after))
    return CH_RENEWAL_EARLY;
  if (now <= not_after)
    return CH_RENEWAL_OPEN;
  return now <= not_after + self->limits->grace_days * SECONDS_A_DAY ? CH_RENEWAL_GRACE : CH_RENEWAL_LATE;
}

/**
 * ch_replacing_get_end:
 * @term: (nullable): what was chosen; not needed where the old end is kept
 * @old_end: of the certificate that is replaced
 * @now: when the new one begins
 *
 * Returns: when the new certificate ends, seconds since 1970
 */
gint64
ch_replacing_get_end (const ChReplacingRule *self, const ChTerm *term, gint64 old_end, gint64 now)
{
  if (self->new_end == CH_NEW_END_KEPT || term == NULL)
    return old_end;
  return ch_term_get_end (term, self->new_end == CH_NEW_END_ADDED ? MAX (old_end, now) : now);
}

/**
 * ch_profile_get_end:
 * @term: (nullable): what was chosen
 * @old_end: of the certificate the business is about, if it is about one
 * @now: when the certificate begins
 *
 * Returns: when the certificate that comes of @business ends, seconds since 1970; 0 when that is not chosen
 */
gint64
ch_profile_get_end (const ChProfile *self,
                    ChBusiness business,
                    const ChTerm *term,
                    gint64 old_end,
                    gint64 now)
{
  const ChReplacingRule *rule = ch_profile_get_replacing (self, business);

  if (rule != NULL)
    return ch_replacing_get_end (rule, term, old_end, now);
  return term != NULL ? ch_term_get_end (term, now) : 0;
}

/**
 * ch_profile_has_term:
 *
 * Returns: whether it is asked in @business how long the certificate is to live, and the price goes by that
 */
gboolean
ch_profile_has_term (const ChProfile *self, ChBusiness business)
{
  const ChReplacingRule *rule = ch_profile_get_replacing (self, business);

  return rule == NULL || rule->new_end != CH_NEW_END_KEPT;
}

/**
 * ch_profile_get_fen:
 * @term: (nullable): what was chosen
 *
 * Returns: the price of @business; -1 when it goes by a term, and none is chosen
 */
gint64
ch_profile_get_fen (const ChProfile *self, ChBusiness business, const ChTerm *term)
{
  if (!ch_profile_has_term (self, business))
    return ch_profile_get_replacing (self, business)->fen;
  return term != NULL ? ch_term_get_fen (term, business) : -1;
}
