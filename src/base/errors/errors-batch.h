#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_BATCH(E) \
  E (BATCH_WORKBOOK,    "batch-workbook",     N_("This is a workbook, not a CSV file"),   N_("Open it in your spreadsheet program, save it as “CSV UTF-8 (comma delimited)”, and choose that file."), BACK, 80, 422) \
  E (BATCH_ENCODING,    "batch-encoding",     N_("The text of the file cannot be read"),  N_("Save the sheet as “CSV UTF-8 (comma delimited)” and choose that file."), BACK,  81, 422) \
  E (BATCH_BROKEN,      "batch-broken",       N_("The file is not a CSV file"),           N_("A quotation mark is not closed, or there is text behind it. Save the sheet once more as “CSV UTF-8 (comma delimited)”."), BACK, 82, 422) \
  E (BATCH_TOO_LARGE,   "batch-too-large",    N_("The file is too large"),                N_("At most 10,000 rows of 200 columns go together. Divide the sheet."), BACK,      83, 413) \
  E (BATCH_COLUMNS,     "batch-columns",      N_("The columns of the file do not fit"),   N_("Save the template, copy your data into it, and choose that file."), BACK,      84, 422) \
  E (BATCH_WRONG,       "batch-wrong",        N_("There are rows with something wrong"),  N_("Nothing was sent. Correct the marked cells in the file, save it, and choose it again."), BACK, 85, 422) \
  E (BATCH_CHANGED,     "batch-changed",      N_("This is not what was signed"),          N_("The data or files have changed since the batch was signed. Go on with this row by itself, or call the hotline."), CONTACT, 86, 409) \
  E (BATCH_SIGNER,      "batch-signer",       N_("A batch is signed with a certificate of your own"), N_("Put in the USB key, or choose the software token, of a certificate of this account that is valid."), BACK, 87, 422) \
  E (BATCH_STOPPED,     "batch-stopped",      N_("The batch is not finished"),            N_("What was sent is kept. Choose the same file again to go on; no row is sent twice."), RETRY, 88, 503)
/* clang-format on */
