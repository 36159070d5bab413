#include "config.h"

#include "fault-world.h"

#include <elf.h>
#include <glib/gstdio.h>
#include <p11-kit/pkcs11.h>
#include <string.h>

#include "base/ch-clock.h"
#include "base/ch-proxy.h"
#include "pki/ch-cert.h"

/* Each fault made for real on a PC that is well otherwise, and what the check says of it: what is found, by
 * which check. No two faults say the same and offer the same. */

#define WELL      (CKF_LOGIN_REQUIRED | CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED)
#define FORBIDDEN 0x8010006a
#define CERT      "[object 1]\nCKA_CLASS=ulong:1\nCKA_TOKEN=hex:01\nCKA_ID=hex:0102\nCKA_VALUE=hex:%s\n"
#define KEY       "[object 2]\nCKA_CLASS=ulong:2\nCKA_TOKEN=hex:01\nCKA_ID=hex:%s\nCKA_EC_POINT=hex:0440%s\n"

static char *socket_path, *bad_module, *plain_driver;

typedef struct
{
  const char *name;
  void (*make) (FaultWorld *world);
  const char *id; /* of the row that tells of it */
  ChFindingCode finding;
  ChCheckState state;   /* if another than the finding’s */
  ChCheckAction action; /* likewise */
} Fault;

/* -- The smart-card service ---------------------------------------------------------------------------- */

static void
make_service_absent (FaultWorld *world)
{
  fault_world_set_service (world, NULL);
  ch_check_context_set_root (fault_world_get_context (world), "/nonexistent");
}

static void
make_service_stopped (FaultWorld *world)
{
  fault_world_set_service (world, NULL);
}

static void
make_service_hanging (FaultWorld *world)
{
  fault_world_set_service (world, NULL);
  world->service = fake_pcscd_new_silent (socket_path);
  world->time_limit = 100;
}

static void
make_service_refusing (FaultWorld *world)
{
  fault_world_set_service (world, NULL);
  world->service = fake_pcscd_new (socket_path, FORBIDDEN, NULL);
}

static void
make_sandboxed (FaultWorld *world)
{
  ChCheckContext *context = fault_world_get_context (world);

  fault_world_set_service (world, NULL);
  check_write (context->root, ".flatpak-info", "", 0644);
}

static void
make_no_reader (FaultWorld *world)
{
  static const char *const none[] = { NULL };

  fault_world_set_service (world, NULL);
  world->service = fake_pcscd_new (socket_path, 0, none);
}

static void
make_undriven (FaultWorld *world)
{
  ChCheckContext *context = fault_world_get_context (world);

  make_no_reader (world);
  check_write (context->root, "sys/bus/usb/devices/3-1/idVendor", "096e\n", 0644);
  check_write (context->root, "sys/bus/usb/devices/3-1/product", "ePass 2003\n", 0644);
  check_write (context->root, "sys/bus/usb/devices/3-1:1.0/bInterfaceClass", "0b\n", 0644);
}

static void
make_no_card (FaultWorld *world)
{
  fake_pcscd_set_cards (world->service, FAKE_PCSCD_EMPTY);
}

static void
make_mute_card (FaultWorld *world)
{
  fake_pcscd_set_cards (world->service, FAKE_PCSCD_MUTE);
}

static void
make_unknown_card (FaultWorld *world)
{
  fault_world_add_module (world, "driver", plain_driver);
}

/* -- Drivers ------------------------------------------------------------------------------------------- */

static void
make_no_driver (FaultWorld *world)
{
  fault_world_get_context (world);
}

static void
make_unreadable_setting (FaultWorld *world)
{
  fault_world_add_module (world, "driver", plain_driver);
  check_write (world->dir, "modules/empty.module", "# nothing\n", 0644);
}

static void
make_driver_missing (FaultWorld *world)
{
  fault_world_add_module (world, "driver", "/nonexistent/libvendor.so");
}

