#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_APPLICATION(E) \
  E (NOT_PAID,          "not-paid",           N_("The payment has not arrived yet"),      N_("If you have just paid, wait a moment: usually not more than 10 seconds."), RETRY, 30, 409) \
  E (NOT_SUBMITTED,     "not-submitted",      N_("The application was not submitted yet"), N_("There is a receipt once it was submitted for review. Go on with it first."), BACK, 47, 409) \
  E (NOT_APPROVED,      "not-approved",       N_("The application is not approved yet"),  N_("You will be told by SMS. You may close the program."),          NONE,          31, 409) \
  E (REFUSED,           "refused",            N_("The application was refused"),          N_("Correct what was marked and submit again. You need not pay again."), BACK,     32, 409) \
  E (WRONG_STATE,       "wrong-state",        N_("This cannot be done now"),              N_("The newest state was loaded. Go on from there."),               RETRY,         33, 409) \
  E (NOT_OFFERED,       "not-offered",        N_("This CA does not offer it"),            N_("Choose another business."),                                     BACK,          34, 422) \
  E (DOCUMENT_TYPE,     "document-type",      N_("The file is of another kind than its name says, or not accepted"), N_("Choose a picture or PDF."),      BACK,          35, 422) \
  E (DOCUMENT_BROKEN,   "document-broken",    N_("The file did not arrive whole"),        N_("Upload it again."),                                             RETRY,         36, 422) \
  E (DOCUMENTS_FULL,    "documents-full",     N_("Your documents need more room than this CA gives"), N_("Documents of all your applications count, and what is on its way. Choose smaller files, or call the hotline."), CONTACT, 46, 413) \
  E (CSR_REFUSED,       "csr-refused",        N_("The certificate request was refused"),  N_("Make the key again."),                                          RETRY,         37, 422) \
  E (KEY_KNOWN,         "key-known",          N_("This key was used before"),             N_("Make a new key."),                                              RETRY,         38, 409) \
  E (CERTIFICATE_WRONG, "certificate-wrong",  N_("The certificate does not fit"),         N_("It was not installed. Tell support the error id."),             CONTACT,       39, 422) \
  E (CERTIFICATE_REVOKED,"certificate-revoked",N_("The certificate was revoked"),         N_("Apply for a new certificate."),                                 CONTACT,       40, 409) \
  E (CERTIFICATE_EXPIRED,"certificate-expired",N_("The certificate is outside its validity"), N_("Check this PC’s date; renew the certificate if it has ended."), CONTACT,  41, 409) \
  E (GATEWAY,           "gateway",            N_("The payment service does not answer"),  N_("Try again, or choose the other way to pay."),                   RETRY,         42, 502) \
  E (ATTEMPT_CLOSED,    "attempt-closed",     N_("The payment code has expired"),         N_("A new code is made; do not pay with the old one."),             RETRY,         43, 409) \
  E (AGAIN_SPENT,       "again-spent",        N_("The certificate was made again several times already"), N_("Call the hotline: the staff can help."),         CONTACT,       45, 409)
/* clang-format on */
