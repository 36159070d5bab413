#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is sent. Providers hold the texts under ids of their own; arguments are {1}, {2}, … */
typedef enum
{
  CH_SMS_TEMPLATE_CODE,             /* code, minutes it is valid */
  CH_SMS_TEMPLATE_APPROVED,         /* number of the application */
  CH_SMS_TEMPLATE_REFUSED,          /* number of the application */
  CH_SMS_TEMPLATE_ISSUED,           /* name in the certificate */
  CH_SMS_TEMPLATE_ONCE,             /* user name, one-time password, minutes it is valid */
  CH_SMS_TEMPLATE_MOBILE_CHANGED,   /* new mobile, masked */
  CH_SMS_TEMPLATE_PASSWORD_CHANGED, /* – */
  CH_SMS_TEMPLATE_CLOSED,           /* – */
  CH_SMS_TEMPLATE_UNLOCKING,        /* the last digits of the medium’s number */
  CH_SMS_TEMPLATE_CARRIED_OUT,      /* number of the application */
  CH_SMS_TEMPLATE_HANDLER_ASKED,    /* name in the certificate, new mobile, masked */
  CH_SMS_TEMPLATE_HANDLER_CHANGED,  /* name in the certificate, new mobile, masked */
  CH_SMS_TEMPLATE_MAKING,           /* number of the application: approved, and the CA makes the medium */
  CH_SMS_TEMPLATE_FIRST_PIN,        /* applicant, PIN */
  CH_SMS_TEMPLATE_SENT,             /* number of the application, courier, its number */
  CH_SMS_TEMPLATE_READY,            /* number of the application, hall */
  CH_N_SMS_TEMPLATES,
} ChSmsTemplate;

#define CH_TYPE_SMS (ch_sms_get_type ())
G_DECLARE_INTERFACE (ChSms, ch_sms, CH, SMS, GObject)

/* Whoever sends short messages. send() blocks and may be called from several threads. */
struct _ChSmsInterface
{
  GTypeInterface parent_interface;

  gboolean (*send) (ChSms *self,
                    const char *mobile,
                    ChSmsTemplate template_id,
                    const char *const *args,
                    GError **error);
};

gboolean ch_sms_send (ChSms *self,
                      const char *mobile,
                      ChSmsTemplate template_id,
                      const char *const *args,
                      GError **error);
const char *ch_sms_template_get_id (ChSmsTemplate template_id);
char *ch_message_format (const char *text, const char *const *args);
char *ch_sms_template_format (ChSmsTemplate template_id, const char *const *args);

G_END_DECLS
