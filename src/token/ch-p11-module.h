#pragma once

#include <p11-kit/pkcs11.h>

#include "base/ch-secret.h"
#include "token/ch-p11-host.h"

G_BEGIN_DECLS

/* The calls of PKCS#11, made in the child: each with its arguments and results, and errors of our table. */

/* What identifies a token and says how its PIN stands */
typedef struct
{
  CK_SLOT_ID slot;
  char *label; /* as the module says, e.g. with OpenSC’s “ (UserPIN)” */
  char *manufacturer;
  char *model;
  char *serial;
  CK_FLAGS flags;
  guint pin_min;
  guint pin_max;
  guint64 stamp; /* when it was asked: the greater the later */
} ChP11TokenInfo;

typedef struct
{
  CK_MECHANISM_TYPE type;
  gulong min_size;
  gulong max_size;
  CK_FLAGS flags;
} ChP11Mechanism;

/* A session in the child of that generation; handle 0: none */
typedef struct
{
  CK_SESSION_HANDLE handle;
  guint generation;
} ChP11Session;

gboolean ch_p11_fail (GError **error, CK_RV status, const char *what);
void ch_p11_token_info_free (ChP11TokenInfo *self);

GArray *ch_p11_get_slots (ChP11Host *host, GError **error);
ChP11TokenInfo *ch_p11_get_token_info (ChP11Host *host, CK_SLOT_ID slot, GError **error);
GArray *ch_p11_get_mechanisms (ChP11Host *host, CK_SLOT_ID slot, GError **error);
gboolean ch_p11_open_session (ChP11Host *host, CK_SLOT_ID slot, ChP11Session *session, GError **error);
gboolean ch_p11_get_state (ChP11Host *host, ChP11Session *session, CK_STATE *state, GError **error);
void ch_p11_close_session (ChP11Host *host, ChP11Session *session);
gboolean
ch_p11_login (ChP11Host *host, ChP11Session *session, CK_USER_TYPE user, ChSecret *pin, GError **error);
void ch_p11_logout (ChP11Host *host, ChP11Session *session);
GArray *ch_p11_find (ChP11Host *host,
                     ChP11Session *session,
                     const CK_ATTRIBUTE *template,
                     guint n_attributes,
                     GError **error);
GPtrArray *ch_p11_read (ChP11Host *host,
                        ChP11Session *session,
                        CK_OBJECT_HANDLE object,
                        const CK_ATTRIBUTE_TYPE *types,
                        guint n_types,
                        GError **error);
GBytes *ch_p11_sign (ChP11Host *host,
                     ChP11Session *session,
                     CK_MECHANISM_TYPE mechanism,
                     CK_OBJECT_HANDLE key,
                     GBytes *data,
                     gboolean has_own_pin,
                     ChSecret *own_pin,
                     GError **error);
gboolean ch_p11_generate (ChP11Host *host,
                          ChP11Session *session,
                          CK_MECHANISM_TYPE mechanism,
                          const CK_ATTRIBUTE *public_template,
                          guint n_public,
                          const CK_ATTRIBUTE *private_template,
                          guint n_private,
                          CK_OBJECT_HANDLE *public_key,
                          CK_OBJECT_HANDLE *private_key,
                          GError **error);
gboolean ch_p11_create (ChP11Host *host,
                        ChP11Session *session,
                        const CK_ATTRIBUTE *template,
                        guint n_attributes,
                        CK_OBJECT_HANDLE *object,
                        GError **error);
gboolean ch_p11_write (ChP11Host *host,
                       ChP11Session *session,
                       CK_OBJECT_HANDLE object,
                       const CK_ATTRIBUTE *template,
                       guint n_attributes,
                       GError **error);
gboolean ch_p11_destroy (ChP11Host *host, ChP11Session *session, CK_OBJECT_HANDLE object, GError **error);
gboolean
ch_p11_set_pin (ChP11Host *host, ChP11Session *session, ChSecret *old_pin, ChSecret *new_pin, GError **error);
gboolean ch_p11_init_pin (ChP11Host *host, ChP11Session *session, ChSecret *pin, GError **error);
gboolean
ch_p11_init_token (ChP11Host *host, CK_SLOT_ID slot, ChSecret *so_pin, const char *label, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChP11TokenInfo, ch_p11_token_info_free)

G_END_DECLS
