#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/ch-pin-rules.h"
#include "ui/ch-tone.h"

struct _ChPinRules
{
  GtkBox parent_instance;

  ChAskLimits limits;
  GtkWidget *lines[CH_N_PIN_RULES]; /* (nullable): children */
  ChPinRule unmet;
};

G_DEFINE_FINAL_TYPE (ChPinRules, ch_pin_rules, GTK_TYPE_BOX)

static GtkWidget *
make_line (ChPinRules *self, ChPinRule rule)
{
  g_autofree char *text = ch_pin_words_format_rule (rule, &self->limits);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *icon = gtk_image_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (icon, "ch-state-icon");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (icon, 1);
  gtk_widget_add_css_class (label, "caption");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (self), line);
  return line;
}

/* In words too: an icon alone is not read out */
static void
show_line (GtkWidget *line, gboolean is_met)
{
  GtkWidget *icon = gtk_widget_get_first_child (line);

  ch_tone_apply (line, is_met ? CH_TONE_OK : CH_TONE_IDLE);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), is_met ? "object-select-symbolic" : "radio-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_met ? _ ("Kept") : _ ("Not yet"), -1);
}

static void
show_all (ChPinRules *self)
{
  for (guint i = 0; i < CH_N_PIN_RULES; i++)
    if (self->lines[i] != NULL)
      show_line (self->lines[i], (self->unmet & (1u << i)) == 0);
}

static void
ch_pin_rules_class_init (ChPinRulesClass *klass)
{
}

static void
ch_pin_rules_init (ChPinRules *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 3);
  self->unmet = (1 << CH_N_PIN_RULES) - 1;
}

/**
 * ch_pin_rules_new:
 * @limits: how long it must be
 * @knows_old: whether it takes the place of one that was typed
 *
 * Returns: (transfer floating): the rules, none of them kept yet
 */
GtkWidget *
ch_pin_rules_new (const ChAskLimits *limits, gboolean knows_old)
{
  ChPinRules *self = g_object_new (CH_TYPE_PIN_RULES, NULL);

  self->limits = *limits;
  for (guint i = 0; i < CH_N_PIN_RULES; i++)
    if (knows_old || (1u << i) != CH_PIN_RULE_OTHER)
      self->lines[i] = make_line (self, (ChPinRule) (1u << i));
  show_all (self);
  return GTK_WIDGET (self);
}

/**
 * ch_pin_rules_look:
 * @pin: (nullable): as far as it is typed
 * @again: (nullable): the same
 * @old: (nullable): the one it takes the place of
 *
 * Shows which rules are kept by now.
 *
 * Returns: whether all are
 */
gboolean
ch_pin_rules_look (ChPinRules *self, ChSecret *pin, ChSecret *again, ChSecret *old)
{
  g_return_val_if_fail (CH_IS_PIN_RULES (self), FALSE);

  self->unmet = ch_pin_find_unmet (pin, again, old, self->limits.min_length, self->limits.max_length);
  show_all (self);
  return self->unmet == 0;
}
