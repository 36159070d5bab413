#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_REMINDER(E) \
  E (NO_NOTICES,        "no-notices",         N_("This desktop shows no notifications"),  N_("Open the program now and then: what ends stands on its first page. Or save the dates for your calendar."), NONE, 60, 500) \
  E (NO_REMINDERS,      "no-reminders",       N_("This system does not let the program look once a day"), N_("Open the program now and then: what ends stands on its first page. Or save the dates for your calendar."), NONE, 60, 500)
/* clang-format on */