/* The driver itself, with something in its file changed */
static void
copy_driver (FaultWorld *world, void (*change) (char *data, gsize len))
{
  g_autofree char *path = g_build_filename (world->dir, "changed.so", NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (bad_module, &data, &len, &error));
  change (data, len);
  g_assert_true (g_file_set_contents (path, data, len, &error));
  fault_world_add_module (world, "driver", path);
}

static void
change_kind (char *data, gsize len)
{
  data[EI_CLASS] = data[EI_CLASS] == ELFCLASS64 ? ELFCLASS32 : ELFCLASS64;
}

/* A library nobody has, in the place of one everybody has */
static void
change_needed (char *data, gsize len)
{
  char *name = memmem (data, len, "libcrypto.so", strlen ("libcrypto.so"));

  g_assert_nonnull (name);
  memcpy (name, "libqqqqqq.so", strlen ("libqqqqqq.so"));
}

static void
make_driver_of_other_pc (FaultWorld *world)
{
  copy_driver (world, change_kind);
}

static void
make_library_missing (FaultWorld *world)
{
  copy_driver (world, change_needed);
}

static void
make_no_library (FaultWorld *world)
{
  g_autofree char *path = g_build_filename (world->dir, "text.so", NULL);

  check_write (world->dir, "text.so",
               "this is a text, and longer than the head of a library is at any time\n", 0644);
  fault_world_add_module (world, "driver", path);
}

static void
make_driver_hanging (FaultWorld *world)
{
  fault_world_break_module (world, "C_Initialize=hang");
  world->time_limit = 300;
}

static void
make_driver_crashing (FaultWorld *world)
{
  fault_world_break_module (world, "C_Initialize=crash");
}

static void
make_driver_refusing (FaultWorld *world)
{
  fault_world_break_module (world, "C_Initialize=fail:30");
}

/* -- Keys ---------------------------------------------------------------------------------------------- */

static void
make_blank (FaultWorld *world)
{
  fault_world_set_token (world, CKF_LOGIN_REQUIRED, NULL);
}

static void
make_locked (FaultWorld *world)
{
  fault_world_set_token (world, WELL | CKF_USER_PIN_LOCKED, NULL);
}

static void
make_last_try (FaultWorld *world)
{
  fault_world_set_token (world, WELL | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_COUNT_LOW, NULL);
}

static void
make_low (FaultWorld *world)
{
  fault_world_set_token (world, WELL | CKF_USER_PIN_COUNT_LOW, NULL);
}

static void
make_no_pin (FaultWorld *world)
{
  fault_world_set_token (world, CKF_LOGIN_REQUIRED | CKF_TOKEN_INITIALIZED, NULL);
}

/* A certificate, and the key with @id; of the certificate unless @is_other */
static void
set_cert (FaultWorld *world, WorldCertificate kind, const char *id, gboolean is_other)
{
  g_autofree char *point = NULL;
  g_autofree char *other = NULL;
  g_autofree char *cert = fault_world_make_cert (kind, &point);
  g_autofree char *unused = fault_world_make_cert (kind, &other);
  g_autofree char *objects = g_strdup_printf (CERT KEY, cert, id, is_other ? other : point);

  fault_world_set_token (world, WELL, objects);
}

static void
make_no_certificate (FaultWorld *world)
{
  g_autofree char *objects = g_strdup_printf (KEY, "0102", "0a0b0c");

  fault_world_set_token (world, WELL, objects);
}

static void
make_damaged (FaultWorld *world)
{
  g_autofree char *objects = g_strdup_printf (CERT KEY, "3082ffff", "0102", "0a0b0c");

  fault_world_set_token (world, WELL, objects);
}

static void
make_without_key (FaultWorld *world)
{
  set_cert (world, CERTIFICATE_RIGHT, "0304", TRUE);
}

static void
make_foreign_key (FaultWorld *world)
{
  set_cert (world, CERTIFICATE_RIGHT, "0102", TRUE);
}

