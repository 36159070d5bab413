#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Pictures are decoded by `certhall-picture`, a child with limits of its own: what crashes it or makes it
 * hang is an error of that file. The two talk in little-endian numbers; each picture goes in as
 * CH_PICTURE_IN_SIZE bytes (turns, size) and the file, the answer comes as a header of CH_PICTURE_OUT_SIZE
 * bytes and data. */
#define CH_PICTURE_HELPER   "certhall-picture"
#define CH_PICTURE_MAGIC    "CHP1"
#define CH_PICTURE_IN_SIZE  8
#define CH_PICTURE_OUT_SIZE 20

typedef enum
{
  CH_PICTURE_SHOW,  /* one picture to be shown: RGBA, no longer than `edge` */
  CH_PICTURE_PAGE,  /* one picture as a file of at most `max_bytes`: upright, turned, nothing in it but the
                       picture */
  CH_PICTURE_STACK, /* several pictures, one under the other, as one such file */
  CH_N_PICTURE_JOBS
} ChPictureJob;

/* What a file was made into; other formats are kept as they are where they fit */
typedef enum
{
  CH_PICTURE_JPEG = 1 << 0,
  CH_PICTURE_PNG = 1 << 1,
  CH_PICTURE_GIF = 1 << 2,
  CH_PICTURE_BMP = 1 << 3,
} ChPictureFormats;

/* What was done to it */
typedef enum
{
  CH_PICTURE_TURNED = 1 << 0, /* by the user, or upright as the camera says */
  CH_PICTURE_SHRUNK = 1 << 1,
  CH_PICTURE_CONVERTED = 1 << 2, /* to another format */
  CH_PICTURE_CLEANED = 1 << 3,   /* place, time and camera were in it */
} ChPictureChanges;

/* How the child ends */
typedef enum
{
  CH_PICTURE_EXIT_OK,
  CH_PICTURE_EXIT_BROKEN,     /* not a picture, or half of one */
  CH_PICTURE_EXIT_PIXELS,     /* too many */
  CH_PICTURE_EXIT_SIZE,       /* cannot be made small enough and stay readable */
  CH_PICTURE_EXIT_UNREADABLE, /* nothing here reads this kind */
  CH_PICTURE_EXIT_USAGE,
} ChPictureExit;

/* Shorter than this no picture of a page is made: small print could not be read any more */
#define CH_PICTURE_MIN_EDGE 1000

typedef struct
{
  ChPictureJob job;
  guint edge;               /* of SHOW */
  gsize max_bytes;          /* of PAGE and STACK */
  ChPictureFormats formats; /* of PAGE and STACK: what is accepted */
} ChPictureOrder;

/* One picture to be worked at */
typedef struct
{
  GBytes *bytes;
  guint turns;
} ChPictureInput;

typedef struct
{
  GBytes *bytes; /* (owned): RGBA rows without gaps, or a file */
  guint width;
  guint height;
  guint n_channels;
  ChPictureChanges changes;
} ChPictureOutput;

ChPictureOutput *ch_picture_run (const ChPictureOrder *order,
                                 const ChPictureInput *inputs,
                                 gsize n_inputs,
                                 GCancellable *cancellable,
                                 GError **error);
void ch_picture_output_free (ChPictureOutput *self);
void ch_picture_set_patience (guint milliseconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPictureOutput, ch_picture_output_free)

G_END_DECLS
