#include "config.h"

#include "wire/fields-private.h"

const ChField ch_field_download_code = {
  .id = "download-code",
  .label = N_ ("Download code"),
  .kind = CH_FIELD_SECRET,
  .max = 40,
  .group = N_ ("From support"),
};

static const ChField *const download_code_fields[] = { &ch_field_download_code, NULL };

const ChForm ch_form_download_code = {
  .id = "download-code",
  .fields = download_code_fields,
  .title = N_ ("Enter the download code"),
  .lead = N_ ("Support gives it to you: 19 letters and digits. It serves once."),
};

/* What is shown of a certificate before it is downloaded; nobody types it */
#define SHOWN(name, field_id, words)                                                                         \
  const ChField ch_field_download_##name = {                                                                 \
    .id = field_id,                                                                                          \
    .label = words,                                                                                          \
    .kind = CH_FIELD_TEXT,                                                                                   \
    .optional = TRUE,                                                                                        \
    .max = 2048,                                                                                             \
    .group = N_ ("Certificate"),                                                                             \
  }

SHOWN (name, "download-name", N_ ("Common name"));
SHOWN (from, "download-from", N_ ("Valid from"));
SHOWN (until, "download-until", N_ ("Valid until"));
SHOWN (trust_id, "download-trust-id", N_ ("Trust service number"));
SHOWN (serial, "download-serial", N_ ("Serial number"));
SHOWN (subject, "download-subject", N_ ("Subject"));

static const ChField *const download_fields[] = {
  &ch_field_download_name,
  &ch_field_download_from,
  &ch_field_download_until,
  &ch_field_download_trust_id,
  &ch_field_download_serial,
  &ch_field_download_subject,
  NULL,
};

const ChForm ch_form_download = {
  .id = "download",
  .fields = download_fields,
  .title = N_ ("Check the certificate"),
  .lead = N_ ("Is it the one you were told of? Nothing has been written yet."),
};
