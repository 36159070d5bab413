#pragma once

#include <glib.h>

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* Why a field’s value is wrong. The id travels, each side says it in its own language. */
/* clang-format off */
#define CH_REASONS(R) \
  R (OK,              "ok",              NULL) \
  R (MISSING,         "missing",         N_("This is still missing.")) \
  R (TOO_SHORT,       "too-short",       N_("This is too short.")) \
  R (TOO_LONG,        "too-long",        N_("This is too long.")) \
  R (CHARACTERS,      "characters",      N_("There is a character in it that does not belong here.")) \
  R (INVISIBLE,       "invisible",       N_("There is an invisible character in it. Type it again by hand.")) \
  R (BLANKS,          "blanks",          N_("Take away the blanks at the beginning and the end.")) \
  R (USCC_LENGTH,     "uscc-length",     N_("It must have 18 characters. Compare it with the business licence.")) \
  R (USCC_CHARACTERS, "uscc-characters", N_("Only digits and capital letters without I, O, S, V, Z. Compare it with the business licence.")) \
  R (USCC_CHECK,      "uscc-check",      N_("One character is wrong: the check character does not fit. Compare it with the business licence.")) \
  R (ORG_CODE,        "org-code",        N_("This is not an organisation code: 8 characters and a check character.")) \
  R (ID_LENGTH,       "id-length",       N_("It must have 18 characters. Compare it with the identity card.")) \
  R (ID_DATE,         "id-date",         N_("The date of birth in it does not exist. Compare it with the identity card.")) \
  R (ID_CHECK,        "id-check",        N_("One digit is wrong: the last character does not fit. Compare it with the identity card.")) \
  R (DOCUMENT_NUMBER, "document-number", N_("This is not a document number: 5 to 30 letters and digits.")) \
  R (MOBILE,          "mobile",          N_("This is not a mobile number: 11 digits, beginning with 13 to 19.")) \
  R (EMAIL,           "email",           N_("This is not an e-mail address.")) \
  R (PHONE,           "phone",           N_("This is not a telephone number.")) \
  R (CHOICE,          "choice",          N_("Choose one of the choices.")) \
  R (REGION,          "region",          N_("Choose a place from the list.")) \
  R (CODE,            "code",            N_("The code has 6 digits.")) \
  R (USER_NAME,       "user-name",       N_("4 to 32 letters, digits, dots or dashes; your mobile number is best.")) \
  R (PASSWORD_SHORT,  "password-short",  N_("10 characters or more.")) \
  R (PASSWORD_WEAK,   "password-weak",   N_("This is among the first that others would guess.")) \
  R (NOT_EQUAL,       "not-equal",       N_("The two entries are not the same.")) \
  R (CONSENT,         "consent",         N_("Read and tick the agreement.")) \
  R (TAKEN,           "taken",           N_("There is an account with this already.")) \
  R (FILE_MISSING,    "file-missing",    N_("The file is still missing.")) \
  R (FILE_TYPE,       "file-type",       N_("Not accepted: the content is of another kind. Choose a picture or a PDF.")) \
  R (FILE_BUNDLE,     "file-bundle",     N_("Not accepted: choose a zip or rar file.")) \
  R (FILE_EMPTY,      "file-empty",      N_("The file is empty.")) \
  R (FILE_TOO_LARGE,  "file-too-large",  N_("The file is too large.")) \
  R (REVIEW,          "review",          N_("The reviewer asks for a correction."))
/* clang-format on */

typedef enum
{
#define R(code, id, text) CH_REASON_##code,
  CH_REASONS (R)
#undef R
      CH_N_REASONS
} ChReason;

const char *ch_reason_get_id (ChReason reason);
const char *ch_reason_get_text (ChReason reason);
ChReason ch_reason_from_id (const char *id);

G_END_DECLS
