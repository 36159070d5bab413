#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Answers at a socket as pcscd does: version, context, the list of readers */
typedef struct _FakePcscd FakePcscd;

FakePcscd *fake_pcscd_new (const char *path, guint32 status, const char *const *readers);
FakePcscd *fake_pcscd_new_silent (const char *path);
void fake_pcscd_free (FakePcscd *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakePcscd, fake_pcscd_free)

G_END_DECLS
