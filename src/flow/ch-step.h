#pragma once

#include "flow/ch-attachment.h"
#include "wire/ch-field.h"

G_BEGIN_DECLS

typedef struct _ChRun ChRun;
typedef struct _ChStep ChStep;

/* The kind of page a step is shown on; the window has one widget for each, the terminal one way of asking */
typedef enum
{
  CH_PAGE_PICK,      /* choose from few things: project */
  CH_PAGE_FORM,      /* fields */
  CH_PAGE_DOCUMENTS, /* files */
  CH_PAGE_CONFIRM,   /* look once more, then hand in */
  CH_PAGE_PAY,       /* QR code */
  CH_PAGE_WAIT,      /* somebody else is at work: the run rests */
  CH_PAGE_WORK,      /* the program is at work: stages with progress */
  CH_PAGE_SCAN,      /* a code for a phone, which does the rest: the run rests */
  CH_PAGE_RESULT,    /* done */
} ChPageKind;

typedef enum
{
  CH_STEP_PLAIN = 0,
  CH_STEP_AUTO = 1 << 0,      /* runs by itself when it is reached; Back passes over it */
  CH_STEP_NO_RETURN = 1 << 1, /* once done there is no going back */
  CH_STEP_POLLS = 1 << 2,     /* while it rests or is shown, its work is tried again every few seconds */
} ChStepFlags;

/* How the work of a step ended; a failure is an error */
typedef enum
{
  CH_STEP_DONE,
  CH_STEP_REST, /* something outside is still awaited: the run rests here */
} ChStepOutcome;

/* One step of a business: a constant. Functions run in the main context of the run. */
struct _ChStep
{
  const char *id;
  const char *title; /* untranslated; of AUTO steps: the name of a stage */
  const char *lead;  /* untranslated, (nullable): one sentence under the title */
  const char *deed;  /* untranslated, (nullable): of CONFIRM pages: what is confirmed; NULL: handing in */
  ChPageKind page;
  ChFact needs;
  ChFact gives;
  ChStepFlags flags;
  const ChForm *form; /* (nullable): the fields asked for here */

  gboolean (*applies) (const ChAxes *axes, const ChProfile *profile); /* NULL: to every flow */
  gboolean (*wanted) (ChRun *run); /* NULL: always; FALSE: passed over, its facts hold already */
  gboolean (*check) (ChRun *run, GError **error); /* NULL: nothing to check before the work */
  void (*work) (ChRun *run,
                GTask *task);    /* NULL: no work; @task (transfer full) returns a ChStepOutcome as int */
  char *(*explain) (ChRun *run); /* NULL: @lead says it all; else (transfer full): more to know here */
  void (*again) (ChRun *run,
                 GTask *task); /* NULL: not offered; has the code that is asked for sent once more */
  void (*lost) (ChRun *run);   /* NULL: nothing; called when the facts given here were withdrawn */
  void (*attach) (ChRun *run,
                  ChAttachment *attachment); /* DOCUMENTS only: begins the upload of a chosen file */
};

G_END_DECLS
