#include "config.h"

#include "ui/ch-receipt-button.h"

/**
 * ch_receipt_button_refresh:
 * @button: offers to save the receipt of acceptance
 * @application: (nullable): whose
 *
 * Shows @button where there is a receipt: of whatever was handed in, also where it was withdrawn later.
 */
void
ch_receipt_button_refresh (GtkButton *button, const ChApplication *application)
{
  gboolean has_receipt = application != NULL && ch_application_was_submitted (application);

  g_return_if_fail (GTK_IS_BUTTON (button));

  gtk_widget_set_visible (GTK_WIDGET (button), has_receipt);
  if (!has_receipt)
    return;
  /* Before there is an action the target need not fit */
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", application->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.save-receipt");
}
