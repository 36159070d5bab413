#include "config.h"

#include "ui/ch-confirm-page.h"
#include "ui/ch-documents-page.h"
#include "ui/ch-form-page.h"
#include "ui/ch-loading-page.h"
#include "ui/ch-outline.h"
#include "ui/ch-pages.h"
#include "ui/ch-pay-page.h"
#include "ui/ch-refused-page.h"
#include "ui/ch-result-page.h"
#include "ui/ch-scan-page.h"
#include "ui/ch-wait-page.h"
#include "ui/ch-work-page.h"

typedef struct
{
  GType (*get_type) (void);
  GtkWidget *(*create) (ChRun *run, const ChStep *step);
} PageClass;

static const PageClass page_classes[] = {
  [CH_PAGE_PICK] = { ch_form_page_get_type, ch_form_page_new },
  [CH_PAGE_FORM] = { ch_form_page_get_type, ch_form_page_new },
  [CH_PAGE_DOCUMENTS] = { ch_documents_page_get_type, ch_documents_page_new },
  [CH_PAGE_CONFIRM] = { ch_confirm_page_get_type, ch_confirm_page_new },
  [CH_PAGE_PAY] = { ch_pay_page_get_type, ch_pay_page_new },
  [CH_PAGE_WAIT] = { ch_wait_page_get_type, ch_wait_page_new },
  [CH_PAGE_WORK] = { ch_work_page_get_type, ch_work_page_new },
  [CH_PAGE_SCAN] = { ch_scan_page_get_type, ch_scan_page_new },
  [CH_PAGE_RESULT] = { ch_result_page_get_type, ch_result_page_new },
};
static const PageClass loading = { ch_loading_page_get_type, ch_loading_page_new };
static const PageClass refused = { ch_refused_page_get_type, ch_refused_page_new };

static const PageClass *
pick_class (ChRun *run, const ChOutlineEntry *entry, const ChStep *step, const ChStep *mending)
{
  const ChApplication *application = ch_run_get_application (run);

  if ((step->flags & CH_STEP_AUTO) != 0)
    return entry->works ? &page_classes[CH_PAGE_WORK] : NULL;
  if (application != NULL && application->state == CH_APPLICATION_REFUSED && step != mending)
    return &refused;
  return &page_classes[step->page];
}

/**
 * ch_pages_make:
 * @run: a run
 * @outline: its steps as the user sees them
 * @mending: (nullable): the step the user opened to correct what was refused
 * @current: (nullable): the page shown now
 *
 * Makes the page that shows where @run stands. While short work goes on that is not worth a page, the one
 * before it stays.
 *
 * Returns: (transfer floating) (nullable): the page; %NULL when @current shows it
 */
GtkWidget *
ch_pages_make (ChRun *run, GPtrArray *outline, const ChStep *mending, ChPage *current)
{
  const ChStep *step = ch_run_get_step (run);
  const ChOutlineEntry *entry = ch_outline_find (outline, step);
  const PageClass *chosen;

  /* Past the last step its page stays; a run that was over before shows it too */
  if (step == NULL)
    {
      if (current != NULL || entry == NULL)
        return NULL;
      step = entry->main;
    }

  chosen = pick_class (run, entry, step, mending);
  if (chosen == NULL && current == NULL)
    chosen = &loading;
  if (chosen == NULL)
    return NULL;

  if (current != NULL && G_OBJECT_TYPE (current) == chosen->get_type ()
      && (ch_page_get_step (current) == step || chosen == &refused || chosen == &loading
          || g_ptr_array_find (entry->steps, ch_page_get_step (current), NULL)))
    return NULL;
  return chosen->create (run, step);
}
