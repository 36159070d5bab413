#pragma once

#include "wire/ch-facts.h"
#include "wire/messages-profile.h"

G_BEGIN_DECLS

/* Questions to a profile that both ends ask */
const char *ch_text_get (const ChText *self);
gboolean ch_profile_offers (const ChProfile *self, const ChAxes *axes);
const ChProject *ch_profile_get_project (const ChProfile *self, const char *id);
gboolean ch_subjects_have (GStrv subjects, ChSubjectKind subject);
gboolean ch_project_fits (const ChProject *self, const ChAxes *axes);
GPtrArray *ch_profile_list_projects (const ChProfile *self, const ChAxes *axes);
const ChTerm *ch_project_get_term (const ChProject *self, const char *id);
GPtrArray *ch_profile_list_documents (const ChProfile *self, const ChAxes *axes);
const ChDocumentRule *ch_profile_get_document (const ChProfile *self, const ChAxes *axes, const char *id);
GPtrArray *ch_profile_list_consents (const ChProfile *self, const char *where);
GPtrArray *ch_profile_accept_consents (const ChProfile *self, const char *where);
gboolean ch_profile_is_made_here (const ChProfile *self, const ChAxes *axes);
gboolean ch_file_name_is_plain (const char *name);
const char *ch_profile_get_sm2_id (const ChProfile *self);
gint64 ch_term_get_end (const ChTerm *self, gint64 start);
gint64 ch_term_get_fen (const ChTerm *self, ChBusiness business);
gboolean ch_business_is_about (ChBusiness business);
gboolean ch_business_makes_certificate (ChBusiness business);
gboolean ch_business_holds (ChBusiness business);
gboolean ch_business_proves (ChBusiness business);
ChFact ch_business_changes (ChBusiness business);
gboolean ch_profile_charges (const ChProfile *self, ChBusiness business);

/* Whether it is time to renew a certificate */
typedef enum
{
  CH_RENEWAL_EARLY,
  CH_RENEWAL_OPEN,
  CH_RENEWAL_GRACE, /* it has ended, and may still be renewed */
  CH_RENEWAL_LATE,
} ChRenewalTime;

const ChReplacingRule *ch_profile_get_replacing (const ChProfile *self, ChBusiness business);
ChRenewalTime ch_profile_judge_renewal (const ChProfile *self, gint64 not_after, gint64 now);
gint64 ch_profile_get_renewal_begin (const ChProfile *self, gint64 not_after);
gint64 ch_replacing_get_end (const ChReplacingRule *self, const ChTerm *term, gint64 old_end, gint64 now);
gint64 ch_profile_get_end (const ChProfile *self,
                           ChBusiness business,
                           const ChTerm *term,
                           gint64 old_end,
                           gint64 now);
gboolean ch_profile_has_term (const ChProfile *self, ChBusiness business);
gint64 ch_profile_get_fen (const ChProfile *self, ChBusiness business, const ChTerm *term);

G_END_DECLS
