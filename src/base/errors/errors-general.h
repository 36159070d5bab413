#pragma once

/* clang-format off */
/*   code               id                    headline                                    what to do                                                     offer          exit  HTTP */
#define CH_ERRORS_GENERAL(E) \
  E (CANCELLED,         "cancelled",          N_("Cancelled"),                            N_("Nothing was changed."),                                         NONE,          2,  400) \
  E (INVALID_INPUT,     "invalid-input",      N_("Something is filled in wrong"),         N_("Correct the marked fields and go on."),                         BACK,          3,  422) \
  E (BAD_ANSWER,        "bad-answer",         N_("The answer could not be understood"),   N_("Your data is unchanged. Tell support the error id."),           CONTACT,       4,  400) \
  E (SERVER_UNREACHABLE,"server-unreachable", N_("No connection to the server"),          N_("What you filled in is kept on this PC. Go on when the network is back."), CHECK_NETWORK, 5, 503) \
  E (TIMED_OUT,         "timed-out",          N_("The server took too long"),             N_("Try again; nothing is done twice."),                            RETRY,         5,  504) \
  E (SERVER_IDENTITY,   "server-identity",    N_("This is not the CA’s server"),          N_("Something between this PC and the CA replaces its certificate. Run the environment check."), CHECK_NETWORK, 13, 502) \
  E (INTERNAL,          "internal",           N_("It did not work"),                      N_("Your data is unchanged. Tell support the error id."),           CONTACT,       70, 500) \
  E (BUSY,              "busy",               N_("The server is busy"),                   N_("Wait a moment, then try again."),                               RETRY,         11, 503) \
  E (TOO_OFTEN,         "too-often",          N_("Too many attempts"),                    N_("Wait a little, then try again."),                               RETRY,         12, 429) \
  E (TOO_LARGE,         "too-large",          N_("That is too large"),                    N_("Choose a smaller file."),                                       BACK,          3,  413) \
  E (NOT_FOUND,         "not-found",          N_("It does not exist"),                    N_("It may belong to another account. Refresh the list."),          BACK,          14, 404) \
  E (CONFLICT,          "conflict",           N_("It has been changed elsewhere"),        N_("The newest state was loaded. Look at it, then go on."),         RETRY,         15, 409) \
  E (KEY_REUSED,        "key-reused",         N_("The request contradicts an earlier one"), N_("Start the business again."),                                  RETRY,         15, 409) \
  E (NO_SPACE,          "no-space",           N_("The disk is full"),                     N_("Free some space, then try again. Nothing was lost."),           RETRY,         16, 507) \
  E (FILE,              "file",               N_("The file cannot be used"),              N_("Check the file and its permissions, or choose another."),       BACK,          17, 500) \
  E (RESTING,           "resting",            N_("Something is still needed"),            N_("Go on when it is there; nothing is lost."),                     NONE,          75, 409) \
  E (USAGE,             "usage",              N_("The command was not understood"),       N_("See --help."),                                                  NONE,          64, 400)
/* clang-format on */
