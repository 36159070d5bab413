#include "config.h"

#include "wire/fields-private.h"

/* What is asked where a business is about a certificate: which, for how long the new one is to live, and what
 * becomes of the old key */

#define IN(business) (1u << CH_BUSINESS_##business)

static ChReason
check_serial (const char *value, GHashTable *answers)
{
  for (const char *c = value; *c != 0; c++)
    if (!g_ascii_isxdigit (*c))
      return CH_REASON_CHARACTERS;
  return CH_REASON_OK;
}

const ChField ch_field_certificate = {
  .id = "certificate",
  .label = N_ ("Certificate"),
  .kind = CH_FIELD_CERTIFICATE,
  .max = 64,
  .validate = check_serial,
  .group = N_ ("Certificate"),
};

static const ChField *const about_fields[] = { &ch_field_certificate, NULL };

const ChForm ch_form_about = {
  .id = "about",
  .fact = CH_FACT_APPLICATION,
  .businesses = IN (RENEW) | IN (CHANGE) | IN (CHANGE_HANDLER) | IN (REPLACE) | IN (REVOKE),
  .fields = about_fields,
  .title = N_ ("Choose the certificate"),
  .lead = N_ ("Where it cannot be done now it is said why."),
};

static const ChField *const term_fields[] = { &ch_field_term, NULL };

/* All that goes into the certificate but this is taken over from the old one */
const ChForm ch_form_term = {
  .id = "term",
  .fact = CH_FACT_SUBJECT,
  .businesses = IN (RENEW),
  .fields = term_fields,
  .title = N_ ("Choose the validity"),
  .lead = N_ ("How long the new certificate is to live."),
};

static const ChField *const no_fields[] = { NULL };

const ChForm ch_form_handler_kept = {
  .id = "handler-kept",
  .fact = CH_FACT_HANDLER,
  .businesses = IN (RENEW) | IN (REPLACE) | IN (REVOKE),
  .fields = no_fields,
  .title = N_ ("Handler"),
  .lead = N_ ("The handler stays as it is."),
};

const ChForm ch_form_subject_kept = {
  .id = "subject-kept",
  .fact = CH_FACT_SUBJECT,
  .businesses = IN (CHANGE_HANDLER),
  .fields = no_fields,
  .title = N_ ("Certificate data"),
  .lead = N_ ("What stands in the certificate stays as it is."),
};

static const ChFieldChoice old_key_choices[] = {
  { "keep", N_ ("Keep it: files encrypted with the old certificate can still be opened") },
  { "delete", N_ ("Delete it: files encrypted with the old certificate can never be opened again") },
  { NULL, NULL },
};

const ChField ch_field_old_key = {
  .id = "old-key",
  .label = N_ ("Old key"),
  .kind = CH_FIELD_CHOICE,
  .max = 16,
  .group = N_ ("Old key"),
  .choices = old_key_choices,
  .initial = "keep",
};

static const ChField *const old_key_fields[] = { &ch_field_old_key, NULL };

const ChForm ch_form_old_key = {
  .id = "old-key",
  .fact = CH_FACT_RETIRED,
  .fields = old_key_fields,
  .title = N_ ("What becomes of the old key"),
  .lead = N_ ("The new certificate works. Files that others encrypted with the old one need its key."),
};

/* What can be changed in a certificate: all that was asked for it but how long it lives */
static const ChField *const change_fields[] = {
  &ch_field_unit_name, &ch_field_unit_code, &ch_field_unit_email, &ch_field_province, &ch_field_city, NULL,
};

static const ChField *const change_legal_person_fields[] = {
  &ch_field_unit_name,
  &ch_field_unit_code,
  &ch_field_unit_email,
  &ch_field_legal_person_name,
  &ch_field_legal_person_document_kind,
  &ch_field_legal_person_document_number,
  &ch_field_legal_person_mobile,
  &ch_field_province,
  &ch_field_city,
  NULL,
};