static void
make_expired_key (FaultWorld *world)
{
  set_cert (world, CERTIFICATE_EXPIRED, "0102", FALSE);
}

static void
make_ending_key (FaultWorld *world)
{
  set_cert (world, CERTIFICATE_RIGHT, "0102", FALSE);
}

static void
make_future_key (FaultWorld *world)
{
  set_cert (world, CERTIFICATE_FUTURE, "0102", FALSE);
}

/* -- This PC ------------------------------------------------------------------------------------------- */

static void
make_no_font (FaultWorld *world)
{
  g_autofree char *file = g_build_filename (world->dir, "fonts.conf", NULL);
  g_autofree char *text
      = g_strdup_printf ("<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n"
                         "<fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>\n",
                         world->dir, world->dir);

  check_write (world->dir, "fonts.conf", text, 0644);
  g_setenv ("FONTCONFIG_FILE", file, TRUE);
}

static void
make_unwritable (FaultWorld *world)
{
  ch_check_context_set_data_dir (fault_world_get_context (world), "/proc/certhall/data");
}

static void
make_little_memory (FaultWorld *world)
{
  ChCheckContext *context = fault_world_get_context (world);

  check_write (context->root, "proc/meminfo", "MemTotal:        2000000 kB\nMemAvailable:      50000 kB\n",
               0644);
}

static void
make_no_input (FaultWorld *world)
{
  ChCheckContext *context = fault_world_get_context (world);
  g_autofree char *path = g_build_filename (context->root, "usr/bin/ibus-daemon", NULL);

  g_unlink (path);
}

static void
make_soft_damaged (FaultWorld *world)
{
  check_write (world->dir, "data/tokens/5303201812011331.token", "Certhall software token 1\nSerial: 53",
               0600);
}

/* A folder in its place: nobody can read that, not even root */
static void
make_soft_unreadable (FaultWorld *world)
{
  check_write (world->dir, "data/tokens/5303201812011331.token/x", "", 0600);
}

static void
make_soft_open (FaultWorld *world)
{
  static const char body[] = "Certhall software token 1\nSerial: 5303201812011331\n";
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, -1);
  g_autofree char *text = g_strdup_printf ("%sChecksum: %s\n", body, sum);

  check_write (world->dir, "data/tokens/5303201812011331.token", text, 0644);
}

static void
add_soft_token (FaultWorld *world)
{
  g_autofree char *path = g_build_filename (world->dir, "data", "tokens", "5303201812011331.token", NULL);

  make_soft_open (world);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
}

/* Who has no USB key misses nothing of what one needs */
static void
make_soft_without_service (FaultWorld *world)
{
  make_service_stopped (world);
  add_soft_token (world);
}

static void
make_soft_without_driver (FaultWorld *world)
{
  make_no_driver (world);
  add_soft_token (world);
}

static void
make_clock_impossible (FaultWorld *world)
{
  fault_world_get_context (world)->now = CH_RELEASE_TIME - 1000 * 24 * 3600;
}

/* -- The network --------------------------------------------------------------------------------------- */

static char *
answer_time (const char *head, gconstpointer data)
{
  int shift = data != NULL ? *(const int *) data : 0;
  g_autofree char *now = ch_clock_format (g_get_real_time () / G_USEC_PER_SEC + shift);
  g_autofree char *body = g_strdup_printf ("{\"now\":\"%s\"}", now);

  return g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %u\r\nConnection: close\r\n\r\n%s",
                          (guint) strlen (body), body);
}

static char *
answer_newer (const char *head, gconstpointer data)
{
  return g_strdup ("HTTP/1.1 200 OK\r\nContent-Length: 54\r\nConnection: close\r\n\r\n"
                   "{\"now\":\"2026-11-21T00:00:00Z\",\"oldest-program\":\"99.0\"}");
}

