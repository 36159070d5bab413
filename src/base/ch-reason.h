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
  R (FILE_BUNDLE,     "file-bundle",     N_("Not accepted: choose the files themselves, or a zip or rar file with them.")) \
  R (FILE_EMPTY,      "file-empty",      N_("The file is empty.")) \
  R (FILE_TOO_LARGE,  "file-too-large",  N_("The file is too large.")) \
  R (FILE_BROKEN,     "file-broken",     N_("The file is damaged or not complete. Save or photograph it once more, then choose it again.")) \
  R (FILE_PIXELS,     "file-pixels",     N_("The picture has more than 40 million dots. Photograph or scan it at a lower resolution.")) \
  R (FILE_MIXED,      "file-mixed",      N_("There is another file hidden behind the picture or PDF. Open it, save it under a new name, and choose that.")) \
  R (FILE_WORD,       "file-word",       N_("Not a picture: the content is a Word document. Print it, have it sealed, then upload a photograph or scan.")) \
  R (FILE_OFFICE,     "file-office",     N_("Not a picture: the content is an Office document. Print it, have it sealed, then upload a photograph or scan.")) \
  R (FILE_OFD,        "file-ofd",        N_("Not a picture: the content is an OFD document. Save it as PDF and choose that.")) \
  R (FILE_ARCHIVE,    "file-archive",    N_("Not a picture: the content is an archive. Unpack it and choose the pictures that are in it.")) \
  R (FILE_FILM,       "file-film",       N_("Not a picture: the content is a film. Take a photograph of the document.")) \
  R (FILE_TEXT,       "file-text",       N_("Not a picture: the content is text. Print it, have it sealed, then upload a photograph or scan.")) \
  R (FILE_PROGRAM,    "file-program",    N_("Not accepted: the content is a program. Choose the picture or document itself.")) \
  R (FILE_UNREADABLE, "file-unreadable", N_("This PC cannot read photographs of this kind. Save it as JPG, or set the phone’s camera to JPG, and choose that.")) \
  R (FILE_PAGES,      "file-pages",      N_("So many pages do not fit into the size that is allowed and stay readable. Leave some out.")) \
  R (PDF_LOCKED,      "pdf-locked",      N_("The PDF is protected by a password. Save it without one, or print and scan it.")) \
  R (PDF_ACTIVE,      "pdf-active",      N_("There is a program or another file in the PDF. Print it into a new PDF and choose that.")) \
  R (PDF_JOIN,        "pdf-join",        N_("A PDF cannot be joined with other pages. Choose it alone, or photographs of its pages.")) \
  R (BUNDLE_LOCKED,   "bundle-locked",   N_("The archive is protected by a password. Choose the files themselves, they are bundled for you.")) \
  R (BUNDLE_NAMES,    "bundle-names",    N_("The archive has names in it that lead elsewhere. Choose the files themselves, they are bundled for you.")) \
  R (BUNDLE_NESTED,   "bundle-nested",   N_("There is an archive among the files. Unpack it and choose what is in it, it is bundled for you.")) \
  R (BUNDLE_MANY,     "bundle-many",     N_("More than 200 files are too many. Leave some out.")) \
  R (BUNDLE_LARGE,    "bundle-large",    N_("Unpacked, the archive would be too large. Leave some files out.")) \
  R (FORMULA,         "formula",         N_("This is a formula. Copy the cell and paste it as a value.")) \
  R (NUMBER_ROUNDED,  "number-rounded",  N_("The spreadsheet program has rounded this number. Format the column as text and enter the number again.")) \
  R (DUPLICATE,       "duplicate",       N_("This applicant is in another row already. Name each only once.")) \
  R (FILE_OUTSIDE,    "file-outside",    N_("The file must lie in the folder of the CSV file or below it.")) \
  R (FILE_NOT_FOUND,  "file-not-found",  N_("There is no such file in the folder of the CSV file.")) \
  R (COLUMN,          "column",          N_("There is no such column in the template, or it is there twice.")) \
  R (COLUMN_MISSING,  "column-missing",  N_("This column is missing.")) \
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
