#pragma once

#include "ui/ch-hall.h"
#include "ui/ch-window.h"

G_BEGIN_DECLS

/* Shared by the window’s pages (ch-window.c) and its actions (ch-window-actions.c, ch-window-saving.c),
 * and what becomes of it without its USB key (ch-window-key.c) */
struct _ChWindow
{
  AdwApplicationWindow parent_instance;

  ChFront *front;          /* (owned) */
  GSettings *settings;     /* (owned) (nullable) */
  GPtrArray *pages;        /* (unowned elements): before the hall, the last one is shown */
  char *wanted_action;     /* (owned) (nullable): what is done after the login */
  GVariant *wanted_target; /* (owned) (nullable) */
  AdwToast *toast;         /* (owned) (nullable): the last one */
  guint refresh_id;        /* source, 0 when none */
  gboolean is_resuming;    /* an application is read */
  GtkWidget *key_dialog;   /* (nullable): the key one is logged in by was unplugged */
  char *key_awaited;       /* (owned) (nullable): serial of the key that was, when all ended */

  AdwToastOverlay *toasts; /* template child */
  AdwLeaflet *leaflet;     /* template child */
  ChHall *hall;            /* template child */
};

void ch_window_add_actions (ChWindow *self);
void ch_window_add_saving (ChWindow *self);
void ch_window_watch_key (ChWindow *self);

GtkWidget *ch_window_get_top (ChWindow *self);
void ch_window_push_page (ChWindow *self, GtkWidget *page);
void ch_window_pop_page (ChWindow *self);
void ch_window_go_home (ChWindow *self);
void ch_window_open_login (ChWindow *self);
void ch_window_open_lookup (ChWindow *self);
void ch_window_open_wizard (ChWindow *self, ChRun *run);
void ch_window_forget_wanted (ChWindow *self);
void ch_window_show_error (ChWindow *self, const GError *error);

G_END_DECLS
