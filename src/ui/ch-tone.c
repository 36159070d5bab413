#include "config.h"

#include "ui/ch-tone.h"

/* clang-format off */
static const struct
{
  const char *css;
  const char *icon;
} tones[] = {
  [CH_TONE_IDLE] = { "tone-idle", "radio-symbolic" },
  [CH_TONE_OK]   = { "tone-ok",   "object-select-symbolic" },
  [CH_TONE_WARN] = { "tone-warn", "dialog-warning-symbolic" },
  [CH_TONE_BAD]  = { "tone-bad",  "dialog-error-symbolic" },
  [CH_TONE_INFO] = { "tone-info", "content-loading-symbolic" },
};
/* clang-format on */

/**
 * ch_tone_apply:
 * @widget: a row or box; glyph, badge, icon and word inside take their colour from it
 * @tone: how the thing stands
 *
 * Gives @widget the style class of @tone and takes away those of the others.
 */
void
ch_tone_apply (GtkWidget *widget, ChTone tone)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tones); i++)
    if (i != tone)
      gtk_widget_remove_css_class (widget, tones[i].css);
  gtk_widget_add_css_class (widget, tones[tone].css);
}

/**
 * ch_tone_get_icon:
 *
 * Returns: the name of the icon that stands for @tone
 */
const char *
ch_tone_get_icon (ChTone tone)
{
  return tones[tone].icon;
}
