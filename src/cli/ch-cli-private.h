#pragma once

#include "cli/ch-cli.h"
#include "cli/ch-cli-messages.h"
#include "front/ch-desk.h"
#include "front/ch-property.h"
#include "front/ch-scan-desk.h"
#include "wire/ch-field.h"

G_BEGIN_DECLS

typedef struct _ChCli ChCli;

/* What can be given on the command line; each command names the ones it takes.
 *   code            name               member           kind    argument       what it is */
/* clang-format off */
#define CH_CLI_OPTIONS(O) \
  O (SERVER,          "server",          server,          STRING, N_("URL"),     N_("Address of the CA’s server (or CERTHALL_SERVER)")) \
  O (TRUST,           "trust",           trust,           FILENAME, N_("FILE"),  N_("Certificate the server is trusted by (or CERTHALL_TRUST)")) \
  O (JSON,            "json",            json,            NONE,   NULL,          N_("Print one JSON object for programs")) \
  O (SHARED,          "shared",          shared,          NONE,   NULL,          N_("Many people use this PC: keep nothing, log in and out (or CERTHALL_SHARED)")) \
  O (ANSWERS,         "answers",         answers,         FILENAME, N_("FILE"),  N_("JSON object: field id → value, document id → path")) \
  O (ASK,             "ask",             ask,             STRING, N_("COMMAND"), N_("Run with a field’s id to get what is missing")) \
  O (NO_INPUT,        "no-input",        no_input,        NONE,   NULL,          N_("Never ask or wait: rest with status 75")) \
  O (PIN_FILE,        "pin-file",        pin_file,        FILENAME, N_("FILE"),  N_("The PIN or passphrase of the token")) \
  O (PASSWORD_FILE,   "password-file",   password_file,   FILENAME, N_("FILE"),  N_("The password of the account")) \
  O (ACCEPT_CONSENTS, "accept-consents", accept_consents, NONE,   NULL,          N_("You have read the agreements and accept them")) \
  O (CHANNEL,         "channel",         channel,         STRING, N_("ID"),      N_("How to pay: wechat or alipay")) \
  O (USER,            "user",            user,            STRING, N_("NAME"),    N_("User name of the account")) \
  O (STAFF,           "staff",           staff,           STRING, N_("NAME"),    N_("Log in as this member of staff")) \
  O (AS_STAFF,        "staff",           as_staff,        NONE,   NULL,          N_("The session of staff, not of the account")) \
  O (BY_SMS,          "by-sms",          by_sms,          NONE,   NULL,          N_("Do not wait after wrong passwords: a code is sent to the mobile")) \
  O (ONCE,            "once",            once,            NONE,   NULL,          N_("You came in with a one-time password")) \
  O (MOBILE,          "mobile",          mobile,          STRING, N_("NUMBER"),  N_("A mobile number")) \
  O (DOCUMENT_NUMBER, "document-number", document_number, STRING, N_("NUMBER"),  N_("Number of an identity document, or the code of a unit")) \
  O (EMAIL,           "email",           email,           STRING, N_("ADDRESS"), N_("An e-mail address; empty takes the old one away")) \
  O (NEW_PASSWORD_FILE,"new-password-file",new_password_file,FILENAME, N_("FILE"), N_("The new password of the account")) \
  O (OUT,             "out",             out,             FILENAME, N_("FILE"),  N_("Where to write; must not exist yet")) \
  O (ANCHOR,          "anchor",          anchors,         FILENAME_ARRAY, N_("FILE"), N_("Trust the CAs in it, and no others; may be repeated")) \
  O (UNTRUSTED,       "untrusted",       untrusted,       FILENAME_ARRAY, N_("FILE"), N_("Certificates of CAs that may lead to a trusted one; may be repeated")) \
  O (CRL,             "crl",             crls,            FILENAME_ARRAY, N_("FILE"), N_("Lists of revoked certificates; may be repeated")) \
  O (AT,              "at",              at,              STRING, N_("TIME"),    N_("As of this time: 2026-11-21 (it begins, UTC) or 2026-11-21T14:32:00+08:00")) \
  O (NO_REVOCATION,   "no-revocation",   no_revocation,   NONE,   NULL,          N_("Whether something was revoked is of no interest")) \
  O (POSSESSION,      "possession",      possession,      NONE,   NULL,          N_("Its key, on a token here, must sign")) \
  O (POLICY,          "policy",          policies,        STRING_ARRAY, N_("OID"), N_("A policy it may have been issued under; may be repeated")) \
  O (EXPLICIT_POLICY, "explicit-policy", explicit_policy, NONE,   NULL,          N_("It must have been issued under a policy")) \
  O (INHIBIT_MAPPING, "inhibit-mapping", inhibit_mapping, NONE,   NULL,          N_("No CA may say that another policy is the same")) \
  O (INHIBIT_ANY_POLICY, "inhibit-any-policy", inhibit_any_policy, NONE, NULL,   N_("“Any policy” counts for none")) \
  O (PROJECT,         "project",         project,         STRING, N_("ID"),      N_("The project in which it is applied for")) \
  O (OFFLINE,         "offline",         offline,         NONE,   NULL,          N_("Ask nobody elsewhere")) \
  O (REASON,          "reason",          reasons,         STRING_ARRAY, N_("FIELD=TEXT"), N_("What is to be corrected; may be repeated")) \
  O (TEXT,            "text",            text,            STRING, N_("TEXT"),    N_("Only what has this in its names and numbers")) \
  O (STATE,           "state",           state,           STRING, N_("STATE"),   N_("Only what is in this state, by its id")) \
  O (PART,            "part",            part,            STRING, N_("PART"),    N_("Only a part: turn, open, invoice or delivery")) \
  O (SORT,            "sort",            sort,            STRING, N_("SORT"),    N_("By attention, updated, created or name")) \
  O (REVERSE,         "reverse",         reverse,         NONE,   NULL,          N_("The other way round")) \
  O (LIMIT,           "limit",           limit,           STRING, N_("N"),       N_("So many rows at most")) \
  O (AFTER,           "after",           after,           STRING, N_("PLACE"),   N_("Go on where the page before ended")) \
  O (SEARCH,          "search",          search,          STRING, N_("TEXT"),    N_("Only what has these words")) \
  O (DOCUMENT,        "document",        documents,       STRING_ARRAY, N_("ID=FILE[,FILE…]"), N_("Files for a document; may be repeated")) \
  O (TOKEN,           "token",           token,           STRING, N_("TOKEN"),   N_("Log in by the certificate on this token")) \
  O (KEY,             "key",             key,             STRING, N_("KEY"),     N_("Which key of the token, as token show has it")) \
  O (NEW_PIN_FILE,    "new-pin-file",    new_pin_file,    FILENAME, N_("FILE"),  N_("The new PIN or passphrase of the token")) \
  O (FILE_PIN_FILE,   "file-pin-file",   file_pin_file,   FILENAME, N_("FILE"),  N_("The passphrase of the file that is read or written")) \
  O (CERTIFICATE,     "certificate",     certificate,     FILENAME, N_("FILE"),  N_("The certificate of the key that is imported")) \
  O (ABOUT,           "certificate",     about,           STRING, N_("SERIAL"),  N_("The certificate it is about, by its serial number")) \
  O (MOVE,            "move",            move,            NONE,   NULL,          N_("The token is to live on another PC")) \
  O (CONFIRM,         "confirm",         confirm,         STRING, N_("TOKEN"),   N_("The serial number once more: what is deleted is gone")) \
  O (CODE,            "code",            code,            STRING, N_("CODE"),    N_("The code the other PC shows after a move")) \
  O (AGAIN,           "again",           again,           NONE,   NULL,          N_("Its key is out of reach: another certificate is issued")) \
  O (PHONE,           "phone",           phone,           NONE,   NULL,          N_("Log in by a phone: a code is shown for its camera")) \
  O (MEDIUM,          "medium",          medium,          STRING, N_("SERIAL"),  N_("Serial number of the USB key that is made; wipes one that is not blank")) \
  O (ON_MEDIUM,       "medium",          on_medium,       STRING, N_("SERIAL"),  N_("The USB key it is done on, where several are plugged in")) \
  O (PIN_BY_SMS,      "pin-by-sms",      pin_by_sms,      NONE,   NULL,          N_("The first PIN goes to the handler by SMS, not in a letter")) \
  O (REPORT,          "report",          report,          FILENAME, N_("FILE"),  N_("Write the report there too; JSON if it ends in .json, a page if in .html")) \
  O (ONLY,            "only",            only,            STRING_ARRAY, N_("ID"), N_("Only this check, and what it depends on; may be repeated")) \
  O (HTML,            "html",            html,            FILENAME, N_("FILE"),  N_("Write the report there as a page to be read and printed")) \
  O (AS_TEXT,         "text",            as_text,         NONE,   NULL,          N_("Print the report for people, also after --html")) \
  O (EXPLAIN,         "explain",         explain,         STRING, N_("CODE"),    N_("Tell what a code of a report means, or the id of an error"))
