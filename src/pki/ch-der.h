#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tags used here; all fit one byte. */
#define CH_DER_BOOLEAN                0x01
#define CH_DER_INTEGER                0x02
#define CH_DER_BIT_STRING             0x03
#define CH_DER_OCTET_STRING           0x04
#define CH_DER_NULL                   0x05
#define CH_DER_OID                    0x06
#define CH_DER_ENUMERATED             0x0a
#define CH_DER_UTF8_STRING            0x0c
#define CH_DER_PRINTABLE_STRING       0x13
#define CH_DER_IA5_STRING             0x16
#define CH_DER_UTC_TIME               0x17
#define CH_DER_GENERALIZED_TIME       0x18
#define CH_DER_SEQUENCE               0x30
#define CH_DER_SET                    0x31
#define CH_DER_CONTEXT(n)             (0x80 | (n)) /* primitive */
#define CH_DER_CONTEXT_CONSTRUCTED(n) (0xa0 | (n)) /* constructed */

/* A piece of somebody else’s memory. */
typedef struct
{
  const guint8 *data;
  gsize len;
} ChDerSpan;

gsize ch_der_begin (GByteArray *out, guint8 tag);
void ch_der_end (GByteArray *out, gsize mark);
void ch_der_add (GByteArray *out, guint8 tag, gconstpointer data, gsize len);
void ch_der_add_raw (GByteArray *out, GBytes *der);
void ch_der_add_bit_string (GByteArray *out, gconstpointer data, gsize len);
void ch_der_add_boolean (GByteArray *out, gboolean value);
void ch_der_add_unsigned (GByteArray *out, guint8 tag, gconstpointer data, gsize len);
void ch_der_add_small (GByteArray *out, guint8 tag, guint64 value);
gboolean ch_der_add_oid (GByteArray *out, const char *dotted);
void ch_der_add_time (GByteArray *out, gint64 seconds, gboolean generalized_only);
GBytes *ch_der_finish (GByteArray *out);

ChDerSpan ch_der_span (GBytes *bytes);
GBytes *ch_der_span_copy (const ChDerSpan *span);
gboolean ch_der_span_equal (const ChDerSpan *a, gconstpointer data, gsize len);
int ch_der_peek (const ChDerSpan *in);
gboolean ch_der_read (ChDerSpan *in, guint8 tag, ChDerSpan *content, ChDerSpan *whole);
gboolean ch_der_read_small (ChDerSpan *in, guint8 tag, guint64 *value);

G_END_DECLS
