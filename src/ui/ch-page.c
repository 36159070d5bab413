#include "config.h"

#include "ui/ch-page.h"

typedef struct
{
  ChRun *run;         /* (owned) */
  const ChStep *step; /* of the catalogue */
  gboolean busy;
  GWeakRef focus; /* where the focus was before the page was busy */
} ChPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChPage, ch_page, ADW_TYPE_BIN)

enum
{
  SIGNAL_NEXT,
  SIGNAL_LEAVE,
  SIGNAL_REFRESH,
  SIGNAL_OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ChPagePrivate *
get_priv (ChPage *self)
{
  return ch_page_get_instance_private (self);
}

static gboolean
ch_page_default_commit (ChPage *self)
{
  return TRUE;
}

static void
ch_page_default_focus (ChPage *self)
{
  gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
ch_page_default_refresh (ChPage *self)
{
}

static const char *
ch_page_default_text (ChPage *self)
{
  return NULL;
}

static const GError *
ch_page_default_get_error (ChPage *self)
{
  return NULL;
}

static gboolean
ch_page_default_explains (ChPage *self, const GError *error)
{
  return FALSE;
}

static void
ch_page_dispose (GObject *object)
{
  g_clear_object (&get_priv (CH_PAGE (object))->run);
  G_OBJECT_CLASS (ch_page_parent_class)->dispose (object);
}

static void
ch_page_finalize (GObject *object)
{
  g_weak_ref_clear (&get_priv (CH_PAGE (object))->focus);
  G_OBJECT_CLASS (ch_page_parent_class)->finalize (object);
}

static void
ch_page_class_init (ChPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ch_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = ch_page_finalize;
  klass->refresh = ch_page_default_refresh;
  klass->commit = ch_page_default_commit;
  klass->focus = ch_page_default_focus;
  klass->get_next_label = ch_page_default_text;
  klass->get_note = ch_page_default_text;
  klass->get_error = ch_page_default_get_error;
  klass->explains = ch_page_default_explains;

  signals[SIGNAL_NEXT]
      = g_signal_new ("next", CH_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LEAVE]
      = g_signal_new ("leave", CH_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REFRESH]
      = g_signal_new ("refresh", CH_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_OPEN] = g_signal_new ("open", CH_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
ch_page_init (ChPage *self)
{
  g_weak_ref_init (&get_priv (self)->focus, NULL);
}

/**
 * ch_page_set_up:
 * @run: the run
 * @step: the step to be shown
 *
 * Called once by the function that makes the page.
 */
void
ch_page_set_up (ChPage *self, ChRun *run, const ChStep *step)
{
  ChPagePrivate *priv = get_priv (self);

  g_set_object (&priv->run, run);
  priv->step = step;
}

/**
 * ch_page_set_content:
 * @content: (transfer floating): what stands on the page
 * @width: where it stops to grow
 *
 * Puts @content into the middle, with the margins all pages have.
 */
void
ch_page_set_content (ChPage *self, GtkWidget *content, int width)
{
  GtkWidget *clamp = g_object_new (ADW_TYPE_CLAMP, "maximum-size", width, "tightening-threshold",
                                   MIN (width, 400), "child", content, NULL);

  gtk_widget_set_margin_top (content, 24);
  gtk_widget_set_margin_bottom (content, 24);
  gtk_widget_set_margin_start (content, 12);
  gtk_widget_set_margin_end (content, 12);
  adw_bin_set_child (ADW_BIN (self), clamp);
}

/**
 * ch_page_set_busy:
 * @busy: whether work goes on
 *
 * Makes the page insensitive meanwhile; the focus comes back to where it was. A GtkText that becomes
 * insensitive under the focus would not be told that it has lost it.
 */
void
ch_page_set_busy (ChPage *self, gboolean busy)
{
  ChPagePrivate *priv = get_priv (self);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  g_autoptr (GtkWidget) before = NULL;

  if (priv->busy == busy)
    return;

  priv->busy = busy;
  if (busy && focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    {
      g_weak_ref_set (&priv->focus, focus);
      gtk_root_set_focus (root, NULL);
    }

  gtk_widget_set_sensitive (GTK_WIDGET (self), !busy);
  if (busy)
    return;

  before = g_weak_ref_get (&priv->focus);
  g_weak_ref_set (&priv->focus, NULL);
  if (before != NULL && focus == NULL && gtk_widget_get_mapped (before))
    gtk_widget_grab_focus (before);
}

/**
 * ch_page_get_run:
 *
 * Returns: (transfer none): the run
 */
ChRun *
ch_page_get_run (ChPage *self)
{
  return get_priv (self)->run;
}

/**
 * ch_page_get_step:
 *
 * Returns: (transfer none): the step it was made for
 */
const ChStep *
ch_page_get_step (ChPage *self)
{
  return get_priv (self)->step;
}

/**
 * ch_page_is_current:
 *
 * Returns: whether the run stands on the page’s step
 */
gboolean
ch_page_is_current (ChPage *self)
{
  return ch_run_get_step (get_priv (self)->run) == get_priv (self)->step;
}

void
ch_page_refresh (ChPage *self)
{
  g_return_if_fail (CH_IS_PAGE (self));

  CH_PAGE_GET_CLASS (self)->refresh (self);
}

gboolean
ch_page_commit (ChPage *self)
{
  g_return_val_if_fail (CH_IS_PAGE (self), FALSE);

  return CH_PAGE_GET_CLASS (self)->commit (self);
}

void
ch_page_focus (ChPage *self)
{
  g_return_if_fail (CH_IS_PAGE (self));

  CH_PAGE_GET_CLASS (self)->focus (self);
}

const char *
ch_page_get_next_label (ChPage *self)
{
  g_return_val_if_fail (CH_IS_PAGE (self), NULL);

  return CH_PAGE_GET_CLASS (self)->get_next_label (self);
}

const char *
ch_page_get_note (ChPage *self)
{
  g_return_val_if_fail (CH_IS_PAGE (self), NULL);

  return CH_PAGE_GET_CLASS (self)->get_note (self);
}

const GError *
ch_page_get_error (ChPage *self)
{
  g_return_val_if_fail (CH_IS_PAGE (self), NULL);

  return CH_PAGE_GET_CLASS (self)->get_error (self);
}

gboolean
ch_page_explains (ChPage *self, const GError *error)
{
  g_return_val_if_fail (CH_IS_PAGE (self), FALSE);

  return CH_PAGE_GET_CLASS (self)->explains (self, error);
}

/**
 * ch_page_ask_refresh:
 *
 * Something the frame shows for the page (note, error, words of a button) has changed.
 */
void
ch_page_ask_refresh (ChPage *self)
{
  g_signal_emit (self, signals[SIGNAL_REFRESH], 0);
}

/**
 * ch_page_ask_next:
 *
 * The same as pressing Next.
 */
void
ch_page_ask_next (ChPage *self)
{
  g_signal_emit (self, signals[SIGNAL_NEXT], 0);
}

/**
 * ch_page_ask_open:
 * @step: where something is to be corrected
 *
 * Opens @step, and comes back when it is done.
 */
void
ch_page_ask_open (ChPage *self, const ChStep *step)
{
  g_signal_emit (self, signals[SIGNAL_OPEN], 0, step->id);
}

/**
 * ch_page_ask_leave:
 *
 * The same as pressing the button that leads home.
 */
void
ch_page_ask_leave (ChPage *self)
{
  g_signal_emit (self, signals[SIGNAL_LEAVE], 0);
}