/* clang-format on */

typedef enum
{
#define O(code, name, member, kind, argument, text) CH_CLI_OPTION_##code,
  CH_CLI_OPTIONS (O)
#undef O
      CH_N_CLI_OPTIONS
} ChCliOption;

#define CH_CLI_TAKES(code) (G_GUINT64_CONSTANT (1) << CH_CLI_OPTION_##code)

/* What every list takes */
#define CH_CLI_TAKES_LIST                                                                                    \
  (CH_CLI_TAKES (TEXT) | CH_CLI_TAKES (STATE) | CH_CLI_TAKES (PART) | CH_CLI_TAKES (SORT)                    \
   | CH_CLI_TAKES (REVERSE) | CH_CLI_TAKES (LIMIT) | CH_CLI_TAKES (AFTER))
#define CH_CLI_ABOUT_LISTS                                                                                   \
  N_ ("A page at a time: what is printed at its end goes on with the next one. Blanks, capitals and wide "   \
      "letters make no difference to --text.")

typedef struct
{
  char *server;
  char *trust;
  gboolean json;
  gboolean shared;
  char *answers;
  char *ask;
  gboolean no_input;
  char *pin_file;
  char *password_file;
  gboolean accept_consents;
  char *channel;
  char *user;
  char *staff;
  gboolean as_staff;
  gboolean by_sms;
  gboolean once;
  char *mobile;
  char *document_number;
  char *email;
  char *new_password_file;
  char *out;
  GStrv anchors;
  GStrv untrusted;
  GStrv crls;
  char *at;
  char *project;
  gboolean no_revocation;
  gboolean possession;
  GStrv policies;
  gboolean explicit_policy;
  gboolean inhibit_mapping;
  gboolean inhibit_any_policy;
  gboolean offline;
  GStrv reasons;
  char *text;
  char *state;
  char *part;
  char *sort;
  gboolean reverse;
  char *limit;
  char *after;
  char *search;
  GStrv documents;
  char *token;
  char *key;
  char *new_pin_file;
  char *file_pin_file;
  char *certificate;
  char *about;
  gboolean move;
  char *confirm;
  char *code;
  gboolean again;
  gboolean phone;
  char *medium;
  char *on_medium;
  gboolean pin_by_sms;
  char *report;
  char **only;
  char *html;
  gboolean as_text;
  char *explain;
} ChCliGiven;

