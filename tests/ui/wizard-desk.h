#pragma once

#include "ch-world.h"
#include "ui-hand.h"

G_BEGIN_DECLS

/* What opens a software token, and a USB key */
#define DESK_PASSPHRASE "a long way to Tianjin"
#define DESK_PIN        "648219"

/* Somebody before a wizard, in a window of this process, with a real CA behind it. Whoever waits is told when
 * it cannot come any more: the test ends with the step, and with the failure's id. */
typedef struct
{
  ChWorld *world;
  ChRun *run;
  GtkWidget *window;
  GtkWidget *wizard;
  guint n_left; /* how often the wizard was left */
} Desk;

typedef gboolean (*DeskCondition) (Desk *desk, gconstpointer data);

void desk_connect (Desk *desk);
void desk_open (Desk *desk);
void desk_close (Desk *desk);
void desk_wait (Desk *desk, const char *what, DeskCondition is_so, gconstpointer data);
void desk_fail (Desk *desk, const char *what) G_GNUC_NORETURN;
gboolean desk_is_at (Desk *desk, gconstpointer step);
void desk_wait_for_step (Desk *desk, const char *step);
void desk_wait_for_page (Desk *desk, GType type);
void desk_act_outside (Desk *desk, const char *format, const char *id, const char *body);
void desk_choose_plan (Desk *desk, const char *id);
void desk_pick (Desk *desk, const char *row_title, const char *text);
guint desk_count_messages (Desk *desk);
void desk_press_next (Desk *desk);
void desk_pay (Desk *desk);
void desk_review (Desk *desk);

G_END_DECLS
