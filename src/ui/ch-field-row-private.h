#pragma once

#include "flow/ch-choice.h"
#include "ui/ch-field-message.h"
#include "ui/ch-field-row.h"

G_BEGIN_DECLS

/* How a field is shown */
typedef enum
{
  CH_SHAPE_ENTRY,  /* typed */
  CH_SHAPE_SECRET, /* typed, never seen */
  CH_SHAPE_COMBO,  /* chosen among the declared */
  CH_SHAPE_PICK,   /* chosen in a window with search */
  CH_SHAPE_PLANS,  /* chosen among few, of which price or note matters */
} ChShape;

/* Signals */
enum
{
  CH_FIELD_ROW_CHANGED,
  CH_FIELD_ROW_ACTIVATED,
  CH_FIELD_ROW_LEFT,
  CH_FIELD_ROW_N_SIGNALS
};

struct _ChFieldRow
{
  GObject parent_instance;

  const ChField *field;
  char *title;        /* (owned): the label, translated */
  GPtrArray *rows;    /* (owned) (element-type GtkWidget): what stands in the group, without the message */
  GPtrArray *choices; /* (owned) (nullable) (element-type ChChoice) */
  char *value;        /* (owned) (nullable): of what is chosen */
  gboolean filling;   /* the program fills in: no signals */

  ChFieldMessage *message;    /* (owned) */
  AdwPreferencesGroup *group; /* (unowned) (nullable): where the rows stand */
};

/* ch-field-row.c */
GtkWidget *ch_field_row_get_first (ChFieldRow *self);
void ch_field_row_emit (ChFieldRow *self, guint signal);
const ChChoice *ch_field_row_find_choice (ChFieldRow *self, const char *id);

/* ch-field-row-shapes.c */
ChShape ch_field_row_get_shape (ChFieldRow *self);
void ch_field_row_build (ChFieldRow *self);
void ch_field_row_build_plans (ChFieldRow *self);
void ch_field_row_show_value (ChFieldRow *self);

G_END_DECLS
