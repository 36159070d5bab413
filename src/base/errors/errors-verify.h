#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_VERIFY(E) \
  E (NO_CERTIFICATE,    "no-certificate",     N_("There is no certificate in the file"),  N_("Choose a certificate file; its name mostly ends in .cer, .crt, .pem or .p7b."), BACK, 17, 422) \
  E (HOLDS_KEY,         "holds-key",          N_("The file holds a private key"),         N_("A file with a key is protected by a passphrase. Import it under My certificates instead, and give it to nobody."), BACK, 17, 422)
/* clang-format on */
