#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A name and its value, to be shown one above the other */
typedef struct
{
  const char *id;    /* kebab-case, for the terminal */
  const char *label; /* untranslated */
  char *value;
  gboolean is_code; /* a long code: worth a button that copies it */
} ChProperty;

void ch_property_free (ChProperty *self);
GPtrArray *ch_property_list_new (void);
void ch_property_list_add (GPtrArray *list,
                           const char *id,
                           const char *label,
                           gboolean is_code,
                           const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChProperty, ch_property_free)

G_END_DECLS
