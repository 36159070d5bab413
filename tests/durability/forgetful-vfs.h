#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What becomes of the bytes that were written but not synced when the power goes */
typedef enum
{
  FORGET_ALL,  /* none of them reached the disk */
  FORGET_HALF, /* some of them did, in no order and torn in the middle */
} ForgetMode;

void forgetful_vfs_install (ForgetMode mode, guint32 seed, guint n_steps);
void forgetful_vfs_cut_power (void) G_GNUC_NORETURN;

G_END_DECLS