static char *
answer_page (const char *head, gconstpointer data)
{
  return g_strdup ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n"
                   "Connection: close\r\n\r\n<html></html>");
}

static void
make_clock_off (FaultWorld *world)
{
  static const int shift = 600;

  fault_world_set_entry (world, fault_world_serve (world, CERTIFICATE_RIGHT, answer_time, &shift));
}

static void
make_clock_far (FaultWorld *world)
{
  static const int shift = 3 * 365 * 24 * 3600;

  fault_world_set_entry (world, fault_world_serve (world, CERTIFICATE_IN_YEARS, answer_time, &shift));
}

static void
make_program_old (FaultWorld *world)
{
  fault_world_set_entry (world, fault_world_serve (world, CERTIFICATE_RIGHT, answer_newer, NULL));
}

static void
make_name_unknown (FaultWorld *world)
{
  fault_world_set_entry (world, "https://no-such-host.invalid");
}

/* A port that was free a moment ago */
static char *
find_closed_url (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  return g_strdup_printf ("https://127.0.0.1:%d", port);
}

static void
make_refused (FaultWorld *world)
{
  g_autofree char *url = find_closed_url ();

  fault_world_set_entry (world, url);
}

static void
make_one_refused (FaultWorld *world)
{
  make_refused (world);
  fault_world_set_entry (world, fault_world_serve (world, CERTIFICATE_RIGHT, answer_time, NULL));
}

/* The one the program goes through, so that there is something to do about it */
static void
make_used_refused (FaultWorld *world)
{
  ChCheckContext *context;

  make_one_refused (world);
  context = fault_world_get_context (world);
  ((ChCheckEntry *) context->entries->pdata[0])->is_in_use = TRUE;
}

static void
make_unknown_ca (FaultWorld *world)
{
  fault_world_set_entry (world, fault_world_serve (world, CERTIFICATE_OTHER_ANCHOR, answer_time, NULL));
}

static void
make_expired (FaultWorld *world)
{
  fault_world_set_entry (world, fault_world_serve (world, CERTIFICATE_EXPIRED, answer_time, NULL));
}

static void
make_other_host (FaultWorld *world)
{
  fault_world_set_entry (world, fault_world_serve (world, CERTIFICATE_OTHER_HOST, answer_time, NULL));
}

static void
make_other_service (FaultWorld *world)
{
  fault_world_set_entry (world, fault_world_serve (world, CERTIFICATE_RIGHT, answer_page, NULL));
}

static void
make_proxy_password (FaultWorld *world)
{
  g_autofree char *proxy = fault_world_serve_plain (world, "HTTP/1.1 407 Proxy Authentication Required\r\n"
                                                           "Proxy-Authenticate: Basic realm=\"office\"\r\n"
                                                           "Content-Length: 0\r\nConnection: close\r\n\r\n");

  g_assert_true (ch_proxy_set (proxy));
  make_refused (world);
}

