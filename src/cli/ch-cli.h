#pragma once

#include "ports/ch-ports.h"

G_BEGIN_DECLS

/* Makes the adapters; the one who starts the terminal knows them.
 * @url and @trust are NULL for what needs no server; staff has a session of its own. On a PC that many people
 * share (@is_shared) nothing is kept there. */
typedef ChPorts *(*ChCliPortsFunc) (const char *url,
                                    const char *trust,
                                    gboolean as_staff,
                                    gboolean is_shared,
                                    GTlsInteraction *asker,
                                    gpointer user_data,
                                    GError **error);

/* ch-cli-manual.c, ch-cli-completion.c: written of the tables when the program is built */
void ch_cli_print_manual (const char *date);
void ch_cli_print_completion (void);

int ch_cli_run (int argc, char **argv, ChCliPortsFunc make_ports, gpointer user_data);

G_END_DECLS
