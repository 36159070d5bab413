#pragma once

#include "base/ch-reason.h"
#include "wire/ch-facts.h"
#include "wire/ch-policy.h"

G_BEGIN_DECLS

typedef enum
{
  CH_FIELD_TEXT,
  CH_FIELD_CODE, /* upper case, no blanks, both silently */
  CH_FIELD_MOBILE,
  CH_FIELD_PHONE,
  CH_FIELD_EMAIL,
  CH_FIELD_CHOICE,
  CH_FIELD_PROVINCE,
  CH_FIELD_CITY,
  CH_FIELD_PROJECT,
  CH_FIELD_TERM,
  CH_FIELD_SUBJECT,     /* whose certificate: the project offers some */
  CH_FIELD_CERTIFICATE, /* one of the user’s */
  CH_FIELD_MEDIUM,      /* one of the key media that are plugged in, by its serial */
  CH_FIELD_SECRET,      /* never an answer: a ChSecret */
  CH_FIELD_NEW_SECRET,  /* the same, typed twice */
  CH_FIELD_SMS_CODE,    /* the same, brought by SMS */
} ChFieldKind;

typedef struct
{
  const char *id;
  const char *label; /* untranslated */
} ChFieldChoice;

/* A field of a form, declared once: the window makes a row of it, the terminal asks for it, the server checks
 * it. */
typedef struct
{
  const char *id;
  const char *label; /* untranslated */
  ChFieldKind kind;
  gboolean optional;
  guint max; /* longest value in characters */
  ChReason (*validate) (const char *value,
                        GHashTable *answers); /* NULL: length only; @answers for what it depends on */
  const char *group;                          /* untranslated title of its group */
  const ChFieldChoice *choices;               /* of CHOICE, ended by an id of NULL */
  const char *prefill;                        /* member of the account that is proposed */
  const char *hint;                           /* untranslated, (nullable) */
  const char *initial;                        /* value proposed, (nullable) */
  gboolean (*asked) (GHashTable *answers);    /* NULL: always; else whether it is, after other @answers */
} ChField;

/* The fields that together give one fact */
typedef struct
{
  const char *id;
  ChFact fact;
  guint subjects;   /* for certificates of which subjects, a bit each; 0: of all */
  guint businesses; /* in which businesses, a bit each; 0: in all that have no form of their own */
  guint media;      /* on which media, a bit each; 0: on all */
  const ChField *const *fields; /* ended by NULL */
  const char *title;            /* untranslated */
  const char *lead;             /* untranslated: one sentence under the title */
} ChForm;

extern const ChForm ch_form_reset, ch_form_fresh, ch_form_password, ch_form_mobile, ch_form_email,
    ch_form_close, ch_form_lookup, ch_form_download_code, ch_form_download, ch_form_unlock_mobile,
    ch_form_unlock_code;
extern const ChForm ch_form_register, ch_form_login, ch_form_choose, ch_form_subject,
    ch_form_subject_legal_person, ch_form_subject_person, ch_form_handler, ch_form_passphrase,
    ch_form_invoice;
extern const ChForm ch_form_about, ch_form_term, ch_form_handler_kept, ch_form_old_key, ch_form_subject_kept;
extern const ChForm ch_form_delivery, ch_form_delivery_person, ch_form_medium;
/* Field of ch_form_make */
#define CH_MAKING_PIN_WAY "first-pin-way"
extern const ChForm ch_form_make, ch_form_make_check, ch_form_make_sent;
extern const ChForm ch_form_revoke, ch_form_replace, ch_form_prove, ch_form_change,
    ch_form_change_legal_person, ch_form_change_person;

const ChForm *const *ch_forms_get (guint *n_forms);
const ChForm *ch_form_of_fact (ChFact fact, const ChAxes *axes);
gboolean ch_form_fits (const ChForm *self, const ChAxes *axes);
const ChField *ch_forms_find_field (const ChAxes *axes, const char *id);
const char *ch_forms_get_name_field (const ChAxes *axes);
const ChField *ch_field_lookup (const char *id);
gboolean ch_field_is_secret (const ChField *self);
gboolean ch_field_is_asked (const ChField *self, GHashTable *answers);
char *ch_field_normalize (const ChField *self, const char *value);
ChReason ch_field_check (const ChField *self, const char *value, GHashTable *answers);
ChReason
ch_field_check_in (const ChField *self, const ChProfile *profile, const ChAxes *axes, GHashTable *answers);
gboolean ch_form_check (const ChForm *self,
                        const ChProfile *profile,
                        const ChAxes *axes,
                        GHashTable *answers,
                        GError **error);
gboolean ch_form_differs (const ChForm *self, GHashTable *before, GHashTable *answers);
gboolean
ch_form_is_complete (const ChForm *self, const ChProfile *profile, const ChAxes *axes, GHashTable *answers);

G_END_DECLS