/* Whom a command talks to */
typedef enum
{
  CH_CLI_ALONE,   /* nobody */
  CH_CLI_HERE,    /* nobody, but what is kept on this PC for the server is needed */
  CH_CLI_EITHER,  /* the server, when there is one and it is not said whom to trust instead */
  CH_CLI_ANYBODY, /* the server */
  CH_CLI_MEMBER,  /* the server, with a session */
  CH_CLI_STAFF,   /* the server, with a session of staff */
} ChCliNeeds;

/* Runs one command: its exit status; with @error set, the error’s */
typedef int (*ChCliFunc) (ChCli *cli, const char *const *args, GError **error);

typedef struct
{
  const char *topic;
  const char *verb;      /* NULL: the topic is the command */
  const char *arguments; /* (nullable) untranslated, as shown in --help */
  const char *summary;   /* untranslated */
  const char *about;     /* (nullable) untranslated: more of it */
  guint64 takes;         /* bits of CH_CLI_TAKES() beside --server, --trust and --json */
  guint n_args;          /* how many it must have */
  gboolean takes_more;   /* or more of the last kind */
  ChCliNeeds needs;
  ChCliFunc run;
} ChCliCommand;

extern const ChCliCommand ch_cli_account_commands[], ch_cli_care_commands[], ch_cli_flow_commands[],
    ch_cli_token_commands[], ch_cli_token_care_commands[], ch_cli_cert_commands[],
    ch_cli_application_commands[], ch_cli_list_commands[], ch_cli_afterwards_commands[],
    ch_cli_staff_commands[], ch_cli_refund_commands[], ch_cli_check_commands[], ch_cli_documents_commands[],
    ch_cli_project_commands[], ch_cli_ca_commands[], ch_cli_entry_commands[], ch_cli_lookup_commands[],
    ch_cli_phone_commands[], ch_cli_batch_commands[], ch_cli_remind_commands[];

struct _ChCli
{
  ChCliGiven given;
  ChDesk *desk;           /* (owned) (nullable): until the ports are made */
  GHashTable *answers;    /* (owned) (nullable): what is left of the answers file */
  char *answers_dir;      /* (owned) (nullable): where its paths begin */
  GAsyncResult *result;   /* (owned) (nullable): of the call that is waited for */
  GTlsInteraction *asker; /* (owned) */
  gboolean is_passing;    /* logs in for one command only, and says nothing of it to programs */
};

