#pragma once

#include "base/ch-error.h"
#include "envcheck/findings-card.h"
#include "envcheck/findings-network.h"
#include "envcheck/findings-pc.h"
#include "wire/ch-wire.h"

G_BEGIN_DECLS

#ifndef N_
#define N_(s) (s)
#endif

/* How a check stands. Ids are for ever: report, terminal and tests say them. */
/* clang-format off */
#define CH_CHECK_STATES(X) \
  X (WAITING,        "waiting",        N_("Waiting")) \
  X (RUNNING,        "running",        N_("Checking")) \
  X (PASSED,         "passed",         N_("Passed")) \
  X (WARNING,        "warning",        N_("Note")) \
  X (FAILED,         "failed",         N_("Failed")) \
  X (NOT_APPLICABLE, "not-applicable", N_("Not applicable")) \
  X (NOT_RUN,        "not-run",        N_("Not run"))

/* What the program can do about a finding, by one button: id, label, what is said before it is done */
#define CH_CHECK_ACTIONS(X) \
  X (NONE,               "none",               "", "") \
  X (START_CARD_SERVICE, "start-card-service", N_("Start the smart-card service"), N_("The system is asked to start the smart-card service (pcscd). It asks for the password of an administrator; this program does not see it.")) \
  X (COPY_COMMAND,       "copy-command",       N_("Copy the command"), N_("A command for the administrator of this PC is copied; nothing is run. It is:")) \
  X (OPEN_PLACE,         "open-place",         N_("Open the folder"), N_("The folder is opened in the file manager; nothing is changed. It is:")) \
  X (SET_PROXY,          "set-proxy",          N_("Set the proxy…"), N_("Through which proxy should the program reach the CA? It holds for this program alone. Leave it empty to go as the system’s settings say.")) \
  X (UNLOCK,             "unlock",             N_("Unlock the PIN…"), N_("Your certificates are opened in the main window. Choose the key there; an SMS code is sent only when you ask for it.")) \
  X (RENEW,              "renew",              N_("Renew…"), N_("Your certificates are opened in the main window. Nothing is paid or changed before you choose there.")) \
  X (OPEN_PAGE,          "open-page",          N_("Open the browser"), N_("The browser opens a page, so that the network can ask you to log in. The address is:")) \
  X (USE_ENTRY,          "use-entry",          N_("Use another entry"), N_("The program goes through another address of the CA, until you choose again in the preferences. It leads to the same account. It is:"))
/* clang-format on */

#define X(code, id, title) CH_CHECK_##code,
typedef enum
{
  CH_CHECK_STATES (X) CH_N_CHECK_STATES
} ChCheckState;
#undef X
#define X(code, id, label, told) CH_CHECK_ACTION_##code,
typedef enum
{
  CH_CHECK_ACTIONS (X) CH_N_CHECK_ACTIONS
} ChCheckAction;
#undef X

extern const ChWireEnum ChCheckState_enum, ChCheckAction_enum;

/* Every finding there is that wants something of somebody: kept per topic, joined here. Numbers are for ever.
 */
#define CH_FINDINGS(F)                                                                                       \
  CH_FINDINGS_RUN (F)                                                                                        \
  CH_FINDINGS_CARD (F)                                                                                       \
  CH_FINDINGS_MODULE (F)                                                                                     \
  CH_FINDINGS_KEY (F)                                                                                        \
  CH_FINDINGS_SOFT (F)                                                                                       \
  CH_FINDINGS_PC (F)                                                                                         \
  CH_FINDINGS_NETWORK (F)

#define F(code, number, check, state, error, action, command, title, meaning, cause, todo) CH_FINDING_##code,
typedef enum
{
  CH_FINDINGS (F) CH_N_FINDINGS,
  CH_FINDING_NONE = CH_N_FINDINGS
} ChFindingCode;
#undef F

typedef struct
{
  const char *name;   /* as in the table, for tests */
  guint number;       /* three digits, to be read out */
  const char *check;  /* id of the check that finds it; empty: any */
  ChCheckState state; /* failed or warning */
  ChErrorCode error;  /* what the program would meet because of it */
  ChCheckAction action;
  const char *command; /* (nullable): for the administrator */
  const char *title;   /* untranslated, as all that follow */
  const char *meaning;
  const char *cause;
  const char *todo;
} ChFinding;

const ChFinding *ch_finding_get (ChFindingCode code);
const ChFinding *ch_finding_find (guint number);
const char *ch_check_state_get_word (ChCheckState state);
gboolean ch_check_state_is_final (ChCheckState state);
const char *ch_check_action_get_label (ChCheckAction action);
const char *ch_check_action_get_told (ChCheckAction action);

G_END_DECLS
