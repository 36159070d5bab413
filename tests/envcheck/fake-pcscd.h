#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Answers at a socket as pcscd does: version, context, the list of readers */
typedef struct _FakePcscd FakePcscd;

FakePcscd *fake_pcscd_new (const char *path, guint32 status, const char *const *readers);
FakePcscd *fake_pcscd_new_silent (const char *path);
/* What is in every reader: nothing, a card that answers, or one that does not */
#define FAKE_PCSCD_EMPTY 0x02
#define FAKE_PCSCD_CARD  0x34
#define FAKE_PCSCD_MUTE  0x0c
void fake_pcscd_set_cards (FakePcscd *self, guint32 state);
void fake_pcscd_free (FakePcscd *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakePcscd, fake_pcscd_free)

G_END_DECLS