/* ch-cli.c: waiting and telling */
void ch_cli_on_result_cb (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *ch_cli_wait (ChCli *self);
gpointer ch_cli_call (ChCli *self,
                      const ChRoute *route,
                      const char *const *args,
                      gconstpointer request,
                      GError **error);
ChPorts *ch_cli_get_ports (ChCli *self);
void ch_cli_say (ChCli *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
const char *ch_cli_get_label (ChCli *self, const char *field);
void ch_cli_print_json (const ChWireType *type, gconstpointer message);
void ch_cli_print_rows (GPtrArray *rows);
void ch_cli_print_properties (GPtrArray *properties);

/* ch-cli.c: the tables, for those who write about them */
const ChCliCommand *const *ch_cli_get_topics (guint *n_topics);
const GOptionEntry *ch_cli_get_option (ChCliOption option);
gboolean ch_cli_command_takes (const ChCliCommand *command, ChCliOption option);

/* ch-cli-ask.c: where values come from */
gboolean ch_cli_load_answers (ChCli *self, GError **error);
gboolean ch_cli_can_ask (ChCli *self);
gboolean ch_cli_is_interactive (ChCli *self);
char *ch_cli_ask_text (ChCli *self, const char *field, const char *prompt);
ChSecret *ch_cli_ask_secret (ChCli *self, const char *field, const char *prompt, gboolean twice);
gboolean ch_cli_ask_yes (ChCli *self, const char *question);
ChSecret *ch_cli_read_secret_file (const char *path, GError **error);
GError *ch_cli_new_resting (const char *field);

/* ch-cli-asker.c */
GTlsInteraction *ch_cli_asker_new (ChCli *cli);

/* cli-token.c */
ChTokenHub *ch_cli_settle_hub (ChCli *cli);
ChToken *ch_cli_find_token (ChCli *cli, const char *serial, GError **error);

/* cli-phone.c */
gboolean ch_cli_scan (ChCli *cli, ChScanPurpose purpose, const char *application, GError **error);
int ch_cli_login_by_phone (ChCli *cli, GError **error);

/* ch-cli-qr.c */
char *ch_cli_draw_qr (const char *text);

/* The cells of an item of a list: (transfer full) */
typedef GStrv (*ChCliRowFunc) (gconstpointer item);

/* cli-account.c */
gboolean ch_cli_collect_answers (ChCli *cli, const ChForm *form, GHashTable *answers, GError **error);

/* cli-care.c */
ChSecret *ch_cli_ask_code (ChCli *cli, const char *mobile, ChSmsPurpose purpose, GError **error);

/* cli-lists.c */
ChListQuery *ch_cli_make_query (ChCli *cli, GError **error);
gpointer ch_cli_call_list (ChCli *cli, const ChRoute *route, GError **error);
void ch_cli_say_more (ChCli *cli, const char *next);
int ch_cli_print_list (ChCli *cli,
                       const ChWireType *type,
                       gconstpointer list,
                       GPtrArray *items,
                       const char *next,
                       ChCliRowFunc make_row);
void ch_cli_add_refunds (GPtrArray *properties, GPtrArray *refunds);

/* cli-cert.c */
GPtrArray *ch_cli_list_cert_items (ChCli *cli);
GBytes *ch_cli_find_on_tokens (ChCli *cli, const char *serial);

/* cli-verify.c */
int ch_cli_run_verify (ChCli *cli, const char *const *args, GError **error);

/* cli-account.c */
gboolean ch_cli_log_in (ChCli *cli, GError **error);
void ch_cli_log_out (ChCli *cli);

/* cli-documents.c */
GPtrArray *ch_cli_make_papers (ChCli *self, const char *text);
const char *ch_cli_find_document (ChCli *self, const char *document);
gboolean ch_cli_check_documents (ChCli *self, const ChAxes *axes, GError **error);
gboolean ch_cli_save_document (const char *path, GBytes *bytes, GError **error);
int ch_cli_get_document (ChCli *self, const char *application, const char *document, GError **error);

/* cli-application.c */
int ch_cli_get_receipt (ChCli *cli, const char *application, GError **error);

/* cli-run.c */
int ch_cli_flow_run (ChCli *cli, const char *const *args, GError **error);
int ch_cli_token_unlock (ChCli *cli, const char *const *args, GError **error);
int ch_cli_download_by_code (ChCli *cli, const char *const *args, GError **error);
int ch_cli_make (ChCli *cli, const char *const *args, GError **error);
int ch_cli_flow_resume (ChCli *cli, const char *const *args, GError **error);

G_END_DECLS