static void
make_proxy_refusing (FaultWorld *world)
{
  g_autofree char *proxy = fault_world_serve_plain (
      world, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

  g_assert_true (ch_proxy_set (proxy));
  make_refused (world);
}

static void
make_portal (FaultWorld *world, const char *answer)
{
  g_autofree char *place = fault_world_serve_plain (world, answer);
  g_autofree char *url = g_strconcat ("https://", place, NULL);

  fault_world_set_entry (world, url);
}

static void
make_portal_redirect (FaultWorld *world)
{
  make_portal (world, "HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n"
                      "Connection: close\r\n\r\n");
}

static void
make_portal_page (FaultWorld *world)
{
  make_portal (world, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 13\r\n"
                      "Connection: close\r\n\r\n<html></html>");
}

static void
make_no_tls (FaultWorld *world)
{
  make_portal (world, "220 mail.example ESMTP\r\n");
}

/* -- The table ----------------------------------------------------------------------------------------- */

/* clang-format off */
static const Fault faults[] = {
  { "service-absent",     make_service_absent,     "card-service",  CH_FINDING_CARD_ABSENT },
  { "service-stopped",    make_service_stopped,    "card-service",  CH_FINDING_CARD_STOPPED },
  { "service-hanging",    make_service_hanging,    "card-service",  CH_FINDING_CARD_HANGS },
  { "service-refusing",   make_service_refusing,   "card-service",  CH_FINDING_CARD_REFUSED },
  { "sandboxed",          make_sandboxed,          "card-service",  CH_FINDING_CARD_SANDBOX },
  { "no-reader",          make_no_reader,          "readers",       CH_FINDING_NO_READER },
  { "undriven",           make_undriven,           "usb",           CH_FINDING_USB_NO_DRIVER },
  { "no-card",            make_no_card,            "card",          CH_FINDING_NO_CARD },
  { "mute-card",          make_mute_card,          "card",          CH_FINDING_CARD_MUTE },
  { "unknown-card",       make_unknown_card,       "token",         CH_FINDING_CARD_UNKNOWN },
  { "no-driver",          make_no_driver,          "drivers",       CH_FINDING_NO_MODULES },
  { "unreadable-setting", make_unreadable_setting, "drivers",       CH_FINDING_MODULES_UNREADABLE },
  { "driver-missing",     make_driver_missing,     "module.driver", CH_FINDING_MODULE_MISSING },
  { "driver-other-pc",    make_driver_of_other_pc, "module.driver", CH_FINDING_MODULE_OTHER_PC },
  { "library-missing",    make_library_missing,    "module.driver", CH_FINDING_MODULE_NEEDS },
  { "no-library",         make_no_library,         "module.driver", CH_FINDING_MODULE_NO_LIBRARY },
  { "driver-hanging",     make_driver_hanging,     "module.driver", CH_FINDING_MODULE_HANGS },
  { "driver-crashing",    make_driver_crashing,    "module.driver", CH_FINDING_MODULE_CRASHES },
  { "driver-refusing",    make_driver_refusing,    "module.driver", CH_FINDING_MODULE_REFUSES },
  { "blank",              make_blank,              "token",         CH_FINDING_TOKEN_BLANK },
  { "pin-locked",         make_locked,             "pin",           CH_FINDING_PIN_LOCKED },
  { "pin-last-try",       make_last_try,           "pin",           CH_FINDING_PIN_LAST },
  { "pin-low",            make_low,                "pin",           CH_FINDING_PIN_LOW },
  { "pin-unset",          make_no_pin,             "pin",           CH_FINDING_PIN_UNSET },
  { "no-certificate",     make_no_certificate,     "certificate",   CH_FINDING_CERT_NONE },
  { "damaged",            make_damaged,            "certificate",   CH_FINDING_CERT_DAMAGED },
  { "without-key",        make_without_key,        "certificate",   CH_FINDING_CERT_NO_KEY },
  { "foreign-key",        make_foreign_key,        "certificate",   CH_FINDING_CERT_OTHER_KEY },
  { "expired-key",        make_expired_key,        "dates",         CH_FINDING_CERT_EXPIRED },
  { "ending-key",         make_ending_key,         "dates",         CH_FINDING_CERT_ENDS_SOON },
  { "future-key",         make_future_key,         "dates",         CH_FINDING_CERT_FUTURE },
  { "no-font",            make_no_font,            "font",          CH_FINDING_FONT_MISSING },
  { "unwritable",         make_unwritable,         "places",        CH_FINDING_PLACE_UNWRITABLE },
  { "little-memory",      make_little_memory,      "memory",        CH_FINDING_MEMORY_LOW },
  { "no-input",           make_no_input,           "input",         CH_FINDING_INPUT_MISSING },
  { "soft-damaged",       make_soft_damaged,       "soft-tokens",   CH_FINDING_SOFT_DAMAGED },
  { "soft-unreadable",    make_soft_unreadable,    "soft-tokens",   CH_FINDING_SOFT_UNREADABLE },
  { "soft-open",          make_soft_open,          "soft-tokens",   CH_FINDING_SOFT_OPEN },
  { "soft-no-service",    make_soft_without_service, "card-service", CH_FINDING_CARD_STOPPED, CH_CHECK_WARNING },
  { "soft-no-driver",     make_soft_without_driver, "drivers",      CH_FINDING_NO_MODULES, CH_CHECK_WARNING },
  { "clock-impossible",   make_clock_impossible,   "clock",         CH_FINDING_CLOCK_IMPOSSIBLE },
  { "clock-off",          make_clock_off,          "clock",         CH_FINDING_CLOCK_OFF },
  { "clock-far",          make_clock_far,          "clock",         CH_FINDING_CLOCK_FAR },
  { "program-old",        make_program_old,        "program",       CH_FINDING_PROGRAM_OLD },
  { "name-unknown",       make_name_unknown,       "entry.e1",      CH_FINDING_ENTRY_NAME },
  { "refused",            make_refused,            "entry.e1",      CH_FINDING_ENTRY_CONNECT },
  { "one-refused",        make_one_refused,        "entry.e1",      CH_FINDING_ENTRY_CONNECT, CH_CHECK_WARNING },
  { "used-refused",       make_used_refused,       "entry.e1",      CH_FINDING_ENTRY_CONNECT, CH_CHECK_WARNING, CH_CHECK_ACTION_USE_ENTRY },
  { "unknown-ca",         make_unknown_ca,         "entry.e1",      CH_FINDING_ENTRY_STRANGER },
  { "expired",            make_expired,            "entry.e1",      CH_FINDING_ENTRY_EXPIRED },
  { "other-host",         make_other_host,         "entry.e1",      CH_FINDING_ENTRY_OTHER_HOST },
  { "other-service",      make_other_service,      "entry.e1",      CH_FINDING_ENTRY_ANSWER },
  { "proxy-password",     make_proxy_password,     "entry.e1",      CH_FINDING_ENTRY_PROXY_PASSWORD },
  { "proxy-refusing",     make_proxy_refusing,     "entry.e1",      CH_FINDING_ENTRY_PROXY },
  { "no-tls",             make_no_tls,             "entry.e1",      CH_FINDING_ENTRY_TLS },
  { "portal-redirect",    make_portal_redirect,    "entry.e1",      CH_FINDING_ENTRY_PORTAL },
  /* the same fault in its other form */
  { "portal-page",        make_portal_page,        "entry.e1",      CH_FINDING_ENTRY_PORTAL },
};
/* clang-format on */

static ChCheckState
get_state (const Fault *fault)
{
  return fault->state != CH_CHECK_WAITING ? fault->state : ch_finding_get (fault->finding)->state;
}

static ChCheckAction
get_action (const Fault *fault)
{
  return fault->action != CH_CHECK_ACTION_NONE ? fault->action : ch_finding_get (fault->finding)->action;
}

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  g_autoptr (FaultWorld) world = fault_world_new (socket_path, bad_module);
  g_autoptr (ChCheckRun) run = NULL;
  const ChCheckResult *result;

  fault->make (world);
  run = check_run (fault_world_get_context (world));
  result = check_expect (run, fault->id, get_state (fault));
  g_assert_cmpint (result->finding, !=, CH_FINDING_NONE);
  g_assert_cmpstr (ch_finding_get (result->finding)->name, ==, ch_finding_get (fault->finding)->name);
  g_assert_nonnull (result->meaning);
  g_assert_nonnull (result->todo);
  g_assert_cmpint (result->action, ==, get_action (fault));
  if (result->action != CH_CHECK_ACTION_NONE && result->action != CH_CHECK_ACTION_UNLOCK
      && result->action != CH_CHECK_ACTION_RENEW && result->action != CH_CHECK_ACTION_SET_PROXY)
    g_assert_nonnull (result->subject);
}

