#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A line of a receipt: what it says, in both languages, and the value */
typedef struct
{
  const char *zh;
  const char *en;
  char *value;
} ChReceiptLine;

/* What one is drawn of */
typedef struct
{
  const char *issuer; /* the CA */
  const char *number; /* of the application */
  GPtrArray *lines;   /* (element-type ChReceiptLine) */
  const char *foot;   /* lines below */
} ChReceiptSheet;

void ch_receipt_line_free (ChReceiptLine *self);
GBytes *ch_receipt_draw (const ChReceiptSheet *sheet);

G_END_DECLS
