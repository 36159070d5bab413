#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A name: rows of type and value in the order of the encoding, usually C first and CN last. */
typedef struct _ChSubject ChSubject;

/* Gives the value of a placeholder of a template; (transfer full) (nullable). */
typedef char *(*ChSubjectLookup) (const char *placeholder, gpointer user_data);

ChSubject *ch_subject_new (void);
ChSubject *ch_subject_new_from_template (const char *const *rows,
                                         ChSubjectLookup lookup,
                                         gpointer user_data,
                                         GError **error);
ChSubject *ch_subject_new_from_der (GBytes *der, GError **error);
ChSubject *ch_subject_ref (ChSubject *self);
void ch_subject_unref (ChSubject *self);

gboolean ch_subject_add (ChSubject *self, const char *type, const char *value, GError **error);
guint ch_subject_get_n_rows (ChSubject *self);
const char *ch_subject_get_type_at (ChSubject *self, guint i);
const char *ch_subject_get_value_at (ChSubject *self, guint i);
const char *ch_subject_find (ChSubject *self, const char *type);
GBytes *ch_subject_to_der (ChSubject *self);
char *ch_subject_format (ChSubject *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChSubject, ch_subject_unref)

G_END_DECLS
