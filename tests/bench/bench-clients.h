#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Makes the call number @i; (transfer full) */
typedef SoupMessage *(*BenchMakeFunc) (guint i, gpointer data);

typedef struct
{
  GTlsDatabase *trust;
  guint n_clients;      /* each with a connection of its own, one call after the other */
  const char *warm_url; /* called once by each before the clock runs: handshakes are not what is measured */
  guint first;          /* numbers of the calls */
  guint n_calls;
  BenchMakeFunc make;
  gpointer data;
  guint n_failed; /* (out) */
} BenchRound;

double bench_run (BenchRound *round);
double bench_get_rate (guint n_calls, gint64 begin);
void bench_be_quiet (void);

G_END_DECLS
