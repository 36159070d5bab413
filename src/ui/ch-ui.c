#include "config.h"

#include "ui/ch-ui.h"

#include "ch-ui-icon-resources.h"
#include "ch-ui-resources.h"

/* Seconds a message stays: long enough for who reads slowly, or has it read out */
#define TOAST_SECONDS 10

/**
 * ch_ui_make_toast:
 * @text: what has happened, of no consequence for who misses it
 *
 * Returns: (transfer full): it as a message that takes the place of the one before
 */
AdwToast *
ch_ui_make_toast (const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_timeout (toast, TOAST_SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  return toast;
}

/**
 * ch_ui_init:
 *
 * Registers styles, templates and icons of the windows. Called once by a program’s main (or a test), before
 * the application is made: the linker leaves the constructor of a static library out.
 */
void
ch_ui_init (void)
{
  ch_ui_register_resource ();
  ch_ui_icons_register_resource ();
}