static const ChField *const change_person_fields[] = {
  &ch_field_person_name,
  &ch_field_person_document_kind,
  &ch_field_person_document_number,
  &ch_field_person_mobile,
  &ch_field_person_email,
  &ch_field_person_unit,
  &ch_field_province,
  &ch_field_city,
  NULL,
};

#define CHANGE_TITLE N_ ("Change the certificate data")
#define CHANGE_LEAD  N_ ("This stands in the certificate now. Change what is no longer right.")

const ChForm ch_form_change = {
  .id = "change",
  .fact = CH_FACT_SUBJECT,
  .subjects = 1u << CH_SUBJECT_ENTERPRISE,
  .businesses = IN (CHANGE),
  .fields = change_fields,
  .title = CHANGE_TITLE,
  .lead = CHANGE_LEAD,
};

const ChForm ch_form_change_legal_person = {
  .id = "change-legal-person",
  .fact = CH_FACT_SUBJECT,
  .subjects = 1u << CH_SUBJECT_LEGAL_PERSON,
  .businesses = IN (CHANGE),
  .fields = change_legal_person_fields,
  .title = CHANGE_TITLE,
  .lead = CHANGE_LEAD,
};

const ChForm ch_form_change_person = {
  .id = "change-person",
  .fact = CH_FACT_SUBJECT,
  .subjects = 1u << CH_SUBJECT_PERSON,
  .businesses = IN (CHANGE),
  .fields = change_person_fields,
  .title = CHANGE_TITLE,
  .lead = CHANGE_LEAD,
};

/* The reasons of RFC 5280 that a holder can have */
static const ChFieldChoice reason_choices[] = {
  { "key-compromise", N_ ("The key is lost or stolen, or others may know its PIN") },
  { "cessation", N_ ("The certificate is no longer needed") },
  { "affiliation-changed", N_ ("The data in it are no longer right") },
  { "superseded", N_ ("Another certificate is used in its place") },
  { "unspecified", N_ ("Another reason") },
  { NULL, NULL },
};

const ChField ch_field_revocation_reason = {
  .id = "revocation-reason",
  .label = N_ ("Why it is to be revoked"),
  .kind = CH_FIELD_CHOICE,
  .max = 32,
  .group = N_ ("Reason"),
  .choices = reason_choices,
};

static const ChField *const revoke_fields[] = { &ch_field_revocation_reason, NULL };

const ChForm ch_form_revoke = {
  .id = "revoke",
  .fact = CH_FACT_SUBJECT,
  .businesses = IN (REVOKE),
  .fields = revoke_fields,
  .title = N_ ("Say why"),
  .lead
  = N_ ("The reason stands in the CA’s public list beside the number of the certificate, without a name."),
};

/* Both are replaced alike; the list of revoked certificates tells them apart */
static const ChFieldChoice replacement_choices[] = {
  { "lost", N_ ("It is lost, or was stolen: somebody else may have it") },
  { "broken", N_ ("It is broken: I have it, but it does not work any more") },
  { NULL, NULL },
};

const ChField ch_field_replacement_reason = {
  .id = "replacement-reason",
  .label = N_ ("What happened to the USB key"),
  .kind = CH_FIELD_CHOICE,
  .max = 32,
  .group = N_ ("Reason"),
  .choices = replacement_choices,
};

static const ChField *const replace_fields[] = { &ch_field_replacement_reason, NULL };

/* All that goes into the certificate is taken over from the old one */
const ChForm ch_form_replace = {
  .id = "replace",
  .fact = CH_FACT_SUBJECT,
  .businesses = IN (REPLACE),
  .fields = replace_fields,
  .title = N_ ("Say what happened"),
  .lead = N_ (
      "The data in the certificate and its end stay as they are; the key on the new USB key is another one."),
};

static const ChField *const prove_fields[] = { &ch_field_sms_code, NULL };

const ChForm ch_form_prove = {
  .id = "prove",
  .fact = CH_FACT_PROVED,
  .fields = prove_fields,
  .title = N_ ("Confirm by SMS"),
  .lead = N_ ("The code was sent to the mobile of the certificate’s handler."),
};
