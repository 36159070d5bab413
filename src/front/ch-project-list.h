#pragma once

#include "wire/ch-policy.h"

G_BEGIN_DECLS

/* The projects a CA works for, as people look for them: alike in window and terminal */
GPtrArray *ch_projects_find (const ChProfile *profile, const char *text);
char *ch_project_format_subjects (const ChProject *project);
char *ch_project_format_price (const ChProject *project, const ChTerm *term);
char *ch_project_format_terms (const ChProject *project);

G_END_DECLS
