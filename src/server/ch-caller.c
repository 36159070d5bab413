#include "config.h"

#include "server/ch-caller.h"

/**
 * ch_caller_new:
 *
 * Returns: (transfer full): somebody of whom nothing is known
 */
ChCaller *
ch_caller_new (void)
{
  ChCaller *self = g_new0 (ChCaller, 1);

  self->principals = CH_PRINCIPAL_ANYBODY;
  return self;
}

void
ch_caller_free (ChCaller *self)
{
  if (self == NULL)
    return;

  g_free (self->account);
  g_free (self->staff);
  g_free (self->certificate);
  g_free (self->session);
  g_free (self->ticket);
  g_free (self);
}

/**
 * ch_caller_get_id:
 *
 * Returns: (transfer full): what history and idempotency call them: `account:ID`, `staff:NAME`,
 * `holder:SERIAL`, `ticket:ID` or `anybody`
 */
char *
ch_caller_get_id (const ChCaller *self)
{
  if (self->account != NULL)
    return g_strconcat ("account:", self->account, NULL);
  if (self->staff != NULL)
    return g_strconcat ("staff:", self->staff, NULL);
  if (self->certificate != NULL)
    return g_strconcat ("holder:", self->certificate, NULL);
  if (self->ticket != NULL)
    return g_strconcat ("ticket:", self->ticket, NULL);
  return g_strdup ("anybody");
}
