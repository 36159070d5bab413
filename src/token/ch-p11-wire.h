#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What passes between our programs and the child in which a PKCS#11 module lives (programs/certhall-module):
 * frames of a length and numbers and bytes, in the order of this machine. Neither side believes the other. */
#define CH_P11_CALL_FD  3
#define CH_P11_EVENT_FD 4

#define CH_P11_MAX_FRAME      (1024 * 1024)
#define CH_P11_MAX_VALUE      65536 /* bytes of one attribute, PIN, or what is signed */
#define CH_P11_MAX_SLOTS      256
#define CH_P11_MAX_MECHANISMS 512
#define CH_P11_MAX_OBJECTS    512
#define CH_P11_MAX_ATTRIBUTES 32

/* What the child says without being asked, a byte each */
#define CH_P11_EVENT_SLOTS 'e' /* something was plugged in or out */
#define CH_P11_EVENT_POLL  'p' /* the module cannot tell: look by the clock */
#define CH_P11_EVENT_GONE  'g' /* the child has ended; said by who held it */

/* Arguments → results, after the status of PKCS#11 that begins each answer */
typedef enum
{
  CH_P11_CALL_START, /* may wait for events → manufacturer, description */
  CH_P11_CALL_SLOTS, /* → n, slots with something in them */
  CH_P11_CALL_TOKEN, /* slot → label, manufacturer, model, serial, flags, least and greatest length of PINs */
  CH_P11_CALL_MECHANISMS, /* slot → n × (mechanism, least and greatest size, flags) */
  CH_P11_CALL_OPEN,       /* slot, for writing → session */
  CH_P11_CALL_STATE,      /* session → slot, state */
  CH_P11_CALL_CLOSE,      /* session */
  CH_P11_CALL_LOGIN,      /* session, user, PIN */
  CH_P11_CALL_LOGOUT,     /* session */
  CH_P11_CALL_FIND,       /* session, template → n, objects */
  CH_P11_CALL_READ,       /* session, object, n, types → n × value */
  CH_P11_CALL_SIGN,       /* session, mechanism, key, data, has its own PIN, that PIN → signature */
  CH_P11_CALL_GENERATE, /* session, mechanism, public template, private template → public, private object */
  CH_P11_CALL_CREATE,   /* session, template → object */
  CH_P11_CALL_WRITE,    /* session, object, template */
  CH_P11_CALL_DESTROY,  /* session, object */
  CH_P11_CALL_SET_PIN,  /* session, old, new */
  CH_P11_CALL_INIT_PIN, /* session, PIN */
  CH_P11_CALL_INIT_TOKEN, /* slot, SO PIN, label */
  CH_P11_N_CALLS,
} ChP11Call;

typedef enum
{
  CH_P11_PASSED,
  CH_P11_CLOSED, /* the other side is gone, or says what cannot be */
  CH_P11_LATE,
} ChP11Passage;

/* Where reading stands in somebody else’s memory; once something was wrong everything after it is */
typedef struct
{
  const guint8 *data;
  gsize len;
  gboolean is_bad;
  guint64 stamp; /* which call of the module it answers: the greater the later */
} ChP11Reader;

GByteArray *ch_p11_frame_new (void);
void ch_p11_frame_free (GByteArray *frame);
void ch_p11_frame_add_number (GByteArray *frame, guint64 number);
void ch_p11_frame_add_bytes (GByteArray *frame, gconstpointer data, gsize len);
ChP11Passage ch_p11_frame_send (GByteArray *frame, int fd, gint64 deadline);
ChP11Passage ch_p11_frame_receive (int fd, gint64 deadline, GByteArray **frame);

ChP11Reader ch_p11_reader (const GByteArray *frame);
guint64 ch_p11_read_number (ChP11Reader *self, guint64 max);
const guint8 *ch_p11_read_bytes (ChP11Reader *self, gsize max, gsize *len);
gboolean ch_p11_reader_is_done (const ChP11Reader *self);

G_END_DECLS
