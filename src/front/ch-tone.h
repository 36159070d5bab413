#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How a state is to be taken; the window gives it a colour, the terminal too, both beside the word. */
typedef enum
{
  CH_TONE_IDLE, /* not yet, over, does not apply */
  CH_TONE_INFO, /* in progress, or your turn */
  CH_TONE_OK,   /* done, valid */
  CH_TONE_WARN, /* works, but act soon */
  CH_TONE_BAD,  /* stopped until somebody acts */
} ChTone;

G_END_DECLS
