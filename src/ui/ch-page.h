#pragma once

#include "ui/ch-ui.h"

#include "flow/ch-run.h"

G_BEGIN_DECLS

/* A page of the wizard: shows one step (or several) of a run. It reads the declaration, sets answers, and
 * derives everything from the state of the run. */
#define CH_TYPE_PAGE (ch_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChPage, ch_page, CH, PAGE, AdwBin)

struct _ChPageClass
{
  AdwBinClass parent_class;

  /* The run has moved or changed: show what it is now */
  void (*refresh) (ChPage *self);
  /* Next was pressed: hand over what is still only in the widgets. FALSE: something is wrong and shown */
  gboolean (*commit) (ChPage *self);
  /* The page was entered: put the focus where the user begins */
  void (*focus) (ChPage *self);
  /* Words of the button at the end of the bar; NULL: the page has its own buttons */
  const char *(*get_next_label) (ChPage *self);
  /* What goes on, for the middle of the bar; NULL: the draft’s time */
  const char *(*get_note) (ChPage *self);
  /* What the page found out itself, shown where the run has no error; NULL: nothing */
  const GError *(*get_error) (ChPage *self);
  /* Whether the fields named by @error are on this page and marked there */
  gboolean (*explains) (ChPage *self, const GError *error);
};

void ch_page_set_up (ChPage *self, ChRun *run, const ChStep *step);
void ch_page_set_content (ChPage *self, GtkWidget *content, int width);
void ch_page_set_busy (ChPage *self, gboolean busy);
ChRun *ch_page_get_run (ChPage *self);
const ChStep *ch_page_get_step (ChPage *self);
gboolean ch_page_is_current (ChPage *self);

void ch_page_refresh (ChPage *self);
gboolean ch_page_commit (ChPage *self);
void ch_page_focus (ChPage *self);
const char *ch_page_get_next_label (ChPage *self);
const char *ch_page_get_note (ChPage *self);
const GError *ch_page_get_error (ChPage *self);
gboolean ch_page_explains (ChPage *self, const GError *error);

/* For pages: what they ask of the frame */
void ch_page_ask_refresh (ChPage *self);
void ch_page_ask_next (ChPage *self);
void ch_page_ask_open (ChPage *self, const ChStep *step);
void ch_page_ask_leave (ChPage *self);

G_END_DECLS
