#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is sent; arguments are {1}, {2}, … */
typedef enum
{
  CH_MAIL_TEMPLATE_CODE,    /* code, minutes it is valid */
  CH_MAIL_TEMPLATE_INVOICE, /* number of the invoice, application; the PDF goes with it */
  CH_N_MAIL_TEMPLATES,
} ChMailTemplate;

/* What goes with a message */
typedef struct
{
  const char *name;
  GBytes *bytes;
} ChMailFile;

#define CH_TYPE_MAIL (ch_mail_get_type ())
G_DECLARE_INTERFACE (ChMail, ch_mail, CH, MAIL, GObject)

/* Whoever sends e-mail. send() blocks and may be called from several threads. */
struct _ChMailInterface
{
  GTypeInterface parent_interface;

  gboolean (*send) (ChMail *self,
                    const char *address,
                    ChMailTemplate template_id,
                    const char *const *args,
                    const ChMailFile *file, /* (nullable) */
                    GError **error);
};

gboolean ch_mail_send (ChMail *self,
                       const char *address,
                       ChMailTemplate template_id,
                       const char *const *args,
                       const ChMailFile *file,
                       GError **error);
const char *ch_mail_template_get_id (ChMailTemplate template_id);
char *ch_mail_template_format (ChMailTemplate template_id, const char *const *args);

G_END_DECLS
