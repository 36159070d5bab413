#pragma once

#include "ui/ch-ui.h"

#include "wire/ch-field.h"

G_BEGIN_DECLS

/* The rows of one declared field in a form: what is typed or chosen, and the message below it. Not a widget:
 * a field may be one row (text), two (a new secret, typed twice) or several (radio rows).
 *
 * Signals: `changed` (by the user); `left` (the value should be checked now); `activated` (Enter). */
#define CH_TYPE_FIELD_ROW (ch_field_row_get_type ())
G_DECLARE_FINAL_TYPE (ChFieldRow, ch_field_row, CH, FIELD_ROW, GObject)

ChFieldRow *ch_field_row_new (const ChField *field);
const ChField *ch_field_row_get_field (ChFieldRow *self);
void ch_field_row_add_to (ChFieldRow *self, AdwPreferencesGroup *group);
void ch_field_row_set_choices (ChFieldRow *self, GPtrArray *choices);
char *ch_field_row_dup_value (ChFieldRow *self);
void ch_field_row_set_value (ChFieldRow *self, const char *value);
gboolean ch_field_row_is_empty (ChFieldRow *self);
ChReason ch_field_row_check_secret (ChFieldRow *self);
ChSecret *ch_field_row_copy_secret (ChFieldRow *self);
void ch_field_row_clear_secret (ChFieldRow *self);
void ch_field_row_set_reason (ChFieldRow *self, ChReason reason, const char *remark);
void ch_field_row_set_message (ChFieldRow *self, const char *text);
gboolean ch_field_row_is_wrong (ChFieldRow *self);
void ch_field_row_add_suffix (ChFieldRow *self, GtkWidget *widget);
void ch_field_row_set_visible (ChFieldRow *self, gboolean visible);
gboolean ch_field_row_get_visible (ChFieldRow *self);
void ch_field_row_grab_focus (ChFieldRow *self);

G_END_DECLS
