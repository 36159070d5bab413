#include "config.h"

#include <qrencode.h>

#include "cli/ch-cli-private.h"

/* Modules of light around the code, as scanners want it */
#define QUIET_ZONE 4

static gboolean
is_dark (const QRcode *code, int x, int y)
{
  return x >= 0 && y >= 0 && x < code->width && y < code->width && (code->data[y * code->width + x] & 1) != 0;
}

/**
 * ch_cli_draw_qr:
 * @text: what a phone is to read
 *
 * Draws two modules above each other into one character. Black on white whatever the colours of the terminal
 * are: scanners do not read it otherwise.
 *
 * Returns: (transfer full) (nullable): lines for a terminal
 */
char *
ch_cli_draw_qr (const char *text)
{
  static const char *const blocks[2][2] = { { " ", "▄" }, { "▀", "█" } };
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  GString *lines;

  if (code == NULL)
    return NULL;

  lines = g_string_new (NULL);
  for (int y = -QUIET_ZONE; y < code->width + QUIET_ZONE; y += 2)
    {
      g_string_append (lines, "\033[30;107m");
      for (int x = -QUIET_ZONE; x < code->width + QUIET_ZONE; x++)
        g_string_append (lines, blocks[is_dark (code, x, y)][is_dark (code, x, y + 1)]);
      g_string_append (lines, "\033[0m\n");
    }

  QRcode_free (code);
  return g_string_free (lines, FALSE);
}