/* Whoever is told one of two things knows which of the two it is */
static void
test_told_apart (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      const ChFinding *finding = ch_finding_get (faults[i].finding);

      if (g_str_has_suffix (faults[i].name, "portal-page"))
        continue;
      g_test_message ("%s", faults[i].name);
      g_assert_true (
          g_hash_table_add (seen, g_strdup_printf ("%s %d %s %d %s", finding->check, get_state (&faults[i]),
                                                   finding->title, get_action (&faults[i]), finding->todo)));
    }
}

/* Nothing is wrong: nothing is said */
static void
test_well (void)
{
  g_autoptr (FaultWorld) world = fault_world_new (socket_path, bad_module);
  g_autoptr (ChCheckRun) run = NULL;

  fault_world_add_module (world, "driver", bad_module);
  g_setenv ("CERTHALL_BAD_MODULE", "", TRUE);
  fault_world_set_entry (world, fault_world_serve (world, CERTIFICATE_RIGHT, answer_time, NULL));
  run = check_run (fault_world_get_context (world));
  check_expect (run, "card-service", CH_CHECK_PASSED);
  check_expect (run, "card", CH_CHECK_PASSED);
  check_expect (run, "module.driver", CH_CHECK_PASSED);
  check_expect (run, "token", CH_CHECK_PASSED);
  check_expect (run, "certificate", CH_CHECK_PASSED);
  check_expect (run, "entry.e1", CH_CHECK_PASSED);
  check_expect (run, "clock", CH_CHECK_PASSED);
  g_assert_null (ch_check_run_find_first (run, CH_CHECK_FAILED));
  g_assert_null (ch_check_run_find_first (run, CH_CHECK_NOT_RUN));
}

