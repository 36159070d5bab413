#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What lies in a file of certificates */
typedef struct
{
  GPtrArray *certs; /* (owned) (element-type GBytes): in DER, in their order */
  GPtrArray *crls;  /* (owned) (element-type GBytes): in DER */
} ChCertFile;

ChCertFile *ch_cert_file_read (GBytes *data, GError **error);
void ch_cert_file_free (ChCertFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCertFile, ch_cert_file_free)

G_END_DECLS
