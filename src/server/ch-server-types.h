#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ChCa ChCa;
typedef struct _ChCall ChCall;
typedef struct _ChPasswords ChPasswords;
typedef struct _ChService ChService;

G_END_DECLS
