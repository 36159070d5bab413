#pragma once

#include "base/ch-secret.h"

G_BEGIN_DECLS

/* Who asks for PINs and passphrases is a GTlsInteraction: the window, the terminal, a test. */
typedef enum
{
  CH_ASK_EXISTING,    /* the secret that opens something */
  CH_ASK_NEW,         /* one to be chosen: asked twice */
  CH_ASK_CHANGED,     /* the one that will open instead: asked twice */
  CH_ASK_FILE_NEW,    /* one to be chosen for a file that leaves this PC: asked twice */
  CH_ASK_FILE,        /* the one a file was made with */
  CH_ASK_PIN,         /* the PIN of a key medium; FINAL_TRY: only after the user said that they are sure */
  CH_ASK_PIN_CHANGED, /* the PIN that will open it instead: asked twice */
  CH_ASK_PIN_NEW,     /* the PIN a medium gets that has none, or is unlocked: asked twice */
  CH_ASK_PIN_PAD,     /* nothing is typed here but at the medium itself: say so, and answer at once; what is
                       * said goes when ch_asker_get_over() is cancelled */
  CH_ASK_PIN_PAD_NEW, /* the same where a PIN is to be chosen at the medium */
} ChAskKind;

/* How long a PIN may be, in bytes, as the medium says; 0 where it does not. And which medium it is. */
typedef struct
{
  guint min_length;
  guint max_length;
  const char *serial; /* (nullable) */
} ChAskLimits;

/* Somebody is at the keypad of a medium */
typedef struct _ChAskPad ChAskPad;

ChSecret *ch_asker_ask (GTlsInteraction *asker,
                        ChAskKind kind,
                        const char *description,
                        GTlsPasswordFlags flags,
                        GCancellable *cancellable,
                        GError **error);
ChSecret *ch_asker_ask_limited (GTlsInteraction *asker,
                                ChAskKind kind,
                                const char *description,
                                GTlsPasswordFlags flags,
                                const ChAskLimits *limits,
                                GCancellable *cancellable,
                                GError **error);
ChAskPad *ch_asker_begin_pad (GTlsInteraction *asker,
                              ChAskKind kind,
                              const char *description,
                              GTlsPasswordFlags flags,
                              const ChAskLimits *limits,
                              GCancellable *given_up,
                              GCancellable *cancellable,
                              GError **error);
void ch_asker_end_pad (ChAskPad *pad);
GCancellable *ch_asker_get_over (GTlsPassword *password);
GCancellable *ch_asker_get_given_up (GTlsPassword *password);
void ch_asker_set_purpose (GTlsPassword *password, const char *purpose);
const char *ch_asker_get_purpose (GTlsPassword *password);
ChAskKind ch_asker_get_kind (GTlsPassword *password);
const ChAskLimits *ch_asker_get_limits (GTlsPassword *password);
gboolean ch_ask_kind_is_new (ChAskKind kind);
gboolean ch_ask_kind_is_pin (ChAskKind kind);
gboolean ch_ask_kind_is_pad (ChAskKind kind);

G_END_DECLS
