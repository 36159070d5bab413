#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How a thing stands; always shown as icon and word, the colour only helps. */
typedef enum
{
  CH_TONE_IDLE, /* not yet, over, does not apply */
  CH_TONE_OK,   /* done, valid */
  CH_TONE_WARN, /* works, but act soon */
  CH_TONE_BAD,  /* stopped until somebody acts */
  CH_TONE_INFO, /* in progress, the user’s turn */
} ChTone;

void ch_tone_apply (GtkWidget *widget, ChTone tone);
const char *ch_tone_get_icon (ChTone tone);

G_END_DECLS
