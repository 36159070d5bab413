#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_VERIFY(E) \
  E (NO_CERTIFICATE,    "no-certificate",     N_("There is no certificate in the file"),  N_("Choose a certificate file; its name mostly ends in .cer, .crt, .pem or .p7b."), BACK, 17, 422) \
  E (HOLDS_KEY,         "holds-key",          N_("The file holds a private key"),         N_("A file with a key is protected by a passphrase. Import it under My certificates instead, and give it to nobody."), BACK, 17, 422) \
  E (NO_LIST,           "no-list",            N_("There is no list of revoked certificates in the file"), N_("Choose the CA’s list; its name mostly ends in .crl."), BACK, 17, 422) \
  E (REVOCATION_UNKNOWN,"revocation-unknown", N_("Whether it was revoked could not be found out"), N_("Nothing is wrong with the certificate, but its CA’s list could not be had. Try again with a network, or get the list."), RETRY, 49, 503)
/* clang-format on */
