#include "config.h"

#include "ui/ch-ui.h"

#include "ch-ui-icon-resources.h"
#include "ch-ui-resources.h"

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