/* Whose key it is stands in the window and in no report, whatever its form; nor do numbers and folders */
static void
test_redacted (void)
{
  static const char *const private[] = { "甲公司", "DENK0100123", "K0100123", "5303201812011331" };
  g_autoptr (FaultWorld) world = fault_world_new (socket_path, bad_module);
  g_autoptr (ChCheckRun) run = NULL;
  g_autoptr (ChCheckReport) report = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autofree char *json_text = NULL;
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;

  set_cert (world, CERTIFICATE_EXPIRED, "0304", TRUE);
  make_soft_damaged (world);
  run = check_run (fault_world_get_context (world));
  g_assert_nonnull (strstr (check_expect (run, "token", CH_CHECK_PASSED)->summary, "甲公司"));

  report = ch_check_report_new (run);
  text = ch_check_report_to_text (report);
  html = ch_check_report_to_html (report);
  json = ch_check_report_to_json (report);
  json_text = g_strndup (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  g_assert_nonnull (strstr (text, "0123"));
  for (gsize i = 0; i < G_N_ELEMENTS (private); i++)
    {
      g_assert_null (strstr (text, private[i]));
      g_assert_null (strstr (html, private[i]));
      g_assert_null (strstr (json_text, private[i]));
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *dir = NULL;
  int status;

  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1", FALSE);
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  plain_driver = argv[1];
  bad_module = argv[2];
  dir = check_make_dir ();
  /* pcsc-lite asks for it once only */
  socket_path = g_build_filename (dir, "pcscd.comm", NULL);
  g_setenv ("PCSCLITE_CSOCK_NAME", socket_path, TRUE);

  g_test_add_func ("/envcheck/faults/well", test_well);
  g_test_add_func ("/envcheck/faults/redacted", test_redacted);
  g_test_add_func ("/envcheck/faults/told-apart", test_told_apart);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/envcheck/fault/", faults[i].name, NULL);

      g_test_add_data_func (path, &faults[i], test_fault);
    }
  status = g_test_run ();
  check_remove_dir (dir);
  g_free (socket_path);
  return status;
}
