#pragma once

#include "flow/ch-run.h"

G_BEGIN_DECLS

void ch_upload_begin (ChRun *run, ChAttachment *attachment);

G_END_DECLS
