#pragma once

#include <p11-kit/pkcs11.h>

#include "token/ch-p11-wire.h"

G_BEGIN_DECLS

/* The module of this process */
extern CK_FUNCTION_LIST *module;

CK_RV module_call (ChP11Call call, ChP11Reader *in, GByteArray *out);

G_END_DECLS
